"""Reads and writes graph folders: plain ``.npy`` arrays beside one ``graph.json``, no pickle.

``graph.json`` holds the format version, the relations, the size and SHA-256 of every array, and a
fingerprint (a hash over those), which a checkpoint records and checks, and a digest over all of
itself. Arrays are memory-mapped,
so that worker processes share the page cache. Whether they are what was written and fit each other
(``kgqa.graph.check``) is checked in full up to ``VERIFIED`` bytes, and in bounded time beyond.
"""

from __future__ import annotations

import tokenize
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kgqa import files
from kgqa.errors import FileError, GraphError
from kgqa.files import name_of
from kgqa.graph.arrays import ARRAYS
from kgqa.graph.check import Misfit, check
from kgqa.graph.description import Description, File

FORMAT_VERSION = 1
#: A graph of at most so many bytes is checked in full when it is opened.
VERIFIED = 100 * 10**6
#: Bytes of a larger one checked by checksum, smallest files first; the rest by size alone.
HASH_LIMIT = 32 * 2**20
REBUILD = (
    "Build it again with `python -m kgqa graph build`, or take the folder from the repository."
)
#: What NumPy raises for a file that is no array, or whose header lies.
_NO_ARRAY: tuple[type[Exception], ...] = (
    *(ValueError, OSError, EOFError, SyntaxError, TypeError, OverflowError, MemoryError, KeyError),
    *(AttributeError, RecursionError, tokenize.TokenError),
)


def save(folder: Path, description: Description, arrays: dict[str, np.ndarray]) -> str:
    """Write a graph and return its fingerprint. The same input gives the same bytes.

    Another graph in the folder stays until the new one is whole. Raises
    :class:`kgqa.errors.FileError` if it cannot be written.
    """
    with files.replacing(folder, instead_of="*.npy") as new:
        for name, values in arrays.items():
            np.save(new / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)
        return seal(new, description)


def seal(folder: Path, description: Description) -> str:
    """Write ``graph.json`` beside the arrays in ``folder``; returns the fingerprint."""
    listed = {
        path.name: File(path.stat().st_size, files.sha256(path))
        for path in sorted(folder.glob("*.npy"), key=lambda path: path.stem)
    }
    values = replace(description, files=listed).to_dict()
    values["fingerprint"] = fingerprint = _fingerprint(values)
    _write({"format": FORMAT_VERSION, "fingerprint": fingerprint, **values}, folder)
    return fingerprint


def seal_again(folder: Path) -> None:
    """Give ``graph.json`` its digest, where it has none or was changed by hand.

    Raises :class:`GraphError` if it does not open.
    """
    values = _values(folder)
    _describe(folder, values)
    _write(values, folder)
    load(folder)


def load(folder: Path, *, verify: bool = False) -> tuple[Description, dict[str, np.ndarray]]:
    """Open a graph folder, memory-mapped; ``verify``: check all of it, however large it is.

    Raises :class:`GraphError` naming the file that is missing, truncated, altered, of another type,
    or does not fit the others.
    """
    files.settle(folder)
    description = describe(folder)
    full = verify or sum(file.bytes for file in description.files.values()) <= VERIFIED
    arrays, unchecked = {}, HASH_LIMIT
    smallest_first = sorted(description.files.items(), key=lambda item: (item[1].bytes, item[0]))
    for name, expected in smallest_first:
        path = folder / name
        if not files.is_file(path):
            raise GraphError(f"The graph file {name_of(path)} is missing. {REBUILD}")
        size = path.stat().st_size
        if size != expected.bytes:
            raise GraphError(
                f"The graph file {name_of(path)} has {size} bytes, expected {expected.bytes}. "
                f"{REBUILD}"
            )
        unchecked -= size
        if (full or unchecked >= 0) and files.sha256(path) != expected.sha256:
            raise GraphError(
                f"The graph file {name_of(path)} was altered (its checksum does not match). "
                f"{REBUILD}"
            )
        if path.stem in ARRAYS:
            arrays[path.stem] = _open(path)
    try:
        check(description, arrays, full=verify)
    except Misfit as misfit:
        path = folder / f"{misfit.name}.npy"
        raise GraphError(
            f"The graph file {name_of(path)} does not fit the others: {misfit.why}. {REBUILD}"
        ) from None
    return description, arrays


def _open(path: Path) -> np.ndarray:
    """A view of the mapped file; np.memmap itself is slow to index."""
    try:
        values = np.lib.format.open_memmap(path, mode="r").view(np.ndarray)
    except _NO_ARRAY as error:
        raise GraphError(
            f"The graph file {name_of(path)} is not a plain array ({error}). {REBUILD}"
        ) from None
    dtypes = ARRAYS[path.stem].dtypes
    if values.dtype not in dtypes or values.ndim != 1:
        raise GraphError(
            f"The graph file {name_of(path)} holds {values.dtype} in {values.ndim} dimensions, "
            f"expected {' or '.join(dtypes)} in one. {REBUILD}"
        )
    return values


def describe(folder: Path) -> Description:
    """What ``graph.json`` says; its arrays are not opened. Raises :class:`GraphError`."""
    values, name = _values(folder), name_of(folder / "graph.json")
    description = _describe(folder, values)
    if "digest" not in values:
        raise GraphError(
            f"{name} does not record its own checksum, so damage would go unnoticed. {REBUILD} "
            "`python -m kgqa seal --checkpoint DIR` records it for a checkpoint that you trust."
        )
    if values["digest"] != _digest(values):
        raise GraphError(f"{name} was altered (its digest does not match). {REBUILD}")
    return description


def _values(folder: Path) -> dict[str, Any]:
    """The object in ``graph.json``."""
    path = folder / "graph.json"
    name = name_of(path)
    if not files.is_file(path):
        raise GraphError(
            f"No graph at {name_of(folder)}: the file graph.json is missing. {REBUILD}"
        )
    try:
        values = files.read_json(path)
    except FileError as error:
        raise GraphError(f"{error} {REBUILD}") from None
    if not isinstance(values, dict):
        raise GraphError(f"{name} is not a graph description: it holds no object. {REBUILD}")
    return values


def _describe(folder: Path, values: dict[str, Any]) -> Description:
    name = name_of(folder / "graph.json")
    try:
        version, description = values["format"], Description.from_dict(values)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise GraphError(
            f"{name} is not a readable graph description ({error!r}). {REBUILD}"
        ) from None
    if version != FORMAT_VERSION:
        raise GraphError(
            f"{name} has format {version}, this program reads format {FORMAT_VERSION}. {REBUILD}"
        )
    missing = [array for array in sorted(ARRAYS) if f"{array}.npy" not in description.files]
    if missing:
        raise GraphError(
            f"{name} is not a complete graph description: {', '.join(missing)} missing. {REBUILD}"
        )
    if _fingerprint(values) != description.fingerprint:
        raise GraphError(
            f"{name} was altered: its fingerprint {description.fingerprint} does not fit its "
            f"content. {REBUILD}"
        )
    return description


def _write(values: dict[str, Any], folder: Path) -> None:
    text = files.to_json({**values, "digest": _digest(values)})
    files.write_text(folder / "graph.json", text)


def _digest(values: dict[str, Any]) -> str:
    """A hash over all of ``graph.json`` but the digest itself."""
    return files.digest({k: v for k, v in values.items() if k != "digest"})


def _fingerprint(values: dict) -> str:
    """A hash over everything that gives the arrays their meaning."""
    return files.digest([values["files"], values["relations"], values["kinds"]])[:16]
