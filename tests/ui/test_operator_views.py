"""Operators on the page: hops in words, values compared, classes, literals, what is taken away."""

import re
from dataclasses import replace
from html import unescape

import pytest

from kgqa.edits import Edits
from kgqa.inference.pipeline import Pipeline
from kgqa.trace import Compared, Entity, Hop, RelationWeight
from kgqa.ui.drawing import network, select
from kgqa.ui.handlers import VIEWS
from kgqa.ui.html import operators
from kgqa.ui.views import (
    answer,
    candidates,
    compared,
    hops,
    intersection,
    outline,
    plan,
    question,
    spans,
)
from kgqa.walk import Settings
from tests.measured import measured
from tests.ui import operator_traces as traces
from tests.ui import page_traces


def text(html: object) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html))).split())


def film(label: str) -> Entity:
    return Entity(f"film:{label}", label, "", "film")


def extreme(*values: tuple[float, bool], id: str = "most(run time)", more: int = 0) -> Hop:
    items = tuple(
        Compared(film(f"Film {i}"), number, f"{number:g} minutes", kept)
        for i, (number, kept) in enumerate(values)
    )
    relations = (RelationWeight(id, "the longest run time", 0.9),)
    return Hop(relations, (), (), 0, 0.0, (), items, more)


@pytest.mark.parametrize(
    ("id", "label", "words"),
    [
        ("most(run time, 2)", "the second longest run time", "keeps the second longest run time"),
        ("least(area)", "the smallest area", "keeps the smallest area"),
        ("most(cast member)", "the most cast member", "keeps the most “cast member”"),
        (
            "least(director, 2)",
            "the second fewest director",
            "keeps the second fewest “director”",
        ),
        (
            "often(director)",
            "most often director",
            "keeps what is reached most often over “director”",
        ),
        ("-cast member", "acted in", "acted in"),
        ("most(area, 3)", "", "keeps the most “area” (number 3)"),
    ],
)
def test_a_hop_is_said_in_words(id, label, words):
    assert operators.takes(RelationWeight(id, label, 1.0)) == words


def test_the_values_compared_are_ordered_and_the_one_that_is_kept_is_marked():
    html = str(hops.render(traces.answer(traces.SECOND)))
    assert "keeps the second longest run time 100%" in text(html)
    rows = [text(row) for row in html.split("<tr")[2:]]
    assert rows[0].startswith('class=""> 1 Saving Private Ryan 169 minutes')
    assert rows[1].startswith('class="kept"> 2 ✓ kept: Catch Me If You Can 141 minutes')
    assert html.count('<tr class="kept">') == 1 and "Keeps 1 entity." in text(html)


def test_ties_share_a_place_and_are_said():
    shown = text(compared.render(extreme((9, True), (9, True), (5, False), (5, False), (1, False))))
    assert re.findall(r"(\d) (?:✓ kept: )?Film", shown) == ["1", "1", "3", "3", "5"]
    assert "A tie: 2 with 9 minutes share the place, and all are kept." in shown
    assert "tie" not in text(compared.render(extreme((9, True), (5, False)))).lower()


def test_many_values_fold_and_what_is_not_listed_is_counted():
    html = str(compared.render(extreme(*((99 - i, i == 0) for i in range(20)), more=17_450)))
    before, after = html.split("<details", 1)
    assert before.count("<tr class=") == compared.SHOWN and after.count("<tr class=") == 12
    assert "And 17,450 more were compared that are not listed." in text(html)


@pytest.mark.parametrize(
    ("numbers", "widths", "note"),
    [
        ((100, 50, 0), ["100.0", "50.0", "0.0"], ""),
        ((2020, 2010, 2000), ["100.0", "52.0", "4.0"], "Bars start at 2000 minutes."),
        ((5, 5), ["100.0", "100.0"], ""),
        ((0, 0), ["0.0", "0.0"], ""),
        ((10, -10), ["100.0", "4.0"], "Bars start at -10 minutes."),
    ],
)
def test_bars_start_at_nought_unless_that_would_make_them_all_alike(numbers, widths, note):
    html = str(compared.render(extreme(*((n, False) for n in numbers))))
    assert re.findall(r"width:([\d.]+)%", html) == widths
    assert re.findall(r"Bars start at [-\d]+ minutes\.", text(html)) == [note][: bool(note)]


def test_a_class_is_all_of_its_kind():
    trace = traces.answer(traces.TIE)
    assert "Starts at all 7 of the kind film" in text(hops.render(trace))
    assert "Stands for all 7 of the kind film." in text(candidates.render(trace))
    said = text(plan.render(trace))
    assert "From “movies” ( all 7 of the kind film ) the model kept the most “cast member”" in said


def test_a_literal_is_said_with_what_it_holds_for():
    trace = traces.answer(traces.RANGE)
    shown = text(candidates.render(trace))
    assert "Stands for all 5 with run time more than 120 minutes." in shown
    assert "run time at most 120 minutes" in shown and "matched as" not in shown.split("120")[1]
    assert "Starts at all 5 with run time more than 120 minutes" in text(hops.render(trace))


def test_what_is_taken_away_is_said_in_every_step():
    trace = traces.answer(traces.WITHOUT)
    assert "It took away what “Leonardo DiCaprio” leads to." in text(plan.render(trace))
    assert "entities, which are taken away." in text(hops.render(trace))
    html = str(intersection.render(trace))
    assert "What is left when a path is taken away" in text(html) and ">Left<" in html
    row = next(r for r in html.split("<tr")[2:] if "Catch Me" in r)
    assert [float(v) for v in re.findall(r"\d\.\d\d", text(row))] == [1, 1, 0]
    decides = re.findall(r'<td class="b(\d) least">', row)
    assert decides == ["1"]  # the path that takes it away
    chosen = select.select(trace)
    assert "taken away" in text(outline.legend(trace, chosen))
    assert "Leonardo DiCaprio , taken away" in text(outline.in_words(trace, chosen))


def test_a_union_is_said_and_its_switch_is_off():
    trace = traces.answer(traces.EITHER)
    html = str(intersection.render(trace))
    assert 'aria-checked="false"' in html and ">Maximum<" in html
    assert 'data-action="unite" data-choice="both"' in html
    assert "What either path reaches" in text(html)
    assert "It kept what either leads to." in text(plan.render(trace))
    both = traces.answer(traces.EITHER, Edits().uniting(False))
    html = str(intersection.render(both))
    assert 'aria-checked="true"' in html and 'data-action="unite" data-choice=""' in html


def test_words_without_effect_are_marked_and_mentions_given_up_are_said():
    trace = replace(page_traces.hanks(), unused=("wrote",), given_up=(2,))
    html = str(spans.render(trace))
    assert '<span class="no-effect" title="had no effect on the answer">wrote</span>' in html
    assert 'class="span unused lost"' in html
    said = text(question.render(trace))
    assert "“wrote” had no effect on this answer." in said
    assert "“wrote” had no effect on this answer." in text(answer.render(trace))
    assert "“films” was given up: with all names together nothing is reached." in said
    assert "no-effect" not in str(spans.render(page_traces.hanks()))
    parts = replace(trace, question="well-wrote wrote? overwrote", mentions=(), unused=("wrote",))
    assert str(question.marked(parts)).count("no-effect") == 2  # whole words, hyphens between


@pytest.mark.parametrize("asked", traces.WRITE)
def test_the_picture_stays_small_and_runs_left_to_right(asked):
    trace = traces.answer(asked)
    chosen = select.select(trace)
    for edge in chosen.edges.values():
        assert chosen.nodes[edge.left].column < chosen.nodes[edge.right].column
    assert (network.drawing(trace, chosen) is None) == (not trace.branches)
    for view in VIEWS:
        view.render(trace)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_random_model_does_is_shown(new_checkpoint, seed):
    sharp = (1.0, 8.0)[seed % 2]
    checkpoint = new_checkpoint(
        graph=measured(), seed=seed, sharp=sharp, operators=True, holds=True
    )
    pipeline = Pipeline(checkpoint, settings=Settings(refuse=False))
    for asked in (traces.SECOND, traces.RANGE, traces.WITHOUT, traces.TIE):
        for readout in (None, "count", "verify"):
            trace = pipeline.answer(asked, edits=Edits(readout=readout))
            assert all(str(view.render(trace)) for view in VIEWS[1:2])
            for view in VIEWS:
                view.render(trace)
            chosen = select.select(trace)
            for edge in chosen.edges.values():
                assert chosen.nodes[edge.left].column < chosen.nodes[edge.right].column
            outline.in_words(trace, chosen)
            network.drawing(trace, chosen)


def test_a_literal_is_one_node_from_which_its_facts_start():
    chosen = select.select(traces.answer(traces.RANGE))
    (node,) = [n for n in chosen.nodes.values() if n.entity.startswith("range:")]
    drawn = {
        (chosen.nodes[e.left].text, e.label, chosen.nodes[e.right].text)
        for e in chosen.edges.values()
    }
    assert node.column == 1 and ("120 minutes", "means", "more than 120 minutes") in drawn
    assert ("more than 120 minutes", "run time", "Saving Private Ryan") in drawn
    assert not any(n.text == "169 minutes" for n in chosen.nodes.values())
    assert min(n.weight for n in chosen.nodes.values() if n.role == "answer") > 0.9


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (traces.SECOND, ["What they may mean", "Hop 1, and what is kept: the answers"]),
        (traces.TIE, ["What they may mean", "What they stand for, and what is kept: the answers"]),
        (traces.WITHOUT, ["What they may mean", "Hop 1, and what is left: the answers"]),
        (traces.EITHER, ["What they may mean", "Hop 1, and what either path reaches: the answers"]),
        (traces.OFTEN, ["What they may mean", "Hop 1", "Hop 2: the answers"]),
    ],
)
def test_columns_say_what_they_show(asked, names):
    assert list(select.select(traces.answer(asked)).names)[1:] == names


def test_what_a_class_stands_for_is_counted_and_not_drawn():
    trace = traces.answer(traces.TIE)
    big = replace(trace, branches=(replace(trace.branches[0], stands_for=17_470),))
    chosen = select.select(big)
    assert len(chosen.nodes) == 4 and chosen.omitted_others == 17_468
    assert "17,468 other entities" in outline.summary(chosen)


def test_hostile_words_of_operators_are_escaped():
    bad = page_traces.SCRIPT
    hop = replace(
        extreme((3, True), (3, True)),
        relations=(RelationWeight(f"most({bad})", f"the most {bad}", 0.9),),
        compared=(Compared(film(bad), 3, bad, True), Compared(film("x"), 3, bad, True)),
    )
    whole = page_traces.hostile()
    branch = replace(whole.branches[0], hops=(hop,), stands_for=3, negated=True)
    trace = replace(
        whole,
        branches=(branch, whole.branches[1]),
        unused=(bad, "who"),
        given_up=(0,),
        readout=f"sum({bad})",
        edits=Edits(readout=bad).following(0, 3, 1, f"most({bad})"),
    )
    for view in VIEWS:
        assert "<script" not in str(view.render(trace))
