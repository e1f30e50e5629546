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
ARRAYS = {
    "entity_group",
    "group_relation",
    "group_edge",
    "tail",
    "entity_kind",
    "entity_description",
    "number_entity",
    "number_relation",
    "number_value",
    "label_text",
    "label_offset",
    "key_text",
    "key_offset",
    "description_text",
    "description_offset",
    "alias_text",
    "alias_offset",
    "alias_entry",
    "alias_entity",
    "alias_kind",
}
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
    meta = {"format": FORMAT_VERSION, "fingerprint": _fingerprint({**meta, "files": files}), **meta, "files": files}
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
        version, files, fingerprint = meta["format"], meta["files"], meta["fingerprint"]
        missing = sorted({"name", "kinds", "relations", "triples"} - set(meta)) + sorted(ARRAYS - {Path(f).stem for f in files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GraphError(f"{path} is not a readable graph description ({error!r}). {rebuild}") from None
    if version != FORMAT_VERSION:
        raise GraphError(f"{path} has format {version}, this program reads format {FORMAT_VERSION}. {rebuild}")
    if missing:
        raise GraphError(f"{path} is not a complete graph description: {', '.join(missing)} missing. {rebuild}")
    if _fingerprint(meta) != fingerprint:
        raise GraphError(f"{path} was altered: its fingerprint {fingerprint} does not fit its content. {rebuild}")
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
        try:
            arrays[file.stem] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        except (ValueError, OSError) as error:
            raise GraphError(f"The graph file {file} is not a plain array ({error}). {rebuild}") from None
    return meta, arrays


def _fingerprint(meta: dict) -> str:
    """A hash over everything that gives the arrays their meaning."""
    said = [meta["files"], meta["relations"], meta["kinds"]]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
