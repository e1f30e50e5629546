"""Propose mentions: every run of words that the alias index knows, with the entities that it may stand for.

A run is looked up in its normal form (``kgqa.graph.names``), then without a possessive, then with misspelt words corrected.
Nothing here decides what a question means: spans overlap and nest freely ("Star", "Wars", "Star Wars"), and the model scores
them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import KIND, words
from kgqa.linking.speller import Speller

MAX_WORDS = 12  # longest run looked up
MAX_SPANS = 20
MAX_CANDIDATES = 10


@dataclass(frozen=True)
class Proposal:
    """A span of words [first, last] and its candidate entities, most faithful alias and best connected first."""

    first: int
    last: int
    entities: tuple[int, ...]
    alias_kinds: tuple[int, ...]  #: index into ALIAS_KINDS, one an entity

    def overlaps(self, other: Proposal) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Link:
    """A question in words, with the proposals for it."""

    question: str
    words: tuple[tuple[int, int, str], ...]  #: (start, end, normal form)
    proposals: tuple[Proposal, ...]

    def text(self, proposal: Proposal) -> str:
        start, end = self.span(proposal)
        return self.question[start:end]

    def span(self, proposal: Proposal) -> tuple[int, int]:
        """Characters [start, end) of a proposal; a possessive 's and a closing apostrophe stay outside."""
        start, end = self.words[proposal.first][0], self.words[proposal.last][1]
        text = self.question[start:end]
        for ending in ("'s", "’s", "'", "’"):
            if text.lower().endswith(ending) and len(text) > len(ending):
                return start, end - len(ending)
        return start, end


class Linker:
    """Proposes mentions from a graph's alias index."""

    def __init__(
        self, graph: Graph, *, max_spans: int = MAX_SPANS, max_candidates: int = MAX_CANDIDATES
    ):
        self.graph, self.max_spans, self.max_candidates = graph, max_spans, max_candidates
        self.speller = Speller(graph)

    def __call__(self, question: str) -> Link:
        tokens = tuple(words(question))
        options = [self._options(question, *token) for token in tokens]
        found: dict[tuple[int, int], dict[int, int]] = {}
        for first in range(len(tokens)):
            starts = [""]
            for last in range(first, min(first + MAX_WORDS, len(tokens))):
                entities = self._lookup(options[first : last + 1])
                if entities:
                    found[first, last] = entities
                starts = self._continued(starts, options[last])
                if not starts:
                    break  # no name goes on from here
        # Longer spans first: when there are too many, short ones nested in them are the least informative.
        keep = sorted(found, key=lambda s: (-(s[1] - s[0]), -len(tokens[s[0]][2]), s))[
            : self.max_spans
        ]
        return Link(question, tokens, tuple(self._proposal(s, found[s]) for s in sorted(keep)))

    def _options(
        self, question: str, start: int, end: int, normal: str
    ) -> tuple[list[str], list[str]]:
        """(normal forms, corrections) of one word."""
        forms = [normal]
        surface = question[start:end].lower().replace("’", "'")
        if surface.endswith("'s") and len(normal) > 2:
            forms.append(normal[:-1])
        if any(self.speller.known(f) for f in forms):
            return forms, []
        return forms, [c for f in forms for c in self.speller.corrections(f)]

    def _continued(self, starts: list[str], option: tuple[list[str], list[str]]) -> list[str]:
        """The runs of words (ending in a space) that some name starts with, one word longer than ``starts``."""
        longer = [f"{start}{word} " for start in starts for word in (*option[0], *option[1])]
        return [run for run in longer if self.graph.aliases.any_starts(run)]

    def _lookup(self, options: list[tuple[list[str], list[str]]]) -> dict[int, int]:
        """{entity: alias kind} for a run of words; corrections are tried only if the plain forms are unknown."""
        prefix = [" ".join(forms[0] for forms, _ in options[:-1])] if len(options) > 1 else [""]
        middle = [i for i, (_, fixed) in enumerate(options[:-1]) if fixed]
        exact = self._entries([f"{p} {f}".strip() for p in prefix for f in options[-1][0]])
        if exact or not (middle or options[-1][1]):
            return exact
        runs = [""]
        for forms, fixed in options:
            runs = [f"{run} {w}".strip() for run in runs for w in (fixed or forms)][:64]
        return dict.fromkeys(self._entries(runs), KIND["misspelling"])

    def _entries(self, forms: list[str]) -> dict[int, int]:
        graph, entities = self.graph, {}
        for form in forms:
            i = graph.aliases.find(form)
            if i >= 0:
                for e, k in graph.entries(i):
                    entities[e] = min(k, entities.get(e, k))
        return entities

    def _proposal(self, span: tuple[int, int], entities: dict[int, int]) -> Proposal:
        ids = np.fromiter(entities, dtype=np.int64)
        degree = self.graph.degree[ids]
        order = sorted(
            range(len(ids)), key=lambda i: (entities[int(ids[i])], -int(degree[i]), int(ids[i]))
        )
        if (
            len(order) > self.max_candidates
        ):  # keep the best connected whatever their alias kind, too
            best = order[: self.max_candidates // 2]
            rest = sorted(set(order) - set(best), key=lambda i: (-int(degree[i]), int(ids[i])))
            order = best + rest[: self.max_candidates - len(best)]
        kept = [int(ids[i]) for i in order]
        return Proposal(*span, tuple(kept), tuple(entities[e] for e in kept))
