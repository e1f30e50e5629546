"""A run that is killed at any moment and resumed ends bit for bit like one that is not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from safetensors import safe_open

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint
from kgqa.errors import DataError, FileError
from kgqa.training import loop
from kgqa.training import train as train_folder
from kgqa.training.run import Run
from tests.dying import Killed, dying
from tests.test_files import room_for
from tests.training.preparing import OPTIONS

#: Two steps, each measured, then the mean with the weights before.
SHORT = replace(OPTIONS, batch_size=12, epochs=1, follow_epochs=1, evaluate_every=1)


@pytest.fixture(autouse=True)
def no_clock(monkeypatch):
    """Runs that differ in seconds alone are the same."""
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: 0.0))


@pytest.fixture
def short(train, tiny_checkpoint):
    """short(**changes) -> a Trainer that trains a random model further."""
    start = replace(SHORT, start=str(tiny_checkpoint))
    return lambda **changes: train(options=replace(start, **changes))


def content(folder: Path) -> dict[str, bytes]:
    """All files; of the state its checksum, since its notes have no order."""
    values = {p.name: p.read_bytes() for p in folder.iterdir()}
    with safe_open(folder / "resume.safetensors", "pt") as file:
        values["resume.safetensors"] = file.metadata()["digest"].encode()
    return values


@pytest.mark.cases(4, 1_000)
def test_a_run_killed_at_any_write_ends_like_one_that_is_not(short, tmp_path, cases):
    with dying(0) as calls:
        short().run()
    whole = content(tmp_path / "run")
    assert {"config.json", "examples.json", "summary.json", "log.jsonl"} <= whole.keys()
    ends = [i for i, name in enumerate(calls, 1) if name in ("rename", "rmdir")]
    moments = range(1, len(calls) + 1) if cases > len(calls) else ends[-cases:]
    for last in moments:
        shutil.rmtree(tmp_path / "run")
        with pytest.raises(Killed), dying(last):
            short().run()
        short().run()
        assert content(tmp_path / "run") == whole, (last, calls[last - 1])


def test_the_end_of_a_run_is_computed_from_its_state_alone(short, tmp_path):
    """Neither a lost summary nor another checkpoint in the folder lets it average twice."""
    short().run()
    whole = content(tmp_path / "run")
    (tmp_path / "run" / "summary.json").unlink()
    short().run()
    assert content(tmp_path / "run") == whole


def test_half_a_line_of_the_log_is_dropped_and_no_line_repeated(train, tmp_path):
    train(options=SHORT).run()
    log = tmp_path / "run" / "log.jsonl"
    first, second = log.read_text().splitlines()
    log.write_text(f"{first}\n{second}\n{second[:20]}", encoding="utf-8")
    (tmp_path / "run" / "resume.safetensors").unlink()
    train(options=SHORT).run()
    assert log.read_text().splitlines() == [first, second]
    assert json.loads(first)["step"] == 1


# -- resume.safetensors ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ended():
    """Files of an ended run, filled by the first test that needs them."""
    return {}


@pytest.fixture
def state(short, tmp_path, ended) -> Path:
    """resume.safetensors of an ended run."""
    if not ended:
        short().run()
        ended.update({p.name: p.read_bytes() for p in (tmp_path / "run").iterdir()})
    (tmp_path / "run").mkdir(exist_ok=True)
    for name, data in ended.items():
        (tmp_path / "run" / name).write_bytes(data)
    return tmp_path / "run" / "resume.safetensors"


def refused(make, *words: str) -> None:
    with pytest.raises(FileError) as error:
        make()
    text = str(error.value)
    assert "\n" not in text and "resume.safetensors" in text and "Delete it to start anew" in text
    assert all(word in text for word in words), text


def test_a_damaged_state_is_refused_and_says_what_to_do(short, state, tmp_path):
    data = state.read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    for size in (0, 5, header // 2, header + 100, len(data) - 1):
        state.write_bytes(data[:size])
        refused(Run(tmp_path / "run").saved, "damaged")
    for place in (3, 200, header // 2, header + 5, len(data) // 2, len(data) - 1):
        flipped = bytearray(data)
        flipped[place] ^= 4
        state.write_bytes(flipped)
        refused(Run(tmp_path / "run").saved)
    state.unlink()
    state.mkdir()
    refused(short, "not a plain file")


def test_a_state_of_another_run_is_refused_and_says_what_differs(
    short, train, state, toy_questions, toy_folder, new_checkpoint, tmp_path
):
    refused(lambda: short(seed=1), "seed 0 there, 1 now")
    refused(lambda: short(head_rate=0.5), "head_rate 0.003 there, 0.5 now")
    other = tmp_path / "other"
    new_checkpoint(seed=1).save(other, graph=str(toy_folder))
    refused(lambda: short(start=str(other)), "other weights before the first step")
    start = short().config
    refused(lambda: train(options=start, questions=toy_questions[0][:8]), "other questions")


def test_a_state_of_a_model_of_another_size_is_refused(train, new_encoder, state, monkeypatch):
    from transformers import BertModel

    from kgqa.model import base

    def larger() -> base.BaseEncoder:
        config = new_encoder().config
        config.num_hidden_layers = 3
        return base.BaseEncoder(BertModel(config, add_pooling_layer=False), tokenizer)

    tokenizer = base.base_encoder().tokenizer
    monkeypatch.setattr(base, "base_encoder", larger)
    refused(lambda: train(options=SHORT), "another size")


# -- places where no run can be --------------------------------------------------------------------


def test_a_place_where_no_run_can_be_is_refused_before_any_work(tables, tmp_path, monkeypatch):
    monkeypatch.setattr(question_files, "read", pytest.fail)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for place in ("file", "file/below", "dangling", "x" * 300):
        with pytest.raises(FileError):
            train_folder(tables, tmp_path / place)
    with room_for(100_000), pytest.raises(FileError, match="cannot be written"):
        train_folder(tables, tmp_path / "full")
    assert not (tmp_path / "full").exists() and (tmp_path / "file").read_text() == "mine"


def test_a_disk_without_room_for_the_run_is_refused_before_any_step(short, monkeypatch):
    usage = SimpleNamespace(free=1_000_000)
    monkeypatch.setattr("kgqa.training.run.shutil.disk_usage", lambda _: usage)
    with pytest.raises(FileError, match="its disk has 1 MB left"):
        short()


def test_a_run_does_not_train_its_own_folder_further(tables, tiny_checkpoint):
    before = Checkpoint.load(tiny_checkpoint, device="cpu").config
    with pytest.raises(DataError, match="its own folder"):
        train_folder(tables, tiny_checkpoint, config=replace(SHORT, start=str(tiny_checkpoint)))
    assert Checkpoint.load(tiny_checkpoint, device="cpu").config == before
