"""A Trace: everything that happened to one question, as plain frozen values.

The page, the command line and the HTTP API show traces and nothing else. A trace is built from the
model's output alone (``kgqa.inference.trace``) and holds no tensor, so it can be printed, sent as
JSON (``trace.schema.json`` describes it) and replayed (``kgqa.inference.replay``). It holds two
kinds of number, and their names keep them apart:

* a *score* is a probability: of a span, of a candidate given its span, of an answer;
* a *membership* is the degree in [0, 1] to which an entity belongs to a set that was reached.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from kgqa.edits import Edits
from kgqa.text import plain
from kgqa.why import Counterfactual

#: Every way a question can end, and the sentence for each.
OUTCOMES = {
    "answered": "The graph holds an answer.",
    "not_in_graph": "The model judges that the graph does not hold what is asked.",
    "not_possible": "The model cannot do what is asked.",
    "no_mention": "No words of the question name anything that the graph knows.",
    "no_path": "Nothing is reached: the facts that the model looked for are not in the graph.",
    "empty_intersection": "The paths from the mentions reach no common entity.",
    "left_out": "Every mention that the model would use was left out by hand.",
    "empty_question": "Please type a question.",
    "too_long": "The question is too long; please use at most 500 characters.",
}

#: Stands in place of an outcome while a question is being answered (``Pipeline.stages``).
STAGES = {
    "reading": "The model is reading the question …",
    "following": "The model is following relations …",
}


@dataclass(frozen=True)
class Entity:
    """A node of the graph, as people see it."""

    id: str  #: stable string id, unique in the graph
    label: str  #: name as in the source; untrusted text
    description: str  #: what tells it from its namesakes; may be empty
    kind: str  #: type in words: "film", "person", "city", ...

    def __str__(self) -> str:
        return f"{plain(self.label)}  ({plain(self.description or self.kind)})"


@dataclass(frozen=True)
class Fact:
    """A triple as stored in the graph (never inverted)."""

    head: Entity
    relation: str  #: label of the relation
    tail: Entity
    sentence: str = ""  #: the fact as a clause, "Jaws was directed by Steven Spielberg"

    def __str__(self) -> str:
        return f"{plain(self.head.label)} --{plain(self.relation)}--> {plain(self.tail.label)}"


@dataclass(frozen=True)
class Value:
    """An answer that is a number, a date, or yes or no."""

    kind: str  #: "number", "date" or "yes_no"
    number: float  #: in ``unit``; of a date its ``date.toordinal()``; 1 for yes and 0 for no
    unit: str  #: "minutes", "US dollars", "year", "date", ...; may be empty
    text: str  #: as people write it: "1,200 minutes", "20 June 1975", "Yes"
    score: float  #: probability that it is right, in [0, 1]

    def __str__(self) -> str:
        return plain(self.text)


@dataclass(frozen=True)
class Compared:
    """An entity and the value by which a hop kept or dropped it."""

    entity: Entity
    number: float  #: of the attribute, else how many edges it has or how often it is reached
    text: str  #: the same with its unit
    kept: bool  #: whether the hop kept it; all that are tied are


@dataclass(frozen=True)
class Candidate:
    """An entity that a span may stand for."""

    entity: Entity
    score: float  #: P(entity | span), in [0, 1]; sums to 1 over the span's candidates
    alias: str  #: how the words match the entity: "label", "part of title", "misspelling", ...


@dataclass(frozen=True)
class Mention:
    """A span of the question that names something, as the model judged it."""

    start: int  #: first character in the question
    end: int  #: one past the last character
    text: str  #: question[start:end]
    score: float  #: P(the span takes part in answering), in [0, 1]
    used: bool  #: whether it is in the set of mentions that the model commits to
    candidates: tuple[Candidate, ...]  #: best first


@dataclass(frozen=True)
class RelationWeight:
    """One relation or operator of a hop's distribution."""

    id: str  #: "director", "-director" for the inverse, "most(run time)", "least(run time, 2)"
    label: str  #: in words: "directed" for the inverse of "director", "the longest run time"
    weight: float  #: probability in [0, 1]


@dataclass(frozen=True)
class EntityWeight:
    """An entity and its membership in a set."""

    entity: Entity
    membership: float  #: in [0, 1]


@dataclass(frozen=True)
class Hop:
    """One application of follow: x_t = follow(x_{t-1}, r_t)."""

    relations: tuple[RelationWeight, ...]  #: heaviest first; very unlikely ones are not followed
    words: tuple[tuple[str, float], ...]  #: question words, and the decoder's attention to them
    entities: tuple[EntityWeight, ...]  #: heaviest first, a bounded number
    omitted: int  #: how many entities were reached and are not listed
    dropped: float  #: membership mass that the edge budget left out (0.0 almost always)
    facts: tuple[Fact, ...] = ()  #: edges followed into the listed entities, a bounded number
    compared: tuple[Compared, ...] = ()  #: what an operator compared, best first, a bounded number
    not_compared: int = 0  #: how many more were compared and are not listed


@dataclass(frozen=True)
class Branch:
    """The walk from one mention."""

    mention: int  #: index into Trace.mentions
    seeds: tuple[EntityWeight, ...]  #: the mention's candidates; a class or range by itself
    hops: tuple[Hop, ...]
    stop: tuple[float, ...]  #: P(the branch ends after 0, 1, ... hops); sums to 1
    reached: int  #: number of entities in the branch's result
    negated: bool = False  #: what it reaches is taken away from what the other branches reach
    stands_for: int = 0  #: how many entities its class or literal stands for; 0: the seeds alone


@dataclass(frozen=True)
class IntersectionRow:
    """One entity's membership in every branch, and the element-wise minimum."""

    entity: Entity
    memberships: tuple[float, ...]  #: one for each branch, in the order of Trace.branches
    minimum: float  #: or the maximum where branches are united, without what is subtracted


@dataclass(frozen=True)
class Intersection:
    """The branches combined, by element-wise minimum (Sen et al. 2021), and the hops after it."""

    rows: tuple[IntersectionRow, ...]  #: largest minimum first, then some that it rules out
    omitted: int  #: entities with a positive minimum that are not listed
    hops: tuple[Hop, ...]  #: hops that start from the intersection
    stop: tuple[float, ...]  #: P(0, 1, ... hops after the intersection)


@dataclass(frozen=True)
class Path:
    """The chain of facts that links one mention to an answer."""

    mention: int  #: index into Trace.mentions
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Answer:
    """An entity in the answer set that the model commits to."""

    entity: Entity
    score: float  #: calibrated probability that it is a right answer, in [0, 1]
    membership: float  #: degree in the final set, in [0, 1], before normalisation
    paths: tuple[Path, ...]
    value: Value | None = None  #: what it says, where the entity is a number or a date


@dataclass(frozen=True)
class Neighbours:
    """Entities that one relation leads to from an entity."""

    relation: str  #: relation id; a leading "-" marks the inverse
    label: str  #: in words
    entities: tuple[Entity, ...]  #: best connected first, a bounded number
    total: int  #: how many there are
    question: str = ""  #: asks for them: "Which films did {} direct?"; empty if the graph has none


@dataclass(frozen=True)
class Neighbourhood:
    """What the graph says of one entity."""

    entity: Entity
    groups: tuple[Neighbours, ...]  #: one for each relation that leaves it, inverses included


@dataclass(frozen=True)
class Completion:
    """A name that a person may be about to write."""

    entity: Entity
    start: int  #: where in the text before the caret the name begins
    shared: bool = False  #: whether other entities have the same label


@dataclass(frozen=True)
class Facet:
    """What tells the members of a set apart: the year, or the country, of each."""

    name: str  #: label of the relation
    values: tuple[tuple[str, ...], ...]  #: of each member, in their order; a few, or none
    year: bool = False  #: whether the values are years


@dataclass(frozen=True)
class Trace:
    """All that happened to one question. ``print(trace)`` shows it in a terminal."""

    question: str
    outcome: str  #: a key of OUTCOMES
    message: str  #: the outcome as a sentence
    answers: tuple[Answer, ...] = ()  #: the whole answer set, best first; empty unless "answered"
    confidence: float = 0.0  #: P(the set of mentions that was chosen), in [0, 1]
    excluded: float = 0.0  #: P(the mentioned entities themselves are left out of the answer)
    mentions: tuple[Mention, ...] = ()
    branches: tuple[Branch, ...] = ()
    intersection: Intersection | None = None  #: None with fewer than two branches
    timings: dict[str, float] = field(default_factory=dict)  #: ms: link, encode, hops, trace, total
    model: str = ""
    graph: str = ""
    version: str = ""
    edits: Edits = Edits()  #: what a person decided instead of the model
    notes: tuple[str, ...] = ()  #: edits that did not fit the question, each as a sentence
    value: Value | None = None  #: the answer of a read-out; ``answers`` is the set that was read
    readout: str = ""  #: "count", "verify" (yes or no), "sum(run time)"; empty: none
    united: bool = False  #: the branches are united, not intersected
    unused: tuple[str, ...] = ()  #: words of the question that had no effect on the answer
    given_up: tuple[int, ...] = ()  #: mentions given up since all together reach nothing
    why: tuple[Counterfactual, ...] = ()  #: what the answer would be otherwise; ``Pipeline.why``

    @property
    def best(self) -> Answer | None:
        """The first answer; None if there is none."""
        return self.answers[0] if self.answers else None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that the answers rest on, each once: first those of their paths.

        Where an answer has no path (it was counted, or is a yes), all facts that were followed.
        ``kgqa.graph.export`` writes them as GraphML, N-Triples or CSV.
        """
        paths = [fact for answer in self.answers for path in answer.paths for fact in path.facts]
        hops = [hop for branch in self.branches for hop in branch.hops]
        hops += self.intersection.hops if self.intersection else ()
        return tuple(dict.fromkeys(paths or [fact for hop in hops for fact in hop.facts]))

    def to_dict(self) -> dict:
        """The JSON object that ``trace.schema.json`` describes; an "entity" is flattened."""
        return _flatten(asdict(self))

    def __str__(self) -> str:
        from kgqa.printing import lines  # it prints these types

        return "\n".join(lines(self))

    def _repr_html_(self) -> str:
        """What a notebook shows. Everything is escaped."""
        from kgqa.printing import html

        return html(self)


def _flatten(value):
    """Lift nested entities: a candidate becomes {"id", "label", "description", "kind", ...}."""
    if isinstance(value, dict):
        value = {k: _flatten(v) for k, v in value.items()}
        entity = value.get("entity")
        if isinstance(entity, dict):  # an edit names its entity by id
            del value["entity"]
            return {**entity, **value}
        return value
    if isinstance(value, (list, tuple)):
        return [_flatten(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value
