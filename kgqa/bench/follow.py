r"""Three hops over synthetic graphs: ours against the published formulations, in one run.

For each size, number of seeds, batch and mode (forward; forward with backward) every method answers
the same questions in turns, so that whatever else the machine does hits all of them alike. Ours
runs as in use: unlikely relations are skipped and the edge budget holds. A peer whose turn would
take longer than ``limit`` seconds, by its pace at the batch before, is left out; one that has taken
that long in its turns together takes no more of them. Growth is the exponent b of
time = a * triples^b, by least squares over the sizes measured.
"""

from __future__ import annotations

import gc
import math
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from kgqa import __version__
from kgqa.bench import operators, peers, synthetic
from kgqa.bench.budget import quality
from kgqa.bench.opening import opening
from kgqa.bench.report import MODES, OURS, GraphRow, GrowthRow, Report, Times, TimesRow
from kgqa.bench.targets import targets
from kgqa.graph import Graph
from kgqa.walk import Frontier, ops
from kgqa.walk.frontier import join

CONCENTRATION = 0.9  # of the relation mass on one relation
PEER_MEMORY = 4 * 2**30  #: bytes that a peer's matrices, and its intermediate results, may take
REPEATS = 20  # turns of ours for one of a peer's, with one question: they differ, and ours is short


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


CUDA_BATCHES = (1, 32, 128, 1024, 4096)
QUICK = Plan((100_000, 1_000_000), (1,), (1, 32), rounds=3, limit=3.0, questions=50)


@dataclass(frozen=True)
class Asked:
    """Questions of one turn, and what is done with them."""

    seeds: Tensor  #: int64 [B, S]
    relation: Tensor  #: float [B, H, R]
    backward: bool
    device: str

    @classmethod
    def of(cls, walks: synthetic.Walks, rows: np.ndarray, mode: str, device: str) -> Asked:
        seeds, relation = (torch.from_numpy(a[rows]) for a in (walks.seeds, walks.relation))
        return cls(seeds.to(device), relation.to(device), mode != MODES[0], device)


def measure(
    folder: str | Path, plan: Plan = Plan(), *, say: Callable[[str], None] = lambda line: None
) -> Report:
    """The report of ``bench follow``; graphs are made in ``folder`` and kept there."""
    parts = [_measure(Path(folder), triples, plan, say) for triples in plan.sizes]
    times = tuple(row for part in parts for row in part.times)
    report = Report(
        version=__version__,
        machine={
            "processor": platform.machine(),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "device": torch.cuda.get_device_name() if plan.device == "cuda" else "cpu",
        },
        settings={
            "hops": 3,
            "concentration": CONCENTRATION,
            "min_relation": ops.MIN_RELATION,
            "edge_budget": ops.EDGE_BUDGET,
            "rounds": plan.rounds,
            "peer_limit_seconds": plan.limit,
        },
        graphs=tuple(row for part in parts for row in part.graphs),
        times=times,
        budget=tuple(row for part in parts for row in part.budget),
        growth=growth(times),
        operators=tuple(row for part in parts for row in part.operators),
    )
    return replace(report, targets=targets(report))


def _measure(folder: Path, triples: int, plan: Plan, say: Callable[[str], None]) -> Report:
    """The rows of one size."""
    graph = synthetic.graph(folder / str(triples), triples)
    opened = opening(graph)
    size = f"{graph.num_triples:,} triples: {graph.num_entities:,} entities"
    say(f"{size}, opened in {opened.open_ms:.0f} ms")
    edges = peers.Edges.of(graph) if plan.device == "cpu" else None
    others = _peers(graph, edges) if edges is not None else {}
    arrays = (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
    used = {OURS: sum(a.nbytes for a in arrays) / len(graph.tail)}
    used |= {name: peer.bytes / len(graph.tail) for name, peer in others.items()}
    about = GraphRow(
        **vars(opened),
        triples=graph.num_triples,
        edges=len(graph.tail),
        entities=graph.num_entities,
        bytes_per_edge=used,
    )
    times = []
    for row in _times(graph, triples, others, plan):
        times.append(row)
        say(_line(row))
    budget = []
    if plan.questions and edges is not None and len(edges) < peers.WIDE:
        dense = others["dense"].follow
        budget = [quality(graph, dense, plan.questions, triples=triples)]
    costs = operators.measure(graph, triples, max(plan.questions, 1), plan.device)
    del others, edges
    gc.collect()  # the next size needs the memory
    return Report("", {}, {}, (about,), tuple(times), tuple(budget), operators=(costs,))


def _peers(graph: Graph, edges: peers.Edges) -> dict[str, peers.Peer]:
    """The published formulations whose matrices fit into memory."""
    per_relation = 12 + 8 * graph.num_entities * graph.num_relations / len(edges)
    makers: dict[str, tuple[Callable[[peers.Edges], peers.Peer], float]] = {  # bytes an edge
        "dense": (peers.dense, 16),
        "ReifKB": (peers.reifkb, 60),
        "ReifKB, CSR": (lambda e: peers.reifkb(e, compressed=True), 52),
        "a product a relation": (peers.per_relation, per_relation),
    }
    fit = {name: make for name, (make, size) in makers.items() if size * len(edges) < PEER_MEMORY}
    return {name: make(edges) for name, make in fit.items()}


def _times(
    graph: Graph, triples: int, others: dict[str, peers.Peer], plan: Plan
) -> Iterator[TimesRow]:
    pace: dict[tuple[str, str], float] = {}  # seconds a question, of a peer in a mode
    count = max(*plan.batches, 20 * plan.rounds)
    for seeds in plan.seeds:
        walks = synthetic.walks(graph, count, seeds=seeds, concentration=CONCENTRATION)
        for batch in plan.batches:
            for mode in MODES:
                methods = _turns(graph, others, walks, batch, mode, plan, pace)
                yield TimesRow(triples, seeds, batch, mode, methods)


def _turns(
    graph: Graph,
    others: dict[str, peers.Peer],
    walks: synthetic.Walks,
    batch: int,
    mode: str,
    plan: Plan,
    pace: dict[tuple[str, str], float],
) -> dict[str, Times | None]:
    """All methods in turns on the same questions; None for one that was left out."""
    taken: dict[str, list[float]] = {name: [] for name in (OURS, *others)}
    repeats = REPEATS if batch == 1 else 1
    for turn in range(plan.rounds):
        for i in range(repeats):
            asked = Asked.of(walks, _rows(walks, batch, turn * repeats + i), mode, plan.device)
            taken[OURS].append(_ours(graph, asked))
        asked = Asked.of(walks, _rows(walks, batch, turn), mode, plan.device)
        for name, peer in others.items():
            too_long = pace.get((name, mode), 0.0) * batch > plan.limit
            if not (too_long or sum(taken[name]) > plan.limit):
                taken[name].append(_peer(peer.follow, graph, asked))
                pace[name, mode] = taken[name][-1] / batch
    return {name: Times.of(seconds) if seconds else None for name, seconds in taken.items()}


def _rows(walks: synthetic.Walks, batch: int, turn: int) -> np.ndarray:
    """The questions of a turn."""
    return (np.arange(batch) + batch * turn) % len(walks.seeds)


def _ours(graph: Graph, asked: Asked) -> float:
    """Seconds for the questions."""
    relation = asked.relation.clone().requires_grad_(asked.backward)
    weights = torch.full(asked.seeds.shape, 1 / asked.seeds.shape[1], device=asked.device)
    weights.requires_grad_(asked.backward)
    _wait(asked.device)
    started = time.perf_counter()
    if len(asked.seeds) == 1:
        x = Frontier(asked.seeds[0], weights[0])
        for r in relation[0]:
            x = ops.follow(graph, x, r, min_relation=ops.MIN_RELATION).reached
        reached = x.weights
    else:
        many = join([Frontier(s, w) for s, w in zip(asked.seeds, weights, strict=True)])
        for r in relation.unbind(1):
            many = ops.follow_many(graph, many, r, min_relation=ops.MIN_RELATION).reached
        reached = many.weights
    if asked.backward:
        reached.sum().backward()
    _wait(asked.device)
    return time.perf_counter() - started


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def _peer(follow: peers.Follow, graph: Graph, asked: Asked) -> float:
    """Seconds for the questions, as many at a time as fit into memory."""
    spent, count = 0.0, len(asked.seeds)
    together = int(PEER_MEMORY // (12 * len(graph.tail) * (3 if asked.backward else 1)))
    for low in range(0, count, max(1, together)):
        seeds = asked.seeds[low : low + max(1, together)]
        x = torch.zeros(len(seeds), graph.num_entities).scatter(1, seeds, 1 / seeds.shape[1])
        x.requires_grad_(asked.backward)
        relation = asked.relation[low : low + len(seeds)].clone().requires_grad_(asked.backward)
        started = time.perf_counter()
        reached: Tensor = x
        for r in relation.unbind(1):
            reached = follow(reached, r)
        if asked.backward:
            reached.sum().backward()
        spent += time.perf_counter() - started
    return spent


def growth(rows: Sequence[TimesRow]) -> tuple[GrowthRow, ...]:
    """Exponents of the medians over the sizes, for each method, seeds, batch and mode."""
    kinds = dict.fromkeys((r.seeds, r.batch, r.mode) for r in rows)
    return tuple(
        GrowthRow(*kind, _exponents([r for r in rows if (r.seeds, r.batch, r.mode) == kind]))
        for kind in kinds
    )


def _exponents(rows: Sequence[TimesRow]) -> dict[str, float]:
    exponents = {}
    for name in dict.fromkeys(name for row in rows for name in row.methods):
        measured = [(row.triples, times.p50) for row in rows if (times := row.methods.get(name))]
        if len(measured) > 1:
            sizes, medians = (
                [math.log(v) for v in values] for values in zip(*measured, strict=True)
            )
            exponents[name] = round(float(np.polyfit(sizes, medians, 1)[0]), 3)
    return exponents


def _line(row: TimesRow) -> str:
    cells = (
        f"{name} {times.p50:.3g} ms" if times else f"{name} left out"
        for name, times in row.methods.items()
    )
    kind = f"{row.seeds} seed(s), batch {row.batch:>3}, {row.mode:<18}"
    return f"  {kind}  {', '.join(cells)}"
