"""What the page needs from outside: a few functions, and what model and graph say about themselves.

    Service    the functions behind the page: thread-safe, with bounded results
    Card       shown by the header, About, the lesson and the footer; ``kgqa.serve`` makes it
    Example, Failure, Lesson    the questions that come with a checkpoint
    Worked     the operators of a walk on eight entities, for the lesson
    Uploads    what opens the files of a visitor
    Offers     questions to go on with

The page knows no pipeline and sees no tensor. ``Service(answer)`` alone is a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kgqa.edits import Edits
from kgqa.trace import Completion, Entity, Facet, Fact, Neighbourhood, Trace
from kgqa.ui.figure import Chosen, Figure
from kgqa.ui.said import Feedback


@dataclass(frozen=True)
class Source:
    """Where a part of the graph comes from."""

    name: str = ""
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class RelationCount:
    """A relation of the graph, as it is stored."""

    id: str
    label: str
    inverse: str  #: its label from tail to head; empty if it is never followed that way
    triples: int


@dataclass(frozen=True)
class Operator:
    """What a hop can keep instead of following a relation."""

    id: str  #: "most(run time)", "often(director)"
    label: str  #: "the longest run time"


@dataclass(frozen=True)
class Scores:
    """What was measured on a group of questions, in percent; None where nothing was."""

    questions: int = 0
    hits_at_1: float | None = None
    exact_match: float | None = None
    f1: float | None = None


@dataclass(frozen=True)
class Metrics(Scores):
    """What was measured on all held-out questions: the file ``metrics.json`` of a checkpoint."""

    calibration_error: float | None = None
    refused_answerable: float | None = None
    recognised_unanswerable: float | None = None
    by_shape: Mapping[str, Scores] = field(default_factory=dict)  #: the same, by kind of question
    command: str = ""  #: the command that printed it


@dataclass(frozen=True)
class Cover:
    """How much of a kind the graph holds."""

    kind: str  #: a plural: "films"
    number: int
    first: str = ""  #: the first year that one has; empty if they have none
    last: str = ""  #: and the last


@dataclass(frozen=True)
class Example:
    """A question to click, and the kind of question that it shows."""

    question: str
    kind: str


@dataclass(frozen=True)
class Failure:
    """A question that the checkpoint gets wrong."""

    question: str
    right: tuple[str, ...]  #: labels of the right answers
    should: str  #: the right answer as a sentence
    why: str  #: what goes wrong


@dataclass(frozen=True)
class LessonStep:
    """What a step of the lesson says about this graph; empty fields leave general words."""

    question: str = ""  #: asked for the figure; empty: an example that fits
    tries: tuple[str, ...] = ()  #: questions to click
    title: str = ""
    text: str = ""  #: what the figure shows; a paragraph a line
    code: str = ""  #: the same in Python, in the verbs of ``kgqa.walk``
    attribute: str = ""  #: id of the attribute that operators compare; empty: one that fits


@dataclass(frozen=True)
class Lesson:
    """The Learn tab, as far as it belongs to the graph: ``lesson.json`` of a checkpoint."""

    figure: Chosen = Chosen()
    facts: LessonStep = LessonStep()
    spans: LessonStep = LessonStep()
    entities: LessonStep = LessonStep()
    follow: LessonStep = LessonStep()
    intersection: LessonStep = LessonStep()
    operators: LessonStep = LessonStep()
    supervision: LessonStep = LessonStep()
    toy: tuple[str, ...] = ()  #: questions for the toy graph


@dataclass(frozen=True)
class Card:
    """What model and graph say about themselves. ``Card()`` says nothing."""

    model: str = ""  #: its name
    version: str = ""
    device: str = ""  #: where it runs
    parameters: int = 0
    mentions: int = 3  #: most mentions of a question
    hops: int = 3  #: most hops from a mention
    hops_after: int = 2  #: most hops after an intersection
    operators: bool = False  #: whether a hop may choose an operator
    metrics: Metrics = Metrics()
    examples: tuple[Example, ...] = ()
    failures: tuple[Failure, ...] = ()
    lesson: Lesson = Lesson()
    graph: str = ""  #: what the graph is about
    entities: int = 0
    triples: int = 0
    kinds: tuple[str, ...] = ()  #: kinds of entity
    covers: tuple[Cover, ...] = ()  #: the largest of them
    relations: tuple[RelationCount, ...] = ()
    choices: Mapping[str, tuple[Operator, ...]] = field(default_factory=dict)  #: operators by group
    readouts: tuple[str, ...] = ()  #: "" for the entities, "count", "verify", "sum(run time)"
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()  #: what one might look for in vain, as sentences
    read: tuple[str, ...] = ()  #: the files that the graph was built from, and as what
    notes: tuple[str, ...] = ()  #: what the build left out or changed
    unseen: bool = False  #: whether the model was trained on other graphs alone
    visitors: bool = False  #: whether a visitor brought the graph, so that no link leads to it

    @property
    def labels(self) -> dict[str, str]:
        """{relation id: label} of all that a hop can follow, inverses included."""
        forward = {r.id: r.label for r in self.relations}
        return forward | {"-" + r.id: r.inverse for r in self.relations if r.inverse}


@dataclass(frozen=True)
class Toy:
    """The same model over a graph so small that every number can be checked by hand."""

    answer: Callable[[str], Trace]
    facts: tuple[Fact, ...]  #: all of them


class Worked(Protocol):
    """Eight entities with a number each, and what the operators of a walk make of sets of them.

    A set is eight memberships in [0, 1], in the order of ``entities``.
    """

    attribute: str  #: in words: "run time"
    most: str  #: in words: "the longest run time"
    least: str  #: "the shortest run time"
    entities: tuple[Entity, ...]  #: those with the largest number first
    numbers: tuple[float, ...]
    texts: tuple[str, ...]  #: the numbers with their unit

    def extreme(self, x: Sequence[float], *, least: bool = False, rank: int = 1) -> list[float]:
        """What stays of each if the largest, smallest, second largest ... are kept."""

    def better(self, x: Sequence[float], *, least: bool = False, rank: int = 1) -> list[float]:
        """P(exactly rank - 1 better ones are in the set), for each."""

    def difference(self, x: Sequence[float], y: Sequence[float]) -> list[float]:
        """min(x, 1 - y) of each."""

    def count(self, x: Sequence[float]) -> tuple[float, int]:
        """The sum of memberships, and the size of the set that the model would commit to."""

    def nonempty(self, x: Sequence[float]) -> float:
        """P(the set is not empty)."""

    def often(self, x: Sequence[float]) -> tuple[str, tuple[tuple[Entity, float], ...]]:
        """A relation in words, and the two entities that it reaches in the most ways, with sums."""


def _no_example(attribute: str) -> Worked | None:
    return None


def _no_neighbourhood(entity: str) -> Neighbourhood | None:
    return None


def _no_entities(words: str) -> tuple[Entity, ...]:
    return ()


def _no_facets(ids: Sequence[str]) -> tuple[Facet, ...]:
    return ()


def _no_completions(text: str) -> tuple[Completion, ...]:
    return ()


@dataclass(frozen=True)
class Offers:
    """Questions to go on with, each of which the model has answered before it is offered."""

    why: str = "next"  #: "next" after an answer, "instead" after a refusal, or "meant"
    questions: tuple[str, ...] = ()


def _no_offers(trace: Trace, before: Trace | None) -> Offers:
    return Offers()


def _as_it_is(trace: Trace, network: bool) -> Trace:
    return trace


def _not_checked(trace: Trace) -> str:
    return "not checked"


def _not_known(trace: Trace, facts: Collection[Fact]) -> float | None:
    return None


@dataclass(frozen=True)
class Uploads:
    """How visitors bring graphs of their own."""

    open: Callable[[Sequence[tuple[str, bytes]]], Service]  #: [(name, content), ...]; KGQAError
    size: int  #: bytes that all files together may have
    triples: int  #: and statements


@dataclass(frozen=True)
class Service:
    """The functions behind the page."""

    answer: Callable[..., Trace]  #: (question, edits=Edits()) -> Trace
    card: Card = Card()
    neighbourhood: Callable[[str], Neighbourhood | None] = _no_neighbourhood  #: of an entity id
    search: Callable[[str], tuple[Entity, ...]] = _no_entities  #: entities with such a name
    complete: Callable[[str], Sequence[Completion]] = _no_completions  #: of names in a text
    facets: Callable[[Sequence[str]], tuple[Facet, ...]] = _no_facets  #: of a set of entity ids
    further: Callable[[Trace, Trace | None], Offers] = _no_offers  #: (trace, the one before)
    figure: Figure | None = None  #: a dozen facts, for the lesson; None if the graph has none
    toy: Toy | None = None
    worked: Callable[[str], Worked | None] = _no_example  #: eight entities with this attribute
    stages: Callable[[str], Iterator[Trace]] | None = None  #: partial traces, then the answer
    feedback: Feedback | None = None  #: None: nothing is kept
    #: {ending of a file: text of facts in that format}
    exports: Mapping[str, Callable[[Sequence[Fact]], str]] = field(default_factory=dict)
    #: the trace with its counterfactuals, for which the network may be run or not
    why: Callable[[Trace, bool], Trace] = _as_it_is
    #: the share of an answer's membership that these facts alone give; None if it is not known
    fidelity: Callable[[Trace, Collection[Fact]], float | None] = _not_known
    #: of a saved trace: "same" or "differs" when walked again, "other graph", or "not checked"
    check: Callable[[Trace], str] = _not_checked

    def ask(self, question: str, edits: Edits = Edits()) -> Trace:
        """Answer with or without edits; a stand-in for the model need not know about edits."""
        return self.answer(question, edits=edits) if edits else self.answer(question)

    def ask_in_stages(self, question: str) -> Iterator[Trace]:
        """What is known of the answer as it is computed; the whole trace last."""
        return iter([self.answer(question)]) if self.stages is None else self.stages(question)
