"""Ways to walk with the same checkpoint: the defaults are use, the others ablations and edits."""

from __future__ import annotations

from dataclasses import dataclass

from kgqa.walk import ops


@dataclass(frozen=True)
class Settings:
    """How the model's output is applied to the graph."""

    intersect: bool = True  #: False: the branches' union, their element-wise maximum
    max_hops: int | None = None  #: at most this many hops of a branch
    min_relation: float = ops.MIN_RELATION  #: relations of lower probability are not followed
    budget: int = ops.EDGE_BUDGET  #: edges that a hop may read for one question
    refuse: bool = True  #: False: an answer is given however likely "no answer" is
