"""Apply a model's output to the graph: branches, their intersection, and the hops after it.

    x_0 = P(entity | span) of each mention;  x_t = follow(x_{t-1}, r_t), clamped to memberships
    branch = sum over n of P(stop after n hops) * x_n
    combined = element-wise minimum of the branches
    result = sum over n of P(stop after n) * follow^n(combined)

With probability ``exclude`` a walk may not return to the mentions it started from ("other films by
...", "alongside ..."). The same function serves training, with gradients, and use; the branches of
many questions are followed together. Every answer comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.walk import ops
from kgqa.walk.frontier import Frontier, Frontiers, join
from kgqa.walk.select import Adjacency
from kgqa.walk.settings import Settings

MIN_STOP = 0.02  # a hop is not computed if less probability than this is left for it
MIN_SEED = 0.01  # candidates of lower probability are no seeds


@dataclass(frozen=True)
class HopResult:
    """One hop of a chain."""

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
    """What one set of mentions leads to in one question."""

    spans: tuple[int, ...]
    branches: tuple[Chain, ...]
    combined: Frontier  #: element-wise minimum of the branches; a single branch itself
    after: Chain | None  #: None with a single mention
    result: Frontier  #: memberships of the answers


@dataclass(frozen=True)
class Asked:
    """A set of mentions to walk from."""

    question: int  #: row of the batch
    spans: tuple[int, ...]


@dataclass(frozen=True)
class Plans:
    """The hops that N chains take."""

    relations: Tensor  #: P(relation), float [N, H, R]
    stop: Tensor  #: P(0, 1, ... hops), float [N, H + 1]
    exclude: Tensor  #: P(the seeds are left out), float [N]


def walk_many(
    graph: Adjacency,
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
    seeds = seeds_of(batch, output, b, s)
    plans = _shortened(
        Plans(output.relations[b, s].exp(), output.stop[b, s].exp(), exclude[b]), settings.max_hops
    )
    rest = iter(chains(graph, seeds, seeds, plans, settings))
    branches = [tuple(next(rest) for _ in a.spans) for a in asked]
    results = [_combine([c.result for c in own], settings.intersect) for own in branches]
    after: list[Chain | None] = [None] * len(asked)
    several = [i for i, a in enumerate(asked) if len(a.spans) > 1]
    if several:
        b = torch.tensor([asked[i].question for i in several])
        plans = Plans(output.after[b].exp(), output.after_stop[b].exp(), exclude[b])
        starts = join([results[i] for i in several])
        seeds = join([_sum([chain.start for chain in branches[i]]) for i in several])
        for i, chain in zip(several, chains(graph, starts, seeds, plans, settings), strict=True):
            after[i] = chain
    return [
        Walk(a.spans, own, combined, then, combined if then is None else then.result)
        for a, own, combined, then in zip(asked, branches, results, after, strict=True)
    ]


def seeds_of(batch: Batch, output: ModelOutput, b: Tensor, s: Tensor) -> Frontiers:
    """x_0 of N spans: the candidates of span s of question b (int64 [N]), by probability."""
    weights = output.candidates[b, s].exp()  # [N, C]
    keep = batch.entity_mask[b, s] & (weights.detach() >= MIN_SEED)
    owner = keep.nonzero()[:, 0]
    return ops.collect_many(batch.entities[b, s][keep], weights[keep], owner, len(b))


def chains(
    graph: Adjacency, start: Frontiers, seeds: Frontiers, plans: Plans, settings: Settings
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
        relation = plans.relations[:, t]  # [N, R]
        step = ops.follow_many(
            graph,
            x,
            relation,
            min_relation=settings.min_relation,
            budget=settings.budget,
        )
        x = ops.exclude(ops.membership(step.reached), seeds, plans.exclude)
        dropped = step.dropped.tolist()
        hops.append([HopResult(relation[n], f, dropped[n]) for n, f in enumerate(x.split())])
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
    return Plans(plans.relations[:, :max_hops], stop, plans.exclude)


def _combine(results: list[Frontier], intersect: bool) -> Frontier:
    if len(results) == 1:
        return results[0]
    return ops.intersect(results) if intersect else ops.union(results)


def _sum(parts: list[Frontier]) -> Frontier:
    return ops.mix(parts, parts[0].weights.new_ones(len(parts)))
