"""The lesson, its figures, the toy graph and the cards of About."""

from dataclasses import replace

import pytest

from kgqa.trace import STAGES, Neighbourhood
from kgqa.ui.service import Card, Example, Failure, Lesson, LessonStep, Metrics, Scores, Service
from kgqa.ui.tabs import about, figures, learn, toy
from tests.ui import page_traces as traces


def test_the_lesson_stands_even_if_a_figure_cannot_be_made():
    def broken(entity: str) -> Neighbourhood:
        raise RuntimeError

    html = str(learn.render(Service(traces.answer, traces.CARD, neighbourhood=broken)))
    assert html.count("<section") == 2 and "Intersection" in html


def test_a_lesson_takes_its_questions_from_the_checkpoint_or_from_the_examples():
    own = Lesson(spans=LessonStep(traces.HANKS, tries=(traces.MONA,), text="Own <b>words</b>."))
    html = str(learn.render(Service(traces.answer, replace(traces.CARD, lesson=own))))
    assert "“Tom Hanks”" in html and "Own &lt;b&gt;words&lt;/b&gt;." in html
    assert f'data-question="{traces.MONA}"' in html
    bare = str(learn.render(Service(traces.answer, Card(examples=(Example(traces.MONA, ""),)))))
    assert "“Mona Lisa”" in bare and bare.count("<section") == 3 and "Try:" not in bare
    assert str(learn.render(Service(traces.answer))).count("<section") == 3


def test_the_intersection_is_also_shown_as_code():
    own = Lesson(intersection=LessonStep(code='a & b.follow(graph, "<i>")'))
    html = str(learn.render(Service(traces.answer, replace(traces.CARD, lesson=own))))
    assert "a &amp; b.follow(graph, &#34;&lt;i&gt;&#34;)</code>" in html
    assert 'aria-label="The same step in Python"' in html
    assert "<pre" not in str(learn.render(Service(traces.answer, traces.CARD)))


def test_a_failure_that_was_mended_is_not_claimed():
    failure = Failure(traces.MONA, ("Paris",), "X.", "because")
    html = str(learn.render(Service(traces.answer, Card(failures=(failure,)))))
    assert "gets it right" in html and "because" not in html


def test_products_of_a_hop_can_be_checked_by_hand():
    hop = traces.mona_lisa().branches[0].hops[0]
    ids = {"exhibited at": "exhibited at"}
    html = str(figures.hop(1, {"mona-lisa": 0.96}, hop, hop.facts, ids))
    assert "0.960 × 0.970" in html and "0.931" in html


def test_the_toy_shows_the_whole_computation():
    html = str(toy.render(traces.portman(), (), {}))
    assert "x₀" in html and "P(stop)" in html and "0.910" in html and "Minimum" in html


def test_the_cards_tell_results_counts_licences_limits_and_what_is_missing():
    metrics = Metrics(
        hits_at_1=95.66, command="python -m kgqa evaluate", by_shape={"one hop": Scores(1, 93.83)}
    )
    html = str(about.render(replace(traces.CARD, metrics=metrics, missing=("Births & deaths.",))))
    for words in (
        "95.7",
        "93.8",
        "python -m kgqa evaluate",
        "18,975",
        "directed",
        "CC BY 4.0",
        "Limits",
        "Intended use",
        "Births &amp; deaths.",
        "BibTeX",
    ):
        assert words in html
    assert "<script>" not in str(about.render(traces.CARD)) and str(about.render(Card()))


@pytest.mark.checkpoint
def test_the_checkpoint_brings_a_lesson_and_its_failures_are_real(pipeline, films_card):
    card = films_card
    for step in (card.lesson.spans, card.lesson.entities, card.lesson.intersection):
        assert pipeline.answer(step.question).outcome not in STAGES and step.tries
    mended = [f.question for f in card.failures if learn.right(pipeline.answer(f.question), f)]
    assert card.failures and not mended, "the checkpoint has learned these: choose other failures"


@pytest.mark.checkpoint
def test_the_code_of_the_lesson_finds_the_answer_of_its_question(pipeline, films_card):
    from kgqa.walk import Frontier

    step, graph = films_card.lesson.intersection, pipeline.graph
    trace = pipeline.answer(step.question)
    seeds = [Frontier.of(graph, *(s.entity.id for s in b.seeds)) for b in trace.branches]
    names = dict(zip(("natalie_portman", "star_wars"), seeds, strict=True))
    roles = eval(step.code, {"graph": graph, **names})
    answers = [answer.entity.label for answer in trace.answers]
    assert answers and [graph.label(role) for role, _ in roles.top(5)] == answers
