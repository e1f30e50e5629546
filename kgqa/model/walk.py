"""Apply a ModelOutput to the graph: branches, their intersection, the hops after it. Every answer comes from here.

    x_0 = P(entity | span) of each mention;  x_t = follow(x_{t-1}, r_t), clamped to memberships
    branch = sum over n of P(stop after n hops) * x_n
    meeting = element-wise minimum of the branches
    result = sum over n of P(stop after n) * follow^n(meeting)

With probability ``exclude`` a walk may not return to the mentions it started from ("other films by ...", "alongside ...").
The same function serves training (with gradients) and use.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from kgqa.data.batch import Batch
from kgqa.model import ops
from kgqa.model.ops import Adjacency, Frontier
from kgqa.model.outputs import ModelOutput

MIN_STOP = 0.02  # hops are not computed when less probability than this is left for them
MIN_SEED = 0.01


@dataclass(frozen=True)
class HopResult:
    relation: Tensor  #: P(relation), float [R]
    reached: Frontier  #: memberships after the hop
    dropped: float  #: mass left out by the edge budget


@dataclass(frozen=True)
class Chain:
    """Hops from a start, mixed by the stop distribution."""

    start: Frontier
    hops: tuple[HopResult, ...]
    stop: Tensor  #: P(0, 1, ... hops), float [H + 1]
    result: Frontier


@dataclass(frozen=True)
class Walk:
    """Everything that one set of mentions leads to in one question."""

    spans: tuple[int, ...]
    branches: tuple[Chain, ...]
    meeting: Frontier  #: element-wise minimum of the branches (the branch itself if there is one)
    after: Chain | None  #: None with a single mention
    result: Frontier  #: memberships of the answers


def chain(
    graph: Adjacency,
    start: Frontier,
    seeds: Frontier,
    relations: Tensor,
    stop: Tensor,
    exclude: Tensor,
    *,
    min_relation: float,
    budget: int,
) -> Chain:
    """relations: P(relation), float [H, R]; stop: float [H + 1]; exclude: probability, scalar."""
    here, parts, hops = start, [start], []
    for t in range(relations.shape[0]):
        if float(stop[t + 1 :].detach().sum()) < MIN_STOP:
            break
        reached, dropped = ops.follow(graph, here, relations[t], min_relation=min_relation, budget=budget)
        here = ops.exclude(ops.membership(reached), seeds, exclude)
        hops.append(HopResult(relations[t], here, dropped))
        parts.append(here)
    result = ops.membership(ops.mix(parts, stop[: len(parts)]))
    return Chain(start, tuple(hops), stop, result)


def seeds_of(batch: Batch, output: ModelOutput, b: int, s: int) -> Frontier:
    """x_0: the candidates of span s and their probabilities."""
    mask = batch.entity_mask[b, s]
    weights = output.candidates[b, s][mask].exp()
    keep = weights.detach() >= MIN_SEED
    return ops.collect(batch.entities[b, s][mask][keep], weights[keep])


def walk(
    graph: Adjacency,
    batch: Batch,
    output: ModelOutput,
    b: int,
    spans: tuple[int, ...],
    *,
    min_relation: float = ops.MIN_RELATION,
    budget: int = ops.EDGE_BUDGET,
    intersect: bool = True,
    max_hops: int | None = None,
) -> Walk:
    """Walk from one set of mentions of question ``b``; ``intersect=False`` unites the branches instead (ablation)."""
    exclude = output.exclude[b].sigmoid()
    limits = {"min_relation": min_relation, "budget": budget}
    branches = []
    for s in spans:
        seeds = seeds_of(batch, output, b, s)
        relations, stop = output.relations[b, s].exp(), output.stop[b, s].exp()
        if max_hops is not None and max_hops < relations.shape[0]:
            relations, stop = relations[:max_hops], stop[: max_hops + 1] / stop[: max_hops + 1].sum().clamp(min=1e-6)
        branches.append(chain(graph, seeds, seeds, relations, stop, exclude, **limits))
    results = [branch.result for branch in branches]
    if len(spans) == 1:
        return Walk(spans, tuple(branches), results[0], None, results[0])
    meeting = ops.intersect(results) if intersect else ops.union(results)
    seeds = ops.mix([branch.start for branch in branches], meeting.weights.new_ones(len(branches)))
    after = chain(graph, meeting, seeds, output.after[b].exp(), output.after_stop[b].exp(), exclude, **limits)
    return Walk(spans, tuple(branches), meeting, after, after.result)


def committed(result: Frontier, threshold: float) -> Frontier:
    """The answer set: entities whose membership is at least ``threshold`` times the largest, heaviest first."""
    if len(result) == 0 or float(result.weights.max()) < 1e-4:
        return Frontier(result.ids[:0], result.weights[:0])
    keep = result.weights >= threshold * result.weights.max()
    ids, weights = result.ids[keep], result.weights[keep]
    order = torch.argsort(weights, descending=True, stable=True)
    return Frontier(ids[order], weights[order])
