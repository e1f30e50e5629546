"""The value of the figure's component: data, the steps in words, and the model's numbers."""

import json
from dataclasses import replace

import pytest

from kgqa.trace import Branch, EntityWeight, Hop, Intersection, Mention, RelationWeight, Trace
from kgqa.ui.figure import Figure, numbers, pack
from kgqa.ui.handlers import Handlers
from kgqa.ui.learning import OTHERWISE, Lessons
from kgqa.ui.service import Lesson, LessonStep, Service
from kgqa.ui.tabs.steps import steps
from tests.ui import page_traces as traces
from tests.ui.figures import drawn, films


def hop(**weights: float) -> Hop:
    names = {"acted": "-cast member", "directed": "-director", "wrote": "screenwriter"}
    relations = [RelationWeight(names.get(k, k), k, w) for k, w in weights.items()]
    return Hop(tuple(relations), (), (), 0, 0.0)


def trace(figure: Figure) -> Trace:
    """The model reads the figure's question as the figure does."""
    hanks, other, spielberg = (figure.entities[i] for i in (0, 1, 2))
    mentions = tuple(Mention(0, 1, t, 1.0, True, ()) for t in ("tom hanks", "Steven Spielberg"))
    seeds = (EntityWeight(hanks, 0.97), EntityWeight(other, 0.02)), (EntityWeight(spielberg, 1.0),)
    hops = hop(acted=0.9, elsewhere=0.05), hop(directed=1.0)
    branches = tuple(Branch(i, seeds[i], (hops[i],), (0, 1), 4) for i in (0, 1))
    meeting = Intersection((), 0, (hop(wrote=0.75),), (0, 1))
    return Trace(
        figure.question,
        "answered",
        "",
        mentions=mentions,
        branches=branches,
        intersection=meeting,
    )


def test_the_value_is_data_for_a_script_and_no_html():
    figure = drawn()
    evil = replace(figure, question="<script>", sentences=("</script>",) * len(figure.facts))
    value = pack(evil, steps(traces.CARD, evil))
    assert "<" not in value
    read = json.loads(value)
    assert read["question"] == "<script>" and len(read["facts"]) == 12
    assert len(read["relations"]) == 2 * len(figure.relations)


def test_there_are_eight_steps_and_none_on_intersection_where_nothing_meets():
    figure = drawn()
    names = [step["id"] for step in steps(traces.CARD, figure)]
    assert names == "facts spans entities follow meet operators hop training".split()
    single = replace(figure, starts=figure.starts[:1])
    assert "meet" not in [step["id"] for step in steps(traces.CARD, single)]
    assert [step["id"] for step in steps(traces.CARD, None)] == names


def test_words_and_questions_of_the_checkpoint_are_in_the_steps():
    own = Lesson(facts=LessonStep(text="Own words.", tries=(traces.MONA,)))
    first = steps(replace(traces.CARD, lesson=own), drawn())[0]
    assert "Own words." in first["text"] and first["tries"] == [traces.MONA]


def test_the_code_of_the_steps_walks_to_the_answers_of_the_figure():
    from kgqa.walk import Frontier

    figure, graph = drawn(), films()
    by_id = {step["id"]: step["code"] for step in steps(traces.CARD, figure)}
    scope: dict = {"Frontier": Frontier, "graph": graph}
    *seeds, first = by_id["follow"].splitlines()
    exec("\n".join(seeds), scope)
    assert len(eval(first, scope)) == 4
    met = {graph.label(e) for e, _ in eval(by_id["meet"], scope).top(9)}
    assert met == {figure.label(e) for e, v in enumerate(figure.solved.met) if v}
    ends = {graph.label(e) for e, _ in eval(by_id["hop"], scope).top(9)}
    assert ends == {"Robert Rodat", "Jeff Nathanson"}


def test_the_model_s_numbers_are_put_where_the_figure_has_their_entities_and_relations():
    figure = drawn()
    found = numbers(figure, trace(figure))
    assert found["x"][0][:3] == [0.97, 0.02, 0] and found["x"][1][2] == 1
    assert sorted(found["r"][0])[-2:] == [0, 0.9]  # what leads elsewhere is left out
    assert max(found["after"]) == 0.75


@pytest.mark.parametrize("lacking", ["mentions", "branches", "intersection"])
def test_a_question_that_the_model_reads_otherwise_has_no_numbers(lacking):
    figure = drawn()
    less = replace(trace(figure), **{lacking: None if lacking == "intersection" else ()})
    assert numbers(figure, less) is None


def test_asking_the_model_changes_the_value_or_says_why_not():
    figure = drawn()
    service = Service(lambda question: trace(figure), traces.CARD, figure=figure)
    value = json.loads(Lessons(Handlers(service)).numbers())
    assert value["model"]["x"][0][0] == 0.97 and value["nonce"] > 0
    otherwise = Service(traces.answer, traces.CARD, figure=figure)
    assert json.loads(Lessons(Handlers(otherwise)).numbers())["model"] == OTHERWISE
    bare = json.loads(Lessons(Handlers(Service(traces.answer, traces.CARD))).numbers())
    assert bare["facts"] == [] and len(bare["steps"]) == 8
