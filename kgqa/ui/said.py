"""What people say of answers, as the page knows it; ``kgqa.serve.feedback`` keeps it in a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from kgqa.trace import Trace


@dataclass(frozen=True)
class Said:
    """One thing that a person said of an answer."""

    id: str
    question: str
    said: str  #: "right", "wrong" or "should"
    answer: str  #: what the answer should be, in words; empty where that was not said


@dataclass(frozen=True)
class Verdict:
    """What a visitor says of an answer, or that it should be another."""

    said: str  #: as Said.said
    entities: tuple[str, ...] = ()  #: ids, where it should be another
    value: float | bool | None = None  #: the number, or yes or no, that it should be
    none: bool = False  #: the graph should hold no answer


@dataclass(frozen=True)
class Feedback:
    """Where what people say of answers is kept; functions raise KGQAError with a sentence."""

    keep: Callable[[Trace, Verdict, Collection[str] | None], str]  #: instead of which ids; new id
    remove: Callable[[str], bool]  #: an id
    entries: Callable[[], Sequence[Said]]  #: oldest first
    export: Callable[[], str]  #: train.jsonl
    place: str = ""  #: the file
    command: str = ""  #: what trains on it
    alone: bool = True  #: whether the page is for one person, who sees all entries
