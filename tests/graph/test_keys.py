"""Which column identifies rows, and what the others refer to."""

from __future__ import annotations

import pytest

from kgqa.graph.importer.headers import Heading
from kgqa.graph.importer.keys import Reference, Table, find_key, find_reference, matches


def table(kind: str, header: str, *rows: str) -> Table:
    made = Table(
        f"{kind}.csv",
        kind,
        [Heading.of(name) for name in header.split()],
        [row.split() for row in rows],
    )
    made.key = find_key(made, ["staff", "order", "product", "customer", "department"])
    made.ids = set(made.values(made.key)) if made.key is not None else set()
    return made


STAFF = ("1 Ann -", "2 Bo 1", "3 Cy 1")


def reference(column: str, values: str, *, kind: str = "order") -> str | None:
    """The kind that a column of a table refers to; "(x)" if its rows are in no file."""
    own = "1 2 3".split()
    mine = table(
        kind, f"id {column}", *(" ".join(r) for r in zip(own, values.split(), strict=True))
    )
    staff, products = (
        table("staff", "id name manager_id", *STAFF),
        table("product", "id name", "1 X", "2 Y", "3 Z"),
    )
    offices = table("office", "office_id name", "1 A", "2 B", "3 C")
    tables = [products, mine, staff, offices]
    found = find_reference(tables, 1, 1)
    if found is None:
        return None
    return f"({found.dangling})" if found.table is None else tables[found.table].kind


@pytest.mark.parametrize(
    ("kind", "header", "row", "key"),
    [
        ("order", "order_id customer_id", "1 1", 0),
        ("order", "customer_id order_id", "1 1", 1),
        ("order", "date id", "1 7", 1),
        ("order", "code name", "x Ann", 0),
        ("order line", "order_id product_id", "1 1", None),  # it refers to orders
        ("country", "country capital", "Norway Oslo", 0),
        ("reading", "value sensor", "1.5 a", None),
    ],
)
def test_the_key_of_a_table(kind, header, row, key):
    assert table(kind, header, row).key == key


def test_a_key_may_be_there_twice_but_not_often():
    rows = [f"{i} x" for i in range(30)]
    assert table("order", "order_id name", *rows, "3 x").key == 0
    assert table("order", "order_id name", *rows, *rows[:15]).key is None


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("product_id", "1 2 3", "product"),
        ("main_product", "1 2 2", "product"),
        ("employee_id", "1 2 3", "staff"),
        ("handled_by", "3 2 2", "staff"),  # all tables have a 2 and a 3
        ("shipped_from", "3 1 1", "office"),  # a place
        ("sold_in", "2000 1 2", None),
        ("sales_rep_id", "1 1 1", "staff"),
        ("sales_rep", "3 1 1", "staff"),  # a person, by what they do
        ("assigned_to", "2 1 3", "staff"),
        ("head_count", "3 1 1", None),
        ("parent_id", "- 1 1", "order"),
        ("manager_id", "1 1 2", "staff"),
        ("warehouse_id", "71 72 73", "(warehouse)"),
        ("quantity", "1 2 3", None),
        ("phone_no", "1 2 3", None),
        ("status", "open open lost", None),
    ],
)
def test_what_a_column_refers_to(column, values, kind):
    assert reference(column, values) == kind


def test_a_manager_among_people_is_one_of_them():
    staff = table("staff", "id name manager_id", *STAFF)
    assert find_reference([table("product", "id name", "1 X"), staff], 1, 2) == Reference(1)


def test_several_ids_in_a_cell():
    orders = table("order", "id products", "1 1;2", "2 3")
    products = table("product", "id name", "1 X", "2 Y", "3 Z")
    assert find_reference([orders, products], 0, 1) == Reference(1, separator=";")


def test_words_name_a_kind_at_their_end():
    assert matches("shipping customers", "customer") and matches("line", "order line")
    assert not matches("customer city", "customer") and not matches("name", "order line")
