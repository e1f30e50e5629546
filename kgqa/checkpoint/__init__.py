"""A checkpoint: a folder that carries all that the app needs, encoder and tokenizer included.

    config.json         ModelConfig, the encoder's configuration, and the record of the files below
    model.safetensors   all weights, float16; the word-piece table, 40% of them, as int8 rows with a
                        float16 scale each
    tokenizer.json, tokenizer_config.json
    graph/              the graph that it was trained with (or "graph" in config.json names it)
    metrics.json        what ``python -m kgqa evaluate`` printed
    examples.json       questions for the page to offer; other files for the page may lie beside it

The modules:

    record      config.json, and the record that is checked at every opening
    parts       weights and tokenizer
    hub         a folder here or a repository on the Hub
    checkpoint  the whole

Weights are safetensors only; a pickled file is never opened.
"""

from kgqa.checkpoint.checkpoint import Checkpoint, adopt, graph_of, pick_device, seal
from kgqa.checkpoint.hub import locate

__all__ = ["Checkpoint", "adopt", "graph_of", "locate", "pick_device", "seal"]
