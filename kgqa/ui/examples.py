"""The questions to click: a trained checkpoint brings its own, the default one has ``assets/examples.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kgqa.ui.drawing.canvas import STATIC


@dataclass(frozen=True)
class Example:
    """A question and the kind of question that it shows."""

    question: str
    kind: str


def read(own: list[dict] | None = None) -> list[Example]:
    """The examples in the order of the file: those of the checkpoint (``card["examples"]``) if it has any."""
    entries = own or json.loads(
        (STATIC.parents[2] / "checkpoints/films/examples.json").read_text(encoding="utf-8")
    )
    return [Example(entry["question"], entry["kind"]) for entry in entries]
