"""Questions to go on with: written from what a trace holds, and offered if they are answered.

    next      after an answer: about the answer, and about the names of the question
    instead   after a refusal: what the graph does answer about these names
    meant     a question that stands on the one before ("and who wrote it?"), as a full question

A question is offered only if the model's answer is the very set of entities that the graph holds
for it, as examples are (:mod:`kgqa.serve.examples`). Nothing here changes what a question means.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from kgqa.graph.names import normalise
from kgqa.model.features import STOP_WORDS
from kgqa.text import plain

if TYPE_CHECKING:
    from kgqa.inference import Pipeline
    from kgqa.trace import Entity, Trace
    from kgqa.ui.service import Offers

MOST = 3  #: questions that are offered
TRIED = 8  #: questions that are tried for it at most
BATCH = 4  #: of them at a time, in one pass of the network; where these are answered, no more
LARGEST = 500  #: entities of an answer that is checked
LONGEST = 120  #: characters of a question
EACH = 6  #: of them about one name of a question without an answer
ALIKE = 65  #: similarity (0 to 100) from which a template may be what a short question means
NEAR = 40  #: from which one is near a question without an answer
KEPT = 512  #: offers that are kept, by question
TRIALS = 4_096  #: questions of which it is known whether they are answered
UNNAMED = ("value", "class", "range")  #: kinds that nobody asks about


@dataclass(frozen=True)
class Written:
    """A question that the graph answers."""

    question: str
    entity: str  #: id of what it asks about
    relation: str  #: id of the relation that answers it; "-" in front for the inverse
    template: str  #: the question without the name


class Further:
    """Offers for one pipeline; thread-safe."""

    def __init__(self, pipeline: Pipeline, examples: Sequence[str] = ()):
        """``examples``: questions that are known to be answered."""
        self.pipeline, self.graph, self.examples = pipeline, pipeline.graph, tuple(examples)
        self._kept: OrderedDict[tuple, Offers] = OrderedDict()
        self._trials: OrderedDict[Written, bool] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, trace: Trace, before: Trace | None = None) -> Offers:
        """What to offer below ``trace``; ``before``: the last one that was answered before it."""
        key = (trace.question, trace.edits, before and (before.question, before.edits))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        offers = self._offers(trace, before)
        with self._lock:
            self._kept[key] = offers
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return offers

    def _offers(self, trace: Trace, before: Trace | None) -> Offers:
        from kgqa.ui.service import Offers

        asked, answered = {_same(trace.question)}, trace.outcome == "answered"
        if before is not None:
            alike = self._alike(trace, before)
            exchanged = () if answered else self._exchanged(trace, before)
            if meant := self._answered(chain(alike, exchanged), set(asked)):
                return Offers("meant", meant)
        if answered:
            return Offers("next", self._answered(self._next(trace), asked))
        instead = self._answered(self._instead(trace), asked)
        return Offers("instead", instead or self._examples(trace, asked))

    # -- what is offered after what ----------------------------------------------------------------

    def _next(self, trace: Trace) -> Iterator[Written]:
        """Back over the last relation, then about the answer and the names in turn."""
        last = _last(trace)
        back = last.removeprefix("-") if last.startswith("-") else f"-{last}"
        about = [w for e in _answers(trace)[:1] for w in self._about(e)]
        named = [w for e in _named(trace) for w in self._about(e) if w.relation != last]
        yield from (w for w in about if w.relation == back)
        others = [w for w in about if w.relation not in (back, last)]
        yield from (w for pair in zip_longest(named, others) for w in pair if w)

    def _instead(self, trace: Trace) -> list[Written]:
        """About each name of a question without an answer, what is most like it first."""
        written: list[Written] = []
        for entity in _named(trace, unused=True)[:2]:
            about = ((_likeness(w.template, trace.question), w) for w in self._about(entity))
            near = [pair for pair in about if pair[0] >= NEAR]
            written += [w for _, w in sorted(near, key=lambda pair: -pair[0])[:EACH]]
        return written

    def _examples(self, trace: Trace, asked: set[str]) -> tuple[str, ...]:
        """The examples that are most like the question."""
        near = [q for q in self.examples if _same(q) not in asked]
        return tuple(sorted(near, key=lambda q: -_likeness(q, trace.question))[:MOST])

    def _alike(self, trace: Trace, before: Trace) -> list[Written]:
        """About the entities of the question before: those whose words this one has.

        Of a question that was answered only if it names nothing else: besides those words there
        are only small ones ("Who played her?").
        """
        entities, small = (
            [*_answers(before)[:1], *_named(before)],
            STOP_WORDS | self.graph.stop_words,
        )
        known: list[tuple[float, Written]] = []
        for written in chain.from_iterable(map(self._about, entities)):
            likeness = _likeness(written.template, trace.question)
            rest = set(_same(trace.question).split()) - set(_same(written.template).split())
            if likeness >= ALIKE and (trace.outcome != "answered" or (rest and rest <= small)):
                known.append((likeness, written))
        return [written for _, written in sorted(known, key=lambda pair: -pair[0])]

    def _exchanged(self, trace: Trace, before: Trace) -> Iterator[Written]:
        """The question before about another name: "and Jackie Brown?"."""
        last, names = _last(before), [m for m in before.mentions if m.used]
        if len(names) != 1 or sum(len(b.hops) for b in before.branches) != 1:
            return
        for entity in _named(trace, unused=True)[:1]:
            yield from (w for w in self._about(entity) if w.relation == last)

    # -- written and answered ----------------------------------------------------------------------

    def _about(self, entity: Entity) -> Iterator[Written]:
        """A question for each relation of an entity, in the order of the graph."""
        graph, position = self.graph, self.graph.find(entity.id)
        if position is None or entity.kind in UNNAMED:
            return
        name, classes = plain(entity.label, 80), graph.classes.relation
        for r, tails in graph.groups(position):
            inverse = r >= len(graph.relations)
            to_class = classes is not None and r in (classes, graph.inverse(classes))
            if to_class or len(tails) > LARGEST:
                continue
            relation = graph.relations[r % len(graph.relations)]
            question = plain(relation.ask(name, inverse=inverse), 2 * LONGEST)
            if len(question) <= LONGEST:
                template = relation.ask("", inverse=inverse)
                yield Written(question, entity.id, graph.relation_id(r), template)

    def _answered(self, written: Iterable[Written], asked: set[str]) -> tuple[str, ...]:
        """The first that the model answers as the graph does."""
        found: list[str] = []
        new = {_same(w.question): w for w in islice(written, 4 * TRIED)}
        queue = islice((w for same, w in new.items() if same not in asked), TRIED)
        while len(found) < MOST and (batch := list(islice(queue, BATCH))):
            tried = self._tried(batch)
            found += [w.question for w in batch if tried[w]]
        return tuple(found[:MOST])

    def _tried(self, batch: Sequence[Written]) -> dict[Written, bool]:
        """Whether the model answers each as the graph does; what was tried before is not again."""
        with self._lock:
            known = {w: self._trials[w] for w in batch if w in self._trials}
        if new := [w for w in batch if w not in known]:
            traces = self.pipeline.answer_many([w.question for w in new])
            known |= {w: self._right(w, trace) for w, trace in zip(new, traces, strict=True)}
        with self._lock:
            self._trials |= known
            while len(self._trials) > TRIALS:
                self._trials.popitem(last=False)
        return known

    def _right(self, written: Written, trace: Trace) -> bool:
        graph, entity = self.graph, self.graph.find(written.entity)
        if trace.outcome != "answered" or trace.value is not None or entity is None:
            return False
        tails = graph.tails(entity, graph.relation_index[written.relation])
        return {a.entity.id for a in trace.answers} == {graph.key(t) for t in tails.tolist()}


def _last(trace: Trace) -> str:
    """The relation or operator that led to the answer; empty if nothing was followed."""
    from kgqa.ui.html import marks, operators

    hops = [*(h for b in trace.branches for h in marks.walked(b)), *marks.after(trace)]
    return operators.heaviest(hops[-1]) if hops else ""


def _answers(trace: Trace) -> list[Entity]:
    """What was answered, if questions can be about it."""
    entities = [a.entity for a in trace.answers if a.value is None]
    return [e for e in entities if e.kind not in UNNAMED]


def _named(trace: Trace, *, unused: bool = False) -> list[Entity]:
    """The likeliest entity of each name that takes part.

    ``unused``: else of the longest names that are written as the graph has them, or of several
    words, so that no "music" is taken for a painting.
    """
    mentions = [m for m in trace.mentions if m.used]
    if unused and not mentions:
        sure = [
            m
            for m in trace.mentions
            if m.candidates and (" " in m.text or m.text == m.candidates[0].entity.label)
        ]
        mentions = sorted(sure, key=lambda m: m.start - m.end)
    chosen = {(use.start, use.end): use.entity for use in trace.edits.use}
    best: list[Entity] = []
    for mention in mentions:
        own = chosen.get((mention.start, mention.end))
        entities = [c.entity for c in mention.candidates]
        best += [e for e in entities if e.id == own][:1] or entities[:1]
    return [entity for entity in best if entity.kind not in UNNAMED]


def _likeness(template: str, question: str) -> float:
    """How many of a template's words a question has, 0 to 100; only the order of offers."""
    from rapidfuzz import fuzz, utils

    return fuzz.token_set_ratio(template, question, processor=utils.default_process)


def _same(question: str) -> str:
    """Questions that differ in case and punctuation alone are the same."""
    return normalise(question)
