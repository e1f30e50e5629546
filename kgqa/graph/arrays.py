"""The arrays of a graph folder: what each holds, its shape and its type.

Every writer of graphs and the check of a folder read this table. Each array is one file,
``<name>.npy``, of one dimension. Letters in shapes:

    E  entities                          A  aliases (distinct normal forms)
    G  groups (entity, relation)         P  pairs (alias, entity)
    T  edges, inverses included          W  distinct words of aliases
    N  literals that are numbers         D  distinct descriptions

Strings are two arrays, ``<name>_text`` and ``<name>_offset`` (``kgqa.graph.strings``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kgqa.errors import GraphError


@dataclass(frozen=True)
class Array:
    """What one array holds."""

    about: str
    shape: str
    dtypes: tuple[str, ...]  #: narrowest first; all but a few arrays have one

    def dtype(self, largest: int = 0) -> np.dtype:
        """The narrowest type that holds values up to ``largest``. Raises :class:`GraphError`."""
        for name in self.dtypes:
            dtype = np.dtype(name)
            if dtype.kind == "f" or largest <= np.iinfo(dtype).max:
                return dtype
        raise GraphError(f"A graph cannot hold {largest:,} in an array of {self.about}.")


def _strings(name: str, about: str, count: str) -> dict[str, Array]:
    return {
        f"{name}_text": Array(f"{about}, as UTF-8", "[bytes]", ("uint8",)),
        f"{name}_offset": Array(f"where each of {about} starts", count, ("uint32", "uint64")),
    }


_POSITION = ("int32", "int64")
ARRAYS: dict[str, Array] = {
    # facts, sorted by (head, relation, tail)
    "entity_group": Array("the first group of each entity", "[E + 1]", _POSITION),
    "group_relation": Array("the relation of each group", "[G]", ("uint8", "int16")),
    "group_edge": Array("the first edge of each group", "[G + 1]", _POSITION),
    "tail": Array("the entity that each edge leads to", "[T]", ("int32",)),
    "number_entity": Array("heads of literals that are numbers", "[N]", ("int32",)),
    "number_relation": Array("their relations", "[N]", ("int16",)),
    "number_value": Array("the numbers", "[N]", ("float64",)),
    # entities in words
    "entity_kind": Array("kinds, as positions in graph.json", "[E]", ("uint8",)),
    "entity_description": Array("descriptions, as positions among them", "[E]", ("int32",)),
    **_strings("label", "labels", "[E + 1]"),
    **_strings("key", 'ids (empty where the id is "kind:label")', "[E + 1]"),
    **_strings("description", "distinct descriptions", "[D + 1]"),
    "id_order": Array("entities, sorted by the UTF-8 bytes of their ids", "[E]", ("int32",)),
    # the alias index, sorted by the UTF-8 bytes of the aliases
    **_strings("alias", "aliases in normal form", "[A + 1]"),
    "alias_entry": Array("the first entity of each alias", "[A + 1]", ("int32",)),
    "alias_entity": Array("entities of each alias, best connected first", "[P]", ("int32",)),
    "alias_kind": Array("how each alias relates to the label (names.KIND)", "[P]", ("uint8",)),
    # the word index (``kgqa.graph.vocabulary``), sorted by (length in characters, UTF-8 bytes)
    **_strings("word", "words of aliases", "[W + 1]"),
    "word_count": Array("how often each word occurs in aliases", "[W]", ("int32",)),
    "word_letters": Array("the letters of each word as a set of bits", "[W]", ("uint64",)),
    "word_block": Array("the first word of each length", "[longest + 2]", ("int64",)),
}


def array(name: str, values, largest: int = 0) -> np.ndarray:
    """``values`` in the type that the array ``name`` has."""
    return np.asarray(values, dtype=ARRAYS[name].dtype(largest))
