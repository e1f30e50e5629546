"""The configuration that a checkpoint carries."""

from __future__ import annotations

import json

import pytest

from kgqa.errors import CheckpointError
from kgqa.model.config import UNFITTED, ModelConfig

CONFIG = ModelConfig(
    ("director", "-director"),
    ("director", "directed"),
    "abc",
    hidden=32,
    calibration=(0.9, 1.0, 0.1, 1.0, -0.1),
    name="x",
)


def test_a_config_survives_json():
    assert ModelConfig.from_dict(json.loads(json.dumps(CONFIG.to_dict()))) == CONFIG


def test_defaults_are_filled_in():
    config = ModelConfig.from_dict(
        {"relations": ["a"], "relation_words": ["b"], "graph_fingerprint": "f"}
    )
    assert (config.hidden, config.max_hops, config.max_mentions, config.calibration) == (
        384,
        3,
        3,
        UNFITTED,
    )


def test_an_unknown_field_is_named():
    with pytest.raises(CheckpointError, match=r"unknown fields \['colour'\]"):
        ModelConfig.from_dict({**CONFIG.to_dict(), "colour": "red"})


def test_a_missing_field_is_named():
    values = CONFIG.to_dict()
    del values["graph_fingerprint"]
    with pytest.raises(CheckpointError, match="graph_fingerprint"):
        ModelConfig.from_dict(values)
