"""The figure of the lesson: a dozen facts of the graph at hand, and a walk over them, solved.

Two starts lead to a set each, the sets meet, and a second hop goes on from what they share:

    start 0 ──r──► middle ──after──► ends
    start 1 ──r──► middle

:func:`figure` takes the entities that the checkpoint's lesson names, and where it names none, or
the graph lacks one of them, those that ``kgqa.serve.figure_choice`` finds. The first numbers are
easy ones and not the model's. They are walked with ``kgqa.walk`` over the few facts alone, in
double precision, so that a reader gets the same by hand, and a browser by its own code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgqa.serve import figure_choice

if TYPE_CHECKING:
    from torch import Tensor

    from kgqa.graph import Graph
    from kgqa.ui.figure import Chosen, Compared, Figure, Solved, Start, Vector
    from kgqa.walk import Frontier

MOST = 0.8  #: what the likeliest seed or relation has at first; the others share the rest
START, MIDDLE, END = range(3)


def figure(graph: Graph, given: Chosen, threshold: float) -> Figure | None:
    """The figure of a graph; None if no walk over it is worth drawing.

    Args:
        given: what the checkpoint's lesson names; empty if it names nothing.
        threshold: how sure a member is, of the surest, that the model commits to.
    """
    chosen = given if _known(graph, given) else figure_choice.choose(graph)
    return _made(graph, chosen, threshold) if chosen else None


def _known(graph: Graph, chosen: Chosen) -> bool:
    ids = [*chosen.middle, *chosen.ends, *(id for _, seeds, _ in chosen.starts for id in seeds)]
    return bool(chosen.starts) and all(graph.find(id) is not None for id in ids)


def _made(graph: Graph, chosen: Chosen, threshold: float) -> Figure | None:
    from kgqa.ui.figure import Figure, Start
    from kgqa.walk.predict import MIN_MEMBERSHIP

    seeds = [id for _, ids, _ in chosen.starts for id in ids]
    columns = dict.fromkeys(chosen.ends, END)
    columns |= dict.fromkeys(chosen.middle, MIDDLE) | dict.fromkeys(seeds, START)
    order = [*seeds, *chosen.middle, *chosen.ends]
    ids = sorted(columns, key=lambda id: (columns[id], order.index(id)))
    numbers = [graph.find(id) for id in ids]
    entities = [n for n in numbers if n is not None]
    facts = _facts(graph, entities)
    if not facts:
        return None
    used = sorted({relation for _, relation, _ in facts})
    index = {graph.relation_id(p): i for i, p in enumerate(used)}
    index |= {"-" + id: i + len(used) for id, i in index.items()}
    own = tuple((h, used.index(p), t) for h, p, t in facts)
    leaving = _leaving(own, len(used))
    of_starts = set().union(*(leaving[ids.index(id)] for id in seeds))
    starts = tuple(
        Start(
            text,
            tuple(ids.index(id) for id in own_seeds),
            _shared(len(ids), [ids.index(id) for id in own_seeds], ids.index(own_seeds[0])),
            _shared(2 * len(used), sorted(of_starts), index.get(relation, -1)),
        )
        for text, own_seeds, relation in chosen.starts
    )
    near = [_near(own, ids.index(own_seeds[0])) for _, own_seeds, _ in chosen.starts]
    of_middle = {
        r for i in set.intersection(*near) if columns[ids[i]] == MIDDLE for r in leaving[i]
    }
    after = _shared(2 * len(used), sorted(of_middle), index.get(chosen.after, -1))
    after = after if chosen.after in index else ()
    compared = _compared(graph, entities, [columns[id] == MIDDLE for id in ids], chosen.attribute)
    return Figure(
        chosen.question,
        tuple(graph.entity(e) for e in entities),
        tuple(columns[id] for id in ids),
        tuple((graph.relation_id(p), *_words(graph, p)) for p in used),
        own,
        tuple(graph.fact(entities[h], p, entities[t]).sentence for h, p, t in facts),
        starts,
        after,
        compared,
        threshold,
        MIN_MEMBERSHIP,
        solved(own, len(ids), len(used), starts, after, compared),
    )


def _words(graph: Graph, relation: int) -> tuple[str, str]:
    inverse = graph.inverse(relation)
    return graph.relation_label(relation) or graph.relation_id(relation), graph.relation_label(
        inverse
    )


def _facts(graph: Graph, entities: list[int]) -> list[tuple[int, int, int]]:
    """All facts between these entities: (head, relation, tail), the ends by position."""
    place, half = {e: i for i, e in enumerate(entities)}, len(graph.relations)
    found = [
        (place[head], relation, place[tail])
        for head in entities
        for relation, tails in graph.groups(head)
        if relation < half and not graph.relations[relation].literal
        for tail in sorted(place.keys() & set(tails.tolist()))
        if tail != head
    ]
    return sorted(found, key=lambda f: (min(f[0], f[2]), f[1], max(f[0], f[2])))


def _leaving(facts: tuple[tuple[int, int, int], ...], half: int) -> dict[int, set[int]]:
    """Of each entity, the relations (inverses are p + R) that leave it."""
    leaving: dict[int, set[int]] = {}
    for head, relation, tail in facts:
        leaving.setdefault(head, set()).add(relation)
        leaving.setdefault(tail, set()).add(relation + half)
    return leaving


def _near(facts: tuple[tuple[int, int, int], ...], entity: int) -> set[int]:
    """The entities that share a fact with one."""
    return {t if h == entity else h for h, _, t in facts if entity in (h, t)}


def _shared(size: int, places: list[int], first: int) -> Vector:
    """A vector with :data:`MOST` at ``first``, and the rest in equal parts at other places."""
    out, others = [0.0] * size, [p for p in places if p != first]
    if first < 0:
        return tuple(out)
    out[first] = MOST if others else 1.0
    for n, place in enumerate(others, 1):  # two digits each, that add up to 1
        out[place] = round((1 - MOST) * n / len(others), 2) - round(
            (1 - MOST) * (n - 1) / len(others), 2
        )
    return tuple(round(v, 2) for v in out)


def _compared(
    graph: Graph, entities: list[int], middle: list[bool], attribute: str
) -> Compared | None:
    """The attribute, or else the first of which two entities of the middle have numbers."""
    from kgqa.graph.operators import operator_words
    from kgqa.inference.operators import amount
    from kgqa.ui.figure import Compared

    known = [r for r in graph.numbers.attributes if graph.relation_id(r) == attribute]
    for relation in [*known, *graph.numbers.attributes]:
        values = graph.numbers.of(relation, np.array(entities))
        values = np.where(middle, values, np.nan)
        if len(set(values[~np.isnan(values)].tolist())) > 1:
            words, about = operator_words(graph), graph.relations[relation]
            return Compared(
                about.label,
                words[relation],
                words[graph.num_relations + relation],
                tuple(None if np.isnan(v) else float(v) for v in values),
                tuple("" if np.isnan(v) else amount(float(v), about.unit) for v in values),
            )
    return None


# -- the same by the operations of a walk ----------------------------------------------------------


def solved(
    facts: tuple[tuple[int, int, int], ...],
    entities: int,
    relations: int,
    starts: tuple[Start, ...],
    after: Vector,
    compared: Compared | None,
) -> Solved:
    """The vectors of the figure with its first numbers."""
    from kgqa.ui.figure import Solved
    from kgqa.walk import ops

    graph = small(facts, entities, relations)
    branches = [
        ops.membership(ops.follow(graph, _sparse(s.x), _tensor(s.r)).reached) for s in starts
    ]
    met = ops.intersect(branches)
    first, last = branches[0], branches[-1]
    without = ops.difference(first, last) if len(starts) > 1 else first
    sums = ops.follow(graph, met, _tensor(after)).reached if after else met

    def dense(x: Frontier) -> Vector:
        out = [0.0] * entities
        for entity, weight in x.top(len(x)):
            out[entity] = weight
        return tuple(out)

    values = compared.values if compared else None
    return Solved(
        tuple(map(dense, branches)),
        dense(met),
        dense(ops.union(branches)),
        dense(without),
        extreme(dense(met), values, 1) if values else (),
        extreme(dense(met), values, 2) if values else (),
        dense(sums),
        dense(ops.membership(sums)),
    )


def small(facts: tuple[tuple[int, int, int], ...], entities: int, relations: int) -> Graph:
    """A graph of these facts alone, its entities and relations by position."""
    from kgqa.graph.builder import GraphBuilder
    from kgqa.graph.relation import Relation

    names = [str(r) for r in range(relations)]
    builder = GraphBuilder("a dozen facts", [Relation(n, n, f"{n} of") for n in names])
    for entity in range(entities):
        builder.entity("entity", str(entity))
    for head, relation, tail in facts:
        builder.triple(head, names[relation], tail)
    return builder.build()


def extreme(x: Vector, values: tuple[float | None, ...], rank: int) -> Vector:
    """What stays of x if those with the k-th largest value are kept; no value, nothing."""
    import torch

    from kgqa.walk import ranks
    from kgqa.walk.frontier import join

    held = _sparse(x)
    numbers = [values[e] for e in held.ids.tolist()]
    valued = torch.tensor([np.nan if v is None else v for v in numbers], dtype=torch.float64)
    chosen = torch.zeros(1, max(rank, 2), dtype=torch.float64)
    chosen[0, rank - 1] = 1
    kept, out = ranks.extreme(join([held]), valued, chosen), [0.0] * len(x)
    for entity, weight in zip(held.ids.tolist(), kept.tolist(), strict=True):
        out[entity] = weight
    return tuple(out)


def _sparse(x: Vector) -> Frontier:
    import torch

    from kgqa.walk import Frontier

    ids = [i for i, v in enumerate(x) if v]
    weights = [x[i] for i in ids]
    return Frontier(torch.tensor(ids, dtype=torch.long), torch.tensor(weights, dtype=torch.float64))


def _tensor(x: Vector) -> Tensor:
    import torch

    return torch.tensor(x, dtype=torch.float64)
