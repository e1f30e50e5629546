"""A graph whose checksums fit but whose arrays lie does not open; the array is named."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from kgqa.errors import GraphError, KGQAError
from kgqa.graph import Graph, check
from kgqa.graph import folder as folders
from kgqa.graph.importer import build_tables
from kgqa.graph.names import KIND
from tests.test_files import content, room_for


@pytest.fixture
def folder(toy_folder, tmp_path):
    return shutil.copytree(toy_folder, tmp_path / "graph")


def lie(folder, name, change, **about) -> None:
    """Change an array, and write checksums and fingerprint as if it were meant."""
    path = folder / f"{name}.npy"
    values = np.load(path)
    np.save(path, change(values))
    folders.seal(folder, replace(folders.describe(folder), **about))


def put(index, value):
    def change(values):
        values[index] = value
        return values

    return change


def swap(values):
    values[[0, 1]] = values[[1, 0]]
    return values


def flip_first(values):
    return values ^ np.array([1, *[0] * (len(values) - 1)], dtype=values.dtype)


@pytest.mark.parametrize(
    "name, change, why",
    [
        ("tail", put(3, 30_000), "a value outside 0 to"),
        ("tail", put(3, -1), "a value outside 0 to"),
        ("tail", put(0, 0), "differ|sorted"),
        ("group_relation", put(-1, 200), "a value outside 0 to"),
        ("group_edge", put(0, 1), "does not lead from 0"),
        ("group_edge", put(-1, 5), "does not lead from 0"),
        ("group_edge", swap, "lead from 0|ascend"),
        ("group_edge", put(2, 1), "ascend"),
        ("entity_group", lambda v: v[:-1], "values, not"),
        ("entity_group", put(3, 60), "ascend"),
        ("entity_kind", put(0, 99), "a value outside"),
        ("entity_description", put(0, 9_999), "a value outside"),
        ("alias_entity", put(0, 9_999), "a value outside"),
        ("alias_kind", put(0, 99), "a value outside"),
        ("alias_kind", put(-1, KIND["misspelling"]), "a value outside"),
        ("alias_entry", put(1, 0), "ascend"),
        ("number_entity", put(0, -5), "a value outside"),
        ("number_relation", put(0, 99), "a value outside"),
        ("number_value", put(0, np.nan), "no number"),
        ("number_value", put(-1, -np.inf), "no number"),
        ("label_offset", put(-1, 10), "does not lead from 0"),
        ("label_text", put(0, 0xFF), "not UTF-8"),
        ("id_order", swap, "does not sort"),
        ("alias_text", put(0, ord("z")), "not sorted"),
        ("alias_text", put(-1, ord("~")), "other words"),
        ("word_letters", flip_first, "other letters"),
        ("word_count", put(0, 7), "other words"),
        ("word_block", put(1, 1), "other lengths|ascend"),
        ("word_text", put(0, ord("~")), "sorted|letters"),
    ],
)
def test_an_array_that_lies_is_refused_by_name(folder, name, change, why):
    lie(folder, name, change)
    with pytest.raises(GraphError, match=f"does not fit the others: .*({why})") as error:
        Graph.load(folder)
    assert ".npy" in str(error.value) and "kgqa graph build" in str(error.value)


@pytest.mark.parametrize("day", [0, 10**7])
def test_a_date_is_a_day_of_the_calendar(folder, day):
    dated = [replace(r, unit="date") for r in folders.describe(folder).relations]
    lie(folder, "number_value", put(0, 721_159), relations=tuple(dated))
    assert Graph.load(folder)
    lie(folder, "number_value", put(0, day))
    with pytest.raises(GraphError, match=r"number_value.npy does not fit .* no day"):
        Graph.load(folder)


def test_counts_in_the_description_are_compared(folder):
    about = folders.describe(folder)
    for change in ({"triples": about.triples + 1}, {"edges": 5}, {"entities": 3}):
        folders.seal(folder, replace(about, **change))
        with pytest.raises(GraphError, match="does not fit the others"):
            Graph.load(folder)


def test_a_long_array_is_checked_in_blocks_at_both_ends_and_between(folder, monkeypatch):
    monkeypatch.setattr(check, "WHOLE", 16)
    monkeypatch.setattr(check, "_BLOCK", 4)
    monkeypatch.setattr(check, "STRINGS", 16)
    monkeypatch.setattr(check, "_FEW", 4)
    assert Graph.load(folder) and Graph.load(folder, verify=True)
    for index in (0, -1):
        lie(folder, "tail", put(index, 30_000))
        with pytest.raises(GraphError, match="tail.npy does not fit"):
            Graph.load(folder)
    length = len(np.load(folder / "tail.npy"))
    lie(folder, "tail", put([0, -1], 0))
    lie(folder, "tail", put(length // 2 + 5, 30_000))
    with pytest.raises(GraphError, match="tail.npy does not fit"):
        Graph.load(folder, verify=True)


def test_a_large_graph_is_checked_by_checksum_in_part_or_on_request_in_full(folder, monkeypatch):
    monkeypatch.setattr(folders, "VERIFIED", 0)
    monkeypatch.setattr(folders, "HASH_LIMIT", 0)
    path = folder / "number_value.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert Graph.load(folder)
    with pytest.raises(GraphError, match="number_value.npy was altered"):
        Graph.load(folder, verify=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["stop_words"].append("director"),
        lambda v: v.update(name="another"),
        lambda v: v.update(triples=1),
        lambda v: v.pop("digest"),
    ],
)
def test_an_altered_description_is_refused(folder, change):
    path = folder / "graph.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values.setdefault("stop_words", [])
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(GraphError, match=r"graph\.json (was altered|does not record)"):
        Graph.load(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["files"].update({"../tail.npy": v["files"]["tail.npy"]}),
        lambda v: v["files"]["tail.npy"].update(bytes="many"),
        lambda v: v["relations"][0].update(label=3),
        lambda v: v["relations"].append(v["relations"][0]),
        lambda v: v.update(kinds="film"),
        lambda v: v.update(entities=1e999),
        lambda v: v.update(sources=[3]),
    ],
)
def test_a_description_of_other_types_is_a_sentence(folder, change):
    path = folder / "graph.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(GraphError, match=r"graph\.json is not a readable graph description"):
        Graph.load(folder)


@pytest.mark.parametrize("head", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00v\x00{'descr"])
def test_a_file_that_is_no_array_is_a_sentence_though_its_checksum_fits(folder, head):
    path = folder / "tail.npy"
    path.write_bytes(head + path.read_bytes()[len(head) :] if head else b"")
    if head.endswith(b"descr"):
        path.write_bytes(path.read_bytes().replace(b"fortran_order", b"(((((((((((((", 1))
    folders.seal(folder, folders.describe(folder))
    with pytest.raises(GraphError, match="tail.npy is not a plain array"):
        Graph.load(folder)


def test_pipes_and_devices_in_place_of_files_are_not_opened(folder):
    for name in ("tail.npy", "graph.json"):
        kept = (folder / name).read_bytes()
        for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
            (folder / name).unlink()
            make(folder / name)
            with pytest.raises(GraphError, match=name):
                Graph.load(folder)
        (folder / name).unlink()
        (folder / name).write_bytes(kept)
    assert Graph.load(folder)


# -- writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [200, 700, 1_500])
def test_a_full_disk_leaves_the_graph_before(builder, folder, size):
    before = content(folder)
    builder.entity("film", "One More")
    with room_for(size), pytest.raises(KGQAError, match="What was there before is unchanged"):
        builder.write(folder)
    assert content(folder) == before


@pytest.mark.parametrize("size", [100, 5_000])
def test_a_full_disk_while_files_are_read_leaves_the_graph_before(tables, folder, size):
    before = content(folder)
    with room_for(size), pytest.raises(KGQAError) as error:
        build_tables(tables, folder)
    assert content(folder) == before and "\n" not in str(error.value)


def test_places_that_cannot_hold_a_graph_are_named(builder, tables, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = sorted(p.name for p in tmp_path.iterdir())
    for place in ("file", "file/below", "dangling", "x" * 300):
        for write in (builder.write, lambda folder: build_tables(tables, folder)):
            with pytest.raises(KGQAError):
                write(tmp_path / place)
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_a_build_that_fails_leaves_no_folder(tables, tmp_path):
    (tables / "triples.tsv").write_text("a\tknows\n", encoding="utf-8")
    with pytest.raises(GraphError):
        build_tables(tables, tmp_path / "new" / "graph")
    assert not (tmp_path / "new").exists()
