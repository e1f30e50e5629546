"""The questions to click, read from ``assets/examples.json``: one or two of each kind, one without an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kgqa.ui.canvas import ASSETS


@dataclass(frozen=True)
class Example:
    """A question and the kind of question that it shows."""

    question: str
    kind: str


def read() -> list[Example]:
    """The examples in the order of the file."""
    return [Example(**entry) for entry in json.loads((ASSETS / "examples.json").read_text(encoding="utf-8"))]
