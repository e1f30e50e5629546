"""The pipeline's own profile: milliseconds a question and the share of each part, one by one and many together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from kgqa.films import writer
from kgqa.inference import Pipeline
from kgqa.trace import Trace

PARTS = ("link", "encode", "hops", "trace", "page")
KINDS = 200  # kinds of question that the writer knows, about


def measure(
    checkpoint: str,
    *,
    questions: int = 200,
    device: str = "cpu",
    together: int = 32,
    render: Callable[[Trace], object] = lambda trace: None,
) -> dict:
    """Dev questions of the default graph, ``together`` at a time in turns with one by one; ``render`` makes the page."""
    Pipeline.load(
        checkpoint, device=device
    )  # imports what is imported late; the second time is that of opening alone
    started = time.perf_counter()
    pipeline = Pipeline.load(checkpoint, device=device)
    opened = time.perf_counter() - started
    per_kind = max(1, -(-questions // KINDS))
    asked = [q.question for q in writer.Writer(pipeline.graph).write("dev", per_kind, 1)][
        :questions
    ]
    for question in asked[:10]:
        render(pipeline.answer(question))
    pipeline.answer_many(asked[:together])
    rows: dict[str, list[dict]] = {"one": [], "together": []}
    seconds = {"one": 0.0, "together": 0.0}
    ways: dict[str, Callable[[Sequence[str]], list[Trace]]] = {
        "one": lambda part: [pipeline.answer(question) for question in part],
        "together": pipeline.answer_many,
    }
    for low in range(0, len(asked), together):
        for way, answer in ways.items():
            started = time.perf_counter()
            traces = answer(asked[low : low + together])
            seconds[way] += time.perf_counter() - started
            for trace in traces:
                started = time.perf_counter()
                render(trace)
                rows[way].append({**trace.timings, "page": 1000 * (time.perf_counter() - started)})
    report = {
        "questions": len(asked),
        "device": str(pipeline.checkpoint.device),
        "threads": torch.get_num_threads(),
        "open_seconds": round(opened, 2),
        "one": _summary(rows["one"], seconds["one"]),
        "together": {"batch": together, **_summary(rows["together"], seconds["together"])},
    }
    report["throughput_ratio"] = round(seconds["one"] / seconds["together"], 3)
    shares = report["one"]["ms"]
    report["hops_of_encode"] = round(
        shares["hops"]["share"] / max(shares["encode"]["share"], 1e-9), 4
    )
    return report


def _summary(rows: list[dict], seconds: float) -> dict:
    """Percentiles a question, and shares of the time of all questions."""
    total = sum(row[part] for row in rows for part in PARTS)
    parts = {}
    for part in (*PARTS, "total"):
        values = [row[part] if part != "total" else sum(row[p] for p in PARTS) for row in rows]
        p50, p95 = np.percentile(values, [50, 95])
        parts[part] = {
            "p50": round(float(p50), 3),
            "p95": round(float(p95), 3),
            "share": round(sum(values) / total, 4),
        }
    return {"ms": parts, "questions_per_second": round(len(rows) / seconds, 2)}
