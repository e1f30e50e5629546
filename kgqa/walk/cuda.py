"""Follow where the weights are on a GPU: the same edges and sums as on the CPU, in torch operations alone.

The graph's arrays are copied to the device at the first hop and kept there with the adjacency. Sums are in the weights'
precision (at least float32), so results agree with the CPU's to rounding. Letters as in ``kgqa.walk.select``.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from kgqa.walk.frontier import Frontiers
from kgqa.walk.select import Adjacency


@lru_cache(maxsize=2)
def resident(graph: Adjacency, place: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(entity_group, group_relation, group_edge, tail) on ``place``; copied once."""
    arrays = (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
    return tuple(torch.tensor(a, device=place) for a in arrays)


def _ranges(starts: Tensor, lengths: Tensor) -> Tensor:
    ends = lengths.cumsum(0)
    shift = torch.repeat_interleave(starts - ends + lengths, lengths)
    return torch.arange(len(shift), device=starts.device) + shift


def follow_many(
    graph: Adjacency, x: Frontiers, relation: Tensor, *, min_relation: float, budget: int
) -> tuple[Frontiers, Tensor]:
    """:func:`kgqa.walk.ops.follow_many` on the device of the weights."""
    entity_group, group_relation, group_edge, tail = resident(graph, x.weights.device)
    first = entity_group[x.ids].long()
    count = entity_group[x.ids + 1].long() - first
    groups = _ranges(first, count)  # [g]
    source = torch.repeat_interleave(torch.arange(len(x), device=x.ids.device), count)  # [g]
    label = x.owner[source] * relation.shape[1] + group_relation[groups].long()  # [g]
    flat = relation.reshape(-1)
    chosen = (flat.detach().float() > min_relation)[label].nonzero().squeeze(1)
    groups, source, label = groups[chosen], source[chosen], label[chosen]
    start = group_edge[groups].long()
    size = group_edge[groups + 1].long() - start
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
    tails = tail[_ranges(start, taken)].long()
    keys = torch.repeat_interleave(mine, taken) * graph.num_entities + tails
    unique, position = torch.unique(keys, return_inverse=True)
    weights = carried.new_zeros(len(unique)).index_add(
        0, position, torch.repeat_interleave(carried, taken)
    )
    owner = unique // graph.num_entities
    return Frontiers(unique - owner * graph.num_entities, weights, owner, x.count), dropped
