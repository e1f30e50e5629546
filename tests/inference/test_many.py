"""Questions answered together get the traces that they get alone."""

from __future__ import annotations

import threading

import pytest
import torch

from kgqa.inference.workers import Workers

QUESTIONS = [
    "Who directed Sully?",
    "",
    "Which films star Tom Hanks and Leonardo DiCaprio?",
    "hello there",
    "Who did Natalie Portman play in Star Wars?",
    "x" * 600,
    "In which country is the museum that exhibits the Mona Lisa?",
    "Who directed Sully?",
]


def plain(trace):
    """A trace without its timings, its numbers to five digits: batches round differently."""

    def rounded(value):
        if isinstance(value, float):
            return pytest.approx(value, abs=1e-4)
        if isinstance(value, dict):
            return {k: rounded(v) for k, v in value.items() if k != "timings"}
        return [rounded(v) for v in value] if isinstance(value, list) else value

    return rounded(trace.to_dict())


@pytest.mark.parametrize("workers", [1, 3])
def test_together_as_alone(tiny, workers):
    tiny.workers = Workers(workers)
    together = tiny.answer_many(QUESTIONS)
    assert len(together) == len(QUESTIONS)
    for question, trace in zip(QUESTIONS, together, strict=True):
        alone = tiny.answer(question).to_dict()
        alone.pop("timings")
        assert alone == plain(trace)


def test_no_questions_no_traces(tiny):
    assert tiny.answer_many([]) == []


def test_the_times_of_a_trace_add_up(tiny):
    for trace in tiny.answer_many(QUESTIONS):
        times = dict(trace.timings)
        assert times.pop("total") == pytest.approx(sum(times.values()), abs=0.01)


def test_workers_keep_the_order_and_leave_torch_as_it_was():
    before, workers = torch.get_num_threads(), Workers(2)
    assert workers.map(lambda n: (n, torch.get_num_threads()), range(6)) == [
        (n, 1) for n in range(6)
    ]
    seen = []
    thread = threading.Thread(
        target=lambda: seen.append((torch.ones(2).sum(), torch.get_num_threads())[1])
    )
    thread.start()
    thread.join()
    assert torch.get_num_threads() == before and seen == [before]


def test_one_item_runs_here():
    assert Workers(4).map(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]
