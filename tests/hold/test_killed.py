"""A process killed while it writes: what was there before is there, or what is new is whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kgqa.checkpoint import Checkpoint, adopt
from kgqa.cli.common import write_report
from kgqa.files import settle
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from tests.hold import mutations
from tests.toy import toy_builder

CALLS = "fsync mkdir rename replace rmdir unlink".split()  #: all that change what a folder holds


def build(folder: Path) -> None:
    builder = toy_builder()
    builder.entity("film", "One More")
    builder.write(folder / "graph")


def build_from_files(folder: Path) -> None:
    build_tables(folder / "tables", folder / "graph", threads=1)


def save(folder: Path) -> None:
    opened = Checkpoint.load(folder, device="cpu")
    opened.model.config = replace(opened.config, name="new")
    opened.model.resolver.match.data += 1
    opened.save(folder)


def adopt_other(folder: Path) -> None:
    adopt(folder, Graph.load(folder / "other"))


def report(folder: Path) -> None:
    write_report(folder / "metrics.json", {"new": list(range(10_000))})


def killed(write: Callable[[Path], None], folder: Path, moment: int) -> int:
    """Run ``write`` in a process that is killed at its call number ``moment`` of ``CALLS``.

    Returns how many calls it made, 0 if it was killed.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        calls = 0

        def dying(function: Callable) -> Callable:
            def call(*arguments, **options):
                nonlocal calls
                calls += 1
                if calls == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*arguments, **options)

            return call

        try:
            for name in CALLS:
                setattr(os, name, dying(getattr(os, name)))
            write(folder)
            os.write(writer, str(calls).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        calls = int(file.read() or 0)
    os.waitpid(child, 0)
    return calls


@pytest.fixture(scope="module")
def folder(tiny_checkpoint, toy_folder, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "checkpoint"
    shutil.copytree(tiny_checkpoint, folder)
    shutil.copytree(toy_folder, folder / "graph")
    other = toy_builder()
    other.entity("film", "Another")
    other.write(folder / "other")
    (folder / "metrics.json").write_text('{"old": 1}', encoding="utf-8")
    tables = folder / "tables"
    tables.mkdir()
    (tables / "entities.tsv").write_text("a\tAnn\nb\tBob\n", encoding="utf-8")
    (tables / "triples.tsv").write_text("a\tknows\tb\n", encoding="utf-8")
    return folder


def state(folder: Path, toy: Graph) -> tuple[str, str, str, float, str]:
    """What can be opened; raises if anything cannot."""
    settle(folder)  # as opening does
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    adopted = values["model"]["graph_fingerprint"] != toy.fingerprint
    opened = Checkpoint.load(folder, graph=Graph.load(folder / "other") if adopted else toy)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    match = float(opened.model.resolver.match.detach().flatten()[0])
    graph = Graph.load(folder / "graph").fingerprint
    return graph, opened.config.name, values["digest"], match, ",".join(metrics)


@pytest.mark.parametrize("write", [build, build_from_files, save, adopt_other, report])
@pytest.mark.cases(3, 50)
def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new(
    folder, toy, tmp_path, write, cases
):
    copy, old = mutations.copy(folder, tmp_path / "copy"), state(folder, toy)
    calls = killed(write, copy, 0)
    new = state(copy, toy)
    assert calls > 3 and new != old
    moments = sorted({1 + (calls - 1) * i // (cases - 1) for i in range(cases)})
    seen = []
    for moment in moments:
        mutations.copy(folder, copy)
        assert killed(write, copy, moment) == 0
        after = state(copy, toy)
        assert after in (old, new), (moment, calls)
        seen.append(after == old)
    print(f"{write.__name__}: {len(moments)} moments, the old {sum(seen)} times")
    assert seen[0] and seen == sorted(seen, reverse=True)  # once the new is there, it stays
