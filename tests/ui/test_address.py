"""The address of the page: short, readable, and back again, whatever stands in it."""

from __future__ import annotations

import json
import random
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.datastructures import QueryParams

from kgqa.edits import MAX_EDITS, Edits
from kgqa.errors import DataError
from kgqa.ui import address, bar, link, visits
from kgqa.ui.kept import Asked
from tests.ui import page_traces as traces

ASKED = "Who did Natalie Portman play in Star Wars?"
WARS, PORTMAN = (32, 41), (8, 23)


def read(query: str) -> tuple[str, Edits]:
    pairs = address.parse(query)
    return address.question(pairs), address.edits(pairs)


def test_an_address_is_short_and_says_what_was_decided():
    edits = Edits().using(*WARS, "tt0121765").leaving_out(*PORTMAN).following(*WARS, 1, "role")
    assert address.write(ASKED, edits) == (
        "q=Who+did+Natalie+Portman+play+in+Star+Wars?&use=Star+Wars~tt0121765"
        "&without=Natalie+Portman&follow=Star+Wars~1~role"
    )
    edits = Edits(intersect=False, readout="count").following(-1, -1, 2, "most(run time, 2)")
    assert address.write("Jaws?", edits) == (
        "q=Jaws?&follow=after~2~most(run+time,+2)&meet=no&answer=count"
    )
    assert address.write("Who directed Jaws?") == "q=Who+directed+Jaws?"
    assert link.share("Mr. X.", {}).endswith("?q=Mr.+X%2E")  # messengers would cut it off


@pytest.mark.parametrize(
    "edits",
    [
        Edits(),
        Edits().using(*WARS, "film:A&B=C?#~+ %é😀"),
        Edits().using(*WARS, ""),
        Edits().following(*WARS, 1, "").following(*WARS, 2, "-r~1~2").following(-1, -1, 1, "x"),
        Edits().following(*WARS, -1, "x"),
        Edits().adding(0, 3).adding(4, 7).adding(3, 8).adding(500, 900).adding(5, 2),
        Edits().negating(*WARS).negating(*PORTMAN, negated=False),
        Edits(unite=True, readout=""),
        Edits(unite=False, intersect=False, readout="sum(run time)"),
    ],
)
def test_every_edit_comes_back(edits):
    assert read(address.write(ASKED, edits)) == (ASKED, edits)
    query = QueryParams(address.write(ASKED, edits))
    assert link.asked(query) == ASKED and link.edits(query) == edits
    old = {"q": ASKED, "edits": json.dumps(edits.short())}
    assert link.edits(old) == edits == link.edits({**old, "changes": old.pop("edits")})


def test_words_that_could_be_something_else_are_written_as_positions():
    for question, start, end in (
        ("Is it in 10-12 or after?", 9, 14),
        ("Is it in 10-12 or after?", 18, 23),
        ("that that", 0, 4),
        ("aaa", 0, 2),
        ("a~b c", 0, 3),
        (" a  b", 1, 4),
    ):
        query = address.write(question, Edits().leaving_out(start, end))
        assert read(query)[1] == Edits().leaving_out(start, end), query


def test_any_question_with_any_edits_comes_back():
    chance, letters = random.Random(7), list("aab ~-+&=#%?/12é\u05d0😀'\"<") + ["after", "10-12"]
    for _ in range(2_000):
        question = " ".join("".join(chance.choices(letters, k=chance.randint(1, 30))).split())
        edits, at = Edits(), chance.randint
        for _ in range(at(0, 4)):
            span = at(0, 31), at(0, 31)
            text = "".join(chance.choices(letters, k=at(0, 9)))
            edits = chance.choice(
                [
                    edits.using(*span, text),
                    edits.adding(*span),
                    edits.leaving_out(*span),
                    edits.following(*span, at(1, 3), text),
                    edits.negating(*span, chance.random() < 0.5),
                    edits.reading_out(text),
                ]
            )
        if query := address.write(question, edits):
            assert read(query) == (question, edits)
            assert "&" not in query.split("&q=")[0].split("&")[0] and " " not in query


@pytest.mark.parametrize(
    "query",
    [
        "q=x&use=y~z",
        "q=x+x&without=x",
        "q=x&without=",
        "q=x&follow=x",
        "q=x&follow=x~one~r",
        "q=x&follow=x~99999999999~r",
        "q=x&without=1-99999",
        "q=x&without=1-9999999999999",
        "q=x&either=perhaps",
        "q=x&meet=",
        "q=x&edits=[",
        'q=x&edits={"x":1}',
        "q=x&use=x~" + "y" * 400,
        "q=x&answer=" + "y" * 400,
        "q=x" + "&without=x" * (MAX_EDITS + 1),
        "q=x" + "&without=x" * 5_000,
        "q=" + "x" * 100_000,
        "&" * 59_000 + "q=x&without=y",
    ],
)
def test_hostile_addresses_are_a_sentence(query):
    with pytest.raises(DataError) as error:
        read(query)
    assert len(str(error.value)) < 200


def test_strange_addresses_are_harmless():
    for query in ("", "?", "q", "q=%", "q=%ff%00", "%q=%%&&==", "a=b&q=\ud800x", "q=%F0%9F%98"):
        pairs = address.parse(query)
        assert address.edits(pairs) == Edits() and isinstance(address.question(pairs), str)
    assert read("q=a&q=b")[0] == "b"
    assert address.write("\ud800 x").endswith("+x")


def test_what_is_too_long_has_no_address():
    assert address.write("x" * 501) == "" == address.write(" ")
    most = Edits()
    for i in range(MAX_EDITS):
        most = most.using(i, i + 1, "y" * 300).following(i, i + 1, 1, "é" * 300)
    assert address.write("x" * 20, most) == "" == link.share("x" * 20, {}, most)


def test_old_addresses_lead_to_the_new_form():
    old = {"q": ASKED, "edits": '{"leave_out":[{"start":8,"end":23}],"intersect":false}'}
    asked, note = visits.linked(old)
    assert asked == Asked(ASKED, Edits(intersect=False).leaving_out(*PORTMAN)) and not note
    assert '"q=Who+did+' in bar.value(asked, {}) and "without=Natalie+Portman" in bar.value(asked)
    asked, note = visits.linked({"q": ASKED, "edits": "["})
    assert asked == Asked(ASKED) and "not readable" in note


def test_a_question_of_an_own_graph_is_asked_of_that_graph_alone():
    query = link.query(ASKED, yours=True)
    assert link.yours(QueryParams(query)) and not link.yours(QueryParams(link.query(ASKED)))
    assert visits.visited(None, query, own=True) == Asked(ASKED)
    for other, own in ((query, False), (link.query(ASKED), True)):
        with pytest.raises(DataError, match="Your graph"):
            visits.visited(None, other, own=own)
    assert visits.linked(QueryParams(query)) == (None, "")
    with pytest.raises(DataError, match="ask it again"):
        visits.lost(QueryParams(query))
    assert '"link": ""' in bar.value(Asked(ASKED), room="key")
    assert visits.visited(None, "tab=yours", own=True) is None


def test_a_link_leads_to_where_the_visitor_is(monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    shared = link.share("a b&c?", {"referer": "http://host:1/app/?q=old"})
    assert shared == "http://host:1/app/?q=a+b%26c%3F"
    assert parse_qs(urlsplit(shared).query) == {"q": ["a b&c?"]}
    assert link.share("x" * 501, {}) == "" == link.share(" ", {})
    monkeypatch.setenv("SPACE_ID", "me/space")
    space = link.share("q", {"referer": "http://host"})
    assert space == "https://huggingface.co/spaces/me/space?q=q"
    assert link.share(traces.HOSTILE, {}).isascii()
