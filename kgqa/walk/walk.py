"""Apply a model's output to the graph: branches, their intersection, and the hops after it.

    x_0 = P(entity | span) of each mention;  x_t = follow(x_{t-1}, r_t), clamped to memberships
    branch = sum over n of P(stop after n hops) * x_n
    combined = element-wise minimum of the branches
    result = sum over n of P(stop after n) * follow^n(combined)

A hop may also keep the most, the least or the k-th of what it holds (``kgqa.walk.operators``).
Branches may be united instead, which is their maximum, and what a negated branch y reaches is
subtracted from the others: min(x, 1 - y). A class stands for its members and a literal for all
entities with such a value: that is where their branches start.

With probability ``exclude`` a walk may not return to the mentions it started from ("other films by
...", "alongside ..."). The same function serves training, with gradients, and use; the branches of
many questions are followed together. Every answer comes from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange
from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.walk import operators, ops
from kgqa.walk.frontier import Frontier, Frontiers, join
from kgqa.walk.settings import Settings

MIN_STOP = 0.02  # a hop is not computed if less probability than this is left for it
MIN_SEED = 0.01  # candidates of lower probability are no seeds


@dataclass(frozen=True)
class HopResult:
    """One hop of a chain."""

    relation: Tensor  #: P(relation or operator), float [V]
    rank: Tensor  #: P(k-th) of an extreme, float [K]
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
    """What one set of mentions leads to in one question."""

    spans: tuple[int, ...]
    branches: tuple[Chain, ...]
    combined: Frontier  #: what the branches reach together; a single branch itself
    after: Chain | None  #: None with a single mention
    result: Frontier  #: memberships of the answers
    negated: tuple[bool, ...]  #: which branches were subtracted
    either: bool  #: the others were united


@dataclass(frozen=True)
class Asked:
    """A set of mentions to walk from."""

    question: int  #: row of the batch
    spans: tuple[int, ...]
    negated: tuple[bool, ...] = ()  #: for each span; empty: none
    either: bool = False  #: the branches are united, not intersected


@dataclass(frozen=True)
class Plans:
    """The hops that N chains take."""

    relations: Tensor  #: P(relation or operator), float [N, H, V]
    stop: Tensor  #: P(0, 1, ... hops), float [N, H + 1]
    exclude: Tensor  #: P(the seeds are left out), float [N]
    rank: Tensor | None = None  #: P(k-th of an extreme), float [N, H, K]


def walk_many(
    graph: Graph,
    batch: Batch,
    output: ModelOutput,
    asked: list[Asked],
    settings: Settings = Settings(),
) -> list[Walk]:
    """Walk from sets of mentions, all of them together."""
    if not asked:
        return []
    b, s = torch.tensor([(a.question, s) for a in asked for s in a.spans]).T  # [N], N branches
    exclude = output.exclude.sigmoid()  # [B]
    seeds = seeds_of(graph, batch, output, b, s)
    rank = None if output.rank is None else output.rank[b, s].exp()
    plans = _shortened(
        Plans(output.relations[b, s].exp(), output.stop[b, s].exp(), exclude[b], rank),
        settings.max_hops,
    )
    rest = iter(chains(graph, seeds, seeds, plans, settings))
    branches = [tuple(next(rest) for _ in a.spans) for a in asked]
    results = [
        _combine(a, [c.result for c in own], settings.intersect)
        for a, own in zip(asked, branches, strict=True)
    ]
    after: list[Chain | None] = [None] * len(asked)
    several = [i for i, a in enumerate(asked) if len(a.spans) > 1]
    if several:
        b = torch.tensor([asked[i].question for i in several])
        rank = None if output.after_rank is None else output.after_rank[b].exp()
        plans = Plans(output.after[b].exp(), output.after_stop[b].exp(), exclude[b], rank)
        starts = join([results[i] for i in several])
        seeds = join([_sum([chain.start for chain in branches[i]]) for i in several])
        for i, chain in zip(several, chains(graph, starts, seeds, plans, settings), strict=True):
            after[i] = chain
    return [
        Walk(
            a.spans,
            own,
            combined,
            then,
            combined if then is None else then.result,
            a.negated or (False,) * len(a.spans),
            a.either,
        )
        for a, own, combined, then in zip(asked, branches, results, after, strict=True)
    ]


def seeds_of(graph: Graph, batch: Batch, output: ModelOutput, b: Tensor, s: Tensor) -> Frontiers:
    """x_0 of N spans: the candidates of span s of question b (int64 [N]), by probability.

    A class and a literal are replaced by what they stand for.
    """
    weights = output.candidates[b, s].exp()  # [N, C]
    keep = batch.entity_mask[b, s] & (weights.detach() >= MIN_SEED)
    owner, ids, weights = keep.nonzero()[:, 0], batch.entities[b, s][keep], weights[keep]
    if graph.classes.relation is not None or any(batch.ranges):
        sets = [
            stands_for(graph, candidate, batch.ranges[int(b[n])])
            for n, candidate in zip(owner.tolist(), ids.tolist(), strict=True)
        ]
        sizes = torch.tensor([len(members) for members in sets], dtype=torch.long)
        owner, weights = (torch.repeat_interleave(x, sizes) for x in (owner, weights))
        ids = torch.from_numpy(np.concatenate([*sets, graph.tail[:0]]).astype(np.int64))
    return ops.collect_many(ids, weights, owner, len(b))


def stands_for(graph: Graph, candidate: int, ranges: Sequence[ValueRange]) -> np.ndarray:
    """The entities that a candidate stands for: int [n] ascending."""
    if candidate >= graph.num_entities:
        return graph.numbers.holders(ranges[candidate - graph.num_entities])
    members = graph.classes.members(candidate)
    return members if len(members) else np.array([candidate])


def chains(
    graph: Graph, start: Frontiers, seeds: Frontiers, plans: Plans, settings: Settings
) -> list[Chain]:
    """N chains together; with probability ``plans.exclude`` a chain may not return to its seeds."""
    stop = plans.stop.detach()
    left = stop.sum(1, keepdim=True) - stop.cumsum(1)  # [N, H + 1], P(more than t hops)
    alive = (left[:, :-1] >= MIN_STOP).cumprod(1).bool()  # [N, H]
    x, parts, hops = start, [start], []
    for t in range(plans.relations.shape[1]):
        if not alive[:, t].any():
            break
        if not alive[:, t].all():
            x = x.at(alive[x.owner, t].nonzero().squeeze(1))
        relation = plans.relations[:, t]  # [N, V]
        rank = relation.new_ones(len(relation), 1) if plans.rank is None else plans.rank[:, t]
        step = operators.apply(
            graph,
            x,
            relation,
            rank,
            min_weight=settings.min_relation,
            budget=settings.budget,
            left_out=(seeds, plans.exclude),
        )
        x = ops.exclude(step.reached, seeds, plans.exclude)
        dropped = step.dropped.tolist()
        hops.append(
            [
                HopResult(relation[n], rank[n], reached, dropped[n])
                for n, reached in enumerate(x.split())
            ]
        )
        parts.append(x)
    results = ops.membership(ops.mix_many(parts, plans.stop[:, : len(parts)])).split()
    taken = alive.sum(1).tolist()
    return [
        Chain(x0, tuple(hop[n] for hop in hops[: taken[n]]), plans.stop[n], results[n])
        for n, x0 in enumerate(start.split())
    ]


def _shortened(plans: Plans, max_hops: int | None) -> Plans:
    """The plans with at most ``max_hops`` hops."""
    if max_hops is None or max_hops >= plans.relations.shape[1]:
        return plans
    stop = plans.stop[:, : max_hops + 1]
    stop = stop / stop.sum(1, keepdim=True).clamp(min=1e-6)
    return replace(plans, relations=plans.relations[:, :max_hops], stop=stop)


def _combine(asked: Asked, results: list[Frontier], intersect: bool) -> Frontier:
    """Minimum (or maximum) of the branches, without what is subtracted."""
    negated = asked.negated or (False,) * len(results)
    kept = [result for result, no in zip(results, negated, strict=True) if not no]
    combined = kept[0]
    if len(kept) > 1:
        unite = asked.either or not intersect
        combined = ops.union(kept) if unite else ops.intersect(kept)
    for result, no in zip(results, negated, strict=True):
        combined = ops.difference(combined, result) if no else combined
    return combined


def _sum(parts: list[Frontier]) -> Frontier:
    return ops.mix(parts, parts[0].weights.new_ones(len(parts)))
