"""kgqa train: from a folder of files to a checkpoint."""

from __future__ import annotations

import json

from tests.cli.running import sentence
from tests.training.preparing import in_process


def test_train_needs_a_graph(run, data, tmp_path):
    code, _, err = run("train", "--data", data, "--out", tmp_path / "run", "--device", "cpu")
    assert code == 2 and sentence(err) and "entities.tsv" in err


def test_train_from_a_folder_of_the_benchmark_layout(
    run, tmp_path, tokenizer, new_encoder, monkeypatch
):
    """From entities.tsv, triples.tsv, train.jsonl and dev.jsonl; the run is a checkpoint."""
    from kgqa.model import base
    from kgqa.model.base import BaseEncoder
    from kgqa.training import loop

    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(loop, "explanations", in_process)
    data, out = tmp_path / "bench", tmp_path / "run"
    data.mkdir()
    (data / "entities.tsv").write_text("a\tAnn\nb\tBob\nc\tCara\n", encoding="utf-8")
    (data / "triples.tsv").write_text("a\tknows\tb\nb\tknows\tc\n", encoding="utf-8")
    answers = {"does Ann know": "b", "does Bob know": "c", "knows Cara": "b", "knows Bob": "a"}
    for split in ("train", "dev"):
        lines = [json.dumps({"question": f"Who {q}?", "answers": [a]}) for q, a in answers.items()]
        (data / f"{split}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    options = "--epochs 3 --follow-epochs 1 --batch-size 2 --evaluate-every 4".split()
    code, text, _ = run("train", "--data", data, "--out", out, "--device", "cpu", *options)
    assert code == 0 and "best dev" in text and (out / "graph" / "graph.json").is_file()
    code, text, _ = run(
        "ask", "--json", "Who does Ann know?", "--checkpoint", out, "--device", "cpu"
    )
    assert code == 0 and json.loads(text)["model"] == "run"
