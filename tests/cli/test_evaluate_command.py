"""kgqa evaluate and kgqa bench: a table, a report as JSON, and errors in one sentence."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import sentence


def test_evaluate_prints_a_table_and_writes_json(report):
    row, out = report("--errors 2")
    assert (row["questions"], row["split"], row["topics"]) == (4, "dev", "model")
    assert row["intersection"] is True and row["max_hops"] == 3
    assert any(line.startswith("all") for line in out.splitlines()) and "calibration error" in out


def test_evaluate_records_its_ablations(report):
    row, _ = report("--no-intersection --max-hops 1 --topics gold")
    assert (row["intersection"], row["max_hops"], row["topics"]) == (False, 1, "gold")
    for option in ("--topics gold", "--no-intersection", "--max-hops 1"):
        assert f" {option}" in row["command"]


def test_evaluate_without_hops_records_zero(report):
    assert report("--max-hops 0")[0]["max_hops"] == 0


def test_fewer_than_no_hops_is_wrong_usage(evaluate):
    code, out, err = evaluate("--max-hops -1")
    assert code == 2 and out == "" and "max-hops" in err


def test_questions_written_for_the_default_graph_need_it(run, tiny_checkpoint):
    """Another graph lacks the relations of the phrasings: a sentence, not a KeyError."""
    code, _, err = run("evaluate", "--checkpoint", tiny_checkpoint, "--device", "cpu")
    assert code == 2 and sentence(err)


def test_an_unknown_split_of_the_written_questions_is_a_sentence(run, tiny_checkpoint):
    code, _, err = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--device", "cpu", "--split", "nonsense"
    )
    assert code == 2 and "nonsense" in err and "Traceback" not in err


def test_evaluate_on_a_missing_split_is_a_sentence(evaluate):
    code, _, err = evaluate("--split test")
    assert code == 2 and sentence(err) and "test.jsonl" in err


def test_evaluate_on_a_malformed_file_is_a_sentence(evaluate, data):
    rows = '{"question": "x", "answers": []}\n{"question":\n'
    (data / "dev.jsonl").write_text(rows, encoding="utf-8")
    code, _, err = evaluate()
    assert code == 2 and sentence(err) and "dev.jsonl, line 2" in err


def test_bench_times_every_part(run, tiny_checkpoint, toy_questions, monkeypatch, tmp_path):
    from kgqa.films import writer

    monkeypatch.setattr(
        writer,
        "Writer",
        lambda graph: type("W", (), {"write": lambda *_: toy_questions[0], "operators": ()})(),
    )
    options = ("--questions", 12, "--device", "cpu", "--json", tmp_path / "b.json")
    code, out, _ = run("bench", "pipeline", "--checkpoint", tiny_checkpoint, *options)
    report = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert code == 0 and "milliseconds" in out and "times the throughput" in out
    assert report["questions"] == 12
    for way in ("one", "together"):
        parts = report[way]["ms"]
        assert set(parts) == {"link", "encode", "hops", "trace", "page", "total"}
        assert all(0 <= row["p50"] <= row["p95"] for row in parts.values())
        assert parts["encode"]["p50"] > 0
        shares = [row["share"] for part, row in parts.items() if part != "total"]
        assert sum(shares) == pytest.approx(1, abs=1e-3)
