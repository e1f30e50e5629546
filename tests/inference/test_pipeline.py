"""The pipeline: stages, threads, settings, and what the trained model answers."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from kgqa.inference.pipeline import Pipeline
from kgqa.trace import OUTCOMES, STAGES
from kgqa.walk.predict import Settings
from tests.toy import PADME, QUESTIONS


def test_stages_end_in_the_answer_and_show_mentions_before(tiny):
    reading, following, done = tiny.stages(PADME)
    assert (reading.outcome, following.outcome) == tuple(STAGES) and done.outcome in OUTCOMES
    assert reading.mentions == () and following.mentions == done.mentions and not following.answers
    assert replace(done, timings={}) == replace(tiny.answer(PADME), timings={})
    assert [t.outcome for t in tiny.stages("")] == ["empty_question"]
    assert [t.outcome for t in tiny.stages("?!")] == ["no_mention"]


def test_whoever_looks_at_a_stage_does_so_on_no_parts_account(tiny):
    started, looked = time.perf_counter(), 0.0
    for trace in tiny.stages(PADME):
        shown = time.perf_counter()
        time.sleep(0.2 if trace.outcome in STAGES else 0)
        looked += time.perf_counter() - shown
    assert trace.timings["total"] <= 1000 * (time.perf_counter() - started - looked) + 1
    assert sum(v for k, v in trace.timings.items() if k != "total") == pytest.approx(
        trace.timings["total"], abs=5
    )


def test_each_thread_gets_its_own_trace(tiny):
    expected = {q: tiny.answer(q) for q in QUESTIONS}
    wrong: list[str] = []

    def ask(questions):
        for question in questions * 5:
            if replace(tiny.answer(question), timings={}) != replace(
                expected[question], timings={}
            ):
                wrong.append(question)

    threads = [
        threading.Thread(target=ask, args=(part,)) for part in (QUESTIONS[::2], QUESTIONS[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_settings_of_one_question_do_not_stay(tiny):
    before = tiny.answer(PADME)
    other = tiny.answer(PADME, settings=Settings(refuse=False, max_hops=0))
    assert all(b.hops == () for b in other.branches) and other.branches
    assert replace(tiny.answer(PADME), timings={}) == replace(before, timings={})


def test_a_pipeline_opens_from_a_folder(tiny_checkpoint):
    opened = Pipeline.load(tiny_checkpoint, device="cpu")
    assert opened.answer("Where is the Louvre?").outcome in OUTCOMES


@pytest.mark.checkpoint
def test_the_mona_lisa_is_in_paris(pipeline):
    trace = pipeline.answer("What city is the Mona Lisa in?")
    assert [a.entity.label for a in trace.answers] == ["Paris"]
    assert trace.answers[0].entity.kind == "city"
    (path,) = trace.answers[0].paths
    assert [f.relation for f in path.facts] == ["exhibited at", "located in"]
    assert path.facts[0].head.kind == "artwork"  # the painting and not the film of 1986


@pytest.mark.checkpoint
def test_the_writers_of_tom_hanks_films(pipeline):
    trace = pipeline.answer("Who wrote films starring Tom Hanks?")
    names = {a.entity.label for a in trace.answers}
    assert len(names) >= 10 and "Eric Roth" in names
    (mention,) = (m for m in trace.mentions if m.used and m.text != "films")
    assert mention.text == "Tom Hanks"
    assert [c.entity.label for c in mention.candidates] == ["Tom Hanks"] * 3
    assert "actor" in mention.candidates[0].entity.description


@pytest.mark.checkpoint
def test_natalie_portman_plays_padme_in_star_wars(pipeline):
    trace = pipeline.answer(PADME)
    assert [a.entity.label for a in trace.answers] == ["Padmé Amidala"]
    assert {trace.mentions[b.mention].text for b in trace.branches} == {
        "Natalie Portman",
        "Star Wars",
    }
    assert len(trace.answers[0].paths) == 2


def test_a_graph_that_is_not_the_checkpoints_own_is_unseen(tiny_checkpoint, toy, tmp_path):
    (tmp_path / "firm.csv").write_text("id,name,city\nS1,Norfield Metals,Leeds\n", "utf-8")
    files = [tmp_path / "firm.csv"]
    other = Pipeline.load(tiny_checkpoint, device="cpu", graph=files)
    assert other.checkpoint.unseen and other.graph["Norfield Metals"]
    own = Pipeline.load(tiny_checkpoint, device="cpu", graph=toy)
    assert not own.checkpoint.unseen and own.graph.fingerprint == toy.fingerprint
