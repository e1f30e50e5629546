"""From tables to the arrays of facts, a chunk at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kgqa.graph.importer.npy import NpyWriter
from kgqa.graph.importer.tables import KeyBits, Tables


class EdgeWriter:
    """Writes entity_group, group_relation, group_edge and tail from sorted keys of edges."""

    def __init__(self, folder: Path, entities: int, relations: int, bits: KeyBits, most: int):
        self._folder, self._bits, self._most, self._relations = folder, bits, most, relations
        self._tail = NpyWriter.of(folder, "tail", entities)
        self._relation = NpyWriter.of(folder, "group_relation", 2 * relations - 1)
        self._edge = NpyWriter.of(folder, "group_edge", most)
        self._groups = np.zeros(entities, dtype=np.int32)  # of each entity
        self._last = -1
        self.degree = np.zeros(entities, dtype=np.int64)  #: edges that leave each entity
        self.triples = np.zeros(relations, dtype=np.int64)  #: of each relation

    @property
    def edges(self) -> int:
        """How many distinct edges were written."""
        return self._tail.length

    def extend(self, keys: np.ndarray) -> None:
        """Further keys int64 [n], ascending; equal ones count once."""
        before = np.concatenate([[self._last], keys[:-1]])
        keys, before = keys[keys != before], before[keys != before]
        if not len(keys):
            return
        pair, start = keys >> self._bits.entity, self._tail.length
        new = (pair != before >> self._bits.entity) | (before < 0)
        head, relation = pair >> self._bits.relation, pair & ((1 << self._bits.relation) - 1)
        self._tail.append(keys & ((1 << self._bits.entity) - 1))
        self._relation.append(relation[new])
        self._edge.append(start + np.flatnonzero(new))
        low, high = int(head[0]), int(head[-1]) + 1
        groups = np.bincount(head[new] - low, minlength=high - low)
        self._groups[low:high] += groups.astype(np.int32)
        self.degree[low:high] += np.bincount(head - low, minlength=high - low)
        forward = np.bincount(relation, minlength=2 * self._relations)[: self._relations]
        self.triples += forward
        self._last = int(keys[-1])

    def close(self) -> None:
        self._edge.append([self._tail.length])
        first_group = NpyWriter.of(self._folder, "entity_group", self._most)
        first_group.append([0])
        first_group.append(self._groups.cumsum(dtype=np.int64))
        for writer in (self._tail, self._relation, self._edge, first_group):
            writer.close()


def write_edges(tables: Tables, folder: Path, bits: KeyBits) -> EdgeWriter:
    """Write the edges; the writer then knows degrees and numbers of triples."""
    total = tables.count("edges")
    tables.run("sorting edges", "CREATE TABLE ordered AS SELECT k FROM edges ORDER BY k")
    tables.drop("edges")
    writer = EdgeWriter(folder, tables.count("entities"), tables.count("relations"), bits, total)
    for columns in tables.chunks("writing edges", "ordered"):
        writer.extend(np.asarray(columns["k"], dtype=np.int64))
    tables.drop("ordered")
    writer.close()
    return writer


def write_numbers(tables: Tables, folder: Path) -> None:
    """Write the literals that are numbers."""
    names = {"i": "number_entity", "r": "number_relation", "value": "number_value"}
    writers = {column: NpyWriter.of(folder, name) for column, name in names.items()}
    for columns in tables.chunks("writing numbers", "numbers"):
        for column, writer in writers.items():
            writer.append(np.asarray(columns[column]))
    for writer in writers.values():
        writer.close()
