"""The graph that a person names: a folder that holds one, or files to build one of.

open_graph(["suppliers.csv", "orders.csv"])    built, opened, and gone with the process
open_graph("runs/firm")                        a built graph, opened as it is
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa.errors import GraphError
from kgqa.files import is_file, name_of
from kgqa.graph.graph import Graph
from kgqa.text import plain

if TYPE_CHECKING:
    from kgqa.graph.importer import ImportOptions

PREFIX = "kgqa-graph-"  #: of folders for graphs that are not kept


def open_graph(
    paths: str | Path | Sequence[str | Path],
    *,
    out: str | Path | None = None,
    options: ImportOptions | None = None,
    verify: bool = False,
    bar: Callable[[str, float], None] = lambda stage, share: None,
) -> Graph:
    """Open a folder that holds a built graph, or build one of files of any known format.

    Args:
        paths: one folder of a built graph; or files, archives and folders of them.
        out: where the graph of files is kept; without it, it is gone when nothing uses it.
        options, bar: as for ``build_files``.
        verify: as for :meth:`Graph.load`.

    Raises:
        GraphError: naming the file at fault, its line where there is one, and what to do.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    built = [path for path in given if is_file(Path(path) / "graph.json")]
    for path in given:
        if is_file(Path(path) / "config.json") and is_file(Path(path) / "model.safetensors"):
            raise GraphError(
                f"{name_of(path)} is a checkpoint, not a graph. Give it with --checkpoint; its "
                f"graph is the folder {name_of(Path(path) / 'graph')}."
            )
    if not built:
        return _build(given, out, options, bar, verify)
    if len(given) > 1:
        raise GraphError(
            f"{name_of(built[0])} is a built graph, which is opened alone: give it without other "
            "files, or give the files that it was built of."
        )
    if out:
        raise GraphError(f"{name_of(built[0])} is a built graph: there is nothing to write.")
    return Graph.load(built[0], verify=verify)


def _build(
    paths: Sequence[str | Path],
    out: str | Path | None,
    options: ImportOptions | None,
    bar: Callable[[str, float], None],
    verify: bool,
) -> Graph:
    """The graph of files, in ``out`` or in a folder of its own."""
    from kgqa.graph.importer import ImportOptions, build_files  # DuckDB: only when files are read

    chosen = options or ImportOptions()
    if out:
        build_files(paths, out, options=chosen, bar=bar)
        return Graph.load(out, verify=verify)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        build_files(paths, folder / "graph", options=chosen, bar=bar)
        return passing(folder / "graph", folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def passing(graph: Path, folder: Path) -> Graph:
    """Open a graph, and delete ``folder``, which holds it, as soon as the system permits.

    Where an open file can be deleted, that is now: the arrays are mapped, and their disk space is
    free again with the last of them, however the process ends.
    """
    opened = Graph.load(graph)
    opened.folder = ""
    if os.name == "posix":
        shutil.rmtree(folder, ignore_errors=True)
    else:
        weakref.finalize(opened, shutil.rmtree, folder, ignore_errors=True)
    return opened


def described(graph: Graph) -> Iterator[str]:
    """What a graph holds, what was read, and what was left out: lines for a terminal."""
    counts = f"{graph.num_entities:,} entities, {graph.num_triples:,} triples"
    yield f"{plain(graph.name)}: {counts}, {len(graph.relations):,} relations"
    yield from (f"  read {plain(file)}" for file in graph.read)
    yield from (f"  note: {plain(note, 400)}" for note in graph.notes)
