"""Where a checkpoint lies: a folder, or a repository on the Hub."""

from __future__ import annotations

import os
from pathlib import Path

from kgqa.errors import CheckpointError
from kgqa.files import name_of
from kgqa.text import plain

PATTERNS = ["*.json", "*.safetensors", "graph/*.npy", "graph/*.json"]


def locate(checkpoint: str, revision: str | None = None) -> Path:
    """A folder, or a Hub repository ("owner/name@revision") downloaded without pickle files.

    Raises :class:`CheckpointError`, whatever the text.
    """
    name = name_of(checkpoint)
    if os.path.isdir(checkpoint):
        return Path(checkpoint)
    if os.path.exists(checkpoint):
        raise CheckpointError(
            f"No checkpoint folder at {name}: it is a file. Give the folder that holds config.json."
        )
    if checkpoint.count("/") != 1 or checkpoint.startswith((".", "/")):
        raise CheckpointError(
            f"No checkpoint folder at {name}; give a folder, or a Hub repository id such as "
            "owner/name@revision."
        )
    repository, _, at = checkpoint.partition("@")
    if not (at or revision):
        raise CheckpointError(
            f"No folder {name} here. For a Hub repository pin what you run: "
            f"{name}@REVISION, with a commit or a tag."
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
    )

    try:
        folder = snapshot_download(repository, revision=at or revision, allow_patterns=PATTERNS)
    except (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        reason = plain(str(error).splitlines()[0]) if str(error) else type(error).__name__
        raise CheckpointError(
            f"{name} is not a folder here and could not be fetched from the Hub: {reason}"
        ) from None
    return Path(folder)
