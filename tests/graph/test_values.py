"""Numbers of a folder of tables: literal relations, values, and lines that are refused."""

from __future__ import annotations

import gzip

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.importer import build_tables
from kgqa.graph.relation import relation_of

ENTITIES = "a\tAnn\t\tperson\nb\tBob\t\tperson\np\tParis\tcapital of France\tcity\n"
TRIPLES = "a\tlives in\tp\nb\tlives in\tp\n"
NUMBERS = "p\tpopulation\t2103000\na\theight\t1.75\nb\theight\t1.75\n\na\tpopulation\t1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/entities.tsv").write_text(ENTITIES, encoding="utf-8")
    (tmp_path / "data/triples.tsv").write_text(TRIPLES, encoding="utf-8")
    return tmp_path


def built(folder, numbers: str | bytes) -> Graph:
    data = numbers if isinstance(numbers, bytes) else numbers.encode()
    (folder / "data/numbers.tsv").write_bytes(data)
    build_tables(folder / "data", folder / "graph")
    return Graph.load(folder / "graph", verify=True)


def values(graph: Graph, entity: str, attribute: str) -> list[tuple[str, float]]:
    """[(label of the value, number)] of an entity and an attribute."""
    r, e = graph.relation_index[attribute], graph.find(entity)
    labels = map(graph.label, graph.tails(e, r).tolist())
    mine = (graph.numbers.entity == e) & (graph.numbers.relation == r)
    return list(zip(labels, graph.numbers.value[mine].tolist(), strict=True))


def test_numbers_give_the_graph_that_the_builder_gives(folder):
    """Byte by byte: every array, and the description."""
    built(folder, NUMBERS)
    names = ("height", "lives in", "population")
    words = [relation_of(name) for name in names]
    literal = [type(r)(r.id, r.label, r.inverse, literal=r.id != "lives in") for r in words]
    builder = GraphBuilder("data", literal)
    for line in ENTITIES.splitlines():
        key, label, description, kind = line.split("\t")
        builder.entity(kind, label, key=key, description=description, title=True)
    for line in TRIPLES.splitlines():
        head, relation, tail = line.split("\t")
        builder.triple(builder.find(head), relation, builder.find(tail))
    numbers = [line.split("\t") for line in NUMBERS.splitlines() if line]
    labels = {"2103000": "2,103,000", "1.75": "1.75", "1": "1"}
    for entity, attribute, value in numbers:
        builder.number(builder.find(entity), attribute, float(value), labels[value])
    builder.numbers.sort(key=lambda number: number[:2])
    builder.write(folder / "by hand")
    imported, by_hand = (
        {path.name: path.read_bytes() for path in (folder / name).iterdir()}
        for name in ("graph", "by hand")
    )
    assert imported == by_hand


def test_a_value_can_be_reached_and_not_named(folder):
    graph = built(folder, NUMBERS)
    assert values(graph, "p", "population") == [("2,103,000", 2103000.0)]
    assert graph.find("population:2,103,000") is not None and graph["2,103,000"] == ()
    assert graph.relations[graph.relation_index["population"]].literal


def test_numbers_may_be_packed_and_have_other_line_ends(folder):
    plain = built(folder, NUMBERS).fingerprint
    (folder / "data/numbers.tsv").unlink()
    packed = gzip.compress(NUMBERS.replace("\n", "\r\n").encode())
    (folder / "data/numbers.tsv.gz").write_bytes(packed)
    assert build_tables(folder / "data", folder / "other") == plain


def test_a_folder_without_numbers_is_as_before_and_an_empty_file_changes_nothing(folder):
    without = build_tables(folder / "data", folder / "without")
    assert built(folder, "\n").fingerprint == without


def test_dates_are_days_and_years_stay_years(folder):
    graph = built(folder, "a\tborn\t1975-06-20\nb\tborn\t1975\np\tfounded\t1250\n")
    assert values(graph, "a", "born") == [("20 June 1975", 721159.0)]
    assert values(graph, "b", "born") == [("1975", 720989.0)]  # beside dates, its first day
    assert values(graph, "p", "founded") == [("1250", 1250.0)]
    units = {r.id: r.unit for r in graph.relations}
    assert units == {"born": "date", "founded": "year", "lives in": ""}


def test_four_digits_beside_another_number_are_a_number(folder):
    graph = built(folder, "a\tsteps\t1975\nb\tsteps\t12\n")
    assert values(graph, "a", "steps") == [("1,975", 1975.0)]
    assert graph.relations[graph.relation_index["steps"]].unit == ""


def test_a_relation_that_triples_have_gets_numbers_alone(folder):
    with (folder / "data/triples.tsv").open("a", encoding="utf-8") as file:
        file.write("a\tage\tp\n")
    graph = built(folder, "a\tage\t30\n")
    assert values(graph, "a", "age") == [("Paris", 30.0)]
    assert graph.num_entities == 3 and not graph.relations[graph.relation_index["age"]].literal


def test_of_several_numbers_the_first_line_counts(folder):
    graph = built(folder, "a\tscore\t9\na\tscore\t4\n")
    assert graph.numbers.of(graph.relation_index["score"], [graph.find("a")]).tolist() == [9.0]
    assert len(graph.tails(graph.find("a"), graph.relation_index["score"])) == 2


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("98315", 98315.0, "98,315"),
        (" 3.50 ", 3.5, "3.5"),
        ("+1e6", 1e6, "1,000,000"),
        (".5", 0.5, "0.5"),
        ("-85", -85.0, "-85"),
        ("-0", 0.0, "0"),
        ("1e300", 1e300, "1e+300"),
        ("0.1", 0.1, "0.1"),
    ],
)
def test_a_number_is_labelled_as_people_write_it(folder, text, value, label):
    assert values(built(folder, f"a\tx\t{text}\n"), "a", "x") == [(label, value)]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ("a\tx\t1\n\na\tx\n", r"numbers\.tsv, line 3: expected 3 tab-separated cells, found 2"),
        ("a\t\t1\n", r"line 1: cell 2 is empty"),
        ("a\tx\tmany\n", r"line 1: expected a number or a date \(1975-06-20\), found 'many'"),
        ("a\tx\t98,315\n", r"line 1: expected a number"),
        ("a\tx\tnan\na\tx\t-inf\n", r"line 1: .* line 2: expected a number .* '-inf'"),
        ("a\tx\t1e999\n", r"line 1: 1e999 is too large"),
        ("a\tx\t1_000\n", r"line 1: expected a number"),
        ("a\tx\t٣\n", r"line 1: expected a number"),
        ("a\tx\t1975-02-30\n", r"line 1: there is no day 1975-02-30"),
        ("a\tx\t1975-02-03\nb\tx\t7\n", r"line 2: other values of 'x' are dates, found '7'"),
        ("a\tx\t1\nc\tx\t2\nd\tx\t2\n", r"line 2: no entity has the id 'c'.* line 3: .*'d'"),
        ("a\tx\t1\nb\tx\t1\na\tx\t1.0\n", r"line 3: 'a' has this value of 'x' already"),
        (b"a\tx\t1\n\xff\tx\t1\n", r"line 2: not UTF-8 text"),
        ("id,attribute,value\na,x,1\n", r"text separated by commas \(CSV\)\. Numbers are read"),
    ],
)
def test_lines_that_are_wrong_are_refused_by_number(folder, numbers, message):
    with pytest.raises(GraphError, match=message):
        built(folder, numbers)
    assert not (folder / "graph").exists()


def test_a_value_with_the_id_of_an_entity_is_refused(folder):
    with (folder / "data/entities.tsv").open("a", encoding="utf-8") as file:
        file.write("x:1\tOne\n")
    with pytest.raises(GraphError, match=r"line 2: its value would have the id 'x:1'"):
        built(folder, "a\tx\t2\na\tx\t1\n")


def test_a_broken_archive_is_named(folder):
    packed = gzip.compress(NUMBERS.encode() * 100)
    (folder / "data/numbers.tsv.gz").write_bytes(packed[:-20])
    with pytest.raises(GraphError, match=r"numbers\.tsv\.gz, after line \d+: the compressed"):
        build_tables(folder / "data", folder / "graph")


def test_quotes_and_odd_characters_in_ids_are_read(folder):
    with (folder / "data/entities.tsv").open("a", encoding="utf-8") as file:
        file.write('"c\tC\n')
    graph = built(folder, '"c\t"x\u2028\t1\n')
    assert values(graph, '"c', '"x\u2028') == [("1", 1.0)]
