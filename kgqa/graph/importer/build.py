"""The whole build: files in, a graph folder out, and a word about how far it is."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph import folder as persist
from kgqa.graph.description import Description
from kgqa.graph.relation import relation_of

MEMORY = "2GB"  # of DuckDB

#: Called as bar(stage, share): a stage and how much of it is done, in [0, 1].
Bar = Callable[[str, float], None]


def build(
    triples: str | Path,
    folder: str | Path,
    *,
    entities: str | Path | None = None,
    name: str | None = None,
    memory: str = MEMORY,
    threads: int | None = None,
    bar: Bar = lambda stage, share: None,
) -> str:
    """Build the graph of a file of triples (and of entities) in ``folder``; returns the fingerprint.

    Args:
        triples: ``.tsv`` (head, relation, tail) or ``.nt`` (N-Triples), plain or ``.gz``.
        entities: ``.tsv`` (id, label[, description[, kind]]), plain or ``.gz``. Without it every id of the triples is an
            entity, with the label that N-Triples give it or its id in words.
        memory: limit of DuckDB, such as "2GB"; about 40 bytes an entity come on top.

    Raises:
        GraphError: naming file and line numbers, for malformed lines and for ids that are not listed.
    """
    try:
        from kgqa.graph.importer import lines, write
        from kgqa.graph.importer.tables import Tables
    except ImportError as error:
        raise GraphError(
            f"Building a graph from files needs the package {error.name}: pip install -r requirements-train.txt."
        ) from None
    triples, folder = Path(triples), Path(folder)
    ntriples = lines.is_ntriples(triples)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as work:
        made = Path(work) / "graph"
        made.mkdir()
        tables = Tables(
            Path(work) / "tables.duckdb", memory=memory, threads=threads, stage=_stages(bar)
        )
        try:
            tables.read_triples(triples)
            if entities is not None:
                tables.read_entities(Path(entities))
            tables.number_entities(triples, listed=entities is not None)
            bits, bits_r = tables.number_edges(ntriples=ntriples)
            rows = tables.db.execute("SELECT id, literal FROM relations ORDER BY r").fetchall()
            count = tables.one("SELECT count(*) FROM entities")
            tables.db.execute("DROP TABLE raw")
            found = write.edges(tables, made, count, len(rows), bits, bits_r)
            write.numbers(tables, made)
            kinds, listed = write.entities(tables, made, found.degree, ntriples=ntriples)
            if len(kinds) > 256:
                raise GraphError(
                    f"{entities} has {len(kinds)} kinds of entity; at most 256 can be kept."
                )
            pairs = write.aliases(tables, made, listed)
        finally:
            tables.close()
        description = Description(
            name=name or triples.name.split(".")[0],
            entities=count,
            triples=int(found.triples.sum()),
            edges=found.tail.length,
            aliases=pairs,
            kinds=tuple(kinds),
            relations=tuple(
                replace(relation_of(id_), literal=literal, triples=int(n))
                for (id_, literal), n in zip(rows, found.triples, strict=True)
            ),
        )
        fingerprint = persist.seal(made, description)
        folder.mkdir(exist_ok=True)
        for old in (*folder.glob("*.npy"), folder / "graph.json"):
            old.unlink(missing_ok=True)
        for file in sorted(made.iterdir()):
            shutil.move(file, folder / file.name)
    return fingerprint


def _stages(bar: Bar):
    """stage(name, database or None, total): a context that reports progress; DuckDB's own, or what ``advance`` is told."""

    @contextmanager
    def stage(name: str, database, total: int = 0) -> Iterator[Callable[[int], None]]:
        bar(name, 0.0)
        done, over = 0, threading.Event()

        def advance(rows: int) -> None:
            nonlocal done
            done += rows
            bar(name, min(done / max(total, 1), 1.0))

        def watch() -> None:
            while not over.wait(0.5):
                bar(name, float(np.clip(database.query_progress() / 100, 0.0, 1.0)))

        watcher = threading.Thread(target=watch, daemon=True) if database is not None else None
        if watcher:
            watcher.start()
        try:
            yield advance
        finally:
            over.set()
            if watcher:
                watcher.join()
        bar(name, 1.0)

    return stage
