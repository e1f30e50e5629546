r"""Three hops over synthetic graphs: ours against the published formulations, interleaved in one run.

For each size, number of seeds, batch and mode (forward; forward with backward) every method answers the same questions in
turns, so that whatever else the machine does hits all of them alike. Ours runs as in use: unlikely relations skipped, edge
budget on. A peer whose turn would take longer than ``limit`` seconds, by its pace at the batch before, is left out, and the
report says so; one that has taken that long in its turns together takes no more of them. Growth is the exponent
b of time = a * triples^b, by least squares over the sizes measured.
"""

from __future__ import annotations

import gc
import math
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from kgqa import __version__
from kgqa.bench import peers, synthetic
from kgqa.bench.budget import quality
from kgqa.bench.opening import opening
from kgqa.graph import Graph
from kgqa.walk import ops
from kgqa.walk.frontier import Frontier, join

OURS = "frontier"
CONCENTRATION = 0.9
MODES = ("forward", "forward + backward")
PEER_MEMORY = 4 * 2**30  #: bytes that a peer's matrices, and its intermediate results, may take


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    sizes: tuple[int, ...] = (100_000, 1_000_000, 10_000_000)
    seeds: tuple[int, ...] = (1, 8)
    batches: tuple[int, ...] = (1, 32, 128)
    rounds: int = 5  #: turns of each method
    limit: float = 90.0  #: seconds that one turn of a peer may take
    questions: int = 200  #: for the figures of the edge budget; 0 leaves them out
    device: str = "cpu"


def measure(
    folder: str | Path, plan: Plan = Plan(), *, say: Callable[[str], None] = lambda line: None
) -> dict:
    """The report of ``python -m kgqa bench follow``; graphs are made in ``folder`` and kept there."""
    report = {
        "version": __version__,
        "machine": {
            "processor": platform.machine(),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "device": _device_name(plan.device),
        },
        "settings": {
            "hops": 3,
            "concentration": CONCENTRATION,
            "min_relation": ops.MIN_RELATION,
            "edge_budget": ops.EDGE_BUDGET,
            "rounds": plan.rounds,
            "peer_limit_seconds": plan.limit,
        },
        "graphs": [],
        "times": [],
        "budget": [],
    }
    for triples in plan.sizes:
        graph = synthetic.graph(Path(folder) / str(triples), triples)
        about = {
            "triples": graph.num_triples,
            "edges": len(graph.tail),
            "entities": graph.num_entities,
            **opening(graph),
        }
        say(
            f"{graph.num_triples:,} triples: {graph.num_entities:,} entities, opened in {about['open_ms']:.0f} ms"
        )
        edges = None if plan.device != "cpu" else peers.Edges.of(graph)
        methods = _methods(graph, edges, about, plan)
        report["graphs"].append(about)
        for row in _times(graph, methods, plan):
            report["times"].append({"triples": triples, **row})
            say(_line(report["times"][-1]))
        if plan.questions and edges is not None and len(edges) < peers.WIDE:
            report["budget"].append(
                {"triples": triples, **quality(graph, methods["dense"][0], plan.questions)}
            )
        del methods, edges
        gc.collect()
    report["growth"] = growth(report["times"])
    return report


def _device_name(device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else "cpu"


def _methods(
    graph: Graph, edges: peers.Edges | None, about: dict, plan: Plan
) -> dict[str, tuple[Callable | None, float]]:
    """{name: (follow or None for ours, bytes an edge of the intermediate result of one question)}."""
    kept = graph
    parts = (kept.entity_group, kept.group_relation, kept.group_edge, kept.tail)
    about["bytes_per_edge"] = {OURS: sum(a.nbytes for a in parts) / len(graph.tail)}
    methods: dict[str, tuple[Callable | None, float]] = {OURS: (None, 0)}
    if edges is None:
        return methods
    made = {
        "dense": (peers.dense, 16, 8),
        "ReifKB": (peers.reifkb, 60, 12),
        "ReifKB, CSR": (lambda e: peers.reifkb(e, compressed=True), 52, 12),
        "a product a relation": (
            peers.per_relation,
            12 + 8 * graph.num_entities * graph.num_relations / len(edges),
            0,
        ),
    }
    for name, (make, size, intermediate) in made.items():
        if size * len(edges) < PEER_MEMORY:
            follow, used = make(edges)
            about["bytes_per_edge"][name] = used / len(edges)
            methods[name] = (follow, intermediate)
    return methods


def _times(graph: Graph, methods: dict, plan: Plan) -> Iterable[dict]:
    kept = graph
    speed = {
        (name, mode): 0.0 for name in methods for mode in MODES
    }  # seconds a question, of a peer
    for seeds in plan.seeds:
        asked = synthetic.walks(
            graph,
            max(max(plan.batches), 20 * plan.rounds),
            seeds=seeds,
            concentration=CONCENTRATION,
        )
        for batch in plan.batches:
            for mode in MODES:
                taken = {name: [] for name in methods}
                for turn in range(plan.rounds):
                    for name, (follow, _) in methods.items():
                        # Ours answers twenty questions for one of a peer's: they differ, and ours is short.
                        repeats = 20 if follow is None and batch == 1 else 1
                        for i in range(repeats):
                            rows = (np.arange(batch) + batch * (turn * repeats + i)) % len(
                                asked.seeds
                            )
                            if follow is None:
                                seconds = _ours(kept, asked, rows, mode, plan.device)
                            elif (
                                speed[name, mode] * batch > plan.limit
                                or sum(taken[name]) > plan.limit
                            ):
                                continue
                            else:
                                seconds = _peer(follow, graph, asked, rows, mode)
                                speed[name, mode] = seconds / batch
                            taken[name].append(seconds)
                yield {
                    "seeds": seeds,
                    "batch": batch,
                    "mode": mode,
                    "methods": {n: _summary(t) for n, t in taken.items()},
                }


def _summary(seconds: list[float]) -> dict | None:
    """Milliseconds for the batch; None if the method was left out."""
    if not seconds:
        return None
    low, middle, high = (1000 * float(np.percentile(seconds, p)) for p in (10, 50, 90))
    return {"p10": round(low, 4), "p50": round(middle, 4), "p90": round(high, 4), "n": len(seconds)}


def _ours(
    graph: ops.Adjacency, asked: synthetic.Walks, rows: np.ndarray, mode: str, device: str
) -> float:
    back, seeds = mode != MODES[0], torch.from_numpy(asked.seeds[rows]).to(device)
    relation = torch.from_numpy(asked.relation[rows]).to(device).requires_grad_(back)
    weights = torch.full(seeds.shape, 1 / seeds.shape[1], device=device, requires_grad=back)
    _wait(device)
    started = time.perf_counter()
    if len(rows) == 1:
        x = Frontier(seeds[0], weights[0])
        for t in range(relation.shape[1]):
            x, _ = ops.follow(graph, x, relation[0, t], min_relation=ops.MIN_RELATION)
    else:
        x = join([Frontier(s, w) for s, w in zip(seeds, weights, strict=True)])
        for t in range(relation.shape[1]):
            x, _ = ops.follow_many(graph, x, relation[:, t], min_relation=ops.MIN_RELATION)
    if back:
        x.weights.sum().backward()
    _wait(device)
    return time.perf_counter() - started


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def _peer(
    follow: peers.Follow, graph: Graph, asked: synthetic.Walks, rows: np.ndarray, mode: str
) -> float:
    """Seconds for the questions ``rows``, as many at a time as fit into memory."""
    back, spent = mode != MODES[0], 0.0
    together = max(1, int(PEER_MEMORY // (12 * len(graph.tail) * (3 if back else 1))))
    for low in range(0, len(rows), together):
        part = rows[low : low + together]
        x = torch.zeros(len(part), graph.num_entities).scatter(
            1, torch.from_numpy(asked.seeds[part]), 1 / asked.seeds.shape[1]
        )
        x.requires_grad_(back)
        relation = torch.from_numpy(asked.relation[part]).requires_grad_(back)
        started = time.perf_counter()
        here: Tensor = x
        for t in range(relation.shape[1]):
            here = follow(here, relation[:, t])
        if back:
            here.sum().backward()
        spent += time.perf_counter() - started
    return spent


def growth(rows: list[dict]) -> list[dict]:
    """Exponents of the medians over the sizes, for each method, seeds, batch and mode."""
    found = []
    kinds = dict.fromkeys((r["seeds"], r["batch"], r["mode"]) for r in rows)
    for seeds, batch, mode in kinds:
        mine = [r for r in rows if (r["seeds"], r["batch"], r["mode"]) == (seeds, batch, mode)]
        exponents = {}
        for name in dict.fromkeys(n for r in mine for n in r["methods"]):
            points = [
                (math.log(r["triples"]), math.log(r["methods"][name]["p50"]))
                for r in mine
                if r["methods"].get(name)
            ]
            if len(points) > 1:
                exponents[name] = round(float(np.polyfit(*zip(*points, strict=True), 1)[0]), 3)
        found.append({"seeds": seeds, "batch": batch, "mode": mode, "exponents": exponents})
    return found


def _line(row: dict) -> str:
    cells = (
        f"{name} {format(m['p50'], '.3g') + ' ms' if m else 'left out'}"
        for name, m in row["methods"].items()
    )
    return f"  {row['seeds']} seed(s), batch {row['batch']:>3}, {row['mode']:<18}  " + ", ".join(
        cells
    )
