"""The configuration that a checkpoint carries."""

from __future__ import annotations

import json
from dataclasses import replace

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


def test_a_vocabulary_without_operators_is_that_of_relations():
    assert not CONFIG.operators and CONFIG.vocabulary == 2 and CONFIG.readouts == ("",)


def test_operators_make_the_vocabulary_larger_and_answers_are_read_out():
    words = tuple(f"{name} {r}" for name in ("most", "least", "often") for r in CONFIG.relations)
    config = replace(CONFIG, operator_words=words, attributes=("run time",))
    assert config.operators and config.vocabulary == 8
    assert config.readouts == ("", "count", "verify", "sum(run time)")
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
