"""Tables of records that refer to each other become one graph."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from tests.graph.built import FIRM, facts, graph_of, kinds, notes


def test_tables_of_a_firm_refer_to_each_other(tmp_path):
    """Every relation: keys, references of other names, self references, joins, values."""
    graph = graph_of(tmp_path, FIRM)
    found = facts(graph)
    assert {
        ("Herring", "supplier", "Nordic Fish"),
        ("Gruyere", "category", "Cheese"),
        ("Nordic Fish", "city", "Oslo"),
        ("Cafe Sol", "city", "Bern"),
        ("Bo Ray", "manager", "Ann Lee"),
        ("order 1001", "customer", "Cafe Sol"),
        ("order 1001", "handled by", "Bo Ray"),
        ("order 1001", "status", "shipped"),
        ("order 1001", "order date", "5 January 2024"),
        ("order 1001", "product", "Gruyere"),  # by way of order lines
        ("order 1001, Herring", "quantity", "10"),
        ("order 1001, Herring", "order", "order 1001"),
        ("Gruyere", "discontinued", "discontinued"),
        ("Salmon", "discontinued", "not discontinued"),
        ("Cy Day", "hire date", "2 January 2019"),
        ("Herring", "unit price", "4.5"),
    } <= found
    assert not any(head == "Ann Lee" and relation == "manager" for head, relation, _ in found)
    units = {relation.id: relation.unit for relation in graph.relations if relation.unit}
    assert units == {
        "unit price": "euros",
        "weight": "kilograms",
        "hire date": "date",
        "order date": "date",
    }
    assert notes(graph) == {}
    assert kinds(graph)["staff"] == {"Ann Lee", "Bo Ray", "Cy Day"}


def test_inverses_say_what_kind_they_lead_to(tmp_path):
    graph = graph_of(tmp_path, FIRM)
    inverses = {relation.id: relation.inverse for relation in graph.relations}
    assert inverses["supplier"] == "supplier of product"
    assert inverses["manager"] == "manager of" and inverses["handled by"] == "handled order"
    assert inverses["order line: product"] == "order"


def test_columns_of_the_same_words_are_two_relations_told_apart_by_their_tables(tmp_path):
    graph = graph_of(tmp_path, FIRM)
    contexts = {relation.context for relation in graph.relations if relation.label == "city"}
    assert contexts == {"supplier", "customer"}
    bern = graph["Bern"][0]
    heads = {
        graph.label(e) for r, tails in graph.groups(graph.find(bern.id)) for e in tails.tolist()
    }
    assert heads == {"Alpine Dairy", "Cafe Sol", "city"}  # one Bern; its class


def test_rows_are_members_of_classes(tmp_path):
    graph = graph_of(tmp_path, FIRM)
    (orders,) = graph["orders"]
    members = graph.classes.members(graph.find(orders.id))
    assert {graph.label(e) for e in members.tolist()} == {"order 1001", "order 1002"}
    assert graph["employees"] == graph["staff"] != ()


def test_a_table_that_joins_two_others_and_says_no_more_is_a_relation_alone(tmp_path):
    graph = graph_of(
        tmp_path,
        {
            "students.csv": "id,name\ns1,Ann\ns2,Bo\n",
            "courses.csv": "id,title\nc1,Logic\nc2,Latin\n",
            "enrolments.csv": "student_id,course_id\ns1,c1\ns1,c2\ns2,c2\n",
        },
    )
    assert facts(graph) == {
        (a, "enrolment course", b) for a, b in (("Ann", "Logic"), ("Ann", "Latin"), ("Bo", "Latin"))
    }
    assert "enrolment" not in kinds(graph)


def test_the_entities_of_some_kinds_alone_are_kept(tmp_path):
    graph = graph_of(tmp_path, FIRM, classes=("products", "supplier"))
    assert {"product", "supplier", "category"} <= kinds(graph).keys()
    assert not {"order", "staff", "customer", "order line"} & kinds(graph).keys()
    assert ("Herring", "supplier", "Nordic Fish") in facts(graph)
    with pytest.raises(GraphError, match="Kinds that are there: supplier, product, customer"):
        graph_of(tmp_path, FIRM, classes=("ship",))


def test_rows_are_referred_to_by_name_as_well(tmp_path):
    graph = graph_of(
        tmp_path,
        {
            "suppliers.csv": "id,name\n1,Nordic Fish\n2,Alpine Dairy\n",
            "products.csv": "id,name,supplier\n1,Herring,Nordic Fish\n2,Gruyere,Alpine Dairy\n",
        },
    )
    assert ("Herring", "supplier", "Nordic Fish") in facts(graph)
    assert kinds(graph)["supplier"] == {"Nordic Fish", "Alpine Dairy"}


def test_names_aliases_and_descriptions_have_columns(tmp_path):
    text = (
        "code,Title,Also known as,Description\nX1,The Fish,Fishy;Il Pesce,about a fish\nX2,Cod,,\n"
    )
    graph = graph_of(tmp_path, {"films.csv": text})
    (fish,) = graph["il pesce"]
    assert (fish.label, fish.description, fish.kind) == ("The Fish", "about a fish", "film")
    assert graph["X1"] == (fish,) == graph["Fishy"]


def test_what_is_wrong_with_rows_is_counted(tmp_path):
    products = "product_id,name,supplier_id,price\np1,Herring,s1,4\np1,Herring,s1,4\np2,,s9,many\n"
    more = "".join(f"p{i},Item {i},s1,{i}\n" for i in range(3, 30))  # so that few are wrong
    suppliers = "supplier_id,name\n" + "".join(f"s{i},Firm {i}\n" for i in range(1, 4))
    graph = graph_of(tmp_path, {"products.csv": products + more, "suppliers.csv": suppliers})
    assert notes(graph) == {
        "rows whose id another row has": 1,
        "blank labels": 1,
        "references to rows that are not there": 1,
        "values that are no number": 1,
    }


def test_codes_are_texts_and_dates_have_many_forms(tmp_path):
    text = (
        "name;postcode;opened;closed;staff count;turnover\n"
        "Oslo shop;0150;31.12.2019;2020-01-02 10:00;12;1.234,50\n"
        "Bern shop;3001;01.02.2020;2021-05-06 11:30;7;99,10\n"
    )
    graph = graph_of(tmp_path, {"shops.csv": text})
    assert {
        ("Oslo shop", "postcode", "0150"),
        ("Oslo shop", "opened", "31 December 2019"),
        ("Oslo shop", "closed", "2 January 2020"),
        ("Oslo shop", "staff count", "12"),
        ("Oslo shop", "turnover", "1,234.5"),
    } <= facts(graph)


def test_four_digits_are_years_where_the_column_says_so(tmp_path):
    text = "name,founded,capacity\nA,1990,1500\nB,2001,1200\n"
    graph = graph_of(tmp_path, {"clubs.csv": text})
    assert ("A", "founded", "1990") in facts(graph) and ("A", "capacity", "1,500") in facts(graph)
    assert {r.id: r.unit for r in graph.relations if r.unit} == {"founded": "year"}


def test_the_index_of_a_dataframe_is_no_column(tmp_path):
    files = {
        "staff.csv": ",staff_id,name\n0,7,Ann\n1,8,Bo\n",
        "teams.csv": "Unnamed: 0,team,head_id\n0,North,8.0\n1,South,7.0\n",
    }
    graph = graph_of(tmp_path, files)
    assert facts(graph) == {("North", "head", "Bo"), ("South", "head", "Ann")}
    assert notes(graph) == {"columns that only number the rows, left out": 2}


def test_a_name_of_a_column_may_be_anything(tmp_path):
    graph = graph_of(tmp_path, {"x.csv": "name,_,(kg),town,\nAnn,a,1.5,b,c\n"})
    assert {head for head, _, _ in facts(graph)} == {"Ann"} and graph.num_triples >= 4


def test_a_person_is_known_by_a_first_name_or_a_surname(tmp_path):
    """And a customer is not, who may be a firm."""
    graph = graph_of(tmp_path, FIRM)
    for name, found in {"bo": ["Bo Ray"], "Lee": ["Ann Lee"], "sol": [], "hotel": []}.items():
        alias = graph.aliases.find(name.lower())
        entries = graph.entries(alias) if alias >= 0 else ()
        assert [graph.label(entity) for entity, _ in entries] == found, name
