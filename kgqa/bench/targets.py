"""The figures of the report that are aimed at, and whether they are reached: the last lines of ``bench follow``."""

from __future__ import annotations

from kgqa.bench.follow import MODES, OURS


def _cell(
    report: dict, triples: int, method: str, *, seeds: int = 1, batch: int = 1, mode: str = MODES[0]
) -> float | None:
    """Median milliseconds, None where it was not measured."""
    for row in report["times"]:
        if (row["triples"], row["seeds"], row["batch"], row["mode"]) == (
            triples,
            seeds,
            batch,
            mode,
        ):
            found = row["methods"].get(method)
            return found["p50"] if found else None
    return None


def targets(report: dict) -> list[dict]:
    """[{figure, value, target, met}, ...] for the sizes that were measured."""
    rows: list[dict] = []

    def add(figure: str, value: float | None, target: float, *, least: bool = True) -> None:
        if value is not None:
            met = value >= target if least else value <= target
            rows.append(
                {
                    "figure": figure,
                    "value": round(value, 3),
                    "target": target,
                    "least": least,
                    "met": met,
                }
            )

    def ratio(triples: int, peer: str, **options) -> float | None:
        theirs, mine = (
            _cell(report, triples, peer, **options),
            _cell(report, triples, OURS, **options),
        )
        return theirs / mine if theirs and mine else None

    for triples, reifkb, dense in ((1_000_000, 400, 25), (10_000_000, 4_000, 500)):
        add(f"three hops, ReifKB / ours, {triples:.0e} triples", ratio(triples, "ReifKB"), reifkb)
        add(f"three hops, dense / ours, {triples:.0e} triples", ratio(triples, "dense"), dense)
    add(
        "forward + backward, ReifKB / ours, 1e+06 triples",
        ratio(1_000_000, "ReifKB", mode=MODES[1]),
        350,
    )
    add("batch 128, ReifKB / ours, 1e+06 triples", ratio(1_000_000, "ReifKB", batch=128), 100)
    for big, small in ((100_000_000, 1_000_000), (10_000_000, 100_000)):
        ours = _cell(report, big, OURS), _cell(report, small, OURS)
        if all(ours):
            add(
                f"our latency, {big:.0e} / {small:.0e} triples", ours[0] / ours[1], 1.5, least=False
            )
            break
    slowest = [
        found
        for r in report["times"]
        if (
            found := ratio(
                r["triples"], "dense", seeds=r["seeds"], batch=r["batch"], mode=r["mode"]
            )
        )
        is not None
    ]
    add("dense / ours, least over all rows", min(slowest, default=None), 1)
    for graph in report["graphs"]:
        used = graph["bytes_per_edge"]
        if "ReifKB" in used:
            add(
                f"bytes an edge, ReifKB / ours, {graph['triples']:.0e} triples",
                used["ReifKB"] / used[OURS],
                8,
            )
    for row in report["budget"]:
        if row is report["budget"][-1]:
            add(
                f"mass kept by the budget, p10, {row['triples']:.0e} triples",
                row["kept_by_budget"]["p10"],
                0.95,
            )
            add(f"exact top answer kept, {row['triples']:.0e} triples", row["top_kept"], 0.99)
    return rows
