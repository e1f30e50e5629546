"""What a checkpoint needs to be built again, and nothing about one question or one data set."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from kgqa.errors import CheckpointError

#: Weights of a calibration before it is fitted, see ``kgqa.inference.calibration``: of logit
#: P(mentions), log largest membership, the same for intersections, log relative membership, and 1.
UNFITTED = (1.0, 1.0, 0.0, 1.0, 0.0)

#: Fields of version 0.1.0 that are gone; a checkpoint opens if it has the value that was kept.
RETIRED = {"profile": "facts", "context": "entities"}


@dataclass(frozen=True)
class ModelConfig:
    """Sizes and the relation vocabulary (R relations with inverses)."""

    relations: tuple[str, ...]  #: ids of the R relations, in the graph's order
    relation_words: tuple[str, ...]  #: the same in words; their vectors come from the encoder
    graph_fingerprint: str  #: of the graph that it was trained with
    operator_words: tuple[str, ...] = ()  #: of the 3R other entries of a hop; empty: no operators
    attributes: tuple[str, ...] = ()  #: ids of the relations that can be summed
    holds: bool = False  #: the decoder sees what the set that it holds can lead to
    #: a hop depends on the hop that was chosen before it, not on the expectation over all
    commits: bool = False
    kinds: bool = False  #: entities that a walk reaches alike are ordered by what they are
    hidden: int = 384  #: D, the encoder's width
    max_hops: int = 3  #: H, hops of a branch
    max_after: int = 2  #: A, hops after an intersection
    max_mentions: int = 3  #: mentions that can take part in one answer
    #: of the distributions over hops and stops in use; below 1 what is unlikely counts for less, so
    #: that it does not add up where the members of a large set are compared
    temperature: float = 1.0
    #: a question is not answered if P(no answer) is at least the first, or the second where several
    #: mentions would take part: an empty intersection refuses, too
    refuse: tuple[float, float] = (0.5, 0.9)
    answer_threshold: float = 0.5  #: an answer's membership is at least this share of the best
    calibration: tuple[float, ...] = UNFITTED
    name: str = "kgqa"

    @property
    def operators(self) -> bool:
        """Whether a hop may choose operators, and an answer may be read out."""
        return bool(self.operator_words)

    @property
    def vocabulary(self) -> int:
        """V, the entries that a hop chooses from (``kgqa.graph.operators``)."""
        return len(self.relations) + len(self.operator_words)

    @property
    def readouts(self) -> tuple[str, ...]:
        """What can be done with the set at the end; "" keeps it (``kgqa.programs``)."""
        if not self.operators:
            return ("",)
        return ("", "count", "verify", *(f"sum({a})" for a in self.attributes))

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> ModelConfig:
        """Raises :class:`CheckpointError` for missing, unknown or retired fields."""
        for name, kept in RETIRED.items():
            if values.get(name, kept) != kept:
                raise CheckpointError(
                    f"The checkpoint was trained with {name} {values[name]!r}, which this version "
                    "no longer has; train it again."
                )
        values = {k: v for k, v in values.items() if k not in RETIRED}
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise CheckpointError(
                f"The checkpoint's config.json has unknown fields {sorted(unknown)}."
            )
        try:
            fixed: dict[str, Any] = {
                k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
            }
            return cls(**fixed)
        except TypeError as error:
            raise CheckpointError(f"The checkpoint's config.json is incomplete: {error}.") from None
