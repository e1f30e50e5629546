"""Outputs of a model that are drawn at random, as functions of their logits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES, RANKS
from kgqa.linking import Link
from kgqa.model.batch import Batch, Batcher
from kgqa.model.network import enumerate_sets
from kgqa.model.outputs import ModelOutput
from kgqa.training.dataset import Example

ALONE = ("exclude", "negate", "either")  #: a logit each, not of a distribution


def expected(
    graph: Graph,
    *answers: str,
    value: float | bool | None = None,
    beyond: bool | None = None,
) -> Example:
    """What a loss reads of an example."""
    ids = torch.tensor(sorted(graph.find_all(answers)), dtype=torch.long)
    return Example(None, (), ids, value, beyond)


@dataclass(frozen=True)
class RandomQuestion:
    """A question with random logits in float64."""

    batch: Batch
    leaves: dict[str, Tensor]
    output: Callable[[dict[str, Tensor]], ModelOutput]  #: of leaves, or of others like them

    def direction(self, seed: int) -> dict[str, Tensor]:
        """A random direction in the space of the leaves."""
        source = torch.Generator().manual_seed(seed)
        return {
            name: torch.randn(leaf.shape, generator=source, dtype=torch.float64)
            for name, leaf in self.leaves.items()
        }

    def slopes(self, loss: Callable[[ModelOutput], Tensor], seed: int) -> tuple[float, float]:
        """Along a direction: by the gradient, and by a difference."""
        direction = self.direction(seed)

        def at(step: float) -> float:
            with torch.no_grad():
                moved = {k: v + step * direction[k] for k, v in self.leaves.items()}
                return float(loss(self.output(moved)))

        leaves = list(self.leaves.values())
        gradients = torch.autograd.grad(loss(self.output(self.leaves)), leaves, allow_unused=True)
        slope = sum(
            float((gradient * direction[name]).sum())
            for name, gradient in zip(self.leaves, gradients, strict=True)
            if gradient is not None
        )
        return slope, (at(1e-6) - at(-1e-6)) / 2e-6

    def descend(
        self, loss: Callable[[ModelOutput], Tensor], *, steps: int, rate: float
    ) -> list[float]:
        """The losses on the way down; the leaves are changed."""
        optimizer = torch.optim.Adam(self.leaves.values(), lr=rate)
        values = []
        for _ in range(steps):
            optimizer.zero_grad()
            value = loss(self.output(self.leaves))
            value.backward()
            optimizer.step()
            values.append(float(value.detach()))
        return values


def random_question(
    graph: Graph, batcher: Batcher, link: Link, *, seed: int = 0, operators: bool = False
) -> RandomQuestion:
    """Three hops of each mention and two after; all sets of mentions."""
    batch = batcher([link])
    _, s, c = batch.entities.shape
    entries = graph.num_relations * (len(NAMES) if operators else 1)
    spans = tuple((p.first, p.last) for p in link.proposals)
    sets = enumerate_sets(spans, tuple(range(s)), 3)
    attributes = graph.numbers.attributes
    names = ("", "count", "verify", *(f"sum({graph.relation_id(a)})" for a in attributes))
    shapes: dict[str, tuple[int, ...]] = {
        "candidates": (1, s, c),
        "relations": (1, s, 3, entries),
        "stop": (1, s, 4),
        "after": (1, 2, entries),
        "after_stop": (1, 3),
        "exclude": (1,),
        "set_scores": (1, len(sets)),
    }
    if operators:
        shapes |= {"rank": (1, s, 3, RANKS), "after_rank": (1, 2, RANKS)}
        shapes |= {"negate": (1, s), "either": (1,), "readout": (1, len(names))}
    source = torch.Generator().manual_seed(seed)
    leaves = {
        name: torch.randn(shape, generator=source, dtype=torch.float64).requires_grad_()
        for name, shape in shapes.items()
    }

    def output(values: dict[str, Tensor]) -> ModelOutput:
        masked = values["candidates"].masked_fill(~batch.entity_mask, -1e4)
        logits = {**values, "candidates": masked}
        parts = {k: v if k in ALONE else v.log_softmax(-1) for k, v in logits.items()}
        return ModelOutput(
            **parts,
            attention=torch.zeros(1, s, 3, 1),
            after_attention=torch.zeros(1, 2, 1),
            sets=(sets,),
            readouts=names if operators else ("",),
        )

    return RandomQuestion(batch, leaves, output)
