"""Names that the graph does not know but that hold words of names that it does know.

"The Matrix Resurrections" where the graph has "The Matrix", "Oppenheimer" where it has a person of
that surname: the linker proposes the known part, and the model must not answer for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from kgqa.errors import GraphError
from kgqa.films.phrasings import of_split
from kgqa.films.topics import Role, Topics
from kgqa.graph.names import normalise, words
from kgqa.linking import Linker
from kgqa.writer.slips import coined

BARE = 0.2  # share of film titles that are a surname and no more
_TRIES = 200
_NUMBERED = re.compile(r"[\W_]*\b([ivx]+|\d+|part|episode|vol)\b\W*$", re.IGNORECASE)
_SMALL = set("the a an of and in on at to for from with de la le el von van".split())


def said(text: str, alternatives: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """The text with one of the alternatives for it in place of each <name>."""
    return re.sub(
        r"<(\w+)>",
        lambda m: rng.choice(alternatives[m[1]]) if m[1] in alternatives else m[0],
        text,
    )


class UnknownNames:
    """Makes names that are like a graph's and are none of them."""

    def __init__(
        self,
        topics: Topics,
        patterns: Mapping[str, Sequence[str]],
        alternatives: Mapping[str, Sequence[str]],
    ):
        self.graph, self.topics = topics.graph, topics
        self.patterns, self.alternatives = patterns, alternatives
        self._linker = Linker(self.graph, max_candidates=100_000)  # all, to be sure

    def write(self, kind: str, split: str, rng: random.Random, *, bare: bool = False) -> str:
        """An unknown name for an entity of a kind, of parts of names of that split.

        ``bare``: a film may be named by a surname alone. Raises :class:`GraphError` if the graph
        knows whatever is tried.
        """
        for _ in range(_TRIES):
            if bare and kind == "film" and rng.random() < BARE:
                name = self._surname(split, rng)
                unknown = not self.known(name, "film", "character", "artwork", "company")
                unknown = unknown and not self._has(name, "home country")
            else:
                name = self._patterned(kind, split, rng)
                unknown = not self.known(name)
            if name and unknown:
                return name
        raise GraphError(f"No unknown name for a {kind} was found in {_TRIES} tries.")

    def known(self, name: str, *kinds: str) -> bool:
        """Whether the whole name may stand for an entity (of some kind), with a slip perhaps."""
        return any(not kinds or self.graph.kind_of(e) in kinds for e in self._read_as(name))

    def _read_as(self, name: str) -> list[int]:
        link = self._linker(name)
        last = len(link.words) - 1
        start = 1 if last > 0 and link.words[0][2] in _SMALL else 0
        return [
            e for p in link.proposals if p.first <= start and p.last == last for e in p.entities
        ]

    def _has(self, name: str, relation: str) -> bool:
        number = self.graph.relation_index.get(relation)
        return number is not None and any(
            len(self.graph.tails(e, number)) for e in self._read_as(name)
        )

    # -- parts of names ----------------------------------------------------------------------------

    def _patterned(self, kind: str, split: str, rng: random.Random) -> str:
        """A pattern of the kind and split with parts of names in its slots."""
        pattern = rng.choice(of_split(self.patterns[kind], split))
        pattern = said(pattern, self.alternatives, rng)
        while "{" in pattern:
            slot = re.search(r"\{(\w+)\}", pattern)
            assert slot is not None  # a pattern's braces are its slots'
            part = self._part(slot[1], kind, split, rng)
            if not part:
                return ""
            pattern = pattern.replace(slot[0], part, 1)
        return pattern

    def _part(self, slot: str, kind: str, split: str, rng: random.Random) -> str:
        if slot == "coined":
            return coined(rng)
        if slot == "surname":
            return self._surname(split, rng)
        if slot == "word":
            return self._word(split, rng)
        if slot == "city":
            return self._label("city", split, rng)
        label = self._label(kind, split, rng)
        if slot == "label":
            return label
        parts = label.split(" ")
        if slot == "swap":
            places = [i for i, w in enumerate(parts) if w.lower() not in _SMALL]
            word = self._word(split, rng)
            if len(parts) < 2 or not places or not word:
                return ""
            parts[rng.choice(places)] = word
            return " ".join(parts)
        part = parts[0] if slot == "front" else parts[-1]
        return "" if part.lower() in _SMALL or len(part) < 3 else part

    def _label(self, kind: str, split: str, rng: random.Random) -> str:
        """A label of one to four words, without a number or a remark at its end."""
        entity = self.topics.pick(Role(kind, split), rng)
        label = "" if entity is None else self.graph.label(entity)
        label = _NUMBERED.sub("", re.sub(r"\s*\(.*\)$", "", label))
        return label if label and len(words(label)) <= 4 and "{" not in label else ""

    def _word(self, split: str, rng: random.Random) -> str:
        """A word of a film's title that says something."""
        title = self._label("film", split, rng).split(" ")
        options = [w.title() for w in title if w.isalpha() and len(w) > 3 and not self._plain(w)]
        return rng.choice(options) if options else ""

    def _plain(self, word: str) -> bool:
        return normalise(word) in _SMALL | self.graph.stop_words

    def _surname(self, split: str, rng: random.Random) -> str:
        parts = self._label("person", split, rng).split(" ")
        word = parts[-1]
        return word if len(parts) > 1 and len(word) > 3 and word.isalpha() else ""
