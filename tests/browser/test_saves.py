"""The facts behind an answer, saved from the page as other programs read them."""

from __future__ import annotations

import csv
from urllib.parse import quote

import networkx
import pyoxigraph
import pytest

from tests.browser.acting import MONA, answers, drawn


@pytest.fixture
def saved(watch, tmp_path):
    """Saves what a button gives: the path of the file."""
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)

    def save(button: str):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return save


def test_the_facts_of_an_answer_are_saved_for_other_programs(saved):
    graphml = saved("facts as GraphML")
    graph = networkx.read_graphml(graphml)
    labels = {data.get("label", node) for node, data in graph.nodes(data=True)}
    assert graphml.suffix == ".graphml" and {"Mona Lisa", "Louvre", "Paris"} <= labels
    ntriples = saved("as N-Triples")
    triples = list(pyoxigraph.parse(path=str(ntriples), format=pyoxigraph.RdfFormat.N_TRIPLES))
    named = {quad.object.value for quad in triples if isinstance(quad.object, pyoxigraph.Literal)}
    assert ntriples.suffix == ".nt" and {"Mona Lisa", "Louvre", "Paris"} <= named
    table = saved("as CSV")
    cells = {cell for row in csv.reader(table.read_text("utf-8").splitlines()) for cell in row}
    assert table.suffix == ".csv" and {"Mona Lisa", "Louvre", "Paris"} <= cells
