"""Graphs on disk: plain ``.npy`` arrays beside one ``graph.json``; no pickle anywhere.

``graph.json`` holds the format version, the relation vocabulary, the size and SHA-256 of every array, and a
fingerprint (a hash over those), which a checkpoint records and checks. Arrays are opened with ``mmap_mode="r"``: nothing
is read until it is asked for, and worker processes share the page cache.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError

FORMAT_VERSION = 1
HASH_LIMIT = 64 * 2**20  # larger arrays are checked by size alone when a graph is opened


def save(folder: Path, meta: dict, arrays: dict[str, np.ndarray]) -> str:
    """Write a graph and return its fingerprint. The same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    files = {}
    for name in sorted(arrays):
        path = folder / f"{name}.npy"
        np.save(path, np.ascontiguousarray(arrays[name]), allow_pickle=False)
        files[path.name] = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
    digest = hashlib.sha256(json.dumps([files, meta["relations"]], sort_keys=True).encode()).hexdigest()
    meta = {"format": FORMAT_VERSION, "fingerprint": digest[:16], **meta, "files": files}
    (folder / "graph.json").write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return meta["fingerprint"]


def load(folder: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """Open a graph folder; raise :class:`GraphError` naming the file that is missing, truncated or altered."""
    path = folder / "graph.json"
    rebuild = "Build it again with `python -m kgqa graph build`, or take the folder from the repository."
    if not path.is_file():
        raise GraphError(f"No graph at {folder}: the file graph.json is missing. {rebuild}")
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        version, files = meta["format"], meta["files"]
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise GraphError(f"{path} is not a readable graph description ({error}). {rebuild}") from None
    if version != FORMAT_VERSION:
        raise GraphError(f"{path} has format {version}, this program reads format {FORMAT_VERSION}. {rebuild}")
    arrays = {}
    for name, expected in files.items():
        file = folder / name
        if not file.is_file():
            raise GraphError(f"The graph file {file} is missing. {rebuild}")
        size = file.stat().st_size
        if size != expected["bytes"]:
            raise GraphError(f"The graph file {file} has {size} bytes, expected {expected['bytes']}. {rebuild}")
        if size <= HASH_LIMIT and _sha256(file) != expected["sha256"]:
            raise GraphError(f"The graph file {file} was altered (its checksum does not match). {rebuild}")
        # A plain view of the mapped file: np.memmap itself is slow to index.
        arrays[file.stem] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return meta, arrays


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
