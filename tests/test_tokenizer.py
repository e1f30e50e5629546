"""The tokenizer of a checkpoint is that of the library transformers, without that library."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
import torch

from kgqa.checkpoint.tokenizer import Tokenizer

FOLDER = Path(__file__).resolve().parents[1] / "checkpoints" / "films"
TEXTS = ["Who directed Jaws?", "Amélie – 天气 🎬  naïve\tword", " ", "a " * 300, "Zoë's x-ray"]


@pytest.fixture(scope="module")
def ours() -> Tokenizer:
    return Tokenizer(FOLDER)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("cut", [{}, {"truncation": True, "max_length": 12}])
def test_a_text_is_split_as_the_library_does(ours, tokenizer, text, cut):
    expected = tokenizer(text, return_offsets_mapping=True, **cut)
    found = ours(text, return_offsets_mapping=True, **cut)
    assert found["input_ids"] == expected["input_ids"]
    assert found["attention_mask"] == expected["attention_mask"]
    assert found["offset_mapping"] == [tuple(pair) for pair in expected["offset_mapping"]]


def test_several_texts_are_padded_as_the_library_does(ours, tokenizer):
    options = {"padding": True, "truncation": True, "max_length": 96, "return_tensors": "pt"}
    expected, found = tokenizer(TEXTS, **options), ours(TEXTS, **options)
    for name in ("input_ids", "attention_mask"):
        assert torch.equal(found[name], expected[name])
    assert (ours.pad_token_id, ours.mask_token_id) == (0, tokenizer.mask_token_id)


def test_it_is_written_as_it_was_read_and_can_be_copied(ours, tmp_path):
    ours.save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
    for other in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert other(TEXTS[1]) == ours(TEXTS[1])
