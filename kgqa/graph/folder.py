"""Graphs on disk: plain ``.npy`` arrays beside one ``graph.json``; no pickle anywhere.

``graph.json`` holds the format version, the relation vocabulary, the size and SHA-256 of every array, and a
fingerprint (a hash over those), which a checkpoint records and checks. Arrays are opened with ``mmap_mode="r"``: nothing
is read until it is asked for, and worker processes share the page cache.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph.description import Description, File

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
HASH_LIMIT = (
    32 * 2**20
)  # bytes checked by checksum when a graph is opened, smallest files first; the rest by size alone
REBUILD = (
    "Build it again with `python -m kgqa graph build`, or take the folder from the repository."
)


def save(folder: Path, description: Description, arrays: dict[str, np.ndarray]) -> str:
    """Write a graph and return its fingerprint. The same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    for name in sorted(arrays):
        np.save(folder / f"{name}.npy", np.ascontiguousarray(arrays[name]), allow_pickle=False)
    return seal(folder, description)


def seal(folder: Path, description: Description) -> str:
    """Write ``graph.json`` beside the arrays that ``folder`` holds; returns the fingerprint."""
    files = {
        p.name: File(p.stat().st_size, _sha256(p))
        for p in sorted(folder.glob("*.npy"), key=lambda p: p.stem)
    }
    values = replace(description, files=files).to_dict()
    values["fingerprint"] = fingerprint = _fingerprint(values)
    values = {"format": FORMAT_VERSION, "fingerprint": fingerprint, **values}
    (folder / "graph.json").write_text(
        json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return fingerprint


def load(folder: Path) -> tuple[Description, dict[str, np.ndarray]]:
    """Open a graph folder; raise :class:`GraphError` naming the file that is missing, truncated or altered."""
    description = describe(folder)
    arrays, unchecked = {}, HASH_LIMIT
    for name, expected in sorted(
        description.files.items(), key=lambda item: (item[1].bytes, item[0])
    ):
        file = folder / name
        if not file.is_file():
            raise GraphError(f"The graph file {file} is missing. {REBUILD}")
        size = file.stat().st_size
        if size != expected.bytes:
            raise GraphError(
                f"The graph file {file} has {size} bytes, expected {expected.bytes}. {REBUILD}"
            )
        unchecked -= size
        if unchecked >= 0 and _sha256(file) != expected.sha256:
            raise GraphError(
                f"The graph file {file} was altered (its checksum does not match). {REBUILD}"
            )
        # A plain view of the mapped file: np.memmap itself is slow to index.
        try:
            arrays[file.stem] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        except (ValueError, OSError) as error:
            raise GraphError(
                f"The graph file {file} is not a plain array ({error}). {REBUILD}"
            ) from None
    return description, arrays


def describe(folder: Path) -> Description:
    """What ``graph.json`` says, checked but for the arrays; raises :class:`GraphError`."""
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
    missing = sorted(ARRAYS - {Path(f).stem for f in description.files})
    if missing:
        raise GraphError(
            f"{path} is not a complete graph description: {', '.join(missing)} missing. {REBUILD}"
        )
    if _fingerprint(values) != description.fingerprint:
        raise GraphError(
            f"{path} was altered: its fingerprint {description.fingerprint} does not fit its content. {REBUILD}"
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
