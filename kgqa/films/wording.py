"""How people write names and questions: other names, plurals, lost accents, slips of the finger, missing question marks."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cached_property

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import KIND, fold, normalise

_OTHER_NAMES = {
    KIND["other name"],
    KIND["without article"],
    KIND["part of title"],
    KIND["numeral"],
    KIND["surname"],
}


class Wording:
    """Names of a graph's entities as somebody may type them."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self._films = (
            np.flatnonzero(graph.kind == graph.kinds.index("film"))
            if "film" in graph.kinds
            else np.arange(graph.num_entities)
        )

    @cached_property
    def _names_of(self) -> dict[int, list[tuple[str, int]]]:
        """{entity: [(normal form, alias kind), ...]}."""
        graph, found = self.graph, defaultdict(list)
        entry = graph.alias_entry.astype(np.int64)
        position = np.repeat(np.arange(len(entry) - 1), np.diff(entry))
        forms: dict[int, str] = {}
        for p, e, k in zip(
            position.tolist(), graph.alias_entity.tolist(), graph.alias_kind.tolist(), strict=True
        ):
            if p not in forms:
                forms = {p: graph.aliases[p]}
            found[e].append((forms[p], k))
        return found

    def first_of(self, form: str) -> tuple[int, ...]:
        """Entities of a normal form in the linker's order: most faithful alias, then best connected."""
        i = self.graph.aliases.find(form)
        return (
            ()
            if i < 0
            else tuple(
                self.graph.alias_entity[
                    self.graph.alias_entry[i] : self.graph.alias_entry[i + 1]
                ].tolist()
            )
        )

    def surface(
        self,
        entity: int,
        rng: random.Random,
        *,
        plural: bool = False,
        form: str = "",
        exact: bool = False,
    ) -> str:
        """A name for the entity as somebody may type it; empty if it has none of that form.

        ``form``: "adj" is an adjective ("French"), "part" the beginning of a title that others share ("Star Wars").
        """
        names = self._names_of[entity]
        label = self.graph.label(entity)
        if form == "part":
            whole = normalise(label)
            shared = (
                f
                for f, k in names
                if k == KIND["part of title"] and whole.startswith(f) and len(self.first_of(f)) > 1
            )
            options = sorted(
                {label[: len(f)] if normalise(label[: len(f)]) == f else f.title() for f in shared}
            )
            return rng.choice(options) if options else ""
        if form == "adj":
            options = sorted(f for f, k in names if k == KIND["adjective"])
            return rng.choice(options).title() if options else ""
        if plural:
            options = sorted(f for f, k in names if k == KIND["other name"] and f.endswith("s"))
            return rng.choice(options) if options else f"{label}s"
        if self.graph.kind_of(entity) == "currency":
            short = sorted(f for f, k in names if k == KIND["other name"])
            return rng.choice([label, *short])
        if not exact and rng.random() < 0.2:
            others = [
                f
                for f, k in names
                if k in _OTHER_NAMES and self.first_of(f)[:1] == (entity,) and len(f) > 3
            ]
            if others:
                name = rng.choice(sorted(others))
                return name if rng.random() < 0.3 else name.title()
        if rng.random() < 0.12:
            plain = "".join(c for c in _strip_accents(label))
            return plain.lower() if rng.random() < 0.3 else plain
        return label

    def invented(self, rng: random.Random) -> str:
        """A name that nothing in the graph has: syllables and stray words."""
        while True:
            syllables = [
                "bor",
                "ven",
                "tal",
                "mik",
                "dra",
                "zu",
                "phel",
                "or",
                "quin",
                "sta",
                "lo",
                "gri",
                "wex",
                "ham",
                "ny",
                "ka",
                "ro",
                "mund",
                "el",
                "vish",
                "tor",
                "bla",
                "skei",
                "no",
                "pra",
                "uth",
                "jor",
                "fen",
            ]
            parts = [
                "".join(rng.sample(syllables, rng.choice([2, 2, 3]))).title()
                for _ in range(rng.choice([1, 2, 2, 3]))
            ]
            if rng.random() < 0.4:
                extra = self.graph.label(int(rng.choice(self._films.tolist()))).split()[0]
                parts.insert(rng.randrange(len(parts) + 1), extra)
            if rng.random() < 0.25:
                parts.insert(0, "The")
            name = " ".join(parts)
            if not self.first_of(normalise(name)):
                return name


def _strip_accents(text: str) -> str:
    return "".join(
        c if c.isascii() else (fold(c) if c.islower() else fold(c).title()) for c in text
    )


def misspelt(name: str, rng: random.Random) -> str:
    """One slip of the finger in one of the longer words: a letter doubled, dropped, swapped or changed."""
    parts = name.split(" ")
    long = [i for i, w in enumerate(parts) if len(w) >= 5 and w.isalpha()]
    if not long:
        return name
    i = rng.choice(long)
    word, at = parts[i], rng.randrange(1, len(parts[i]) - 1)
    slip = rng.choice(["drop", "double", "swap", "change"])
    if slip == "drop":
        word = word[:at] + word[at + 1 :]
    elif slip == "double":
        word = word[:at] + word[at] + word[at:]
    elif slip == "swap":
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        word = (
            word[:at]
            + rng.choice("aeiou" if word[at] in "aeiou" else "bcdlmnprst")
            + word[at + 1 :]
        )
    parts[i] = word
    return " ".join(parts)


def restyle(text: str, rng: random.Random) -> str:
    """Ways of typing: all lower case, no final mark, a question mark too many or none."""
    roll = rng.random()
    if roll < 0.22:
        text = text.lower()
    elif roll < 0.5:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.25:
        text = text.rstrip("?.!")
    elif rng.random() < 0.05:
        text = text.rstrip("?.!") + "?"
    return text
