"""Each view shows what the trace holds, in plain words, and stays small."""

import json
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import gradio as gr
import pytest

from kgqa.trace import OUTCOMES, STAGES, Entity, Fact
from kgqa.ui.drawing import network, select
from kgqa.ui.handlers import SHOWN, VIEWS, Handlers, nothing_shown
from kgqa.ui.html import marks, palette, words
from kgqa.ui.kept import Asked
from kgqa.ui.page import build_page
from kgqa.ui.service import Service
from kgqa.ui.tabs import frame
from kgqa.ui.views import answer, candidates, hops, intersection, outline, plan, question, spans
from tests.ui import page_traces as traces


def text(html: object) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html))).split())


def test_the_answer_comes_with_probability_description_and_facts():
    shown = text(answer.render(traces.mona_lisa()))
    assert "Paris" in shown and "96%" in shown and "capital of France" in shown
    assert "Mona Lisa is exhibited at Louvre Museum; Louvre Museum is located in Paris." in shown


def test_many_answers_show_ten_and_a_button_for_the_rest():
    html = str(answer.render(traces.many()))
    assert html.count('class="answer"') == 10 and 'data-listing=""' in html
    assert "60 answers" in text(html) and "Show the other 50" in text(html)
    one, three = traces.mona_lisa(), replace(traces.many(), answers=traces.many().answers[:3])
    assert all("data-listing" not in str(answer.render(trace)) for trace in (one, three))


def test_thousands_of_answers_do_not_make_a_page_of_megabytes():
    trace = replace(traces.many(), answers=traces.many().answers * 200)
    html = str(answer.render(trace))
    assert len(html) < 30_000 and "Show the other 11,990" in text(html)
    do = Handlers(Service(traces.answer))
    assert len(do.as_json(do.kept.keep(trace))["answers"]) == 100


def test_answers_without_paths_are_shown_without_facts():
    trace = traces.many()
    bare = replace(trace.answers[0], paths=())
    assert "Film number 0" in text(answer.render(replace(trace, answers=(bare,))))


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES if o != "answered"])
def test_every_outcome_without_an_answer_says_so_and_what_to_do(outcome):
    trace = traces.nothing(outcome)
    heading, sentence, advice = words.outcome(trace)
    shown = text(answer.render(trace))
    assert sentence == OUTCOMES[outcome]
    assert heading in shown and sentence in shown and advice in shown
    for view in VIEWS:
        view.render(trace)


def test_an_outcome_of_another_version_is_still_a_sentence():
    assert "No answer" in text(
        answer.render(traces.nothing("no_path").__class__("q", "brand_new", ""))
    )


def test_spans_are_marked_with_letters_and_scores_and_unused_ones_are_apart():
    html = str(spans.render(traces.hanks()))
    assert 'class="span b0' in html and 'class="span unused"' in html
    assert "Also considered: Hanks 2%" in text(question.render(traces.hanks()))
    assert text(html.split("question-line")[1].split("</p>")[0]).endswith(
        "Who wrote films 1% starring A Tom Hanks 97% ?"
    )


def test_spans_that_overlap_never_repeat_the_question():
    line = str(spans.render(traces.portman())).split('dir="auto">')[1].split("</p>")[0]
    without = re.sub(r"<sub>.*?</sub>|<span class=\"badge.*?</span>", "", line)
    assert text(without).replace(" ?", "?") == traces.PORTMAN


def test_three_tom_hanks_are_told_apart():
    shown = text(candidates.render(traces.hanks()))
    assert (
        "American actor (born 1956)" in shown
        and "American seismologist" in shown
        and "biblical scholar" in shown
    )
    assert "2 spans not used" in shown


def test_hops_show_relations_words_entities_and_what_is_left_out():
    shown = text(hops.render(traces.hanks()))
    for expected in (
        "acted in",
        "98%",
        "starring 50%",
        "Forrest Gump",
        "and 44 more not shown",
        "Ends here: 98%",
    ):
        assert expected in shown


def test_the_intersection_shows_each_branch_and_the_minimum():
    html = str(intersection.render(traces.portman()))
    row = text(html.split('<tr class="is-answer"')[1].split(">", 1)[1].split("</tr>")[0])
    assert row == "✓ Padmé Amidala character in Star Wars 0.97 0.91 0.91"
    assert intersection.render(traces.hanks()) == ""


def test_a_mention_keeps_its_letter_and_colour_in_every_view():
    trace = traces.portman()
    assert marks.ranks(trace) == {0: 0, 1: 1}
    for view in (question, candidates, hops, intersection):
        html = str(view.render(trace))
        assert palette.css_class(0) in html and palette.css_class(1) in html
    assert [
        n["rank"]
        for n in network.drawing(trace, select.select(trace))["nodes"]
        if n["role"] == "mention"
    ] == [0, 1]


def test_the_plan_is_one_sentence():
    assert (
        text(plan.render(traces.mona_lisa()))
        == "From “Mona Lisa” the model followed exhibited at , then located in ."
    )
    assert "It kept what both lead to." in text(plan.render(traces.portman()))


def test_a_fact_reads_as_its_sentence_or_in_a_neutral_form():
    a, b = Entity("1", "Python", "", ""), Entity("2", "Guido {head}", "", "")
    assert words.fact(Fact(a, "designed by", b)) == "Python, designed by: Guido {head}"
    directed = Fact(b, "director", a, "Guido {head} was directed by Python")
    assert words.fact(directed) == directed.sentence


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0%"), (0.001, "<1%"), (0.5, "50%"), (0.997, ">99%"), (1, "100%"), (1.2, "100%")],
)
def test_percentages_do_not_claim_too_much(value, shown):
    assert words.percent(value) == shown


def test_the_header_and_the_footer_name_graph_sources_and_papers():
    shown = text(frame.header(traces.CARD)) + text(frame.footer(traces.CARD))
    for expected in ("84,211", "CC BY 4.0", "Oliya", "Sen, Saffari", "Cohen"):
        assert expected in shown
    assert "2109.05817" in str(frame.footer(traces.CARD)) and "2109.05808" in str(
        frame.footer(traces.CARD)
    )


@pytest.mark.checkpoint
def test_the_examples_hold_the_three_of_the_project(films_card):
    questions = [e.question for e in films_card.examples]
    assert {traces.MONA, traces.HANKS, traces.PORTMAN} <= set(questions)
    assert 8 <= len(questions) == len(set(questions))


@pytest.mark.parametrize(
    "make", [traces.mona_lisa, traces.hanks, traces.portman, traces.many, traces.hostile]
)
def test_an_answer_weighs_less_than_100_kilobytes(make):
    trace = make()
    chosen = select.select(trace)
    sent = [str(view.render(trace)) for view in VIEWS] + [
        str(outline.legend(trace, chosen)),
        str(outline.in_words(trace, chosen)),
    ]
    assert sum(map(len, sent)) + len(json.dumps(network.drawing(trace, chosen))) < 100_000


def test_events_return_as_many_values_as_the_page_shows():
    class Request:
        headers, query_params = {"host": "h"}, {"q": "a\x00b"}

    do = Handlers(Service(traces.answer))
    odd = ("", None, "x" * 20_000, "\x00", "\ud800", traces.SCRIPT, "😀" * 50)
    for asked in (traces.PORTMAN, *odd):
        (values,) = do.ask(asked, Request())
        assert len(values) == len(nothing_shown()) == SHOWN
    assert do.linked(Request())[0] == "a\ufffdb"
    assert set(vars(do)) == {"rooms", "service", "kept"}
    assert do.answer(traces.MONA)["answers"][0]["label"] == "Paris"


def test_what_is_known_so_far_is_shown_until_the_answer_is_there():
    class Request:
        headers = {"host": "h"}

    def stages(question):
        whole = traces.answer(question)
        early = replace(whole, answers=(), branches=(), intersection=None)
        yield replace(early, outcome="reading", message=STAGES["reading"], mentions=())
        yield replace(early, outcome="following", message=STAGES["following"])
        yield whole

    do = Handlers(Service(traces.answer, stages=stages))
    reading, following, whole = do.ask(traces.PORTMAN, Request())
    assert len(reading) == len(following) == len(whole) == SHOWN
    assert reading[0] == following[0] == gr.skip() and whole[0] == Asked(traces.PORTMAN)
    # what comes close upon another may be all that is sent: each stands for itself
    assert gr.skip() not in whole and all(gr.skip() not in v[1:8] for v in (reading, following))
    line, answer = 1, 2
    assert STAGES["reading"] in reading[answer] and not reading[line]
    assert STAGES["following"] in following[answer] and "Natalie Portman" in following[line]
    assert "Padmé Amidala" not in following[answer] and "Padmé Amidala" in whole[answer]


def test_an_answer_comes_with_its_graph_in_one_event():
    do = Handlers(Service(traces.answer))
    ((asked, *shown),) = do.ask(traces.PORTMAN, SimpleNamespace(headers={}))
    legend, in_words, graph = shown[-3:]
    assert asked == Asked(traces.PORTMAN)
    assert "Padmé Amidala" in shown[1]
    assert "Padmé Amidala" in graph and legend and "Padmé Amidala" in in_words


def test_an_answer_is_values_and_its_progress_is_shown_at_no_part_of_it():
    """Updates of properties, and progress at an output, cost a browser more than the answer."""
    do = Handlers(Service(traces.answer))
    values = do.show(traces.portman(), SimpleNamespace(headers={}))
    assert [v for v in values if isinstance(v, dict)] == [gr.update(open=False)]
    assert not any(isinstance(v, dict) for v in do._partly(traces.portman())[1 : 1 + len(VIEWS)])
    page = build_page(Service(traces.answer))
    places = [fn.show_progress_on for fn in page.fns.values() if fn.name in ("ask", "respond")]
    assert len(places) > 1 and all(len(place) == 1 for place in places)
    for fn in page.fns.values():
        if fn.show_progress == "hidden":
            assert [type(place) for place in fn.show_progress_on] == [gr.State]


def test_a_drawing_that_fails_leaves_the_answer(monkeypatch):
    monkeypatch.setattr(select, "select", lambda trace: 1 / 0)
    do = Handlers(Service(traces.answer))
    *shown, legend, in_words, drawn = do.show(traces.mona_lisa(), SimpleNamespace(headers={}))
    assert "Paris" in shown[2]
    assert drawn is None and "could not be drawn" in legend and in_words == ""
