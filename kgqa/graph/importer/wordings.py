r"""Words that a folder of tables may bring: of its relations, and other names of its entities.

``relations.tsv``, a relation a line, of which the last three cells may be left out or empty:

    id TAB label [TAB inverse label [TAB unit [TAB context]]]

``names.tsv``, another name of an entity a line: ``id TAB name``. An entity may have several.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kgqa.errors import GraphError
from kgqa.graph.importer import lines
from kgqa.graph.importer.sql import cells
from kgqa.graph.importer.tables import Tables
from kgqa.graph.relation import Relation, relation_of


@dataclass(frozen=True)
class RelationWords:
    """What a source says of a relation; empty where it says nothing."""

    label: str = ""  #: in words, from head to tail: "manager"
    inverse: str = ""  #: in words, from tail to head: "manager of"
    unit: str = ""  #: of its numbers: "euros"
    context: str = ""  #: more words that the model reads: "order"

    def of(self, id_: str) -> Relation:
        """The relation; what these words leave open is made from its id, or from its label.

        >>> RelationWords("boss").of("f_17").inverse
        'boss of'
        """
        relation = relation_of(id_, self.label)
        return replace(
            relation,
            inverse=self.inverse or relation.inverse,
            unit=self.unit,
            context=self.context or relation.context,
        )


def read_relations(path: Path) -> dict[str, RelationWords]:
    """{relation: its words} of a file. Raises :class:`GraphError` naming malformed lines."""
    lines.opened(path).close()
    lines.verify(path)
    lines.refuse(path, lines.cells(2, 5, 1))
    found: dict[str, RelationWords] = {}
    for number, line in lines.texts(path):
        id_, *words = line.split("\t")
        if id_ in found:
            raise GraphError(f"{path}, line {number}: the relation {id_!r} has words already.")
        found[id_] = RelationWords(*(word.strip(" ") for word in words))
    return found


def read_names(tables: Tables, path: Path) -> None:
    """Add the names of a file to the table names, once entities are numbered.

    Raises :class:`GraphError` naming the lines that are malformed or about an unknown entity.
    """
    lines.opened(path).close()
    lines.verify(path)
    lines.refuse(path, lines.cells(2, 2, 2))
    copy = tables.folder / "names.tsv"
    with copy.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{number}\t{line}\n" for number, line in lines.texts(path))
    columns = {"line": "BIGINT", "h": "VARCHAR", "name": "VARCHAR"}
    rows = cells(copy, columns, longest=lines.MAX_LINE + 2**10)
    tables.run("reading names", f"CREATE TABLE called AS FROM {rows}")
    copy.unlink()
    unknown = tables.db.execute(
        f"SELECT line, h FROM called ANTI JOIN numbered ON key = h ORDER BY line "
        f"LIMIT {lines.LISTED}"
    ).fetchall()
    if unknown:
        listed = [f"{path}, line {line}: no entity has the id {id_!r}." for line, id_ in unknown]
        more = ["There may be more."] if len(unknown) == lines.LISTED else []
        raise GraphError(" ".join([*listed, *more]))
    tables.db.execute(
        "INSERT INTO names SELECT n.i, c.name FROM called AS c JOIN numbered AS n ON n.key = c.h"
    )
    tables.drop("called")
