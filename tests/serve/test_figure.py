"""The lesson's figure: facts of the graph, and vectors that a reader gets by hand."""

from dataclasses import replace

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.serve import figure_choice, page_card
from kgqa.serve.figure import figure
from kgqa.ui.figure import Chosen, Figure
from tests.ui.figures import CHOSEN, FILMS, THRESHOLD, drawn, films


def named(figure: Figure, x) -> dict[str, float]:
    return {figure.label(e): pytest.approx(v) for e, v in enumerate(x) if v}


def test_the_facts_are_all_those_of_the_graph_between_the_entities_that_are_named():
    made = drawn()
    assert len(made.facts) == 12 and len(made.entities) == 11
    assert "The Terminal, director: Steven Spielberg" in made.sentences
    known = {f.sentence for e in made.entities for f in films().facts(e.id)}
    assert set(made.sentences) <= known
    assert [s for s in known if "Lincoln" in s and "Spielberg" in s][0] in made.sentences


def test_first_numbers_add_up_to_one_and_belong_to_what_can_be_followed():
    made = drawn()
    for start in made.starts:
        assert sum(start.x) == pytest.approx(1) and sum(start.r) == pytest.approx(1)
        assert max(start.r) == 0.8
    assert sum(made.after) == pytest.approx(1)
    half = [name for name, _, _ in made.relations]
    assert half[made.after.index(0.8)] == "screenwriter"
    assert made.after[half.index("field of work") + len(half)] == 0  # no shared film has one


def test_the_vectors_are_what_one_gets_by_hand():
    made, solved = drawn(), drawn().solved
    three = ("Saving Private Ryan", "Catch Me If You Can", "The Terminal")
    first, second = solved.reached
    assert named(made, first) == {
        **dict.fromkeys((*three, "Apollo 13"), 0.8 * 0.8),
        "seismology": pytest.approx(0.2 * 0.1),
    }
    assert named(made, second) == dict.fromkeys((*three, "Lincoln"), 0.8)
    assert named(made, solved.met) == dict.fromkeys(three, 0.64)
    assert named(made, solved.without)["Apollo 13"] == 0.64
    assert named(made, solved.without)["The Terminal"] == pytest.approx(1 - 0.8)
    x = 0.64
    assert named(made, solved.most) == {
        "Saving Private Ryan": x,
        "Catch Me If You Can": pytest.approx(x * (1 - x)),
        "The Terminal": pytest.approx(x * (1 - x) ** 2),
    }
    assert named(made, solved.second) == {
        "Catch Me If You Can": pytest.approx(x * x),
        "The Terminal": pytest.approx(x * 2 * x * (1 - x)),
    }
    sums = named(made, solved.sums)
    assert sums["Jeff Nathanson"] == 2 * x * 0.8 and sums["Robert Rodat"] == x * 0.8
    assert named(made, solved.answers)["Jeff Nathanson"] == 1  # cut


def test_namesakes_are_told_apart():
    assert drawn().label(0) == "Tom Hanks (film maker)"
    assert drawn().label(1) == "Tom Hanks (seismologist)"
    assert drawn().label(2) == "Steven Spielberg"


@pytest.mark.parametrize("missing", [{"middle": ("film:Nothing",)}, {"starts": ()}])
def test_where_a_name_is_missing_a_figure_is_found_in_the_graph(missing):
    made = figure(films(), replace(CHOSEN, **missing), THRESHOLD)
    assert made is not None and len(made.starts) == 2
    first, second = made.solved.reached
    assert any(made.solved.met) and made.solved.met not in (first, second)
    assert made.question.startswith("What do ") and len(made.facts) <= 14


def test_a_graph_whose_sets_never_meet_has_one_start():
    relations = [Relation("supplies", "supplies", "supplied by")]
    b = GraphBuilder("parts", relations)
    acme = b.entity("supplier", "Acme")
    for name in ("bolt", "nut", "gear"):
        b.triple(acme, "supplies", b.entity("part", name))
    made = figure(b.build(), Chosen(), THRESHOLD)
    assert made is not None and len(made.starts) == 1 and not made.after
    assert named(made, made.solved.answers) == dict.fromkeys(("bolt", "nut", "gear"), 1)
    assert made.compared is None and made.solved.most == ()


def test_a_graph_of_one_fact_is_drawn_or_has_no_figure():
    b = GraphBuilder("one", [Relation("knows", "knows", "is known by")])
    b.triple(b.entity("person", "Ann"), "knows", b.entity("person", "Bob"))
    made = figure(b.build(), Chosen(), THRESHOLD)
    assert made is None or len(made.facts) == 1


def test_only_numbers_are_no_walk():
    b = GraphBuilder("numbers", [Relation("age", "age", "", True, unit="years")])
    b.number(b.entity("person", "Ann"), "age", 30, "30 years")
    assert figure_choice.choose(b.build()) is None


@pytest.mark.checkpoint
def test_the_checkpoint_names_a_dozen_facts_of_its_graph(pipeline):
    chosen = page_card(pipeline).lesson.figure
    made = figure(pipeline.graph, chosen, THRESHOLD)
    assert made is not None and made.question == chosen.question and len(made.facts) == 12
    assert {made.label(e) for e, v in enumerate(made.solved.answers) if v > 0.5} == {
        "Robert Rodat",
        "Jeff Nathanson",
    }
    found = figure(pipeline.graph, Chosen(), THRESHOLD)
    assert found is not None and len(found.starts) == 2 and len(found.facts) <= 16


def test_films_are_as_long_as_the_graph_says():
    made = drawn()
    texts = {made.label(e): t for e, t in enumerate(made.compared.texts) if t}
    assert texts == {name: f"{minutes} minutes" for name, (minutes, *_) in FILMS.items()}
