"""Damage to a checkpoint is noticed whenever it is opened, and saving is all or nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from kgqa.checkpoint import Checkpoint, adopt, locate, record, seal
from kgqa.errors import CheckpointError, KGQAError
from kgqa.graph import Graph
from tests.test_files import content, room_for


@pytest.fixture
def folder(tiny_checkpoint, tmp_path) -> Path:
    return shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")


def rewrite(folder: Path, change) -> None:
    """Change config.json and leave its digest as it is."""
    path = folder / "config.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def spoil_weights(folder: Path, value: float) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["resolver.match"].view(-1)[0] = value
    save_file(weights, folder / "model.safetensors")
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    record.write(values, folder, parts=folder)


@pytest.mark.parametrize("name", record.PARTS)
@pytest.mark.parametrize("place", [0.0, 0.3, 0.7, 1.0])
def test_one_flipped_bit_is_refused_by_name(folder, toy, name, place):
    path = folder / name
    data = bytearray(path.read_bytes())
    data[round(place * (len(data) - 1))] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=rf"{name} (was|were) altered"):
        Checkpoint.load(folder, graph=toy)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_not_finite_are_refused_by_name(folder, toy, value):
    spoil_weights(folder, value)
    with pytest.raises(
        CheckpointError, match=r"model\.safetensors are not finite: resolver\.match"
    ):
        Checkpoint.load(folder, graph=toy)


def test_weights_that_are_not_finite_are_not_saved(folder, toy, tokenizer, new_model):
    before, model = content(folder), new_model(toy)
    with torch.no_grad():
        model.resolver.match.fill_(float("nan"))
    with pytest.raises(CheckpointError, match=r"resolver\.match has NaN"):
        Checkpoint(model, tokenizer, toy).save(folder)
    assert content(folder) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["model"].update(answer_threshold=0.9),
        lambda v: v["encoder"].update(layer_norm_eps=1e-6),
        lambda v: v["model"]["relations"].reverse(),
        lambda v: v.update(graph="elsewhere"),
        lambda v: v["files"].pop("tokenizer.json"),
        lambda v: v.update(digest="0" * 64),
    ],
)
def test_an_altered_configuration_is_refused(folder, toy, change):
    rewrite(folder, change)
    with pytest.raises(CheckpointError, match=r"config\.json was altered"):
        Checkpoint.load(folder, graph=toy)


def test_a_configuration_in_other_layout_or_with_a_byte_order_mark_is_the_same(folder, toy):
    text = json.dumps(json.loads((folder / "config.json").read_text(encoding="utf-8")))
    (folder / "config.json").write_text(text, encoding="utf-8-sig")
    assert Checkpoint.load(folder, graph=toy).config.name == "tiny"


def test_another_format_is_refused(folder, toy):
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    record.write({**values, "format": 2}, folder)
    with pytest.raises(CheckpointError, match="format 2; this program reads format 1"):
        Checkpoint.load(folder, graph=toy)


def test_a_checkpoint_without_a_record_says_how_to_seal_it(folder, toy):
    rewrite(folder, lambda v: (v.pop("digest"), v.pop("files")))
    with pytest.raises(CheckpointError, match=r"python -m kgqa seal --checkpoint .*checkpoint"):
        Checkpoint.load(folder, graph=toy)
    with pytest.raises(CheckpointError, match="kgqa seal"):
        adopt(folder, toy)
    seal(folder)
    assert Checkpoint.load(folder, graph=toy).config.name == "tiny"


def test_what_does_not_open_is_not_sealed(folder):
    spoil_weights(folder, float("nan"))
    rewrite(folder, lambda v: v.pop("digest"))
    before = content(folder)
    with pytest.raises(CheckpointError, match="not finite"):
        seal(folder)
    assert content(folder) == before


def test_adopting_a_graph_keeps_the_record(folder, builder, tmp_path):
    builder.entity("film", "One More")
    builder.write(tmp_path / "other")
    other = Graph.load(tmp_path / "other")
    adopt(folder, other)
    assert Checkpoint.load(folder, graph=other).config.graph_fingerprint == other.fingerprint


@pytest.mark.parametrize("size", [100, 20_000, 300_000, 500_000])
def test_a_full_disk_leaves_the_checkpoint_before(folder, toy, tokenizer, new_model, size):
    """Whatever file it fills up in."""
    before, checkpoint = content(folder), Checkpoint(new_model(toy, seed=9), tokenizer, toy)
    with room_for(size), pytest.raises(KGQAError, match="What was there before is unchanged"):
        checkpoint.save(folder)
    with room_for(size), pytest.raises(KGQAError):
        checkpoint.save(folder.parent / "new")
    assert content(folder) == before and not (folder.parent / "new").exists()


def test_places_that_cannot_hold_a_checkpoint_are_named(tmp_path, toy, tokenizer, new_model):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    checkpoint = Checkpoint(new_model(toy), tokenizer, toy)
    for place in ("file", "file/below", "dangling", "x" * 300):
        with pytest.raises(KGQAError):
            checkpoint.save(tmp_path / place)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "file"]


@pytest.mark.parametrize("text", ["x" * 5_000, "a/" + "x" * 5_000, "a/b@" + "x" * 5_000, "a\0b"])
def test_a_name_of_any_length_is_a_short_sentence(text, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(CheckpointError) as error:
        locate(text)
    assert len(str(error.value)) < 1_000


def test_a_checkpoint_that_is_a_file_is_a_sentence(folder):
    with pytest.raises(CheckpointError, match="it is a file"):
        Checkpoint.load(folder / "config.json")


@pytest.mark.parametrize("name", ["examples.json", "metrics.json", "failures.json", "lesson.json"])
def test_a_file_for_the_page_that_cannot_be_read_counts_as_absent(folder, toy, name):
    import os

    opened = Checkpoint.load(folder, graph=toy)
    for spoil in (
        lambda path: path.write_bytes(b"[" * 200_000),
        lambda path: path.write_bytes(b"\xff"),
        os.mkfifo,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.mkdir(),
    ):
        path = folder / name
        spoil(path)
        assert opened.beside(name) is None and not opened.examples and not opened.metrics
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b'{"model":' * 200_000),
        lambda path: path.write_text('"\\ud800"'),
        lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    ],
)
def test_a_configuration_that_would_hang_or_crash_is_a_sentence(folder, spoil):
    spoil(folder / "config.json")
    with pytest.raises(CheckpointError, match=r"config\.json"):
        Checkpoint.load(folder)
