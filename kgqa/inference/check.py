"""Whether a saved trace holds on a graph: its seeds and weights are walked again.

A trace that somebody brings is untrusted, and what it tells the walk to do may be endless, so the
edges that are read are counted (:data:`MOST_EDGES`).

    check    "same", "differs", "other graph", or "not checked"
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from kgqa.errors import KGQAError
from kgqa.graph import Graph
from kgqa.inference.replay import replay
from kgqa.trace import Trace

MOST_EDGES = 300_000  #: that are read; a question of three hops reads some thousands
MOST_STEPS = 64  #: hops and branches of a trace that is checked
NEAR = 1e-3  #: by which memberships may differ: a trace is rounded


class _TooMuch(Exception):
    """The walk reads more edges than a check is worth."""


class _Metered:
    """A graph of which a bounded number of edges can be followed."""

    def __init__(self, graph: Graph):
        self._graph, self._left = graph, MOST_EDGES

    def tails(self, entity: int, relation: int) -> np.ndarray:
        """As ``Graph.tails``: int64 [n]."""
        tails = self._graph.tails(entity, relation)
        self._left -= 1 + len(tails)
        if self._left < 0:
            raise _TooMuch
        return tails

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)


def check(trace: Trace, *, graph: Graph, threshold: float, min_relation: float) -> str:
    """What a walk over ``graph`` says of the answers of a trace.

    Args:
        threshold: the share of the best membership that an answer has at least.
        min_relation: relations of at most this probability are not followed.
    Returns:
        "same" or "differs"; "other graph" for a trace of another one; "not checked" for one
        without an answer, and where the walk would read too many edges.
    """
    if trace.graph != graph.fingerprint:
        return "other graph"
    hops = [b.hops for b in trace.branches]
    if not trace.answers or len(hops) + sum(map(len, hops)) > MOST_STEPS:
        return "not checked"
    metered = cast(Graph, _Metered(graph))
    try:
        again = replay(trace, metered, threshold=threshold, min_relation=min_relation)
    except _TooMuch:
        return "not checked"
    except (KGQAError, LookupError, ValueError, TypeError, AttributeError):
        return "differs"  # it names what the graph does not have
    return "same" if _same(trace, again, threshold) else "differs"


def _same(trace: Trace, again: dict[str, float], threshold: float) -> bool:
    """Equal sets and memberships; an entity at the threshold may be on either side of it."""
    answers = {a.entity.id: a.membership for a in trace.answers}
    edge = threshold * max([0.0, *answers.values(), *again.values()])
    for entity in answers.keys() | again.keys():
        mine, theirs = answers.get(entity, edge), again.get(entity, edge)
        if abs(mine - theirs) > NEAR:
            return False
    return True
