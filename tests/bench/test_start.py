"""``bench start`` times the app itself, and says so where it does not start."""

from __future__ import annotations

import json

import pytest

from kgqa.bench import start
from kgqa.cli import main
from kgqa.errors import KGQAError


@pytest.mark.slow
def test_the_app_is_timed_from_its_command_to_its_answer(tiny_checkpoint):
    lines: list[str] = []
    report = start.measure(str(tiny_checkpoint), runs=1, warm=False, say=lines.append)
    assert report.runs == 1
    assert 0 < report.imported.seconds < report.loaded.seconds
    assert 0 < report.imported.cpu_seconds < report.loaded.cpu_seconds
    assert 0 < report.page.seconds < report.answered.seconds
    assert 0 < report.page.cpu_seconds <= report.answered.cpu_seconds
    assert lines == [f"run 1: answered after {report.answered.seconds:.2f} s"]


def test_the_command_prints_and_writes_every_moment(monkeypatch, tmp_path, capsys):
    moments = [start.Moment(float(i), i / 4) for i in (1, 2, 3, 4)]
    monkeypatch.setattr(start, "measure", lambda *_, **options: start.Start(7, *moments))
    assert main(["bench", "start", "--json", str(tmp_path / "s.json")]) == 0
    written = json.loads((tmp_path / "s.json").read_text())
    assert written["runs"] == 7 and written["answered"] == {"seconds": 4.0, "cpu_seconds": 1.0}
    printed = capsys.readouterr().out
    assert "first answer" in printed and "4.00  (1.00)" in printed


def test_a_checkpoint_that_does_not_open_is_a_sentence(tmp_path):
    with pytest.raises(KGQAError, match="cannot be opened"):
        start.measure(str(tmp_path / "nowhere"), runs=1, say=print)


def test_medians_are_of_seconds_and_of_the_processors():
    moments = [start.Moment(3.0, 1.0), start.Moment(1.0, 3.0), start.Moment(2.0, 2.0)]
    assert start._median(moments) == start.Moment(2.0, 2.0)
