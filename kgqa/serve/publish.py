"""A checkpoint on the Hub, and a Space that serves it: what is uploaded, and the upload.

    push          checkpoint, graph and model card to a model repository
    push_space    README.md, app.py of three lines, requirements.txt and this package to a Space

Both lay out a folder first and upload it whole, so that a commit is all or nothing. (ModelHubMixin
writes and reads a config.json of its own, where ours is a sealed record; hence ``upload_folder``.)
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import files
from kgqa.checkpoint import Checkpoint, record
from kgqa.checkpoint.hub import LOG_IN, sentences
from kgqa.errors import CheckpointError
from kgqa.text import plain

if TYPE_CHECKING:
    from huggingface_hub import HfApi

#: files of a checkpoint beside those in its record, if they are there
BESIDE = ("metrics.json", "examples.json", "failures.json", "lesson.json")
#: what a Space installs; gradio comes with its ``sdk_version``
PACKAGES = (
    *("torch", "transformers", "networkx", "pyvis", "scipy", "huggingface-hub", "numpy"),
    *("safetensors", "rapidfuzz", "duckdb", "pyoxigraph", "zstandard"),
)
PYTHON = "3.12"
_APP = """from kgqa import serve

serve("{place}")
"""
_README = """---
title: {title}
emoji: 🕸️
colorFrom: indigo
colorTo: blue
sdk: gradio
sdk_version: {gradio}
python_version: "{python}"
app_file: app.py
short_description: Ask a knowledge graph, and watch one model answer
license: apache-2.0
models: [{repository}]
tags: [knowledge-graph, question-answering, entity-linking]
---

# {title}

Serves [{repository}](https://huggingface.co/{repository}): questions over a graph, answered
step by step by one model. Settings are variables of the Space, such as `KGQA_UPLOAD=off`, so that
visitors bring no files; `python -m kgqa serve --help` lists them. A private model needs a secret
`HF_TOKEN` that may read it.
"""


@dataclass(frozen=True)
class Pushed:
    """What was uploaded."""

    repository: str  #: "owner/name"
    revision: str  #: the commit
    address: str  #: of its page

    @property
    def place(self) -> str:
        """What ``Pipeline.load`` opens, always the same."""
        return f"{self.repository}@{self.revision}"


def push(
    checkpoint: Checkpoint,
    repository: str,
    *,
    private: bool = False,
    datasets: Sequence[str] = (),
    message: str = "",
) -> Pushed:
    """Upload a checkpoint that lies in a folder, with its graph and a model card.

    Args:
        repository: "owner/name", made if it is not there.
        private: of a repository that is made.
        datasets: their ids on the Hub, named in the card.

    Raises :class:`CheckpointError` with what to do.
    """
    with _pushing(repository) as (api, folder):
        lay_out(checkpoint, folder, repository, datasets)
        api.create_repo(repository, private=private, exist_ok=True)
        done = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            commit_message=message or f"{checkpoint.config.name}, with its graph",
            delete_patterns=["graph/*"],
        )
    return Pushed(repository, done.oid, f"https://huggingface.co/{repository}")


def push_space(model: Pushed, repository: str, *, private: bool = False) -> Pushed:
    """Upload a Space that serves a model at the revision that was pushed."""
    with _pushing(repository) as (api, folder):
        lay_out_space(model, folder)
        api.create_repo(
            repository, repo_type="space", space_sdk="gradio", private=private, exist_ok=True
        )
        done = api.upload_folder(
            repo_id=repository,
            repo_type="space",
            folder_path=folder,
            commit_message=f"Serve {model.place}",
            delete_patterns=["kgqa/*"],
        )
    return Pushed(repository, done.oid, f"https://huggingface.co/spaces/{repository}")


@contextmanager
def _pushing(repository: str) -> Iterator[tuple[HfApi, Path]]:
    """The Hub, and an empty folder; whatever the Hub says against it is a sentence."""
    from huggingface_hub import HfApi, get_token
    from huggingface_hub.utils import validate_repo_id

    if repository.count("/") != 1:
        raise CheckpointError(f"{plain(repository)!r} is no repository id, such as owner/name.")
    with sentences(f"{plain(repository)} could not be pushed"):
        validate_repo_id(repository)
        if not get_token():
            raise CheckpointError(f"There is no token of the Hub here: {LOG_IN}.")
        with tempfile.TemporaryDirectory(prefix="kgqa-push-") as folder:
            yield HfApi(library_name="kgqa"), Path(folder)


def lay_out(
    checkpoint: Checkpoint, folder: Path, repository: str, datasets: Sequence[str] = ()
) -> None:
    """The files of a model repository. Raises :class:`CheckpointError` if there are none."""
    from huggingface_hub import ModelCard

    from kgqa.evaluation.model_card import model_card

    source = checkpoint.folder
    if source is None or checkpoint.unseen:
        raise CheckpointError("Only a checkpoint that lies in a folder, with its graph, is pushed.")
    for name in (*record.PARTS, *BESIDE):
        if files.is_file(source / name):
            shutil.copyfile(source / name, folder / name)
    record.write({**record.read(source), "graph": "graph"}, folder)
    (folder / "graph").mkdir()
    for path in sorted(Path(checkpoint.graph.folder).iterdir()):
        if path.suffix in (".npy", ".json"):
            shutil.copyfile(path, folder / "graph" / path.name)
    card = ModelCard(model_card(checkpoint, place=repository), ignore_metadata_errors=True)
    if datasets:
        card.data["datasets"] = list(datasets)
    files.write_text(folder / "README.md", str(card))


def lay_out_space(model: Pushed, folder: Path) -> None:
    """The files of a Space."""
    title = model.repository.split("/")[1].replace("-", " ").replace("_", " ")
    readme = _README.format(
        title=title, repository=model.repository, gradio=version("gradio"), python=PYTHON
    )
    files.write_text(folder / "README.md", readme)
    files.write_text(folder / "app.py", _APP.format(place=model.place))
    files.write_text(folder / "requirements.txt", "".join(f"{pin}\n" for pin in pins()))
    package = Path(__file__).resolve().parents[1]
    shutil.copytree(package, folder / "kgqa", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def pins() -> list[str]:
    """PACKAGES at the versions that run here, without the tag of a build ("+cpu")."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name}=={version(name).split('+')[0]}")
        except PackageNotFoundError:
            found.append(name)
    return found
