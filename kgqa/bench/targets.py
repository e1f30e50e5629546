"""Target figures, and whether they are met."""

from __future__ import annotations

from collections.abc import Iterator

from kgqa.bench.report import MODES, OURS, Report, Target

LATENCIES = ((100_000_000, 1_000_000), (10_000_000, 100_000))  # sizes compared, the first measured

Kind = tuple[int, int, str]  # entities to start from, questions together, mode
ALONE: Kind = (1, 1, MODES[0])


def targets(report: Report) -> tuple[Target, ...]:
    """For the sizes that were measured."""
    return (
        *_speed(report),
        *_latency(report),
        *_memory(report),
        *_budget(report),
        *_operators(report),
    )


def _median(report: Report, triples: int, method: str, kind: Kind = ALONE) -> float | None:
    """Milliseconds; None where it was not measured."""
    for row in report.times:
        if (row.triples, row.seeds, row.batch, row.mode) == (triples, *kind):
            times = row.methods.get(method)
            return times.p50 if times else None
    return None


def _ratio(report: Report, triples: int, peer: str, kind: Kind = ALONE) -> float | None:
    """The peer's time over ours."""
    theirs, ours = (_median(report, triples, method, kind) for method in (peer, OURS))
    return theirs / ours if theirs and ours else None


def _at_least(figure: str, value: float | None, target: float) -> Iterator[Target]:
    if value is not None:
        yield Target(figure, round(value, 3), target, True, value >= target)


def _speed(report: Report) -> Iterator[Target]:
    for triples, reifkb, dense in ((1_000_000, 400, 25), (10_000_000, 4_000, 500)):
        for peer, least in (("ReifKB", reifkb), ("dense", dense)):
            figure = f"three hops, {peer} / ours, {triples:.0e} triples"
            yield from _at_least(figure, _ratio(report, triples, peer), least)
    both = _ratio(report, 1_000_000, "ReifKB", (1, 1, MODES[1]))
    yield from _at_least("forward + backward, ReifKB / ours, 1e+06 triples", both, 350)
    batch = _ratio(report, 1_000_000, "ReifKB", (1, 128, MODES[0]))
    yield from _at_least("batch 128, ReifKB / ours, 1e+06 triples", batch, 100)


def _latency(report: Report) -> Iterator[Target]:
    for large, small in LATENCIES:
        late, early = _median(report, large, OURS), _median(report, small, OURS)
        if late and early:
            figure = f"our latency, {large:.0e} / {small:.0e} triples"
            ratio = late / early
            yield Target(figure, round(ratio, 3), 1.5, False, ratio <= 1.5)
            break
    ratios = [
        _ratio(report, row.triples, "dense", (row.seeds, row.batch, row.mode))
        for row in report.times
    ]
    slowest = min((ratio for ratio in ratios if ratio is not None), default=None)
    yield from _at_least("dense / ours, least over all rows", slowest, 1)


def _memory(report: Report) -> Iterator[Target]:
    for graph in report.graphs:
        used = graph.bytes_per_edge
        if "ReifKB" in used:
            figure = f"bytes an edge, ReifKB / ours, {graph.triples:.0e} triples"
            yield from _at_least(figure, used["ReifKB"] / used[OURS], 8)


def _budget(report: Report) -> Iterator[Target]:
    for row in report.budget[-1:]:
        size = f"{row.triples:.0e} triples"
        kept = row.kept_by_budget["p10"]
        yield from _at_least(f"mass kept by the budget, p10, {size}", kept, 0.95)
        yield from _at_least(f"exact top answer kept, {size}", row.top_kept, 0.99)


def _operators(report: Report) -> Iterator[Target]:
    for row in report.operators:
        if row.triples == 10_000_000:
            figure, names = "milliseconds that an operator adds, 1e+07 triples", set(row.methods)
            most = max(row.methods[name].p50 for name in names - {OURS})
            yield Target(figure, round(most, 3), 1.0, False, most <= 1)
