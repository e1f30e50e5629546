"""Milliseconds a question in each part of the pipeline, one by one and many together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch

from kgqa.bench.answers import dev_questions
from kgqa.inference import Pipeline
from kgqa.trace import Trace

PARTS = "link encode hops trace page".split()
WARM = 10  # questions before the clock runs


@dataclass(frozen=True)
class Part:
    """Milliseconds a question."""

    p50: float
    p95: float
    share: float  #: of the time of all questions


@dataclass(frozen=True)
class Way:
    """A way to answer questions."""

    ms: Mapping[str, Part]  #: by part, and "total"
    questions_per_second: float  #: without the page
    batch: int = 1


@dataclass(frozen=True)
class Profile:
    """The report of ``bench pipeline``."""

    questions: int
    device: str
    threads: int
    open_seconds: float
    one: Way
    together: Way
    throughput_ratio: float  #: together over one by one
    hops_of_encode: float  #: time of the hops over time of the encoder

    def to_dict(self) -> dict:
        """For JSON."""
        return asdict(self)


def measure(
    checkpoint: str,
    *,
    questions: int = 200,
    device: str = "cpu",
    together: int = 32,
    render: Callable[[Trace], object] = lambda trace: None,
) -> Profile:
    """Dev questions of the default graph, ``together`` at a time in turns with one by one.

    ``render`` makes the page of a trace.
    """
    Pipeline.load(checkpoint, device=device)  # the first time also imports
    started = time.perf_counter()
    pipeline = Pipeline.load(checkpoint, device=device)
    opened = time.perf_counter() - started
    asked = dev_questions(pipeline.checkpoint, questions)
    for question in asked[:WARM]:
        render(pipeline.answer(question))
    pipeline.answer_many(asked[:together])
    one = _Clock(lambda part: [pipeline.answer(question) for question in part], render)
    many = _Clock(pipeline.answer_many, render)
    for low in range(0, len(asked), together):
        for clock in (one, many):
            clock.time(asked[low : low + together])
    alone = one.way(1)
    encode = max(alone.ms["encode"].share, 1e-9)
    return Profile(
        questions=len(asked),
        device=str(pipeline.checkpoint.device),
        threads=torch.get_num_threads(),
        open_seconds=round(opened, 2),
        one=alone,
        together=many.way(together),
        throughput_ratio=round(one.seconds / many.seconds, 3),
        hops_of_encode=round(alone.ms["hops"].share / encode, 4),
    )


class _Clock:
    """Times one way to answer."""

    def __init__(
        self, answer: Callable[[Sequence[str]], list[Trace]], render: Callable[[Trace], object]
    ):
        self.answer, self.render = answer, render
        self.rows: list[dict[str, float]] = []  # milliseconds of each part, a question
        self.seconds = 0.0

    def time(self, questions: Sequence[str]) -> None:
        started = time.perf_counter()
        traces = self.answer(questions)
        self.seconds += time.perf_counter() - started
        for trace in traces:
            started = time.perf_counter()
            self.render(trace)
            page = 1000 * (time.perf_counter() - started)
            row = {**trace.timings, "page": page}
            self.rows.append({part: row[part] for part in PARTS})

    def way(self, batch: int) -> Way:
        """Percentiles a question, and shares of the time of all questions."""
        columns = {part: [row[part] for row in self.rows] for part in PARTS}
        columns["total"] = [sum(row.values()) for row in self.rows]
        total, parts = sum(columns["total"]), {}
        for part, values in columns.items():
            p50, p95 = (round(float(p), 3) for p in np.percentile(values, [50, 95]))
            parts[part] = Part(p50, p95, round(sum(values) / total, 4))
        return Way(parts, round(len(self.rows) / self.seconds, 2), batch)
