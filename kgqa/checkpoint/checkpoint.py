"""The whole checkpoint: opened, saved, sealed, or given another graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from kgqa import files
from kgqa.checkpoint import parts, record
from kgqa.checkpoint.hub import fetched, locate
from kgqa.errors import CheckpointError, FileError
from kgqa.graph import Graph
from kgqa.graph import folder as folders
from kgqa.model.batch import Batcher
from kgqa.model.binding import bind
from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel


class Checkpoint:
    """A model with its tokenizer and its graph. Read-only in use; threads may share it.

    >>> Checkpoint.load("checkpoints/films").config.name
    'films'
    """

    def __init__(
        self,
        model: KGQAModel,
        tokenizer: Any,
        graph: Graph,
        *,
        folder: str | Path | None = None,
        unseen: bool = False,
    ):
        """``unseen``: the model was not trained on this graph."""
        self.model, self.tokenizer, self.graph, self.unseen = model, tokenizer, graph, unseen
        self.folder = None if folder is None else Path(folder)
        self.batcher = Batcher(graph, tokenizer)

    @classmethod
    def load(
        cls,
        checkpoint: str | Path = "checkpoints/films",
        *,
        device: str | torch.device = "auto",
        revision: str | None = None,
        graph: Graph | None = None,
        verify: bool = False,
    ) -> Checkpoint:
        """Open a folder, or "owner/name" or "owner/name@revision" on the Hub.

        Args:
            graph: the graph, where it is open already.
            verify: check every byte of the graph; of one over 100 MB, most are trusted otherwise.

        Raises:
            CheckpointError: naming the file at fault and what to do.
            GraphError: the same for the graph.
        """
        place, folder = pick_device(device), locate(str(checkpoint), revision)
        files.settle(folder)
        with fetched(str(checkpoint), folder):
            values = record.read(folder)
            record.check(folder, values)
        config = ModelConfig.from_dict(values["model"])
        graph = graph or Graph.load(folder / values.get("graph", "graph"), verify=verify)
        if graph.fingerprint != config.graph_fingerprint:
            raise CheckpointError(
                f"{files.name_of(folder / 'config.json')} was trained for graph "
                f"{config.graph_fingerprint}, but the graph is {graph.fingerprint}. Use the graph "
                "folder that came with the checkpoint, or train again."
            )
        model = parts.read_model(folder, config, values.get("encoder", {}))
        return cls(model.eval().to(place), parts.read_tokenizer(folder), graph, folder=folder)

    def over(self, graph: Graph) -> Checkpoint:
        """The same weights over a graph that they were not trained on; they are shared.

        Relations are known by their words alone (``kgqa.model.binding``). What was measured and
        the examples are of the other graph, and left out.
        """
        model = bind(self.model, self.tokenizer, graph).eval()
        return Checkpoint(model, self.tokenizer, graph, unseen=True)

    @property
    def config(self) -> ModelConfig:
        return self.model.config

    @property
    def device(self) -> torch.device:
        """Where the network runs; the graph is always on the CPU."""
        return next(self.model.parameters()).device

    @property
    def metrics(self) -> dict:
        """What was measured of this checkpoint; empty if there is nothing readable."""
        values = self.beside("metrics.json")
        return values if isinstance(values, dict) else {}

    @property
    def examples(self) -> list:
        """Questions to offer, as ``{"kind", "question"}``; empty if there is nothing readable."""
        values = self.beside("examples.json")
        return values if isinstance(values, list) else []

    def beside(self, name: str) -> object:
        """The content of a JSON file of the folder; None if it is not there or not readable."""
        if self.folder is None:
            return None
        try:
            return files.read_json(self.folder / name)
        except FileError:
            return None

    def save(self, folder: str | Path, *, graph: str = "graph") -> None:
        """Write config, weights and tokenizer, all or none; graph and metrics.json stay.

        ``graph``: the folder of the graph, as config.json is to name it.

        Raises :class:`KGQAError` if they cannot be written or the weights are not finite; then the
        folder is as it was before.
        """
        transformer: Any = self.model.encoder.transformer
        encoder = transformer.config.to_dict()
        encoder.pop("_name_or_path", None)  # where it lay on the machine that trained it
        model = self.config.to_dict()
        values = {"format": record.FORMAT, "model": model, "encoder": encoder, "graph": graph}
        with files.replacing(folder) as new:
            parts.write(new, self.model, self.tokenizer)
            record.write(values, new, parts=new)


def graph_of(checkpoint: str | Path) -> Path:
    """The graph folder that a checkpoint names. Raises :class:`CheckpointError`."""
    folder = locate(str(checkpoint))
    files.settle(folder)
    return folder / record.read(folder).get("graph", "graph")


def seal(folder: str | Path) -> None:
    """Record sizes and checksums of a checkpoint that has no record, or was changed by hand.

    Its graph gets the digest of graph.json, too. Raises :class:`KGQAError` if either does not open.
    """
    folder = Path(folder)
    files.settle(folder)
    values = record.read(folder, sealed=False)
    parts.read_model(folder, ModelConfig.from_dict(values["model"]), values.get("encoder", {}))
    parts.read_tokenizer(folder)
    folders.seal_again(folder / values.get("graph", "graph"))
    record.write(values, folder, parts=folder)


def adopt(folder: str | Path, graph: Graph) -> str:
    """Record another graph with the same relations; facts, entities and names may differ.

    Returns the graph's fingerprint. Raises :class:`CheckpointError` if the relations differ, which
    a model cannot do without.
    """
    folder = Path(folder)
    files.settle(folder)
    values = record.read(folder)
    relations = tuple(graph.relation_id(r) for r in range(graph.num_relations))
    if relations != ModelConfig.from_dict(values["model"]).relations:
        raise CheckpointError(
            f"The graph's relations are not those that {files.name_of(folder)} was trained for; "
            "train again for this graph."
        )
    values["model"]["graph_fingerprint"] = graph.fingerprint
    record.write(values, folder)
    return graph.fingerprint


def pick_device(name: str | torch.device = "auto") -> torch.device:
    """ "auto" takes CUDA if there. Raises :class:`CheckpointError` for CUDA that is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise CheckpointError(
            "--device cuda was asked for, but PyTorch finds no CUDA device here; use --device cpu "
            "or auto."
        )
    return torch.device(name)
