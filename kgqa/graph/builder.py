"""Make a graph: collect entities, triples, aliases and numbers, then sort them into the arrays of ``store``.

The same calls in the same order give the same bytes, so a committed graph can be proved to come from its sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph import folder as persist
from kgqa.graph.description import Description, Source
from kgqa.graph.names import KIND, normalise, parts, variants
from kgqa.graph.relation import Relation, relation_of
from kgqa.graph.strings import pack


class GraphBuilder:
    """Collects a graph; ``write`` sorts and saves it."""

    def __init__(
        self,
        name: str,
        relations: Sequence[Relation],
        *,
        sources: Sequence[Source] = (),
        missing: Sequence[str] = (),
        stop_words: Sequence[str] = (),
    ):
        self.name, self.relations, self.sources = name, list(relations), tuple(sources)
        self.missing, self.stop_words = tuple(missing), tuple(stop_words)
        self._relation = {r.id: i for i, r in enumerate(relations)}
        self.kinds: list[str] = []
        self.kind: list[int] = []
        self.labels: list[str] = []
        self.keys: list[str] = []
        self.descriptions: list[str] = []
        self.triples: dict[tuple[int, int, int], None] = {}
        self.aliases: dict[tuple[str, int], int] = {}
        self.numbers: list[tuple[int, int, float]] = []
        self._by_key: dict[str, int] = {}

    def entity(
        self,
        kind: str,
        label: str,
        *,
        key: str = "",
        description: str = "",
        title: bool = False,
        nameable: bool = True,
    ) -> int:
        """Index of the entity with this key (default "kind:label"), added if new. Unnameable ones get no alias."""
        full = key or f"{kind}:{label}"
        if full in self._by_key:
            return self._by_key[full]
        if kind not in self.kinds:
            self.kinds.append(kind)
        index = self._by_key[full] = len(self.labels)
        self.kind.append(self.kinds.index(kind))
        self.labels.append(label)
        self.keys.append("" if full == f"{kind}:{label}" else full)
        self.descriptions.append(description)
        if nameable:
            self.alias(index, label, KIND["label"])
            for form, alias_kind in variants(label, title=title):
                self.alias(index, form, alias_kind)
        return index

    def find(self, key: str) -> int | None:
        return self._by_key.get(key)

    def alias(self, entity: int, name: str, kind: int) -> None:
        form = normalise(name)
        if form:
            key = (form, entity)
            self.aliases[key] = min(kind, self.aliases.get(key, kind))

    def triple(self, head: int, relation: str, tail: int) -> None:
        self.triples[head, self._relation[relation], tail] = None

    def number(
        self, entity: int, relation: str, value: float, label: str, kind: str = "value"
    ) -> None:
        """A literal: the number itself, and a node with its wording that follow can reach."""
        self.numbers.append((entity, self._relation[relation], float(value)))
        tail = self.entity(kind, label, key=f"{relation}:{label}", nameable=False)
        self.triple(entity, relation, tail)

    def outgoing(self, relation: str) -> dict[int, list[int]]:
        """{head: tails} of one relation so far."""
        found: dict[int, list[int]] = {}
        r = self._relation[relation]
        for h, relation_id, t in self.triples:
            if relation_id == r:
                found.setdefault(h, []).append(t)
        return found

    def write(self, folder: str | Path) -> str:
        """Save as a graph folder; returns the fingerprint."""
        count, half = len(self.labels), len(self.relations)
        if not self.triples:
            raise GraphError(
                "A graph needs at least one triple; none was read from the source tables."
            )
        triples = np.array(list(self.triples), dtype=np.int64)
        literal = np.array([r.literal for r in self.relations])
        back = triples[~literal[triples[:, 1]]]
        back = np.stack([back[:, 2], back[:, 1] + half, back[:, 0]], axis=1)
        edges = np.concatenate([triples, back])
        edges = edges[np.lexsort((edges[:, 2], edges[:, 1], edges[:, 0]))]
        new = np.ones(len(edges), dtype=bool)
        new[1:] = (edges[1:, :2] != edges[:-1, :2]).any(axis=1)
        starts = np.flatnonzero(new)
        degree = np.bincount(edges[:, 0], minlength=count)

        forms = sorted({form for form, _ in self.aliases}, key=lambda s: s.encode())
        position = {form: i for i, form in enumerate(forms)}
        entries = sorted(
            (position[f], kind, -int(degree[e]), e) for (f, e), kind in self.aliases.items()
        )
        entry_count = np.bincount([p for p, *_ in entries], minlength=len(forms))

        unique_descriptions = sorted(set(self.descriptions))
        description_of = {d: i for i, d in enumerate(unique_descriptions)}
        small = np.int32 if len(edges) < 2**31 else np.int64
        arrays = {
            "entity_group": np.searchsorted(edges[starts, 0], np.arange(count + 1)).astype(small),
            "group_relation": edges[starts, 1].astype(np.uint8 if 2 * half <= 256 else np.int16),
            "group_edge": np.append(starts, len(edges)).astype(small),
            "tail": edges[:, 2].astype(np.int32),
            "entity_kind": np.array(self.kind, dtype=np.uint8),
            "entity_description": np.array(
                [description_of[d] for d in self.descriptions], dtype=np.int32
            ),
            "alias_entry": np.concatenate([[0], np.cumsum(entry_count)]).astype(np.int32),
            "alias_entity": np.array([e for *_, e in entries], dtype=np.int32),
            "alias_kind": np.array([k for _, k, *_ in entries], dtype=np.uint8),
            "number_entity": np.array([e for e, _, _ in self.numbers], dtype=np.int32),
            "number_relation": np.array([r for _, r, _ in self.numbers], dtype=np.int16),
            "number_value": np.array([v for *_, v in self.numbers], dtype=np.float64),
        }
        for name, strings in {
            "label": self.labels,
            "key": self.keys,
            "description": unique_descriptions,
            "alias": forms,
        }.items():
            arrays[f"{name}_text"], arrays[f"{name}_offset"] = pack(strings)
        per_relation = np.bincount(triples[:, 1], minlength=half).tolist()
        description = Description(
            name=self.name,
            entities=count,
            triples=len(triples),
            edges=len(edges),
            aliases=len(entries),
            kinds=tuple(self.kinds),
            relations=tuple(map(_counted, self.relations, per_relation)),
            sources=self.sources,
            missing=self.missing,
            stop_words=self.stop_words,
        )
        return persist.save(Path(folder), description, arrays)


def _counted(relation: Relation, triples: int) -> Relation:
    return replace(relation, triples=triples)


def from_tables(
    folder: str | Path, *, name: str | None = None, part_names: bool = False
) -> GraphBuilder:
    """A graph from ``entities.tsv`` (id, label[, description[, kind]]) and ``triples.tsv`` (head, relation, tail).

    With ``part_names``, some of a label's words propose its entity, too ("Obama"). Raises :class:`GraphError` with file and
    line number for a malformed line or an unknown id.
    """
    folder = Path(folder)
    rows = list(_rows(folder / "triples.tsv", (3,)))
    builder = GraphBuilder(
        name or folder.name, [relation_of(r) for r in sorted({r for _, (_, r, _) in rows})]
    )
    index = {}
    for _, (key, label, *more) in _rows(folder / "entities.tsv", (2, 3, 4)):
        kind = more[1] if len(more) > 1 else "entity"
        index[key] = builder.entity(
            kind, label, key=key, description=more[0] if more else "", title=True
        )
        if part_names:
            for form, alias_kind in parts(label):
                builder.alias(index[key], form, alias_kind)
    for number, (head, relation, tail) in rows:
        for end in (head, tail):
            if end not in index:
                raise GraphError(
                    f"{folder / 'triples.tsv'}, line {number}: entity id {end!r} is not in entities.tsv."
                )
        builder.triple(index[head], relation, index[tail])
    return builder


def _rows(path: Path, widths: tuple[int, ...]):
    if not path.is_file():
        raise GraphError(f"The table {path} is missing; expected tab-separated lines.")
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                cells = line.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError:
                raise GraphError(f"{path}, line {number}: not UTF-8 text.") from None
            if cells == [""]:
                continue
            if len(cells) not in widths:
                raise GraphError(
                    f"{path}, line {number}: expected {widths[0]} tab-separated cells, found {len(cells)}."
                )
            yield number, cells
