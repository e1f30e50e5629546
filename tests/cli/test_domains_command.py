"""kgqa domains: graphs with questions, and checks of schemas."""

from __future__ import annotations

from kgqa.domains.reader import SCHEMAS
from tests.cli.running import sentence


def test_domains_writes_folders(run, tmp_path):
    arguments = ("--graphs", "2", "--only", "school", "--per-relation", "20", "--seed", "3")
    code, out, _ = run("domains", "--out", tmp_path, *arguments)
    assert code == 0 and out.count("\n") == 2 and "school-4: " in out
    assert (tmp_path / "school-3" / "train.jsonl").stat().st_size > 10_000


def test_domains_checks_a_schema(run, tmp_path):
    code, out, _ = run("domains", "--check", SCHEMAS / "school.txt")
    assert code == 0 and "8 relations" in out
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("# A field.\n[kind a]\nwords: b\n", encoding="utf-8")
    code, out, err = run("domains", "--check", wrong)
    assert code == 2 and out == "" and "wrong.txt, line 3" in err
    code, _, err = run("domains", "--out", tmp_path, "--only", "nothing")
    assert code == 2 and sentence(err)
