"""What an edit did, in words: before and after, and why."""

from __future__ import annotations

import json
from dataclasses import replace

import gradio as gr
import pytest

from kgqa.edits import Edits
from kgqa.trace import EntityWeight
from kgqa.ui.handlers import Handlers
from kgqa.ui.service import Service
from kgqa.ui.views.effect import brief, effect
from kgqa.why import in_short, plural
from tests.ui import page_traces as traces
from tests.ui.parts import entity, hop

PORTMAN = traces.portman()
ALONE = replace(PORTMAN, branches=PORTMAN.branches[:1], intersection=None)


@pytest.mark.parametrize(
    "trace, words",
    [
        (PORTMAN, "Padmé Amidala"),
        (traces.many(), "60 films"),
        (traces.nothing("empty_intersection"), "nothing in common"),
        (traces.nothing("no_path"), "nothing reached"),
        (traces.nothing("too_long"), "no answer"),
    ],
)
def test_an_answer_in_a_few_words(trace, words):
    assert brief(trace) == words


def test_kinds_of_any_graph_are_counted():
    assert in_short("answered", "", ["a", "b"], ["x", "y"], 2) == "a and b"
    assert in_short("answered", "", ["a", "b", "c"], ["x", "y", "x"], 3_000) == "3,000 answers"
    assert in_short("answered", "", "abc", ["<b>"] * 3, 3) == "3 answers"
    assert in_short("answered", "42 minutes", ["a"], ["x"], 1) == "42 minutes"
    assert [plural(w) for w in ("day", "bus", "church", "child")] == [
        "days",
        "buses",
        "churches",
        "children",
    ]


def test_nothing_in_common_says_what_each_path_leads_to():
    seen = effect(PORTMAN, traces.nothing("empty_intersection"))
    assert (seen["before"], seen["after"]) == ("Padmé Amidala", "nothing in common")
    assert seen["why"] == (
        "“Natalie Portman” leads to 9 entities and “Star Wars” leads to 30, "
        "and none is on all paths"
    )
    walk = replace(
        ALONE, outcome="no_path", answers=(), branches=(replace(ALONE.branches[0], reached=0),)
    )
    assert "no fact “" in effect(PORTMAN, walk)["why"]


def test_what_is_computed_otherwise_is_named():
    assert effect(PORTMAN, ALONE)["why"] == "“Star Wars” no longer takes part"
    assert effect(ALONE, PORTMAN)["why"] == "“Star Wars” now takes part"
    film = entity("Episode IV", "1977 film", "film")
    wars = replace(PORTMAN.branches[1], seeds=(EntityWeight(film, 1.0),))
    chosen = replace(PORTMAN, branches=(PORTMAN.branches[0], wars))
    assert effect(PORTMAN, chosen)["why"] == "“Star Wars” now stands for Episode IV, 1977 film"
    branch = PORTMAN.branches[0]
    other = replace(branch, hops=(hop({"director": 1.0}, {}, [], [], 0),))
    led = replace(PORTMAN, branches=(other, PORTMAN.branches[1]))
    assert effect(PORTMAN, led)["why"].startswith("from “Natalie Portman” it now follows “")
    assert "either path" in effect(PORTMAN, replace(PORTMAN, united=True))["why"]
    away = replace(PORTMAN, branches=(branch, replace(PORTMAN.branches[1], negated=True)))
    assert "leads to is taken away" in effect(PORTMAN, away)["why"]
    assert "how many" in effect(PORTMAN, replace(PORTMAN, readout="count"))["why"]
    fewer = replace(traces.many(), answers=traces.many().answers[5:])
    assert effect(traces.many(), fewer)["why"].startswith("gone: Film number 0")


def test_hostile_names_stay_text_and_short():
    seen = effect(PORTMAN, traces.hostile())
    assert all(isinstance(text, str) and len(text) <= 500 for text in seen.values())
    assert "\u202e" not in "".join(seen.values())


def test_a_reply_to_an_edit_says_what_it_did():
    class Request:
        headers, query_params, session_hash = {"host": "h"}, {}, "s"

    def reply(before, **data):
        return json.loads(do.respond(before, gr.EventData(None, data), Request())[2])["effect"]

    do = Handlers(Service(traces.answer, traces.CARD))
    asked = do.kept.keep(PORTMAN)
    seen = reply(asked, action="intersect", on="")
    assert seen["before"] == "Padmé Amidala" and "either path" in seen["why"]
    assert reply(asked, action="ask", question=traces.MONA) is None
    assert reply(asked, action="visit", query="q=Who") is None
    assert reply(replace(asked, edits=Edits(readout="count")), action="reset") is None  # not kept
