"""Where a run begins, and what a checkpoint of another graph hands on."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.checkpoint import Checkpoint
from kgqa.model import base
from kgqa.model.base import BaseEncoder, new_model
from kgqa.training.start import beginning, carry
from tests.programs.graphs import states
from tests.training.preparing import OPTIONS


@pytest.fixture
def encoder(new_encoder, tokenizer, monkeypatch):
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))


@pytest.fixture
def saved(toy, toy_folder, tokenizer, tmp_path):
    """saved(model) -> the folder of its checkpoint."""

    def save(model):
        Checkpoint(model, tokenizer, toy).save(tmp_path / "before", graph=str(toy_folder))
        return str(tmp_path / "before")

    return save


def test_a_checkpoint_of_the_same_graph_goes_on_as_it_is(toy, new_model, saved, encoder):
    model = new_model(toy, commits=True, kinds=True)
    start = beginning(replace(OPTIONS, start=saved(model)), toy, "more")
    assert start.checkpoint.config.name == "more" and not start.checkpoint.config.operators
    for name, value in model.state_dict().items():
        torch.testing.assert_close(start.before[name], value, atol=1e-3, rtol=1e-3)


def test_beside_other_graphs_it_goes_on_as_it_is_if_there_is_no_first_stage(
    toy, new_model, saved, encoder
):
    folder = saved(new_model(toy, commits=True, kinds=True))
    options = replace(OPTIONS, start=folder, others="graphs")
    assert not beginning(options, toy, "more").before
    start = beginning(replace(options, epochs=0), toy, "more")
    assert start.before.keys() == start.checkpoint.model.state_dict().keys()


def test_operators_are_added_to_what_was_learned_without(toy, new_model, saved, encoder):
    model = new_model(toy, sharp=2.0)
    with torch.no_grad():
        model.relation_table.weight.normal_()
    options = replace(OPTIONS, start=saved(model), operators=True)
    start = beginning(options, toy, "more")
    new, old = start.checkpoint.model.state_dict(), model.state_dict()
    assert start.checkpoint.config.operators and not start.before
    r, d = toy.num_relations, 32
    same = {"atol": 1e-3, "rtol": 1e-3}  # a file holds half floats
    torch.testing.assert_close(
        new["relation_table.weight"][:r], old["relation_table.weight"], **same
    )
    assert not new["relation_table.weight"][r:].any()
    cell = new["decoder.cell.weight_ih"]
    torch.testing.assert_close(cell[:, : 2 * d], old["decoder.cell.weight_ih"], **same)
    assert not cell[:, 2 * d :].any()  # what its set is made of has no say yet
    torch.testing.assert_close(new["decoder.query.weight"], old["decoder.query.weight"], **same)
    size = new["size.2.weight"]
    torch.testing.assert_close(size[:4], old["size.2.weight"], **same)


def test_relations_of_another_graph_are_matched_by_their_ids(toy, encoder, tokenizer, tmp_path):
    graph = states()
    first, second = (new_model(g, "a", operators=True) for g in (graph, graph))
    with torch.no_grad():
        first.model.relation_table.weight.normal_()
    ids = first.model.config.relations
    turned = tuple(reversed(ids))
    second.model.config = replace(second.model.config, relations=turned)
    carry(Checkpoint(first.model, tokenizer, graph), second)
    for kind in range(4):
        low = kind * len(ids)
        for i, relation in enumerate(turned):
            torch.testing.assert_close(
                second.model.relation_table.weight[low + i],
                first.model.relation_table.weight[low + ids.index(relation)],
            )
