"""How long, and in how much memory, ``graph build --triples`` makes a graph of random triples.

A file of T lines has T / 10 entities and 32 relations; heads and tails are skewed as in
``synthetic``. The build is a process of its own, as a user would start it, so that its peak of
resident memory is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kgqa.bench.synthetic import HEAD_EXPONENT, TAIL_EXPONENT, TRIPLES_AN_ENTITY
from kgqa.errors import GraphError
from kgqa.graph import Graph

RELATIONS = 32


@dataclass(frozen=True)
class Build:
    """A row of ``bench build``."""

    lines: int
    file: str
    file_bytes: int
    triples: int  #: distinct
    entities: int
    build_seconds: float
    build_peak_bytes: int  #: resident memory
    graph_bytes: int  #: on disk
    open_seconds: float


def write(file: Path, lines: int) -> None:
    """A file of triples, ``.tsv`` or ``.nt.gz``; some are drawn twice, and the build drops one."""
    import duckdb

    def skewed(exponent: int) -> str:
        return f"({lines / TRIPLES_AN_ENTITY} * pow(random(), {exponent}))::bigint"

    head, relation, tail = columns = (
        f"'e' || {skewed(HEAD_EXPONENT)}",
        f"'r' || ({RELATIONS} * random() * random())::int",
        f"'e' || {skewed(TAIL_EXPONENT)}",
    )
    row = ", ".join(columns)
    if file.name.endswith((".nt", ".nt.gz")):
        iris = (f"'<http://example.org/' || {name} || '>'" for name in (head, relation, tail))
        row = " || ' ' || ".join(iris) + " || ' .'"
    compression = "gzip" if file.suffix == ".gz" else "none"
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as database:
        database.execute(
            "set memory_limit = '3GB'; set preserve_insertion_order = false; select setseed(0.5)"
        )
        database.execute(
            f"copy (select {row} from range({lines})) to '{file}' (format csv, header false, "
            f"quote '', escape '', delimiter '\t', compression {compression})"
        )


def measure(
    folder: str | Path,
    lines: int,
    *,
    ntriples: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Build:
    """Write the file, build its graph and open it.

    Raises :class:`GraphError` if the build fails; its own message stands on standard error.
    """
    folder = Path(folder)
    file, out = folder / ("triples.nt.gz" if ntriples else "triples.tsv"), folder / "graph"
    say(f"writing {lines:,} triples to {file}")
    write(file, lines)
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kgqa", "graph", "build", "--triples", str(file), "--out", str(out)]
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise GraphError(f"graph build of {file} ended with code {process.returncode}.")
    started = time.perf_counter()
    graph = Graph.load(out)
    opening = time.perf_counter() - started
    return Build(
        lines=lines,
        file=file.name,
        file_bytes=file.stat().st_size,
        triples=graph.num_triples,
        entities=graph.num_entities,
        build_seconds=round(seconds, 1),
        build_peak_bytes=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        graph_bytes=sum(f.stat().st_size for f in out.iterdir()),
        open_seconds=round(opening, 3),
    )
