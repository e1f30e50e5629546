"""Follow where the weights are on a GPU: the edges and sums of the CPU, in torch operations alone.

The graph's arrays are copied to the device at the first hop and kept there. Sums are in the
weights' precision (at least float32), so results agree with the CPU's up to rounding. Letters as in
``kgqa.walk.select``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from kgqa.walk.frontier import FollowedMany, Frontiers
from kgqa.walk.select import Adjacency


@dataclass(frozen=True)
class Resident:
    """A graph's arrays on a device; see ``kgqa.walk.select.Adjacency``."""

    entity_group: Tensor
    group_relation: Tensor
    group_edge: Tensor
    tail: Tensor


@lru_cache(maxsize=2)
def resident(graph: Adjacency, device: torch.device) -> Resident:
    """The graph's arrays on ``device``; copied once."""
    arrays = (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
    return Resident(*(torch.tensor(a, device=device) for a in arrays))


def _ranges(starts: Tensor, lengths: Tensor) -> Tensor:
    """:func:`kgqa.walk.select.ranges` in torch."""
    ends = lengths.cumsum(0)
    shift = torch.repeat_interleave(starts - ends + lengths, lengths)
    return torch.arange(len(shift), device=starts.device) + shift


def follow_many(
    graph: Adjacency, x: Frontiers, relation: Tensor, *, min_relation: float, budget: int
) -> FollowedMany:
    """:func:`kgqa.walk.ops.follow_many` on the device of the weights."""
    on = resident(graph, x.weights.device)  # type: ignore[arg-type]  # graphs are hashable
    first = on.entity_group[x.ids].long()
    count = on.entity_group[x.ids + 1].long() - first
    groups = _ranges(first, count)  # [g]
    source = torch.repeat_interleave(torch.arange(len(x), device=x.ids.device), count)  # [g]
    label = x.owner[source] * relation.shape[1] + on.group_relation[groups].long()  # [g]
    flat = relation.reshape(-1)
    chosen = (flat.detach().float() > min_relation)[label].nonzero().squeeze(1)
    groups, source, label = groups[chosen], source[chosen], label[chosen]
    start = on.group_edge[groups].long()
    size = on.group_edge[groups + 1].long() - start
    carried = x.weights[source] * flat[label]  # [g]
    question = x.owner[source]
    # Questions one after the other, the heaviest groups of each first: two stable sorts.
    order = torch.argsort(carried.detach(), descending=True, stable=True)
    order = order[torch.argsort(question[order], stable=True)]
    sizes, mine = size[order], question[order]
    before = sizes.cumsum(0) - sizes
    before = before - before[torch.searchsorted(mine, mine)] if len(mine) else before
    taken = torch.minimum((budget - before).clamp(min=0), sizes)
    lost = carried.detach()[order].double() * (sizes - taken)
    dropped = torch.zeros(x.count, dtype=torch.float64, device=lost.device).index_add(0, mine, lost)
    start, source, carried = start[order], source[order], carried[order]
    tails = on.tail[_ranges(start, taken)].long()
    keys = torch.repeat_interleave(mine, taken) * graph.num_entities + tails
    unique, position = torch.unique(keys, return_inverse=True)
    weights = carried.new_zeros(len(unique)).index_add(
        0, position, torch.repeat_interleave(carried, taken)
    )
    owner = unique // graph.num_entities
    reached = Frontiers(unique - owner * graph.num_entities, weights, owner, x.count)
    return FollowedMany(reached, dropped)
