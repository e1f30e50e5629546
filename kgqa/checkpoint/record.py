"""config.json: what a checkpoint is, and a record of its files that is checked at every opening.

``files`` holds the size and SHA-256 of weights and tokenizer, and ``digest`` the SHA-256 of all
else in config.json, ``files`` included, so that one flipped bit in any of them is noticed. Files
that no answer depends on (metrics, examples) are not recorded, and the graph has its own record,
whose fingerprint is in ``model``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kgqa import files
from kgqa.errors import CheckpointError, FileError
from kgqa.model.config import ModelConfig

FORMAT = 1
AGAIN = "Restore it from the repository or train it again with `python -m kgqa train`."
#: The files in the record, and what each is.
PARTS = {
    "model.safetensors": "The weights {}",
    "tokenizer.json": "The tokenizer {}",
    "tokenizer_config.json": "The tokenizer's settings {}",
}


def read(folder: Path, *, sealed: bool = True) -> dict[str, Any]:
    """config.json, with a readable "model" in it.

    Raises :class:`CheckpointError` if it is missing, altered, or, with ``sealed``, has no record.
    """
    path = folder / "config.json"
    name = files.name_of(path)
    if not files.is_file(path):
        raise CheckpointError(
            f"No checkpoint at {files.name_of(folder)}: config.json is missing. {AGAIN}"
        )
    try:
        values = files.read_json(path)
    except FileError as error:
        raise CheckpointError(f"{error} {AGAIN}") from None
    try:
        if not isinstance(values, dict):
            raise TypeError("an object was expected")
        if not isinstance(values.get("graph", ""), str):
            raise TypeError('"graph" is no text')
        if sealed and "digest" in values and values["digest"] != _digest(values):
            raise CheckpointError(f"{name} was altered (its digest does not match). {AGAIN}")
        ModelConfig.from_dict(values["model"])
    except CheckpointError as error:
        raise CheckpointError(str(error) if name in str(error) else f"{name}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{name} is not a readable checkpoint description ({error}). {AGAIN}"
        ) from None
    if values.get("format") != FORMAT:
        raise CheckpointError(
            f"{name} has format {values.get('format')!r}; this program reads format {FORMAT}. "
            f"{AGAIN}"
        )
    if sealed and ("digest" not in values or not isinstance(values.get("files"), dict)):
        raise CheckpointError(
            f"{name} does not record sizes and checksums of the checkpoint, so damage would go "
            "unnoticed. If you trust the folder, record them with `python -m kgqa seal "
            f"--checkpoint {files.name_of(folder)}`."
        )
    return values


def check(folder: Path, values: dict[str, Any]) -> None:
    """Compare the files with their record. Raises :class:`CheckpointError` naming one that differs.

    Takes 0.1 s for 45 MB.
    """
    for part, title in PARTS.items():
        path = folder / part
        about, expected = title.format(files.name_of(path)), values["files"].get(part)
        plural = "are" if part == "model.safetensors" else "is"
        if not files.is_file(path):
            safe = " (safetensors only; pickle is not read)" if plural == "are" else ""
            raise CheckpointError(f"{about} {plural} missing{safe}. {AGAIN}")
        if not isinstance(expected, dict):
            raise CheckpointError(
                f"{files.name_of(folder / 'config.json')} has no record of {part}. {AGAIN}"
            )
        size = os.path.getsize(path)
        if size != expected.get("bytes"):
            raise CheckpointError(
                f"{about} {plural} truncated or altered: {size} bytes, expected "
                f"{expected.get('bytes')}. {AGAIN}"
            )
        if files.sha256(path) != expected.get("sha256"):
            raise CheckpointError(
                f"{about} {'were' if plural == 'are' else 'was'} altered (the checksum does not "
                f"match). {AGAIN}"
            )


def write(values: dict[str, Any], folder: Path, parts: Path | None = None) -> None:
    """Write config.json with the record of the files in ``parts``; None keeps the record."""
    if parts is not None:
        listed = {
            part: {"bytes": os.path.getsize(parts / part), "sha256": files.sha256(parts / part)}
            for part in PARTS
        }
        values = {**values, "files": listed}
    values = {**values, "digest": _digest(values)}
    files.write_text(folder / "config.json", files.to_json(values))


def _digest(values: dict[str, Any]) -> str:
    return files.digest({k: v for k, v in values.items() if k != "digest"})
