"""Plain frozen values that cross folders: what one question looked like to the model.

A :class:`Trace` is everything the page, the command line and the HTTP API show. It is built only from the model's
output (``kgqa.inference.trace``) and holds no tensor, so it can be printed, sent as JSON, and replayed
(``kgqa.inference.replay``). Two kinds of number occur, and names keep them apart:

* a *score* is a probability (of a span being used, of a candidate given its span, of an answer);
* a *membership* is a degree in [0, 1] to which an entity belongs to a set that the walk reached.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from kgqa.edits import Edits

#: Every way a question can end, and the sentence for each (``{}`` is filled where the page knows more).
OUTCOMES = {
    "answered": "The graph holds an answer.",
    "not_in_graph": "The model judges that the graph does not hold what is asked.",
    "no_mention": "No words of the question name anything that the graph knows.",
    "no_path": "Nothing is reached: the facts that the model looked for are not in the graph.",
    "empty_intersection": "The paths from the mentions reach no common entity.",
    "left_out": "Every mention that the model would use was left out by hand.",
    "empty_question": "Please type a question.",
    "too_long": "The question is too long; please use at most 500 characters.",
}

#: While a question is being answered, in place of an outcome (``Pipeline.stages``): no trace that was returned has one of these.
STAGES = {
    "reading": "The model is reading the question …",
    "following": "The model is following relations …",
}


@dataclass(frozen=True)
class Entity:
    """A node of the graph as people see it."""

    id: str  #: stable string id, unique in the graph
    label: str  #: name as in the source; untrusted text
    description: str  #: what tells it from its namesakes; may be empty
    kind: str  #: type in words: "film", "person", "city", ...


@dataclass(frozen=True)
class Candidate:
    """An entity that a span may stand for."""

    entity: Entity
    score: float  #: P(entity | span), in [0, 1]; sums to 1 over the span's candidates
    alias: str  #: how the words match the entity: "label", "part of title", "misspelling", ...


@dataclass(frozen=True)
class Mention:
    """A span of the question that the alias index knows, as the model judged it."""

    start: int  #: first character in the question
    end: int  #: one past the last character
    text: str  #: question[start:end]
    score: float  #: P(the span takes part in answering), in [0, 1]
    used: bool  #: whether it is in the set of mentions that the model commits to
    candidates: tuple[Candidate, ...]  #: best first


@dataclass(frozen=True)
class RelationWeight:
    """One relation of a hop's distribution."""

    id: str  #: relation name; a leading "-" marks the inverse
    label: str  #: in words, e.g. "directed" for the inverse of "director"
    weight: float  #: probability in [0, 1]


@dataclass(frozen=True)
class EntityWeight:
    """An entity and its membership in a set."""

    entity: Entity
    membership: float  #: in [0, 1]


@dataclass(frozen=True)
class Hop:
    """One application of follow: x_t = follow(x_{t-1}, r_t)."""

    relations: tuple[
        RelationWeight, ...
    ]  #: heaviest first; those below the pruning threshold are not followed
    words: tuple[
        tuple[str, float], ...
    ]  #: question words and the decoder's attention to them (sums to at most 1)
    entities: tuple[EntityWeight, ...]  #: heaviest first, a bounded number
    omitted: int  #: how many entities reached are not listed
    dropped: float  #: membership mass that the edge budget left out (0.0 almost always)
    facts: tuple[
        Fact, ...
    ] = ()  #: edges that were followed into the listed entities, a bounded number


@dataclass(frozen=True)
class Branch:
    """The walk from one mention."""

    mention: int  #: index into Trace.mentions
    seeds: tuple[EntityWeight, ...]  #: x_0: the mention's candidates and their weights
    hops: tuple[Hop, ...]
    stop: tuple[float, ...]  #: P(the branch ends after 0, 1, ... hops); sums to 1
    reached: int  #: number of entities in the branch's result


@dataclass(frozen=True)
class IntersectionRow:
    """One entity's membership in every branch, and the element-wise minimum."""

    entity: Entity
    memberships: tuple[float, ...]  #: one for each branch, in the order of Trace.branches
    minimum: float  #: the maximum where the intersection is off (``Trace.edits``)


@dataclass(frozen=True)
class Intersection:
    """Element-wise minimum of the branches (Sen et al. 2021), and the hops that follow it."""

    rows: tuple[
        IntersectionRow, ...
    ]  #: largest minimum first, a bounded number, then some that one branch alone reaches
    omitted: int  #: entities with a positive minimum that are not listed
    hops: tuple[Hop, ...]  #: hops that start from the intersection
    stop: tuple[float, ...]  #: P(0, 1, ... hops after the intersection)


@dataclass(frozen=True)
class Fact:
    """A triple as stored in the graph (never inverted)."""

    head: Entity
    relation: str  #: the label of the relation
    tail: Entity
    sentence: str = ""  #: the fact as a clause, without a full stop; untrusted text


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
class Trace:
    """All that happened to one question. See README, "The trace"."""

    question: str
    outcome: str  #: a key of OUTCOMES
    message: str  #: the outcome as a sentence
    answers: tuple[
        Answer, ...
    ] = ()  #: the whole answer set, best first (empty unless outcome is "answered")
    confidence: float = 0.0  #: P(the mentions and the plan that were chosen), in [0, 1]
    excluded: float = 0.0  #: P(the asked-about entities themselves are left out of the answer)
    mentions: tuple[Mention, ...] = ()
    branches: tuple[Branch, ...] = ()
    intersection: Intersection | None = None  #: None with fewer than two branches
    timings: dict[str, float] = field(
        default_factory=dict
    )  #: milliseconds: link, encode, hops, trace, total
    model: str = ""
    graph: str = ""
    version: str = ""
    edits: Edits = (
        Edits()
    )  #: what was decided by hand; intersect=False means that the branches were united
    notes: tuple[str, ...] = ()  #: edits that did not fit the question, each as a sentence

    def to_dict(self) -> dict:
        """The documented JSON object; entities are flattened to id, label, description, kind."""
        return _flatten(asdict(self))


def _flatten(value):
    """Lift nested "entity" objects so that a candidate reads {"id", "label", "description", "kind", "score", ...}."""
    if isinstance(value, dict):
        value = {k: _flatten(v) for k, v in value.items()}
        entity = value.pop("entity", None)
        return {**entity, **value} if isinstance(entity, dict) else value
    if isinstance(value, (list, tuple)):
        return [_flatten(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value
