"""What is saved is opened again; every way a folder can be wrong is one sentence."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest
import torch

from kgqa import checkpoint
from kgqa.checkpoint import Checkpoint, record
from kgqa.errors import CheckpointError, GraphError, KGQAError
from kgqa.graph import Graph


@pytest.fixture
def folder(tiny_checkpoint, tmp_path) -> Path:
    return shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")


def edit(folder: Path, change=lambda values: None) -> None:
    """Change config.json and seal it again, as somebody would who means it."""
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    change(values)
    record.write(values, folder, parts=folder)


def test_a_saved_model_says_the_same_when_opened(
    toy, toy_folder, toy_linker, toy_batcher, tokenizer, new_model, tmp_path
):
    model = new_model(toy, seed=3, answer_threshold=0.4, calibration=(0.8, 1.0, 0.2, 1.0, 0.1))
    Checkpoint(model, tokenizer, toy).save(tmp_path, graph=str(toy_folder))
    again = Checkpoint.load(tmp_path)
    assert again.config == model.config and again.graph.fingerprint == toy.fingerprint
    assert not again.model.training
    question = "Who did Natalie Portman play in Star Wars?"
    assert again.tokenizer(question)["input_ids"] == tokenizer(question)["input_ids"]
    link = toy_linker(question)
    with torch.inference_mode():
        before, after = model(toy_batcher([link])), again.model(again.batcher([link]))
    assert before.sets == after.sets
    parts = "candidates relations stop after after_stop exclude set_scores".split()
    for old, new in ((getattr(before, n), getattr(after, n)) for n in parts):
        torch.testing.assert_close(new, old, atol=0.02, rtol=0.02)  # weights are float16


def test_weights_are_float16_with_an_int8_word_table_and_complete(folder, toy, new_model):
    from safetensors.torch import load_file

    weights = load_file(folder / "model.safetensors")
    small = [k for k, w in weights.items() if w.dtype != torch.float16]
    assert (
        small == ["encoder.transformer.embeddings.word_embeddings.weight"]
        and weights[small[0]].dtype == torch.int8
    )
    scales = {k for k in weights if k.endswith(".scale")}
    assert scales == {small[0] + ".scale"}
    assert set(weights) - scales == {
        k for k, v in new_model(toy).state_dict().items() if v.is_floating_point()
    }


def test_the_word_table_loses_less_than_half_a_step_of_its_largest_value(
    folder, toy, tokenizer, new_model
):
    model = new_model(toy, seed=3, answer_threshold=0.4)
    Checkpoint(model, tokenizer, toy).save(folder)
    again = Checkpoint.load(folder, graph=toy).model
    table, loaded = (
        m.encoder.transformer.embeddings.word_embeddings.weight for m in (model, again)
    )
    step = table.abs().amax(1, keepdim=True) / 127
    assert ((loaded - table).abs() <= 0.55 * step).all()


def test_a_repository_without_a_revision_is_loaded_and_told_how_to_pin(
    monkeypatch, tmp_path, caplog
):
    import huggingface_hub

    asked = {}
    there = tmp_path / "snapshots" / ("0" * 40)
    monkeypatch.setattr(
        huggingface_hub, "snapshot_download", lambda _, **more: asked.update(more) or str(there)
    )
    assert checkpoint.locate("owner/name") == there and asked["revision"] is None
    assert f"pin it: owner/name@{'0' * 40}" in caplog.text
    caplog.clear()
    checkpoint.locate("owner/name@v1")
    assert not caplog.text and asked["revision"] == "v1"


def test_saving_leaves_the_graph_and_the_metrics_alone(toy, tokenizer, new_model, tmp_path):
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "graph.json").write_text("mine", encoding="utf-8")
    (tmp_path / "metrics.json").write_text("{}", encoding="utf-8")
    Checkpoint(new_model(toy), tokenizer, toy).save(tmp_path)
    assert (tmp_path / "graph" / "graph.json").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "metrics.json").exists()
    assert json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))["graph"] == "graph"


def test_no_pickle_is_written(folder):
    assert {p.suffix for p in folder.iterdir()} <= {".json", ".safetensors", ".txt", ".jinja"}


def test_a_folder_without_a_checkpoint_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"No checkpoint at .*: config\.json is missing"):
        Checkpoint.load(tmp_path)


def test_missing_weights_are_named(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"model\.safetensors are missing"):
        Checkpoint.load(folder)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_truncated_weights_are_named(folder, share):
    path = folder / "model.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(CheckpointError, match=r"model\.safetensors are truncated"):
        Checkpoint.load(folder)


class Trap:
    """Touches a file if it is ever unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin", "model.pt"])
def test_a_pickled_file_is_never_opened(folder, tmp_path, name):
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(CheckpointError, match=r"model\.safetensors"):
        Checkpoint.load(folder)
    assert not (tmp_path / "sprung").exists()


def test_another_graph_is_refused_with_both_fingerprints(folder, builder, toy, tmp_path):
    builder.entity("film", "One More")
    builder.write(tmp_path / "other")
    other = Graph.load(tmp_path / "other")
    with pytest.raises(CheckpointError) as error:
        Checkpoint.load(folder, graph=other)
    assert toy.fingerprint in str(error.value) and other.fingerprint in str(error.value)


def test_a_missing_graph_is_a_sentence(folder):
    edit(folder, lambda v: v.update(graph="nowhere"))
    with pytest.raises(GraphError, match="nowhere"):
        Checkpoint.load(folder)


def test_an_unknown_field_is_named(folder):
    edit(folder, lambda v: v["model"].update(colour="red"))
    with pytest.raises(CheckpointError, match="colour"):
        Checkpoint.load(folder)


def test_weights_of_another_size_are_refused(folder):
    edit(folder, lambda v: v["model"].update(max_hops=4))
    with pytest.raises(CheckpointError, match=r"model\.safetensors"):
        Checkpoint.load(folder)


def test_weights_that_lack_a_part_are_refused(folder):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["resolver.match"]
    save_file(weights, folder / "model.safetensors")
    edit(folder)
    with pytest.raises(CheckpointError, match="1 missing, 0 unexpected"):
        Checkpoint.load(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": 3}', '{"model": {}}'])
def test_an_unreadable_config_is_named(folder, text):
    (folder / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"config\.json"):
        Checkpoint.load(folder)


def test_a_config_without_its_encoder_is_named(folder):
    edit(folder, lambda v: v.pop("encoder"))
    with pytest.raises(CheckpointError, match=r"config\.json"):
        Checkpoint.load(folder)


def test_a_missing_tokenizer_is_named(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"tokenizer\.json is missing"):
        Checkpoint.load(folder)


def test_a_broken_tokenizer_is_a_sentence(folder):
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(KGQAError, match="tokenizer"):
        Checkpoint.load(folder)


@pytest.mark.parametrize("name", ["nowhere", "./nowhere", "/no/such/folder", "a/b/c"])
def test_what_is_neither_a_folder_nor_a_repository_is_refused_without_the_network(name):
    with pytest.raises(CheckpointError, match="No checkpoint folder at"):
        checkpoint.locate(name)


def test_a_repository_that_cannot_be_fetched_is_a_sentence(monkeypatch):
    import huggingface_hub

    def offline(*_, **__):
        raise OSError("network is unreachable\nsecond line")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(
        CheckpointError, match="could not be fetched from the Hub: network is unreachable$"
    ):
        checkpoint.locate("owner/name@v1")


def test_only_safe_files_are_fetched_at_the_revision_asked_for(monkeypatch, tmp_path):
    import huggingface_hub

    asked = {}
    monkeypatch.setattr(
        huggingface_hub,
        "snapshot_download",
        lambda repository, **more: asked.update(repository=repository, **more) or tmp_path,
    )
    assert checkpoint.locate("owner/name@v1") == tmp_path
    assert asked["repository"] == "owner/name" and asked["revision"] == "v1"
    assert not [p for p in asked["allow_patterns"] if p.endswith((".bin", ".pt", ".pkl", "*"))]


def test_cuda_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert checkpoint.pick_device("auto") == torch.device("cpu")
    with pytest.raises(CheckpointError, match="no CUDA device"):
        checkpoint.pick_device("cuda")
