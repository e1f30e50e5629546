"""Where a checkpoint lies: a folder, or a repository on the Hub.

A repository is fetched without pickle files, and no code of it runs. What is fetched without naming
a revision may differ tomorrow, so the revision that was taken is said, and how to name it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgqa.checkpoint import record
from kgqa.errors import CheckpointError
from kgqa.files import name_of
from kgqa.text import plain

PATTERNS = ["*.json", "*.safetensors", "graph/*.npy", "graph/*.json"]
LOG_IN = "run `hf auth login`, or set HF_TOKEN"

log = logging.getLogger(__name__)


def locate(checkpoint: str, revision: str | None = None) -> Path:
    """A folder, or a Hub repository ("owner/name", "owner/name@revision"), downloaded.

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
            "owner/name or owner/name@revision."
        )
    repository, _, at = checkpoint.partition("@")
    from huggingface_hub import snapshot_download

    with sentences(f"{name} is not a folder here and could not be fetched from the Hub"):
        wanted = at or revision
        folder = Path(snapshot_download(repository, revision=wanted, allow_patterns=PATTERNS))
    if not wanted:
        took = plain(f"{repository}@{folder.name}")
        log.warning("Revision %s was taken. To have it again, pin it: %s", folder.name, took)
    return folder


@contextmanager
def fetched(checkpoint: str, folder: Path) -> Iterator[None]:
    """Inside, damage of a checkpoint that was downloaded is told as that of a download."""
    try:
        yield
    except CheckpointError as error:
        if os.path.isdir(checkpoint):
            raise
        what = str(error).removesuffix(record.AGAIN).strip()
        raise CheckpointError(
            f"The download of {name_of(checkpoint)} is damaged, or the repository is. {what} "
            f"Delete {name_of(folder)} and load it again."
        ) from None


@contextmanager
def sentences(what: str) -> Iterator[None]:
    """What the Hub and its client raise, as a :class:`CheckpointError` that begins with ``what``.

    The causes that people can mend have sentences of their own.
    """
    from huggingface_hub import errors

    try:
        yield
    except (
        errors.HTTPError,  # of the client that the library uses: no connection, no time left, ...
        errors.HFValidationError,
        errors.LocalEntryNotFoundError,
        errors.RevisionResolutionError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        reason = plain(str(error).splitlines()[0]) if str(error) else type(error).__name__
        raise CheckpointError(f"{what}: {_mend(error) or reason}") from None


def _mend(error: Exception) -> str:
    """What a person can do about an error; empty if nothing is known."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return f"its owner must admit you on its page on the Hub; then {LOG_IN}."
    if isinstance(error, errors.RepositoryNotFoundError):
        return (
            "the Hub has no such repository, or it is private and you are not logged in. Check the "
            f"name; for a private one, {LOG_IN}."
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return "the repository has no such revision. Give a commit, a branch or a tag of it."
    if isinstance(error, errors.LocalTokenNotFoundError):
        return f"there is no token of the Hub here: {LOG_IN}."
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 401:
        return f"the Hub does not take the token: {LOG_IN} to one that is valid."
    if status == 403:
        return "the token may not do this. Make one that may write to the repository."
    if isinstance(error, errors.OfflineModeIsEnabled) or os.environ.get("HF_HUB_OFFLINE") == "1":
        return "HF_HUB_OFFLINE forbids it, and the cache does not have it."
    if isinstance(error, errors.LocalEntryNotFoundError | ConnectionError | TimeoutError) or type(
        error
    ).__name__ in ("ConnectError", "ConnectTimeout", "ReadTimeout", "ProxyError"):
        return "the Hub cannot be reached, and the cache does not have it. Check the network."
    return ""
