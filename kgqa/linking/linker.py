"""Propose mentions: every run of words that the alias index knows, with its candidate entities.

A run is looked up in its normal form (``kgqa.graph.names``), then without a possessive, then with
misspelt words corrected and numbers in words as digits, or the other way round. Where nothing is
named, the question word is proposed for what there is ("who earns the most?"). Literals ("1975",
"two hours") are proposed beside them: their candidates are sets of entities
(``kgqa.linking.ranges``). Nothing here decides what a question means. Spans overlap and nest freely
("Star", "Wars", "Star Wars"), and the model scores them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import KIND, PEOPLE, words
from kgqa.graph.numbers import ValueRange
from kgqa.linking import literals as literal
from kgqa.linking.numerals import NUMERALS
from kgqa.linking.ranges import ranges as ranges_of
from kgqa.linking.speller import Speller

MAX_WORDS = 12  # of a run that is looked up
MAX_SPANS = 20
MAX_CANDIDATES = 10
RESERVED = 5  # of MAX_SPANS, for literals: few words, and names would push them out
MAX_RUNS = 64  # corrected runs of words that are looked up for one span
QUESTION_WORDS = {"who": True, "whom": True, "what": False, "which": False}  # of persons?
_POSSESSIVES = ("'s", "’s", "'", "’")


@dataclass(frozen=True)
class Proposal:
    """A span of words [first, last] and what it may stand for.

    Candidates are entities in [0, E), and after them sets of entities: E + i is ``Link.ranges[i]``.
    """

    first: int
    last: int
    entities: tuple[int, ...]  #: most faithful alias first, then best connected; then sets
    alias_kinds: tuple[int, ...]  #: index into ALIAS_KINDS for each; of a set how it compares

    def overlaps(self, other: Proposal) -> bool:
        """Whether the two spans share a word."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Link:
    """A question in words, with the mentions proposed for it."""

    question: str
    words: tuple[tuple[int, int, str], ...]  #: first character, one past the last, normal form
    proposals: tuple[Proposal, ...]
    ranges: tuple[ValueRange, ...] = ()  #: the sets that literals may stand for
    named: bool = True  #: False: nothing is, and a question word is proposed for what there is

    def range_of(self, candidate: int, num_entities: int) -> ValueRange | None:
        """The set that a candidate of a proposal is; None for an entity."""
        return self.ranges[candidate - num_entities] if candidate >= num_entities else None

    def entities_alone(self, num_entities: int) -> Link:
        """The same link without literals; candidates keep their places."""
        if not self.ranges:
            return self
        proposals = []
        for p in self.proposals:
            kept = tuple(e for e in p.entities if e < num_entities)
            proposals.append(replace(p, entities=kept, alias_kinds=p.alias_kinds[: len(kept)]))
        return replace(self, proposals=tuple(proposals), ranges=())

    def text(self, proposal: Proposal) -> str:
        """The characters of a proposal."""
        start, end = self.span(proposal)
        return self.question[start:end]

    def span(self, proposal: Proposal) -> tuple[int, int]:
        """Characters [start, end) of a proposal, without a possessive at its end."""
        start, end = self.words[proposal.first][0], self.words[proposal.last][1]
        text = self.question[start:end]
        for ending in _POSSESSIVES:
            if text.lower().endswith(ending) and len(text) > len(ending):
                return start, end - len(ending)
        return start, end


@dataclass(frozen=True)
class _Word:
    """The ways to read one word of a question."""

    forms: list[str]  # normal forms: with and without a possessive
    corrections: list[str]  # other words of names that it may stand for; empty if there are none


def singulars(word: str) -> list[str]:
    """What an English plural may be the plural of; [] for a word that is none.

    >>> singulars("cities"), singulars("classes"), singulars("states"), singulars("texas")
    (['city', 'citie'], ['class', 'classe'], ['state'], ['texa'])
    """
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return []
    forms = [word[:-1]]
    if word.endswith("ies"):
        forms.insert(0, f"{word[:-3]}y")
    elif word.endswith(("ses", "xes", "ches", "shes", "zes")):
        forms.insert(0, word[:-2])
    return forms


class Linker:
    """Proposes mentions from a graph's alias index, and literals for its numbers."""

    def __init__(
        self,
        graph: Graph,
        *,
        max_spans: int = MAX_SPANS,
        max_candidates: int = MAX_CANDIDATES,
        literals: bool = True,
    ):
        """``max_candidates`` bounds entities; a literal has at most ``ranges.MAX_RANGES`` more.

        ``literals``: whether they are proposed.
        """
        self.graph, self.max_spans, self.max_candidates = graph, max_spans, max_candidates
        self.literals = literals
        self.speller = Speller(graph)

    def __call__(self, question: str) -> Link:
        tokens = tuple(words(question))
        options = [self._word(question, *token) for token in tokens]
        spans: dict[tuple[int, int], dict[int, int]] = {}
        for first in range(len(tokens)):
            starts = [""]
            for last in range(first, min(first + MAX_WORDS, len(tokens))):
                entities = self._lookup(options[first : last + 1])
                if entities:
                    spans[first, last] = entities
                starts = self._continued(starts, options[last])
                if not starts:
                    break  # no name goes on from here
        sets = self._literals(question, tokens)
        # Where there are too many, short spans nested in longer ones are the least informative.
        order = sorted({*spans, *sets}, key=lambda s: (s[0] - s[1], -len(tokens[s[0]][2]), s))
        first_of = [span for span in order if span in sets][: min(RESERVED, self.max_spans)]
        kept = sorted([*dict.fromkeys([*first_of, *order])][: self.max_spans])
        ranges: list[ValueRange] = []
        proposals = []
        for span in kept:
            proposal = self._proposal(span, spans.get(span, {}))
            proposals.append(self._with_sets(proposal, sets.get(span, []), len(ranges)))
            ranges += sets.get(span, [])
        if not proposals and (asked_for := self._asked_for(tokens)):
            return Link(question, tokens, (asked_for,), named=False)
        return Link(question, tokens, tuple(proposals), tuple(ranges))

    def _asked_for(self, tokens: tuple[tuple[int, int, str], ...]) -> Proposal | None:
        """The first question word, for every class: who earns the most is one of the staff."""
        place = next((i for i, (*_, word) in enumerate(tokens) if word in QUESTION_WORDS), None)
        if place is None:
            return None
        largest = self.graph.classes.largest
        classes = self._persons if QUESTION_WORDS[tokens[place][2]] else largest
        classes = classes[: self.max_candidates]
        if not classes:
            return None
        return Proposal(place, place, classes, (KIND["other name"],) * len(classes))

    @cached_property
    def _persons(self) -> tuple[int, ...]:
        """The largest classes of persons, by the last word of their names."""
        named = {e: words(self.graph.label(e)) for e in self.graph.classes.largest}
        last = {e: tokens[-1][2] for e, tokens in named.items() if tokens}
        return tuple(e for e, w in last.items() if not PEOPLE.isdisjoint([w, *singulars(w)]))

    def _literals(
        self, question: str, tokens: tuple[tuple[int, int, str], ...]
    ) -> dict[tuple[int, int], list[ValueRange]]:
        """{span: sets} of the literals that may stand for a set."""
        found = literal.find(question, tokens)[: self.max_spans] if self.literals else []
        sets = {(one.first, one.last): ranges_of(self.graph, one) for one in found}
        return {span: ranges for span, ranges in sets.items() if ranges}

    def _with_sets(self, proposal: Proposal, sets: list[ValueRange], first: int) -> Proposal:
        """A proposal with sets behind its entities; the first is ``Link.ranges[first]``."""
        codes = range(self.graph.num_entities + first, self.graph.num_entities + first + len(sets))
        kinds = (KIND[within.compare] for within in sets)
        return replace(
            proposal,
            entities=(*proposal.entities, *codes),
            alias_kinds=(*proposal.alias_kinds, *kinds),
        )

    def _word(self, question: str, start: int, end: int, normal: str) -> _Word:
        forms = [normal]
        surface = question[start:end].lower().replace("’", "'")
        if surface.endswith("'s") and len(normal) > 2:
            forms.append(normal[:-1])
        number = NUMERALS.get(normal)
        if number is not None and self.speller.known(number):
            return _Word(forms, [normal, number])
        if any(self.speller.known(form) for form in forms):
            return _Word(forms, [])
        return _Word(forms, [c for form in forms for c in self.speller.corrections(form)])

    def _continued(self, starts: list[str], word: _Word) -> list[str]:
        """Runs of words, ending in a space, that some name starts with: one word longer."""
        longer = [f"{s}{w} " for s in starts for w in (*word.forms, *word.corrections)]
        return [run for run in longer if self.graph.aliases.any_starts(run)]

    def _lookup(self, run: list[_Word]) -> dict[int, int]:
        """{entity: alias kind} of a run; corrections are tried only if its plain forms are unknown.

        Only the last word of a name drops its possessive.
        """
        prefix = " ".join(word.forms[0] for word in run[:-1])
        exact = self._entries([f"{prefix} {form}".strip() for form in run[-1].forms])
        for form in singulars(run[-1].forms[0]):  # "cities" names the class "city"
            named = self._entries([f"{prefix} {form}".strip()])
            classes = {e: k for e, k in named.items() if len(self.graph.classes.members(e))}
            exact = {**dict.fromkeys(classes, KIND["other name"]), **exact}
        if exact or not any(word.corrections for word in run):
            return exact
        texts = [""]
        for word in run:
            options = word.corrections or word.forms
            texts = [f"{text} {option}".strip() for text in texts for option in options][:MAX_RUNS]
        return dict.fromkeys(self._entries(texts), KIND["misspelling"])

    def _entries(self, forms: list[str]) -> dict[int, int]:
        """{entity: most faithful alias kind} of some normal forms."""
        entities: dict[int, int] = {}
        for form in forms:
            alias = self.graph.aliases.find(form)
            for entity, kind in self.graph.entries(alias) if alias >= 0 else ():
                entities[entity] = min(kind, entities.get(entity, kind))
        return entities

    def _proposal(self, span: tuple[int, int], entities: dict[int, int]) -> Proposal:
        ids = np.fromiter(entities, dtype=np.int64)
        degree = dict(zip(ids.tolist(), self.graph.degree[ids].tolist(), strict=True))
        order = sorted(entities, key=lambda e: (entities[e], -degree[e], e))
        if len(order) > self.max_candidates:  # keep the best connected too, whatever their alias
            best = order[: self.max_candidates // 2]
            rest = sorted(set(order) - set(best), key=lambda e: (-degree[e], e))
            order = best + rest[: self.max_candidates - len(best)]
        return Proposal(*span, tuple(order), tuple(entities[e] for e in order))
