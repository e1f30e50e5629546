"""Names that a person may be about to write: those that begin as the last words do.

Aliases are sorted, so that all names with a beginning lie beside one another: two binary searches
find them, and at most :data:`LOOKED` of their entries are read, whatever the size of the graph.

    Completer(graph)("who directed pulp fi")    [Completion(Pulp Fiction, start=13)]

Nothing is decided here: a person chooses one, or goes on writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import KIND, normalise, words
from kgqa.trace import Completion, Entity

LONGEST = 120  #: characters before the caret that are read
WORDS = 6  #: a name that is begun has at most so many words
LOOKED = 16_384  #: entries of aliases that are compared for each beginning
SHORTEST = 2  #: letters of a beginning; of scripts with many letters one is enough
SHORTER = 4  #: letters of a beginning beside a longer one
RESERVED = 3  #: places for the shorter beginnings, where the longest has more names than fit
VALUE = "value"  #: the kind of an entity that is a number, a date or a text of the source
_ENDED = re.compile(r"[?!]\s*$")


class Completer:
    """Completes names of one graph; read-only, so threads may share it.

    ``silent``: words that begin no name by themselves ("the"); with another word they may.
    """

    def __init__(self, graph: Graph, silent: frozenset[str] = frozenset()):
        self.graph = graph
        self.silent = silent | graph.stop_words

    def __call__(self, text: str, limit: int = 8) -> list[Completion]:
        """Names that the end of ``text``, all that stands before the caret, may become.

        Beginnings of several words come before shorter ones ("the godf" before "godf"). Of names
        with the same beginning come first those that it is, then whole names before parts of
        names, the best connected of each before others.
        """
        found: dict[str, Completion] = {}
        before = max(len(text) - LONGEST, 0)
        groups: list[tuple[int, list[int]]] = []
        for start, prefix in self._begun(text[-LONGEST:]):
            if not groups or len(prefix) >= SHORTER:
                groups += [(start, names)] if (names := self._names(prefix, limit)) else []
        for i, (start, names) in enumerate(groups):
            room = limit - len(found) - (RESERVED if groups[i + 1 :] else 0)
            for entity in names[: max(room, 1)]:
                entry = self.graph.entity(entity)
                shared = self._shared(entry)
                found.setdefault(entry.id, Completion(entry, before + start, shared))
        return list(found.values())[:limit]

    def _begun(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, normal form) of the last words of a text, most of them first."""
        if _ENDED.search(text):
            return
        spans = words(text)[-WORDS:]
        ended = " " if text[-1:].isspace() else ""  # the last word is whole
        for i, (start, _, _) in enumerate(spans):
            forms = [form for _, _, form in spans[i:]]
            form = " ".join(forms)
            least = SHORTEST if form.isascii() else 1
            if len(form) >= least and not all(f in self.silent for f in forms):
                yield start, form + ended

    def _names(self, prefix: str, limit: int) -> list[int]:
        """Entities with a name that begins so, at most ``limit``, best first."""
        graph, aliases = self.graph, self.graph.aliases
        low, high = aliases.starting(prefix)
        if low == high:
            return []
        first, last = int(graph.alias_entry[low]), int(graph.alias_entry[high])
        last = min(last, first + LOOKED)
        entities = np.asarray(graph.alias_entity[first:last])
        kinds = np.asarray(graph.alias_kind[first:last])
        named = self._named(entities)
        entities, kinds = entities[named], kinds[named]
        exact = int(graph.alias_entry[low + 1]) if aliases[low] == prefix.strip() else first
        whole = (np.arange(first, last) < exact)[named] & (kinds <= KIND["other name"])
        part = kinds > KIND["without article"]
        order = np.lexsort((entities, -graph.degree[entities], part, ~whole))
        return list(dict.fromkeys(entities[order[: 4 * limit]].tolist()))[:limit]

    def _named(self, entities: np.ndarray) -> np.ndarray:
        """Which of them a question names: no values and no classes. bool [n]."""
        graph = self.graph
        silent = [i for i, kind in enumerate(graph.kinds) if kind in (VALUE, "class")]
        return ~np.isin(graph.kind[entities], silent)

    def _shared(self, entity: Entity) -> bool:
        """Whether other entities have the same label."""
        alias = self.graph.aliases.find(normalise(entity.label))
        if alias < 0:
            return False
        return sum(kind == KIND["label"] for _, kind in self.graph.entries(alias)) > 1
