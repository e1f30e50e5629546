"""Apply a ModelOutput to the graph: branches, their intersection, the hops after it. Every answer comes from here.

    x_0 = P(entity | span) of each mention;  x_t = follow(x_{t-1}, r_t), clamped to memberships
    branch = sum over n of P(stop after n hops) * x_n
    meeting = element-wise minimum of the branches
    result = sum over n of P(stop after n) * follow^n(meeting)

With probability ``exclude`` a walk may not return to the mentions it started from ("other films by ...", "alongside ...").
The same function serves training (with gradients) and use; the branches of many questions are followed together.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.walk import ops
from kgqa.walk.frontier import join
from kgqa.walk.ops import Adjacency, Frontier, Frontiers

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


def chains(
    graph: Adjacency,
    start: Frontiers,
    seeds: Frontiers,
    relations: Tensor,
    stop: Tensor,
    exclude: Tensor,
    *,
    min_relation: float,
    budget: int,
) -> list[Chain]:
    """N chains together. relations: P(relation), float [N, H, R]; stop: float [N, H + 1]; exclude: probability, float [N]."""
    left = stop.detach().sum(1, keepdim=True) - stop.detach().cumsum(
        1
    )  # [N, H + 1], probability of more than t hops
    alive = (left[:, :-1] >= MIN_STOP).cumprod(1).bool()  # [N, H]
    here, parts, hops = start, [start], []
    for t in range(relations.shape[1]):
        if not alive[:, t].any():
            break
        if not alive[:, t].all():
            here = here.at(alive[here.owner, t].nonzero().squeeze(1))
        reached, dropped = ops.follow_many(
            graph, here, relations[:, t], min_relation=min_relation, budget=budget
        )
        here = ops.exclude(ops.membership(reached), seeds, exclude)
        hops.append(
            [
                HopResult(relations[n, t], x, float(lost))
                for n, (x, lost) in enumerate(zip(here.split(), dropped.tolist(), strict=True))
            ]
        )
        parts.append(here)
    results = ops.membership(ops.mix_many(parts, stop[:, : len(parts)])).split()
    taken = alive.sum(1).tolist()
    return [
        Chain(x, tuple(hop[n] for hop in hops[: taken[n]]), stop[n], results[n])
        for n, x in enumerate(start.split())
    ]


def seeds_of(batch: Batch, output: ModelOutput, b: Tensor, s: Tensor) -> Frontiers:
    """x_0 of N spans: the candidates of span s of question b (both int64 [N]) and their probabilities."""
    weights = output.candidates[b, s].exp()  # [N, C]
    keep = batch.entity_mask[b, s] & (weights.detach() >= MIN_SEED)
    return ops.collect_many(batch.entities[b, s][keep], weights[keep], keep.nonzero()[:, 0], len(b))


def walk_many(
    graph: Adjacency,
    batch: Batch,
    output: ModelOutput,
    asked: list[tuple[int, tuple[int, ...]]],
    *,
    min_relation: float = ops.MIN_RELATION,
    budget: int = ops.EDGE_BUDGET,
    intersect: bool = True,
    max_hops: int | None = None,
) -> list[Walk]:
    """Walk from sets of mentions (question, spans), all of them together.

    ``intersect=False`` takes the branches' union, their element-wise maximum, instead of the minimum (ablation).
    """
    if not asked:
        return []
    limits = {"min_relation": min_relation, "budget": budget}
    b, s = torch.tensor([(b, s) for b, spans in asked for s in spans]).T  # [N], N branches in all
    relations, stop = output.relations[b, s].exp(), output.stop[b, s].exp()
    if max_hops is not None and max_hops < relations.shape[1]:
        stop = stop[:, : max_hops + 1]
        relations, stop = relations[:, :max_hops], stop / stop.sum(1, keepdim=True).clamp(min=1e-6)
    exclude, seeds = output.exclude.sigmoid(), seeds_of(batch, output, b, s)
    rest = iter(chains(graph, seeds, seeds, relations, stop, exclude[b], **limits))
    branches = [tuple(next(rest) for _ in spans) for _, spans in asked]
    meetings = [_meeting([branch.result for branch in one], intersect) for one in branches]
    several = [i for i, (_, spans) in enumerate(asked) if len(spans) > 1]
    after: list[Chain | None] = [None] * len(asked)
    if several:
        starts = [
            ops.mix([branch.start for branch in branches[i]], exclude.new_ones(len(branches[i])))
            for i in several
        ]
        b = torch.tensor([asked[i][0] for i in several])
        relations, stop = output.after[b].exp(), output.after_stop[b].exp()
        found = chains(
            graph,
            join([meetings[i] for i in several]),
            join(starts),
            relations,
            stop,
            exclude[b],
            **limits,
        )
        for i, one in zip(several, found, strict=True):
            after[i] = one
    return [
        Walk(spans, one, meeting, then, meeting if then is None else then.result)
        for (_, spans), one, meeting, then in zip(asked, branches, meetings, after, strict=True)
    ]


def _meeting(results: list[Frontier], intersect: bool) -> Frontier:
    if len(results) == 1:
        return results[0]
    return ops.intersect(results) if intersect else ops.union(results)


def walk(
    graph: Adjacency, batch: Batch, output: ModelOutput, b: int, spans: tuple[int, ...], **options
) -> Walk:
    """:func:`walk_many` from one set of mentions of question ``b``."""
    return walk_many(graph, batch, output, [(b, spans)], **options)[0]


def committed(result: Frontier, threshold: float) -> Frontier:
    """The answer set: entities whose membership is at least ``threshold`` times the largest, heaviest first."""
    if len(result) == 0 or float(result.weights.max()) < 1e-4:
        return Frontier(result.ids[:0], result.weights[:0])
    keep = result.weights >= threshold * result.weights.max()
    ids, weights = result.ids[keep], result.weights[keep]
    order = torch.argsort(weights, descending=True, stable=True)
    return Frontier(ids[order], weights[order])
