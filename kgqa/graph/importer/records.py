"""Tables of records become entities and facts: a row an entity, a column a relation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kgqa.errors import GraphError
from kgqa.graph.importer.columns import boolean_words, is_coded, is_nothing
from kgqa.graph.importer.headers import plural
from kgqa.graph.importer.keys import NO_NAME, Table
from kgqa.graph.importer.naming import plan_tables
from kgqa.graph.importer.roles import Column, Plan, Role, label_of
from kgqa.graph.importer.writing import TableWriter
from kgqa.graph.names import normalise
from kgqa.graph.notes import Notes

#: Further names of classes whose plural is no other word.
_CALLED = {"staff": ("staff members", "staff member", "employees", "employee")}


class Records:
    """Tables that were given together, written as one graph by :meth:`write`."""

    def __init__(
        self,
        tables: Sequence[Table],
        writer: TableWriter,
        notes: Notes,
        classes: Sequence[str] = (),
    ):
        """``classes``: the kinds to keep; () for all. Raises GraphError if none is there."""
        self._plans = plan_tables(tables, notes)
        self._tables, self._writer, self._notes = tables, writer, notes
        counts = Counter(id_ for table in tables for id_ in table.ids)
        #: tables whose ids others have as well, so that their entities need the kind before it
        self._shared = [any(counts[id_] > 1 for id_ in table.ids) for table in tables]

        self._values: dict[str, str] = {}  # {a text: the entity that it became first}
        wanted = {normalise(name) for name in classes}
        known = {
            table.kind: {normalise(table.kind), normalise(plural(table.kind))} for table in tables
        }
        #: tables whose rows are kept
        self._kept = [not wanted or bool(wanted & known[table.kind]) for table in tables]
        if wanted and not any(self._kept):
            there = ", ".join(known) or "none"
            raise GraphError(
                f"No entities are of the kinds to keep. Kinds that are there: {there}."
            )

    def write(self) -> None:
        """Write all rows: first every entity with its names, then the facts."""
        joining = [plan.joins is not None for plan in self._plans]
        order = sorted(range(len(joining)), key=lambda place: joining[place])  # named after others
        entities = {place: self._entities(place) for place in order}
        for place, plan in enumerate(self._plans):
            for relation, words in plan.words.items():
                self._writer.describe(relation, words)
            for row, id_ in zip(plan.table.rows, entities[place], strict=True):
                self._facts(plan, row, id_)

    def find(self, id_: str, space: str = "") -> str | None:
        """The entity that other files mean by an id or a name; "" if its kind is left out.

        None if there is none.
        """
        for place, table in enumerate(self._tables):
            if id_ in table.ids and (not space or table.space == space):
                return self._id(place, id_) if self._kept[place] else ""
        for place, table in enumerate(self._tables):
            if id_ in table.labels:
                return self._id(place, table.labels[id_]) if self._kept[place] else ""
        return self._values.get(id_)

    # -- entities ----------------------------------------------------------------------------------

    def _id(self, place: int, id_: str) -> str:
        return f"{self._tables[place].kind} {id_}" if self._shared[place] else id_

    def _entities(self, place: int) -> list[str]:
        """The entity of each row; "" for a row that is none."""
        plan, table = self._plans[place], self._tables[place]
        if self._joins_alone(plan) or not self._kept[place]:
            return [""] * len(table.rows)
        ids, seen = [], set()
        for number, row in enumerate(table.rows, 1):
            own = row[table.key] if table.key is not None else str(number)
            if is_nothing(own):
                self._notes.add("rows without an id", f"{table.name}: {label_of(row, plan.names)}")
                own = f"row {number}"
            if own in seen:
                self._notes.add("rows whose id another row has", f"{table.name}: {own}")
            seen.add(own)
            id_ = self._id(place, own) if table.key is not None else f"{table.kind} {own}"
            self._entity(plan, row, id_, own)
            ids.append(id_)
        return ids

    def _entity(self, plan: Plan, row: list[str], id_: str, own: str) -> None:
        """Write the entity of a row, with its names."""
        table, writer = plan.table, self._writer
        label, numbered = label_of(row, plan.names), f"{table.kind} {own}"
        if plan.names and not label:
            self._notes.add("blank labels", f"{table.name}: {own}")
        if not label and plan.joins and table.key is None:
            label = self._joined(plan, row)
        described = [c.place for c in plan.columns if c.role is Role.DESCRIPTION]
        description = " ".join(row[place] for place in described)
        in_letters = any(map(str.isalpha, own))
        name = label or (own if in_letters else numbered)
        writer.entity(id_, name, kind=table.kind, description=description)
        coded = in_letters and any(map(str.isdigit, own))
        if not label:
            if not in_letters or coded:
                writer.name(id_, numbered)
            if len(own) > 2:
                writer.name(id_, own)
        elif table.key is not None and coded:
            writer.name(id_, own)
        for column in plan.columns:
            if column.role is Role.ALIAS:
                for alias in _pieces(row[column.place], ";" if ";" in row[column.place] else "|"):
                    writer.name(id_, alias)
        writer.is_a(id_, table.kind, (plural(table.kind), *_CALLED.get(table.kind, ())))

    def _joined(self, plan: Plan, row: list[str]) -> str:
        """A label for a row that joins two entities: "order 1001, Lamp"."""
        ends = [self._ends(column, row) for column in plan.joins or ()]
        labels = [self._writer.label(end[0]) or end[0] for end in ends if end]
        return ", ".join(labels)

    def _joins_alone(self, plan: Plan) -> bool:
        """Whether the rows of a table say no more than that they join two entities."""
        more = (Role.NUMBER, Role.DATE, Role.BOOLEAN, Role.TEXT, Role.DESCRIPTION)
        return plan.joins is not None and not any(c.role in more for c in plan.columns)

    # -- facts -------------------------------------------------------------------------------------

    def _facts(self, plan: Plan, row: list[str], id_: str) -> None:
        if plan.joins is not None:
            heads, tails = (self._ends(column, row) for column in plan.joins)
            for head in heads:
                for tail in tails:
                    self._writer.triple(head, plan.relation, tail)
        if not id_:
            return
        for column in plan.columns:
            value = row[column.place]
            if column.relation and not is_nothing(value):
                self._fact(plan.table, column, row, id_)

    def _fact(self, table: Table, column: Column, row: list[str], id_: str) -> None:
        """Write what one cell says."""
        value = row[column.place]
        if column.role is Role.REFERENCE:
            for tail in self._ends(column, row):
                self._writer.triple(id_, column.relation, tail)
            return
        read = column.values.read(value)
        if read is None:
            what = f"values that are no {column.role}" if column.role is not Role.BOOLEAN else ""
            where = f"{table.name}, {column.heading.full}: {value}"
            self._notes.add(what or "values that are neither yes nor no", where)
        elif column.role in (Role.NUMBER, Role.DATE):
            self._writer.number(id_, column.relation, read)
        elif column.role is Role.BOOLEAN:
            yes, no = boolean_words(column.heading)
            self._valued(id_, column.relation, yes if read == "yes" else no, yes)
        else:
            classed = not (NO_NAME.search(column.heading.full) or is_coded(column.heading))
            for piece in _pieces(value, column.separator):
                self._valued(id_, column.relation, piece, column.kind, classed=classed)

    def _valued(
        self, id_: str, relation: str, value: str, kind: str, *, classed: bool = False
    ) -> None:
        """A fact whose tail is a value in words; equal words of one kind are one entity."""
        tail = f"{kind}: {value}"
        if classed and not self._writer.has(tail):
            self._writer.is_a(tail, kind, (plural(kind),))
        self._writer.entity(tail, value, kind=kind)
        self._values.setdefault(value, tail)
        self._writer.triple(id_, relation, tail)

    def _ends(self, column: Column, row: list[str]) -> list[str]:
        """The entities that a reference names; unknown ones are made, and counted."""
        value, reference = row[column.place], column.reference
        if reference is None or is_nothing(value):
            return []
        ends = []
        for piece in _pieces(value, column.separator):
            if reference.table is None:
                end = f"{reference.dangling} {piece}"
                self._writer.entity(end, end, kind=reference.dangling)
            else:
                if not self._kept[reference.table]:
                    continue
                end = self._end(reference.table, piece, reference.by_label, column)
            ends.append(end)
        return ends

    def _end(self, place: int, piece: str, by_label: bool, column: Column) -> str:
        table = self._tables[place]
        known = table.labels.get(piece) if by_label else piece if piece in table.ids else None
        if known is not None:
            return self._id(place, known)
        where = f"{column.heading.full}: {piece}"
        self._notes.add("references to rows that are not there", where)
        end, label = self._id(place, piece), piece
        if piece.isdigit():
            label = f"{table.kind} {piece}"
        self._writer.entity(end, label, kind=table.kind)
        return end


def _pieces(value: str, separator: str) -> list[str]:
    pieces = value.split(separator) if separator else [value]
    return [piece.strip() for piece in pieces if not is_nothing(piece)]
