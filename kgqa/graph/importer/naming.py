"""The relations that columns of tables become: their ids, their words, and what joins two tables.

    plan_tables(tables) -> [Plan]

Two columns of different tables that have the same words ("city" of suppliers and of customers) are
two relations, so that each of them can be asked about; the kind of the rows is the context that
the model reads beside their words. Numbers of the same words and unit are one attribute. Values
in words are shared: a "city" and a "ship city" of the same name are one city.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kgqa.graph.classes import TYPE_RELATIONS
from kgqa.graph.importer.headers import CODES
from kgqa.graph.importer.keys import Table, find_key, matches
from kgqa.graph.importer.roles import Column, Plan, Role, columns_of, labels_of, name_columns
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.notes import Notes
from kgqa.graph.relation import relation_of

#: Words of the name of a table that joins two others, beside those of the others.
_JOINING = frozenset(
    "line item detail link map mapping xref rel relation join junction assoc association entry"
    " position has to and in of".split()
)
_PREPOSITIONS = ("as", "at", "by", "for", "from", "in", "of", "on", "to", "with")


def plan_tables(tables: Sequence[Table], notes: Notes) -> list[Plan]:
    """The plans of tables that were given together."""
    kinds = [table.kind for table in tables]
    names = []
    for table in tables:
        table.key = find_key(table, kinds)
        if table.key is not None:
            table.ids = set(table.values(table.key))
        names.append(name_columns(table))
        if names[-1] and table.key is not None:
            table.labels = labels_of(table, names[-1])
    plans = [
        Plan(table, columns_of(tables, place, names[place], notes), names[place])
        for place, table in enumerate(tables)
    ]
    _name_targets(plans, tables)
    _name_relations(plans)
    _name_kinds(plans)
    for plan in plans:
        _find_join(plan, tables)
    return plans


def _name_targets(plans: Sequence[Plan], tables: Sequence[Table]) -> None:
    """A code such as "sku", which names no table, is called what it refers to: a product."""
    for column in (column for plan in plans for column in plan.columns):
        place = column.reference.table if column.reference else None
        if place is None or tables[place].key is None:
            continue
        key = tables[place].headings[tables[place].key or 0]
        if column.heading.full == key.full and not matches(
            column.heading.words, tables[place].kind
        ):
            column.target = tables[place].kind


def _name_kinds(plans: Sequence[Plan]) -> None:
    """The kinds of values in words; "ship city" is a city where other columns are, too."""
    columns = [c for plan in plans for c in plan.columns if c.role is Role.TEXT]
    ends = Counter(column.words.split()[-1] for column in columns)
    for column in columns:
        last = column.words.split()[-1]
        alone = ends[last] < 2 or last in CODES
        column.kind = column.words if alone else last


def _name_relations(plans: Sequence[Plan]) -> None:
    """Give each column that becomes a relation its id and words."""
    told = {Role.REFERENCE, Role.NUMBER, Role.DATE, Role.BOOLEAN, Role.TEXT}
    columns = [(plan, column) for plan in plans for column in plan.columns if column.role in told]
    own = {id(plan): place for place, plan in enumerate(plans)}
    groups: dict[str, list[tuple[Plan, Column]]] = {}
    for plan, column in columns:
        words = column.words
        twice = sum(c.words == words for p, c in columns if p is plan) > 1
        groups.setdefault(column.heading.full if twice else words, []).append((plan, column))
    for words, group in groups.items():
        measured = {_measure(column) for _, column in group}
        shared = len(group) == 1 or (len(measured) == 1 and "" not in measured)
        for plan, column in group:
            apart = not shared or words in TYPE_RELATIONS
            context = plan.table.kind if apart else ""
            column.relation = f"{context} {words}" if apart else words
            plan.words[column.relation] = RelationWords(
                words, _inverse(words, column, plan, own[id(plan)]), _unit(column), context
            )


def _unit(column: Column) -> str:
    return column.heading.unit or column.values.unit


def _measure(column: Column) -> str:
    """What numbers of one attribute have in common; empty for what is no number."""
    if column.role not in (Role.NUMBER, Role.DATE):
        return ""
    return f"{column.role} {_unit(column)}"


def _inverse(words: str, column: Column, plan: Plan, own: int) -> str:
    """The inverse in words: "customer of order", "manager of", "handled order"."""
    if column.role in (Role.NUMBER, Role.DATE):
        return f"{words} of"
    kind = plan.table.kind
    if column.role is Role.BOOLEAN:
        return f"{words} {kind}"
    if words.endswith(" by"):
        return f"{words.removesuffix(' by')} {kind}"
    if words.split()[-1] in _PREPOSITIONS:
        return relation_of(words).inverse
    of_itself = column.reference is not None and column.reference.table == own
    return f"{words} of" if of_itself or words == kind else f"{words} of {kind}"


def _find_join(plan: Plan, tables: Sequence[Table]) -> None:
    """Find out whether a table joins two others: two references, and no name of its own."""
    references = [
        c for c in plan.columns if c.reference is not None and c.reference.table is not None
    ]
    if len(references) != 2 or plan.names:
        return
    first, second = references
    ends = [tables[c.reference.table or 0].kind for c in references if c.reference]
    parts = set(plan.table.kind.split())
    composed = parts <= _JOINING | {word for kind in ends for word in kind.split()}
    if plan.table.key is not None and not composed:
        return
    plan.joins = (first, second)
    tail, head = second.words, first.words
    if not composed:
        tail, head = f"{plan.table.kind} {tail}", f"{plan.table.kind} {head}"
    plan.relation = f"{plan.table.kind}: {second.words}"
    plan.words[plan.relation] = RelationWords(
        tail, head, context=plan.table.kind if composed else ""
    )
