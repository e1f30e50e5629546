"""Where a run begins: a new model, or a checkpoint of the same graph or of another one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from kgqa.checkpoint import Checkpoint
from kgqa.graph import Graph
from kgqa.graph.operators import NAMES
from kgqa.model.base import NewModel, new_model
from kgqa.model.config import ModelConfig
from kgqa.training.config import TrainConfig


@dataclass(frozen=True)
class Start:
    """A checkpoint before the first step."""

    checkpoint: Checkpoint
    before: dict[str, Tensor]  #: its weights, where a model of this very graph is trained further


def beginning(config: TrainConfig, graph: Graph, name: str) -> Start:
    """A new model on the base encoder, or what ``config.start`` has learned.

    A checkpoint of the same graph goes on as it is. Of another graph, of an earlier version, for a
    model that is to have operators, or to learn from other graphs, too, a new model takes over all
    weights that it has a place for; without a first stage it goes on as it is beside other graphs.

    Raises :class:`CheckpointError` if the checkpoint, or a base encoder, is missing.
    """
    operators = config.operators is True
    if config.start is None:
        return Start(_checkpoint(new_model(graph, name, operators=operators), graph), {})
    start = Checkpoint.load(config.start, device="cpu")
    same = start.graph.fingerprint == graph.fingerprint
    current = start.config.commits and start.config.kinds
    as_it_is = current and (not config.others or config.epochs == 0)
    if same and as_it_is and (start.config.operators or not operators):
        start.model.config = replace(start.config, name=name)
        before = {key: value.clone() for key, value in start.model.state_dict().items()}
        return Start(start, before)
    new = new_model(graph, name, operators=operators or (same and start.config.operators))
    carry(start, new)
    return Start(_checkpoint(new, graph), {})


def _checkpoint(new: NewModel, graph: Graph) -> Checkpoint:
    return Checkpoint(new.model, new.tokenizer, graph)


def carry(start: Checkpoint, new: NewModel) -> None:
    """Give a new model the weights of ``start`` wherever it has a place for them.

    What a relation or operator learned goes to that of the same id. Of a matrix that has grown the
    leading part is filled; what reads an input that was not there before begins at zero. Relation
    words and what follows what stay those of the new graph.
    """
    old, own = start.model.state_dict(), new.model.state_dict()
    with torch.no_grad():
        for name, value in own.items():
            if name in ("relation_words", "next_relations") or name not in old:
                continue
            if name == "relation_table.weight":
                entries = _entries(start.config, new.model.config)
                there, here = zip(*entries, strict=True) if entries else ((), ())
                value[list(here)] = old[name][list(there)]
            elif value.shape == old[name].shape:
                value.copy_(old[name])
            else:
                _fill(value, old[name])


def _fill(value: Tensor, old: Tensor) -> None:
    """Copy the part that both have; rows that both have read nothing else."""
    both = tuple(slice(min(a, b)) for a, b in zip(value.shape, old.shape, strict=True))
    value[both[:1]] = 0
    value[both] = old[both]


def _entries(there: ModelConfig, here: ModelConfig) -> list[tuple[int, int]]:
    """Positions in both vocabularies (``kgqa.graph.operators``) of what has the same id."""
    place = {relation: i for i, relation in enumerate(there.relations)}
    pairs = []
    for kind in range(len(NAMES)):
        low, mine = kind * len(there.relations), kind * len(here.relations)
        if low >= there.vocabulary or mine >= here.vocabulary:
            break
        for i, relation in enumerate(here.relations):
            if relation in place:
                pairs.append((low + place[relation], mine + i))
    return pairs
