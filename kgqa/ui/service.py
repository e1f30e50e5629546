"""What the page needs from the outside, as plain functions: the page knows no pipeline and sees no tensor.

Everything here must be thread-safe and bounded; ``answer`` alone is required, so that tests can stand in for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kgqa.edits import Edits
from kgqa.trace import Entity, Neighbourhood, Trace


def _nothing(_: str) -> None:
    return None


def _nobody(_: str) -> tuple[Entity, ...]:
    return ()


@dataclass(frozen=True)
class Service:
    """The functions behind the page."""

    answer: Callable[..., Trace]  #: (question, edits=Edits()) -> Trace
    card: dict = field(default_factory=dict)  #: what model and graph say about themselves
    about: Callable[[str], Neighbourhood | None] = _nothing  #: entity id -> its facts
    named: Callable[[str], tuple[Entity, ...]] = _nobody  #: words -> entities with such a name
    toy: Callable[..., Trace] | None = None  #: like ``answer``, over the toy graph of the Learn tab
    toy_facts: tuple = ()  #: all facts of the toy graph
    stages: Callable[..., Iterator[Trace]] | None = (
        None  #: like ``answer``: partial traces as they come, the whole one last
    )

    def ask(self, question: str, edits: Edits | None = None) -> Trace:
        """Answer with or without edits; a stand-in for the model need not know about edits."""
        return self.answer(question, edits=edits) if edits else self.answer(question)

    def ask_in_stages(self, question: str) -> Iterator[Trace]:
        """What is known of the answer as it is computed; the trace last."""
        return iter([self.answer(question)]) if self.stages is None else self.stages(question)
