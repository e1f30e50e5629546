"""Reads and writes graph folders: plain ``.npy`` arrays beside one ``graph.json``, no pickle.

``graph.json`` holds the format version, the relations, the size and SHA-256 of every array, and a
fingerprint (a hash over those), which a checkpoint records and checks. Arrays are memory-mapped:
nothing is read before it is used, and worker processes share the page cache.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph.arrays import ARRAYS
from kgqa.graph.description import Description, File

FORMAT_VERSION = 1
#: Bytes checked by checksum when a graph is opened, smallest files first; the rest by size alone.
HASH_LIMIT = 32 * 2**20
REBUILD = (
    "Build it again with `python -m kgqa graph build`, or take the folder from the repository."
)


def save(folder: Path, description: Description, arrays: dict[str, np.ndarray]) -> str:
    """Write a graph and return its fingerprint. The same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)
    return seal(folder, description)


def seal(folder: Path, description: Description) -> str:
    """Write ``graph.json`` beside the arrays in ``folder``; returns the fingerprint."""
    files = {
        path.name: File(path.stat().st_size, _sha256(path))
        for path in sorted(folder.glob("*.npy"), key=lambda path: path.stem)
    }
    values = replace(description, files=files).to_dict()
    values["fingerprint"] = fingerprint = _fingerprint(values)
    values = {"format": FORMAT_VERSION, "fingerprint": fingerprint, **values}
    text = json.dumps(values, indent=1, ensure_ascii=False) + "\n"
    (folder / "graph.json").write_text(text, encoding="utf-8")
    return fingerprint


def load(folder: Path) -> tuple[Description, dict[str, np.ndarray]]:
    """Open a graph folder, memory-mapped.

    Raises :class:`GraphError` naming the file that is missing, truncated, altered or of another
    type.
    """
    description = describe(folder)
    arrays, unchecked = {}, HASH_LIMIT
    smallest_first = sorted(description.files.items(), key=lambda item: (item[1].bytes, item[0]))
    for name, expected in smallest_first:
        path = folder / name
        if not path.is_file():
            raise GraphError(f"The graph file {path} is missing. {REBUILD}")
        size = path.stat().st_size
        if size != expected.bytes:
            raise GraphError(
                f"The graph file {path} has {size} bytes, expected {expected.bytes}. {REBUILD}"
            )
        unchecked -= size
        if unchecked >= 0 and _sha256(path) != expected.sha256:
            raise GraphError(
                f"The graph file {path} was altered (its checksum does not match). {REBUILD}"
            )
        if path.stem in ARRAYS:
            arrays[path.stem] = _open(path)
    return description, arrays


def _open(path: Path) -> np.ndarray:
    """A view of the mapped file; np.memmap itself is slow to index."""
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except (ValueError, OSError) as error:
        raise GraphError(
            f"The graph file {path} is not a plain array ({error}). {REBUILD}"
        ) from None
    dtypes = ARRAYS[path.stem].dtypes
    if values.dtype not in dtypes or values.ndim != 1:
        raise GraphError(
            f"The graph file {path} holds {values.dtype} in {values.ndim} dimensions, "
            f"expected {' or '.join(dtypes)} in one. {REBUILD}"
        )
    return values


def describe(folder: Path) -> Description:
    """What ``graph.json`` says; its arrays are not opened. Raises :class:`GraphError`."""
    path = folder / "graph.json"
    if not path.is_file():
        raise GraphError(f"No graph at {folder}: the file graph.json is missing. {REBUILD}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        version, description = values["format"], Description.from_dict(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GraphError(
            f"{path} is not a readable graph description ({error!r}). {REBUILD}"
        ) from None
    if version != FORMAT_VERSION:
        raise GraphError(
            f"{path} has format {version}, this program reads format {FORMAT_VERSION}. {REBUILD}"
        )
    missing = sorted(ARRAYS.keys() - {Path(name).stem for name in description.files})
    if missing:
        raise GraphError(
            f"{path} is not a complete graph description: {', '.join(missing)} missing. {REBUILD}"
        )
    if _fingerprint(values) != description.fingerprint:
        raise GraphError(
            f"{path} was altered: its fingerprint {description.fingerprint} does not fit its "
            f"content. {REBUILD}"
        )
    return description


def _fingerprint(values: dict) -> str:
    """A hash over everything that gives the arrays their meaning."""
    hashed = [values["files"], values["relations"], values["kinds"]]
    text = json.dumps(hashed, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
