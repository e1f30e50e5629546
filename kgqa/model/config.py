"""What a checkpoint needs to be built again, and nothing that belongs to one question or one data set."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from kgqa.errors import CheckpointError
from kgqa.model.batch import PROFILES

CONTEXTS = ("words", "entities")


@dataclass(frozen=True)
class ModelConfig:
    """Sizes and the relation vocabulary. Dimension letters: D hidden, H hops, R relations with inverses."""

    relations: tuple[str, ...]  #: relation ids with inverses, in the graph's order (2R)
    relation_words: tuple[str, ...]  #: the same in words; their vectors come from the encoder
    graph_fingerprint: str  #: of the graph that it was trained with
    hidden: int = 384  #: D, the encoder's width
    max_hops: int = 3  #: H, hops of a branch
    max_after: int = 2  #: hops after an intersection
    max_mentions: int = 3  #: mentions that can take part in one answer
    profile: str = "relations"  #: what an entity's vector counts: one of PROFILES, see kgqa.model.batch.Batcher
    context: str = "words"  #: what a branch reads of the other mentions: one of CONTEXTS
    answer_threshold: float = 0.5  #: an answer's membership is at least this share of the best
    calibration: tuple[float, ...] = (
        1.0,
        1.0,
        0.0,
        1.0,
        0.0,
    )  #: see kgqa.inference.calibration; fitted on dev
    name: str = "kgqa"

    def __post_init__(self):
        for name, options in (("profile", PROFILES), ("context", CONTEXTS)):
            if getattr(self, name) not in options:
                raise CheckpointError(
                    f"The model's {name} should be {' or '.join(options)}, not {getattr(self, name)!r}."
                )

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> ModelConfig:
        """Raises :class:`CheckpointError` for missing or unknown fields."""
        known = {f.name for f in fields(cls)}
        unknown = set(values) - known
        if unknown:
            raise CheckpointError(
                f"The checkpoint's config.json has unknown fields {sorted(unknown)}."
            )
        try:
            return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
        except TypeError as error:
            raise CheckpointError(f"The checkpoint's config.json is incomplete: {error}.") from None
