"""A graph as rows of tables: written to a folder, or made in memory as the importer would make it.

The files are those of ``kgqa.graph.importer.build_tables``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kgqa.files import write_text
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.importer.values import YEARS
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.names import KIND, short_names
from kgqa.graph.numbers import written
from kgqa.graph.relation import Relation


@dataclass
class Tables:
    """The rows of the files of a folder."""

    entities: list[tuple[str, str, str, str]] = field(default_factory=list)  #: id, label, -, kind
    triples: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    #: id, label, inverse label, unit, context
    relations: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)  #: id, another name

    def write(self, folder: Path) -> None:
        """Write the files; those without rows are left out."""
        for name in ("entities", "triples", "numbers", "relations", "names"):
            rows = getattr(self, name)
            if rows:
                text = "".join("\t".join(row) + "\n" for row in rows)
                write_text(folder / f"{name}.tsv", text)


def in_memory(name: str, tables: Tables) -> Graph:
    """The graph of the tables."""
    units = _units(tables)
    said = {id_: RelationWords(*words) for id_, *words in tables.relations}
    related = {r for _, r, _ in tables.triples}
    relations = [_relation(r, said, units, related) for r in sorted(related | units.keys())]
    builder = GraphBuilder(name, relations)
    index = {}
    for id_, label, description, kind in tables.entities:
        index[id_] = builder.entity(kind, label, key=id_, description=description, title=True)
        for form, how in short_names(label, kind):
            builder.alias(index[id_], form, how)
    for id_, other in tables.names:
        builder.alias(index[id_], other, KIND["other name"])
    for head, r, tail in tables.triples:
        builder.triple(index[head], r, index[tail])
    for id_, r, text in tables.numbers:
        value, label = _read(text, units[r])
        builder.number(index[id_], r, value, label)
    return builder.build()


def _relation(
    id_: str, said: dict[str, RelationWords], units: dict[str, str], related: set[str]
) -> Relation:
    relation = said.get(id_, RelationWords()).of(id_)
    unit = units.get(id_, "") or relation.unit
    return replace(relation, literal=id_ not in related, unit=unit)


def _units(tables: Tables) -> dict[str, str]:
    """{attribute: "date", "year" or ""}."""
    values: dict[str, list[str]] = {}
    for _, attribute, text in tables.numbers:
        values.setdefault(attribute, []).append(text)
    return {attribute: _unit(texts) for attribute, texts in values.items()}


def _unit(texts: list[str]) -> str:
    if any("-" in text[1:] for text in texts):
        return "date"
    years = all(len(t) == 4 and t.isdigit() and int(t) in YEARS for t in texts)
    return "year" if years else ""


def _read(text: str, unit: str) -> tuple[float, str]:
    """The number that a value stands for, and its label."""
    value = date.fromisoformat(text).toordinal() if unit == "date" else float(text)
    return float(value), written(value, unit)
