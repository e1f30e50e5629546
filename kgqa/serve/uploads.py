"""What becomes of the files of a visitor: a graph, and the page's model over it.

The files are written to a folder that only this process can read, built in another process within
bounds (``kgqa.graph.apart``), and deleted with the folder as soon as the graph is open.
"""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kgqa.errors import GraphError
from kgqa.ui.guard.rules import Uploads as Taken

if TYPE_CHECKING:
    from kgqa.checkpoint import Checkpoint
    from kgqa.graph import Graph
    from kgqa.inference import Pipeline
    from kgqa.ui.service import Service, Uploads

SIZE = 20_000_000  #: bytes that all files together may have
TRIPLES = 200_000
RELATIONS, LONGEST = 500, 300  #: and characters of the words of one
FILES = Taken(size=SIZE + 20_000, files=40)
PATIENCE = 8.0  #: seconds for examples, during which the visitor waits
_ODD = re.compile(r"[^\w .()+-]+")


def opener(pipeline: Pipeline, lend: Callable[[Callable], Callable] | None = None) -> Uploads:
    """Opens files with the weights of a pipeline; ``lend`` as for ``page_service``."""
    from kgqa.ui.service import Uploads

    def open_files(files: Sequence[tuple[str, bytes]]) -> Service:
        return _service(pipeline, files, lend)

    return Uploads(open_files, SIZE, TRIPLES)


def _service(
    pipeline: Pipeline,
    files: Sequence[tuple[str, bytes]],
    lend: Callable[[Callable], Callable] | None,
) -> Service:
    """The functions behind the page, over the graph of files. Raises :class:`GraphError`."""
    from kgqa.graph.apart import Bounds, build_apart
    from kgqa.graph.given import PREFIX, passing
    from kgqa.serve.card import page_service

    folder = Path(tempfile.mkdtemp(prefix=PREFIX))  # readable by this user alone
    try:
        paths = _write(files, folder / "files")
        build_apart(paths, folder / "graph", Bounds(triples=TRIPLES), name=_name(paths))
        graph = passing(folder / "graph", folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if graph.num_triples > TRIPLES:
        raise GraphError(f"These files hold {graph.num_triples:,} facts; at most {TRIPLES:,} fit.")
    if len(graph.relations) > RELATIONS:
        raise GraphError(
            f"These files hold {len(graph.relations):,} relations; at most {RELATIONS} fit."
        )
    if any(len(graph.relation_words(r)) > LONGEST for r in range(graph.num_relations)):
        raise GraphError(f"The name of a relation has more than {LONGEST} characters.")
    over = type(pipeline)(_over(pipeline.checkpoint, graph), settings=pipeline.settings)
    service = page_service(over, lend, patience=PATIENCE)
    return replace(service, card=replace(service.card, visitors=True), toy=None)


def _over(checkpoint: Checkpoint, graph: Graph) -> Checkpoint:
    """As ``checkpoint.over(graph)``, with a tokenizer of its own.

    Others are asking meanwhile, and a tokenizer that reads texts of different lengths as one batch
    cannot be shared at that moment.
    """
    from kgqa.model.binding import bind

    tokenizer = copy.deepcopy(checkpoint.tokenizer)
    model = bind(checkpoint.model, tokenizer, graph).eval()
    return type(checkpoint)(model, tokenizer, graph, unseen=True)


def _name(paths: Sequence[Path]) -> str:
    """What the graph is called: as its first file."""
    first, more = paths[0].name.split(".")[0], len(paths) - 1
    return f"{first} and {more} more {'file' if more == 1 else 'files'}" if more else first


def _write(files: Sequence[tuple[str, bytes]], folder: Path) -> list[Path]:
    """The files under names that are harmless and yet theirs: a table is called by its file."""
    folder.mkdir()
    paths: list[Path] = []
    for i, (name, content) in enumerate(files):
        last = _ODD.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(" .") or f"file{i}"
        path = folder / last[-100:]
        if path.exists():
            path = folder / f"{i}-{last[-100:]}"
        path.write_bytes(content)
        paths.append(path)
    return paths
