"""What helps while one types: names as plain data, questions from before, questions to go on."""

import json
import re
from types import SimpleNamespace

import pytest

from kgqa.trace import Completion, Entity
from kgqa.ui.afterwards import Afterwards
from kgqa.ui.completion import MOST, completion, proposal
from kgqa.ui.handlers import Handlers
from kgqa.ui.service import Card, Offers, Service
from kgqa.ui.views import answer, offers
from tests.ui import page_traces as traces
from tests.ui.parts import HOSTILE, IMAGE, MONA, SCRIPT
from tests.ui.test_views import text

REQUEST = SimpleNamespace(headers={"host": "h"}, session_hash="s", query_params={})


def test_a_name_comes_with_what_tells_it_from_others():
    film = Entity("film:Titanic", "Titanic", "1997 film by James Cameron", "film")
    told = proposal(Completion(film, 13, shared=True))
    assert told == {
        "id": "film:Titanic",
        "label": "Titanic",
        "note": "1997 film by James Cameron",
        "kind": "",  # the note says it
        "start": 13,
        "shared": True,
    }
    actor = Entity("a", "Tom Hanks", "44 films", "person")
    assert proposal(Completion(actor, 0))["kind"] == "person"
    assert proposal(Completion(Entity("b", "B", "", "city"), 0))["note"] == "city"


def test_names_are_few_short_and_harmless_whatever_the_graph_holds():
    asked = []
    evil = Entity("x" * 900, f"\u202e{'y' * 900}\x00", IMAGE, SCRIPT)

    def complete(text):
        asked.append(text)
        return [Completion(evil, 0)] * 50

    component = completion(complete)
    for typed in ("a" * 5_000, None, {"a": 1}, 7, "\ud800"):
        found = component.complete_name(typed)
        assert len(found) == MOST and len(json.dumps([{**f, "id": ""} for f in found])) < 5_000
        assert not re.search("[\u202e\x00]", found[0]["label"]) and len(found[0]["label"]) <= 80
    assert max(map(len, asked)) <= 500


@pytest.mark.parametrize("why", ["next", "instead", "meant", "new"])
def test_offers_are_buttons_that_ask_and_are_escaped(why):
    html = str(offers.render(traces.mona_lisa(), Offers(why, (IMAGE, 'a"b', MONA, "fourth"))))
    assert "<img" not in html and 'data-question="a&#34;b"' in html and "fourth" not in html
    assert html.count('data-action="ask"') == 3 and f'data-asked="{MONA}"' in html
    assert offers.render(traces.mona_lisa(), Offers()) == ""


def test_offers_follow_the_answer_and_know_the_one_before():
    do = Handlers(Service(traces.answer, further=traces.further))
    later = Afterwards(do)
    asked = do.kept.keep(traces.answer(MONA))
    html, before = later.further(asked, None, REQUEST)
    assert traces.HANKS in html and before == asked
    lost = do.kept.keep(traces.answer("and who wrote it?"))
    html, still = later.further(lost, before, REQUEST)
    assert "stands alone" in text(html) and MONA in html and still == before
    assert later.further(None, before, REQUEST) == ("", None)


def test_offers_that_cannot_be_made_leave_the_answer_alone():
    def broken(trace, before):
        raise RuntimeError("no")

    do = Handlers(Service(traces.answer, further=broken))
    later = Afterwards(do)
    asked = do.kept.keep(traces.answer(MONA))
    assert later.further(asked, None, REQUEST) == ("", asked)


def test_a_question_is_kept_by_the_browser_unless_it_is_about_ones_own_graph():
    assert f'data-kept="{MONA}"' in str(answer.render(traces.mona_lisa()))
    assert 'data-kept=""' in str(answer.render(traces.mona_lisa(), Card(visitors=True)))
    assert 'data-kept=""' in str(answer.render(traces.answer("x" * 600)))
    assert "<img" not in str(answer.render(traces.answer(HOSTILE)))


def test_while_others_wait_nothing_is_tried_for_offers():
    do = Handlers(Service(traces.answer, further=traces.further))
    asked = do.kept.keep(traces.answer(MONA))
    assert Afterwards(do, lambda: True).further(asked, None, REQUEST) == ("", asked)
