"""Weights and tokenizer: read from a folder, and written to one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.overrides import TorchFunctionMode

from kgqa.checkpoint.record import AGAIN
from kgqa.checkpoint.tokenizer import Tokenizer
from kgqa.errors import CheckpointError
from kgqa.files import name_of
from kgqa.model.bert import Bert, BertConfig, is_known
from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel

WORD_PIECES = "embeddings.word_embeddings.weight"
SCALE = ".scale"


def read_model(folder: Path, config: ModelConfig, encoder: dict[str, Any]) -> KGQAModel:
    """The network with the weights of a folder; ``encoder`` is its configuration.

    Raises :class:`CheckpointError` if they do not fit together or are not finite.
    """
    try:
        model = _without_weights(config, encoder)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, OverflowError) as error:
        raise CheckpointError(
            f"{name_of(folder / 'config.json')} does not describe an encoder ({error!r}). {AGAIN}"
        ) from None
    path = name_of(folder / "model.safetensors")
    try:
        stored = load_file(folder / "model.safetensors")
        _require_finite(stored, path)
        weights = _from_disk(stored)
        missing, unexpected = model.load_state_dict(weights, strict=False, assign=True)
    except (SafetensorError, RuntimeError, ValueError, KeyError, OSError) as error:
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


def _without_weights(config: ModelConfig, encoder: dict[str, Any]) -> KGQAModel:
    """The network before weights are read: nothing is drawn at random that is replaced at once.

    An encoder that is not known here comes from the library, which fills in what no file has.
    """
    if is_known(encoder):
        with _Unfilled():
            return KGQAModel(config, Bert(BertConfig(**encoder)))
    from transformers import CONFIG_MAPPING, AutoModel

    settings = CONFIG_MAPPING[encoder.get("model_type", "bert")].from_dict(encoder)
    return KGQAModel(config, AutoModel.from_config(settings, add_pooling_layer=False))


class _Unfilled(TorchFunctionMode):
    """Weights that are made in this block, by this thread, hold whatever was in memory."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        if func in (Tensor.normal_, Tensor.uniform_):
            return args[0]
        return func(*args, **(kwargs or {}))


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a folder. Raises :class:`CheckpointError`."""
    try:
        return Tokenizer(folder)
    except Exception as error:  # the tokenizers library raises bare Exception for a broken file
        raise CheckpointError(
            f"The tokenizer {name_of(folder / 'tokenizer.json')} cannot be read ({error}). {AGAIN}"
        ) from None


def write(folder: Path, model: KGQAModel, tokenizer: Any) -> None:
    """Write weights and tokenizer.

    Raises OSError for whatever the disk says, and :class:`CheckpointError` for weights that are
    not finite.
    """
    values = stored(model)
    _require_finite(values, "to be saved")
    try:
        save_file(values, folder / "model.safetensors", metadata={"format": "pt"})
        tokenizer.save_pretrained(folder)
    except OSError:
        raise
    except Exception as error:  # both libraries report a full disk as an exception of their own
        raise OSError(str(error)) from None
    table = folder / "tokenizer.json"
    values = json.loads(table.read_text(encoding="utf-8"))
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    table.write_text(text, encoding="utf-8")


def stored(model: KGQAModel) -> dict[str, Tensor]:
    """The weights as they are written."""
    return _to_disk(model.state_dict())


def restore(model: KGQAModel, weights: Mapping[str, Tensor]) -> None:
    """Give a model weights that :func:`stored` made of one of its kind."""
    model.load_state_dict(_from_disk(weights), strict=False)  # positions are not stored


def _require_finite(stored: dict[str, Tensor], where: str) -> None:
    for name, values in stored.items():
        if not values.is_floating_point() or not values.numel():
            continue
        ends = torch.stack(values.aminmax())  # of NaN if there is one; ten times faster than all
        if not torch.isfinite(ends).all():
            raise CheckpointError(
                f"The weights {where} are not finite: {name} has NaN or infinity. {AGAIN}"
            )


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


def _from_disk(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """float32 weights of what :func:`_to_disk` wrote."""
    weights = {k: v.float() for k, v in stored.items() if not k.endswith(SCALE)}
    for name in [k.removesuffix(SCALE) for k in stored if k.endswith(SCALE)]:
        weights[name] = weights[name] * stored[name + SCALE].float()
    return weights
