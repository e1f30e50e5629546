"""Damage is refused by name, or harmless and proved so; nothing wrong is answered in silence."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from kgqa.checkpoint import Checkpoint, record
from kgqa.errors import GraphError, KGQAError
from kgqa.graph import Graph
from kgqa.inference import Pipeline
from tests.hold import mutations
from tests.hold.whole import require_whole


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint, toy_folder, tmp_path_factory) -> Path:
    """A checkpoint that has its graph in it."""
    folder = tmp_path_factory.mktemp("whole") / "checkpoint"
    shutil.copytree(tiny_checkpoint, folder)
    shutil.copytree(toy_folder, folder / "graph")
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    record.write({**values, "graph": "graph"}, folder)
    Checkpoint.load(folder)
    return folder


def same(first: Path, second: Path) -> bool:
    """Do two files hold the same? JSON may be laid out otherwise."""
    if first.read_bytes() == second.read_bytes():
        return True
    if first.name not in ("config.json", "graph.json"):
        return False
    before, after = (json.loads(p.read_text(encoding="utf-8")) for p in (first, second))
    return before == after


@pytest.mark.cases(60, 330)
def test_a_damaged_file_is_refused_by_name_or_holds_the_same(checkpoint, tmp_path, cases):
    import random

    outcomes: dict[str, int] = {"refused": 0, "the same": 0}
    for i, (part, damage) in enumerate(islice(mutations.damages(checkpoint, cases), cases)):
        folder = mutations.copy(checkpoint, tmp_path / "copy")
        mutations.DAMAGE[damage](folder / part, random.Random(i))
        try:
            Checkpoint.load(folder)
        except KGQAError as error:
            names = (
                [part.name] if damage != "swapped" else [p.name for p in mutations.parts(folder)]
            )
            assert any(name in str(error) for name in names), (part, damage, error)
            assert "\n" not in str(error) and str(folder) in str(error)
            outcomes["refused"] += 1
        else:
            parts = mutations.parts(checkpoint)
            assert all(same(checkpoint / p, folder / p) for p in parts), (part, damage)
            outcomes["the same"] += 1
    print(outcomes)
    assert outcomes["refused"] >= 0.95 * sum(outcomes.values())


@pytest.mark.cases(60, 450)
def test_a_graph_whose_arrays_lie_is_refused_or_another_graph_that_is_whole(
    toy_folder, tokenizer, new_model, tmp_path, cases
):
    outcomes: dict[str, int] = {"refused": 0, "whole": 0, "unchanged": 0}
    for i, (name, lie) in enumerate(islice(mutations.lies(toy_folder, cases), cases)):
        folder = mutations.copy(toy_folder, tmp_path / "graph")
        if not mutations.tell(folder, name, lie, i):
            outcomes["unchanged"] += 1
            continue
        try:
            graph = Graph.load(folder)
        except GraphError as error:
            assert ".npy" in str(error) and "\n" not in str(error), (name, lie, error)
            outcomes["refused"] += 1
            continue
        try:
            require_whole(graph)
            pipeline = Pipeline(Checkpoint(new_model(graph, sharp=8.0), tokenizer, graph))
            pipeline.answer("Who directed the Tom Hanks films?")
        except Exception as error:
            raise AssertionError(f"{name}: {lie}: {error!r}") from error
        outcomes["whole"] += 1
    print(outcomes)
    assert outcomes["refused"] > outcomes["whole"]


def test_a_lying_graph_is_not_the_one_that_a_checkpoint_was_trained_for(checkpoint, tmp_path):
    folder = mutations.copy(checkpoint, tmp_path / "copy")
    assert mutations.tell(folder / "graph", "number_value", "one value is one more", 0)
    with pytest.raises(KGQAError, match="was trained for graph"):
        Checkpoint.load(folder)
