"""A checkpoint: a folder that carries all that the app needs, encoder and tokenizer included.

    config.json         ModelConfig and the encoder's configuration
    model.safetensors   all weights, float16; the word-piece table, 40% of them, as int8 rows with a
                        float16 scale each
    tokenizer.json, tokenizer_config.json
    graph/              the graph that it was trained with (or "graph" in config.json names it)
    metrics.json        what ``python -m kgqa evaluate`` printed
    examples.json       questions for the page to offer; other files for the page may lie beside it

Weights are safetensors only; a pickled file is never opened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from kgqa.errors import CheckpointError
from kgqa.graph import Graph
from kgqa.model.batch import Batcher
from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel

WORD_PIECES = "embeddings.word_embeddings.weight"
SCALE = ".scale"
AGAIN = "Restore it from the repository or train it again with `python -m kgqa train`."


class Checkpoint:
    """A model with its tokenizer and its graph. Read-only in use; threads may share it.

    >>> Checkpoint.load("checkpoints/films").config.name
    'films'
    """

    def __init__(
        self, model: KGQAModel, tokenizer: Any, graph: Graph, *, folder: str | Path | None = None
    ):
        self.model, self.tokenizer, self.graph = model, tokenizer, graph
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
    ) -> Checkpoint:
        """Open a folder, or "owner/name@revision" on the Hub.

        Args:
            graph: the graph, where it is open already.

        Raises:
            CheckpointError: naming the file at fault and what to do.
            GraphError: the same for the graph.
        """
        place, folder = pick_device(device), locate(str(checkpoint), revision)
        values = _read_config(folder)
        config = ModelConfig.from_dict(values["model"])
        graph = graph or Graph.load(folder / values.get("graph", "graph"))
        if graph.fingerprint != config.graph_fingerprint:
            raise CheckpointError(
                f"{folder / 'config.json'} was trained for graph {config.graph_fingerprint}, but "
                f"the graph is {graph.fingerprint}. Use the graph folder that came with the "
                "checkpoint, or train again."
            )
        model = _read_model(folder, config, values)
        return cls(model.eval().to(place), _read_tokenizer(folder), graph, folder=folder)

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
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def save(self, folder: str | Path, *, graph: str = "graph") -> None:
        """Write config, weights and tokenizer. Graph and metrics.json are left as they are.

        ``graph``: the folder of the graph, as config.json is to name it.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        encoder = self.model.encoder.transformer.config.to_dict()
        encoder.pop("_name_or_path", None)  # where it lay on the machine that trained it
        config = {"format": 1, "model": self.config.to_dict(), "encoder": encoder, "graph": graph}
        _write_json(folder / "config.json", config)
        weights = _to_disk(self.model.state_dict())
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        self.tokenizer.save_pretrained(folder)
        table = folder / "tokenizer.json"
        values = json.loads(table.read_text(encoding="utf-8"))
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        table.write_text(text, encoding="utf-8")


def adopt(folder: str | Path, graph: Graph) -> str:
    """Record another graph with the same relations; facts, entities and names may differ.

    Returns the graph's fingerprint. Raises :class:`CheckpointError` if the relations differ, which
    a model cannot do without.
    """
    folder = Path(folder)
    values = _read_config(folder)
    relations = tuple(graph.relation_id(r) for r in range(graph.num_relations))
    if relations != ModelConfig.from_dict(values["model"]).relations:
        raise CheckpointError(
            f"The graph's relations are not those that {folder} was trained for; train again for "
            "this graph."
        )
    values["model"]["graph_fingerprint"] = graph.fingerprint
    _write_json(folder / "config.json", values)
    return graph.fingerprint


def locate(checkpoint: str, revision: str | None = None) -> Path:
    """A folder, or a Hub repository ("owner/name@revision") downloaded without pickle files."""
    path = Path(checkpoint)
    if path.is_dir():
        return path
    if checkpoint.count("/") != 1 or checkpoint.startswith((".", "/")):
        raise CheckpointError(
            f"No checkpoint folder at {checkpoint}; give a folder, or a Hub repository id such as "
            "owner/name@revision."
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
    )

    repository, _, at = checkpoint.partition("@")
    if not (at or revision):
        raise CheckpointError(
            f"No folder {checkpoint} here. For a Hub repository pin what you run: "
            f"{checkpoint}@REVISION, with a commit or a tag."
        )
    patterns = ["*.json", "*.safetensors", "graph/*.npy", "graph/*.json"]
    try:
        folder = snapshot_download(repository, revision=at or revision, allow_patterns=patterns)
    except (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OSError,
        RuntimeError,
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(
            f"{checkpoint} is not a folder here and could not be fetched from the Hub: {reason}"
        ) from None
    return Path(folder)


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


def _read_config(folder: Path) -> dict:
    """config.json, with a readable "model" in it."""
    path = folder / "config.json"
    if not path.is_file():
        raise CheckpointError(f"No checkpoint at {folder}: config.json is missing. {AGAIN}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        ModelConfig.from_dict(values["model"])
        return values
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(
            f"{path} is not a readable checkpoint description ({error}). {AGAIN}"
        ) from None


def _read_model(folder: Path, config: ModelConfig, values: dict) -> KGQAModel:
    from transformers import CONFIG_MAPPING, AutoModel

    path = folder / "model.safetensors"
    if not path.is_file():
        raise CheckpointError(
            f"The weights {path} are missing (safetensors only; pickle is not read). {AGAIN}"
        )
    try:
        encoder = values["encoder"]
        settings = CONFIG_MAPPING[encoder.get("model_type", "bert")].from_dict(encoder)
        model = KGQAModel(config, AutoModel.from_config(settings, add_pooling_layer=False))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{folder / 'config.json'} does not describe an encoder ({error!r}). {AGAIN}"
        ) from None
    try:
        missing, unexpected = model.load_state_dict(_from_disk(load_file(path)), strict=False)
    except (SafetensorError, RuntimeError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise CheckpointError(
            f"The weights {path} are truncated or do not fit config.json ({reason}). {AGAIN}"
        ) from None
    missing = [n for n in missing if not n.endswith(("position_ids", "token_type_ids"))]
    if missing or unexpected:
        raise CheckpointError(
            f"The weights {path} do not fit config.json: {len(missing)} missing, "
            f"{len(unexpected)} unexpected. {AGAIN}"
        )
    return model


def _read_tokenizer(folder: Path) -> Any:
    from transformers import PreTrainedTokenizerFast

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise CheckpointError(f"The tokenizer {path} is missing. {AGAIN}")
    try:
        return PreTrainedTokenizerFast.from_pretrained(str(folder))
    except Exception as error:  # the tokenizers library raises bare Exception for a broken file
        raise CheckpointError(f"The tokenizer {path} cannot be read ({error}). {AGAIN}") from None


def _to_disk(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """float16, and the word pieces [V, D] as int8 rows with the scale of each row [V, 1].

    Writing what :func:`_from_disk` read gives the same bytes again.
    """
    stored: dict[str, Tensor] = {}
    for name, value in weights.items():
        if name.endswith(WORD_PIECES):
            table = value.detach().cpu()
            scale = (table.abs().amax(1, keepdim=True) / 127).clamp(min=1e-7).half()
            rows = (table / scale.float()).round().clamp(-127, 127)
            stored |= {name: rows.to(torch.int8), name + SCALE: scale}
        elif value.is_floating_point():
            stored[name] = value.detach().to("cpu", torch.float16).contiguous()
    return stored


def _from_disk(stored: dict[str, Tensor]) -> dict[str, Tensor]:
    """float32 weights of what :func:`_to_disk` wrote."""
    weights = {k: v.float() for k, v in stored.items() if not k.endswith(SCALE)}
    for name in [k.removesuffix(SCALE) for k in stored if k.endswith(SCALE)]:
        weights[name] = weights[name] * stored[name + SCALE].float()
    return weights


def _write_json(path: Path, values: dict) -> None:
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
