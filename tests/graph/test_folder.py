"""Folders: the same bytes for the same graph, a sentence for every way a file can be wrong."""

from __future__ import annotations

import json
import shutil

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph


@pytest.fixture
def folder(toy_folder, tmp_path):
    return shutil.copytree(toy_folder, tmp_path / "graph")


def _edit(folder, change):
    path = folder / "graph.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_the_same_graph_gives_the_same_bytes(builder, toy_folder, tmp_path):
    builder.write(tmp_path / "again")
    first = {p.name: p.read_bytes() for p in toy_folder.iterdir()}
    assert {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()} == first


def test_the_fingerprint_does_not_depend_on_the_folder_and_is_in_the_graph(builder, toy, tmp_path):
    assert builder.write(tmp_path / "elsewhere") == toy.fingerprint


@pytest.mark.parametrize(
    "change", ["triple", "label", "alias", "description", "number", "relation words"]
)
def test_the_fingerprint_changes_with_the_content(builder, toy, tmp_path, change):
    if change == "triple":
        builder.triple(builder.find("film:Sully"), "director", builder.find("person:Sam Mendes"))
    elif change == "label":
        builder.labels[builder.find("film:Sully")] = "Sulky"
    elif change == "alias":
        builder.alias(builder.find("film:Sully"), "Miracle on the Hudson", 1)
    elif change == "description":
        builder.descriptions[builder.find("film:Sully")] = "a film"
    elif change == "number":
        builder.numbers[0] = (*builder.numbers[0][:2], 97.0)
    else:
        old = builder.relations[0]
        builder.relations[0] = type(old)(old.id, "made by", old.inverse)
    assert builder.write(tmp_path) != toy.fingerprint


def test_writing_over_another_graph_leaves_nothing_of_it(builder, folder):
    (folder / "leftover.npy").write_bytes(b"old")
    builder.write(folder)
    assert not (folder / "leftover.npy").exists()
    assert Graph.load(folder).num_triples == len(builder.triples)


def test_a_folder_without_a_graph_is_named(tmp_path):
    with pytest.raises(GraphError, match=r"graph\.json is missing") as error:
        Graph.load(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(error.value)
    assert "python -m kgqa graph build" in str(error.value)  # what to do


@pytest.mark.parametrize(
    "name", ["tail.npy", "alias_text.npy", "entity_group.npy", "number_value.npy"]
)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(GraphError, match=f"{name} is missing"):
        Graph.load(folder)


@pytest.mark.parametrize("name", ["tail.npy", "label_text.npy"])
def test_a_truncated_file_is_named_with_both_sizes(folder, name):
    path = folder / name
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(GraphError, match=f"{name} has {size - 1} bytes, expected {size}"):
        Graph.load(folder)


def test_one_altered_byte_is_noticed_in_any_file(folder):
    for path in sorted(folder.glob("*.npy")):
        good = path.read_bytes()
        path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(GraphError, match=f"{path.name} was altered"):
            Graph.load(folder)
        path.write_bytes(good)
    assert Graph.load(folder).num_entities


def test_an_array_saved_with_pickle_is_not_opened(folder):
    """Even if graph.json agrees: sizes and checksums do not protect against a made-up folder."""
    import hashlib

    import numpy as np

    path = folder / "tail.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    data = path.read_bytes()
    _edit(
        folder,
        lambda m: m["files"].update(
            {"tail.npy": {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}}
        ),
    )
    with pytest.raises((GraphError, ValueError)):
        Graph.load(folder)


def test_another_format_version_is_refused_with_both_numbers(folder):
    _edit(folder, lambda m: m.update(format=99))
    with pytest.raises(GraphError, match="format 99, this program reads format 1"):
        Graph.load(folder)


@pytest.mark.parametrize("text", ["", "{", '{"format": 1}', '{"files": {}}', "not json"])
def test_an_unreadable_description_is_named(folder, text):
    (folder / "graph.json").write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match=r"graph\.json"):
        Graph.load(folder)


def test_a_description_that_is_not_an_object_is_named(folder):
    (folder / "graph.json").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(GraphError, match=r"graph\.json"):
        Graph.load(folder)


@pytest.mark.parametrize("field", ["name", "fingerprint", "relations", "kinds"])
def test_a_description_that_lacks_a_field_is_named(folder, field):
    _edit(folder, lambda m: m.pop(field))
    with pytest.raises(GraphError, match=r"graph\.json"):
        Graph.load(folder)


def test_a_description_that_lists_too_few_files_is_refused(folder):
    _edit(folder, lambda m: m["files"].pop("tail.npy"))
    with pytest.raises(GraphError, match="tail"):
        Graph.load(folder)


def test_an_altered_relation_vocabulary_is_noticed(folder):
    """Every answer of a graph with two relations swapped would be wrong, so it must not open."""

    def swap(values):
        relations = values["relations"]
        relations[4], relations[5] = relations[5], relations[4]

    _edit(folder, swap)
    with pytest.raises(GraphError, match=r"graph\.json"):
        Graph.load(folder)


def test_a_graph_without_triples_is_not_written(tmp_path):
    from kgqa.graph.builder import GraphBuilder

    with pytest.raises(GraphError, match="at least one triple"):
        GraphBuilder("empty", []).write(tmp_path)
