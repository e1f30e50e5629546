"""Words of relations and other names that a folder of tables brings."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.graph.names import KIND


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/entities.tsv").write_text("a\tAnn\nb\tBob\n", encoding="utf-8")
    (tmp_path / "data/triples.tsv").write_text("a\tf_17\tb\na\tknows\tb\n", encoding="utf-8")
    (tmp_path / "data/numbers.tsv").write_text("a\tpay\t12\n", encoding="utf-8")
    return tmp_path


def built(folder, relations: str = "", names: str = "") -> Graph:
    for name, text in (("relations", relations), ("names", names)):
        if text:
            (folder / f"data/{name}.tsv").write_text(text, encoding="utf-8")
    build_tables(folder / "data", folder / "graph")
    return Graph.load(folder / "graph", verify=True)


def test_a_relation_has_the_words_that_the_folder_gives(folder):
    graph = built(folder, "f_17\tmanager\tmanages\npay\tpay\t\teuros\tstaff\n")
    words = {r.id: (r.label, r.inverse, r.unit, r.context) for r in graph.relations}
    assert words == {
        "f_17": ("manager", "manages", "", ""),
        "knows": ("knows", "knows of", "", ""),  # not listed: the words of its id
        "pay": ("pay", "pay of", "euros", "staff"),
    }


def test_an_inverse_that_is_left_out_is_made_from_the_label(folder):
    graph = built(folder, "f_17\treports to\n")
    assert graph.relations[0].inverse == "reports to, reversed"


def test_other_names_name_an_entity(folder):
    graph = built(folder, names="b\tRobert \\n Lee\nb\tBobby\n")
    assert [e.id for e in graph["bobby"]] == ["b"] == [e.id for e in graph["robert n lee"]]
    assert graph.entries(graph.aliases.find("bobby")) == [(graph.find("b"), KIND["other name"])]


@pytest.mark.parametrize(
    ("relations", "names", "message"),
    [
        ("f_17\n", "", r"relations\.tsv, line 1: expected 2 to 5 tab-separated cells, found 1"),
        ("f_17\ta\n\nf_17\tb\n", "", r"relations\.tsv, line 3: .*'f_17' has words already"),
        ("", "b\tRob\nc\tCy\n", r"names\.tsv, line 2: no entity has the id 'c'"),
        ("", "b\t\n", r"names\.tsv, line 1: cell 2 is empty"),
    ],
)
def test_lines_that_are_wrong_are_refused_by_number(folder, relations, names, message):
    with pytest.raises(GraphError, match=message):
        built(folder, relations, names)
