"""The tokenizer of a checkpoint, called as those of the library transformers are.

The library tokenizers does the work in either case; here it is used alone, which saves the seconds
that transformers takes to import.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

TABLE, SETTINGS = "tokenizer.json", "tokenizer_config.json"


class Tokenizer:
    """Splits texts into word pieces; nothing changes after it is made, so threads may share it.

    >>> Tokenizer(Path("checkpoints/films"))("Who directed Jaws?")["input_ids"]
    [101, 2040, 2856, 16113, 1029, 102]
    """

    def __init__(self, folder: Path):
        """Raises whatever the library says of files that are missing or broken."""
        from tokenizers import Tokenizer as Backend

        self._files = {name: (folder / name).read_text("utf-8") for name in (TABLE, SETTINGS)}
        self._settings: dict[str, Any] = json.loads(self._files[SETTINGS])
        self._plain = Backend.from_str(self._files[TABLE])
        self._plain.no_truncation()
        self._plain.no_padding()
        self._cut: dict[int, Any] = {}  # {most tokens: one that truncates there}

    @cached_property
    def pad_token_id(self) -> int | None:
        """The id of what fills up the shorter texts of a batch."""
        return self._id("pad_token")

    @cached_property
    def mask_token_id(self) -> int | None:
        """The id of what stands for a hidden piece."""
        return self._id("mask_token")

    def __call__(
        self,
        text: str | Sequence[str],
        *,
        truncation: bool = False,
        max_length: int | None = None,
        padding: bool = False,
        return_offsets_mapping: bool = False,
        return_tensors: str | None = None,
    ) -> dict[str, Any]:
        """``input_ids`` and ``attention_mask``: lists of a text, or of each of several.

        Args:
            truncation: keep at most ``max_length`` tokens of a text.
            padding: fill up shorter texts of several.
            return_offsets_mapping: also ``offset_mapping``, first and last character of a token.
            return_tensors: "pt" for tensors, int64 [n, L], of several texts that are padded.
        """
        backend = self._backend(max_length if truncation else None)
        several = not isinstance(text, str)
        coded = backend.encode_batch(list(text)) if several else [backend.encode(text)]
        rows: dict[str, list] = {
            "input_ids": [list(each.ids) for each in coded],
            "attention_mask": [[1] * len(each.ids) for each in coded],
        }
        if padding:
            length = max(map(len, rows["input_ids"]), default=0)
            for name, blank in (("input_ids", self.pad_token_id or 0), ("attention_mask", 0)):
                for row in rows[name]:
                    row += [blank] * (length - len(row))
        if return_offsets_mapping:
            rows["offset_mapping"] = [list(each.offsets) for each in coded]
        if return_tensors == "pt":
            return {name: torch.tensor(values) for name, values in rows.items()}
        return {name: values if several else values[0] for name, values in rows.items()}

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the two files as they were read."""
        for name, text in self._files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")

    def _backend(self, most: int | None) -> Any:
        if most is None:
            return self._plain
        if most not in self._cut:
            cut = type(self._plain).from_str(self._files[TABLE])
            cut.no_padding()
            side = str(self._settings.get("truncation_side") or "right")
            cut.enable_truncation(most, direction=side)
            self._cut[most] = cut
        return self._cut[most]

    def _id(self, name: str) -> int | None:
        token = self._settings.get(name)
        token = token.get("content") if isinstance(token, dict) else token
        return self._plain.token_to_id(token) if isinstance(token, str) else None
