"""The queue: who is told to come back, and what is kept of whom."""

import gc
import json
import sys
import threading
import time
from dataclasses import replace
from functools import partial

import httpx
import pytest
from gradio.server_messages import ProcessGeneratingMessage
from gradio_client import Client

from kgqa.edits import Edits
from kgqa.trace import STAGES, Trace
from kgqa.ui.guard import queue as guard
from kgqa.ui.guard.sessions import Session, Sessions
from kgqa.ui.kept import Kept
from tests.ui import page_traces as traces
from tests.ui.serving import API, served

gate = threading.Event()
WAITING = 2


def answer(question: str, edits: Edits = Edits()) -> Trace:
    if question == "wait":
        gate.wait(30)
    return traces.answer(question, edits)


@pytest.fixture
def page():
    gate.clear()
    with served(answer, at_once=1, waiting=WAITING) as (address, page):
        yield address, page
        gate.set()


def test_it_knows_whether_a_question_waits(page):
    at, blocks = page
    assert not blocks._queue.crowded()
    for _ in range(2):  # one is answered, and one waits
        assert post(at, "wait").status_code == 200
    assert blocks._queue.crowded()
    gate.set()
    end = time.monotonic() + 60
    while blocks._queue.crowded():
        assert time.monotonic() < end
        time.sleep(0.05)


def post(at: str, question: str) -> httpx.Response:
    return httpx.post(f"{at}{API}/call/answer", json={"data": [question]}, timeout=60)


def fill(page) -> list[str]:
    """Let one question be answered and as many wait as may; the ids of all."""
    address, blocks = page
    events = [post(address, "wait").json()["event_id"]]
    while len(blocks._queue):
        time.sleep(0.01)  # until the first is being answered
    return events + [post(address, "wait").json()["event_id"] for _ in range(WAITING)]


def test_a_full_queue_says_how_long_to_wait(page, capfd):
    address, _ = page
    events = fill(page)
    refused = post(address, traces.MONA)
    words = "2 questions wait for an answer already. Please ask again in about 2 seconds."
    assert refused.status_code == 503 and refused.json()["detail"] == words
    assert refused.headers["retry-after"] == "2"
    wrong = httpx.post(f"{address}{API}/call/answer", json={"data": [3]})
    assert wrong.status_code == 400 and "retry-after" not in wrong.headers
    client = Client(address, verbose=False)
    with pytest.raises(Exception, match="Please ask again in about"):
        client.predict(traces.MONA, api_name="/answer")
    assert httpx.get(f"{address}{API}/info").status_code == 200
    gate.set()
    for event in events:
        assert "complete" in httpx.get(f"{address}{API}/call/answer/{event}", timeout=60).text
    assert client.predict(traces.MONA, api_name="/answer")["answers"][0]["label"] == "Paris"
    printed = "".join(capfd.readouterr())
    assert "Queue is full" not in printed and "Traceback" not in printed


def join(page, name: str, data: list, visitor: str = "visitor") -> None:
    """Post an event of the page by the name of its function."""
    address, blocks = page
    index = next(id for id, fn in blocks.fns.items() if fn.name == name)
    body = {"data": data, "fn_index": index, "session_hash": visitor}
    assert httpx.post(f"{address}{API}/queue/join", json=body).status_code == 200


def messages(address: str, visitor: str = "visitor") -> list[dict]:
    """What a page is sent until its events are over."""
    stream = httpx.get(f"{address}{API}/queue/data?session_hash={visitor}", timeout=60).text
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


def test_a_visitor_whose_question_waits_is_shown_its_answer_though_the_queue_is_full(page):
    address, blocks = page
    events = [post(address, "wait").json()["event_id"]]
    join(page, "ask", [traces.MONA])
    while len(blocks._queue.event_queue_per_concurrency_id["model"].queue) < WAITING:
        post(address, "wait")
    assert post(address, "wait").status_code == 503
    join(page, "listed", [None])  # what is drawn afterwards is not refused either
    gate.set()
    ends = [m for m in messages(address) if m["msg"] == "process_completed"]
    assert [end["success"] for end in ends] == [True, True] and events
    sent = next(end["output"]["data"] for end in ends if len(end["output"]["data"]) > 1)
    assert "Paris" in sent[2] and json.loads(sent[-1])["nodes"]  # the answer and its graph


@pytest.mark.parametrize("held", [0.0, 30.0])
def test_what_the_next_values_overtake_is_not_sent(page, monkeypatch, held):
    monkeypatch.setattr(guard, "HELD", held)
    address, _ = page
    join(page, "ask", [traces.MONA])
    kinds = [m["msg"] for m in messages(address)]
    assert kinds.count("process_completed") == 1
    assert kinds.count("process_generating") == (held == 0)  # sent twice by Gradio


def test_values_that_nothing_overtakes_are_sent_after_a_moment(monkeypatch):
    monkeypatch.setattr(guard, "HELD", 0.01)

    def stages(question):
        whole = traces.answer(question)
        yield replace(whole, outcome="following", message=STAGES["following"], answers=())
        gate.wait(30)
        yield whole

    gate.clear()
    with served(more={"stages": stages}) as page:
        join(page, "ask", [traces.MONA])
        url = f"{page[0]}{API}/queue/data?session_hash=visitor"
        kinds = []
        with httpx.stream("GET", url, timeout=60) as stream:
            for line in stream.iter_lines():
                kinds += [json.loads(line[6:])["msg"]] if line.startswith("data: ") else []
                if kinds and kinds[-1] == "process_generating":
                    gate.set()  # it came although the answer did not
    assert "process_generating" in kinds and "process_completed" in kinds
    assert page[1]._queue.held == {}


def test_what_values_changed_is_told_although_they_are_overtaken():
    message = partial(ProcessGeneratingMessage, success=True)
    held = [message(output={"changed_state_ids": ids}) for ids in ([3], [3, 5])]
    output = {"changed_state_ids": [7]}
    guard.PageQueue._overtake(held, output)
    assert output == {"changed_state_ids": [3, 5, 7]}
    failed = {"error": "Too long"}
    guard.PageQueue._overtake(held, failed)
    assert failed == {"error": "Too long"}


def test_results_that_nobody_fetches_are_dropped(page, monkeypatch):
    monkeypatch.setattr(guard, "UNREAD", 5)
    address, blocks = page
    for _ in range(30):
        assert post(address, traces.MONA).status_code == 200
        while blocks._queue.event_ids_to_events:
            time.sleep(0.01)
    assert len(blocks._queue.pending_messages_per_session) <= 7
    monkeypatch.setattr(guard, "PATIENCE", 0)
    post(address, traces.MONA)
    assert len(blocks._queue.pending_messages_per_session) <= 2
    assert len(blocks._queue.finished) <= 2


def test_a_session_keeps_what_was_asked_and_no_page(page):
    address, blocks = page
    for _ in range(3):
        post(address, traces.MONA)
    while blocks._queue.event_ids_to_events:
        time.sleep(0.01)
    sessions = blocks.app.state_holder
    assert isinstance(sessions, Sessions) and len(sessions.session_data) >= 3
    assert {type(s) for s in sessions.session_data.values()} == {Session}
    session = Session(blocks)
    component = next(id for id, block in blocks.blocks.items() if not block.stateful)
    session[component] = blocks.blocks[component]
    session._update_value_in_config(component, "x" * 100_000)
    assert not session.state_data and not session.config_values


def test_what_the_page_shows_arrives_though_the_session_does_not_keep_it(page):
    address, blocks = page
    linked = next(id for id, fn in blocks.fns.items() if fn.name == "ask_if_linked")
    body = {"data": [], "fn_index": linked, "session_hash": "visitor"}
    httpx.post(f"{address}{API}/queue/join", params={"q": traces.MONA}, json=body)
    done = next(m for m in messages(address) if m["msg"] == "process_completed")
    line, answer = done["output"]["data"][1:3]
    assert "Mona Lisa" in line and "Paris" in answer


def test_the_number_of_sessions_is_bounded(page):
    sessions = Sessions(page[1], 10)
    for i in range(50):
        sessions[str(i)]
    assert list(sessions.session_data) == [str(i) for i in range(40, 50)]
    assert len(sessions.time_last_used) == 10


def test_a_session_is_forgotten_some_time_after_its_page_was_closed(page, monkeypatch):
    sessions = Sessions(page[1])
    for id in ("open", "closed"):
        sessions[id].is_closed = id == "closed"
    sessions.delete_all_expired_state()
    assert list(sessions.session_data) == ["open", "closed"]
    monkeypatch.setattr("kgqa.ui.guard.sessions.CLOSED", 0)
    sessions.delete_all_expired_state()
    assert list(sessions.session_data) == list(sessions.time_last_used) == ["open"]


def test_kept_traces_are_bounded_and_made_again(monkeypatch):
    from kgqa.ui import kept as module

    asked_again = []
    kept = Kept(lambda question, edits: asked_again.append(question) or answer(question, edits))
    monkeypatch.setattr(module, "TRACES", 2)
    first = kept.keep(traces.mona_lisa())
    kept.keep(traces.hanks())
    kept.get(first)
    kept.keep(traces.portman())  # hanks was used longest ago
    assert kept.get(first).question == traces.MONA and asked_again == []
    monkeypatch.setattr(module, "ANSWERS", 1)
    many = kept.keep(traces.many())
    assert len(kept._traces) == 1 and kept.get(many).question == traces.MANY
    assert kept.get(first).answers == traces.mona_lisa().answers and asked_again == [traces.MONA]
    assert kept._answers == sum(len(t.answers) for t in kept._traces.values())


def test_a_session_weighs_little(page):
    def weigh(session) -> int:
        gc.collect()
        return sum(sys.getsizeof(x) for x in (session, vars(session), *vars(session).values())) - (
            sys.getsizeof(session.blocks_config)
        )

    assert weigh(Session(page[1])) < 2_000


def test_seconds_and_minutes():
    read = [guard._seconds(s) for s in (0, 1.2, 119, 600)]
    assert read == ["1 second", "2 seconds", "119 seconds", "10 minutes"]
