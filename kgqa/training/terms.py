"""The probability of an explanation, read off the tables of a model's output.

The distributions factorise (``kgqa.model.outputs``), so log P(explanation) is a sum of entries, one
for each choice. Those of a whole batch are gathered table by table. Where a hop depends on the hops
before it, the tables of hops are those along the chains of the explanations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from kgqa.model.chains import Chains
from kgqa.model.config import ModelConfig
from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation
from kgqa.programs.program import Chain

#: The tables of log-probabilities, in the order in which their terms are added.
TABLES = (
    "candidates stop relations after after_stop exclude include rank after_rank negate keep either "
    "both readout"
).split()


@dataclass(frozen=True)
class Along:
    """The distinct chains of a batch's explanations, and the row of each."""

    chains: Chains
    branches: dict[tuple[int, int, tuple[int, ...]], int]  #: by question, span and entries
    after: dict[tuple[int, tuple[int, ...]], int]  #: by question and entries

    @classmethod
    def of(cls, explanations: Sequence[Sequence[Explanation]], config: ModelConfig) -> Along:
        """Of each question's explanations."""
        branches: dict[tuple[int, int, tuple[int, ...]], int] = {}
        after: dict[tuple[int, tuple[int, ...]], int] = {}
        for b, options in enumerate(explanations):
            for program in (e.program for e in options):
                for branch in program.branches:
                    entries = _entries(branch.chain, config.vocabulary)
                    branches.setdefault((b, branch.start.span, entries), len(branches))
                after.setdefault((b, _entries(program.after, config.vocabulary)), len(after))
        chains = Chains.of(list(branches), list(after), config.max_hops, config.max_after)
        return cls(chains, branches, after)


def _entries(chain: Chain, vocabulary: int) -> tuple[int, ...]:
    """Without which extreme is meant."""
    return tuple(int(relation) % vocabulary for relation in chain.relations)


@dataclass
class _Entries:
    """Entries of one table, and the explanation to which each belongs."""

    explanations: list[int] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)


class Terms:
    """log P(explanation) * F1^gamma as a sum of entries of the output's tables; N explanations."""

    def __init__(self, output: ModelOutput, along: Along | None = None) -> None:
        self.along = along
        self.vocabulary = output.relations.shape[-1]
        self.readouts = {name: i for i, name in enumerate(output.readouts)}
        self.operators = output.negate is not None
        self.questions: list[int] = []  # [N]
        self.weights: list[float] = []  # [N], the part that does not depend on the model
        self.sets: list[tuple[int, ...]] = []  # [N], entries of set_scores
        self.tables: dict[str, _Entries] = defaultdict(_Entries)

    def add(self, e: Explanation, b: int, chosen: int, weight: float) -> None:
        """An explanation of question b, by the set of mentions ``chosen``."""
        branches = sorted(e.program.branches, key=lambda branch: branch.start.span)
        after = e.program.after.relations
        for branch in branches:
            span, relations = branch.start.span, branch.chain.relations
            self._entry("candidates", b, span, branch.start.candidate)
            row: tuple[int, ...] = (b, span)
            if self.along is not None:
                row = (self.along.branches[b, span, _entries(branch.chain, self.vocabulary)],)
            self._entry("stop", *row, len(relations))
            for t, relation in enumerate(relations):
                self._hop("relations", "rank", int(relation), *row, t)
        if len(branches) > 1:
            row = (b,)
            if self.along is not None:
                row = (self.along.after[b, _entries(e.program.after, self.vocabulary)],)
            self._entry("after_stop", *row, len(after))
            for t, relation in enumerate(after):
                self._hop("after", "after_rank", int(relation), *row, t)
        if e.exclude is not None:
            self._entry("exclude" if e.exclude else "include", b)
        if self.operators and branches:
            self._entry("readout", b, self.readouts[e.program.readout])
            for branch in branches:
                self._entry("negate" if branch.negated else "keep", b, branch.start.span)
            if len(branches) > 1:
                self._entry("either" if e.program.combine == "|" else "both", b)
        self.questions.append(b)
        self.weights.append(weight)
        self.sets.append((b, chosen))

    def _hop(self, table: str, ranks: str, entry: int, *place: int) -> None:
        """A relation or operator at a hop; the k-th extreme is k - 1 vocabularies further."""
        rank, entry = divmod(entry, self.vocabulary)
        self._entry(table, *place, entry)
        if self.operators and self.vocabulary // 4 <= entry < 3 * self.vocabulary // 4:
            self._entry(ranks, *place, rank)

    def _entry(self, table: str, *place: int) -> None:
        self.tables[table].explanations.append(len(self.questions))
        self.tables[table].places.append(place)

    def sums(self, output: ModelOutput) -> Tensor:
        """float [N]."""
        device = output.set_scores.device
        values: dict[str, Any] = {name: getattr(output, name, None) for name in TABLES}
        if self.along is not None and output.chains is not None:
            values |= vars(output.chains)
        values |= {"exclude": logsigmoid(output.exclude), "include": logsigmoid(-output.exclude)}
        if output.negate is not None and output.either is not None:
            values |= {"negate": logsigmoid(output.negate), "keep": logsigmoid(-output.negate)}
            values |= {"either": logsigmoid(output.either), "both": logsigmoid(-output.either)}
        total = torch.tensor(self.weights, device=device)
        total = total + output.set_scores[_columns(self.sets, device)]
        for name in TABLES:
            if entries := self.tables.get(name):
                position = torch.tensor(entries.explanations, device=device)
                chosen = values[name][_columns(entries.places, device)]
                total = total.index_add(0, position, chosen)
        return total


def _columns(rows: list[tuple[int, ...]], device: torch.device) -> tuple[Tensor, ...]:
    """Rows of indices as one tensor a dimension."""
    return tuple(torch.tensor(column, device=device) for column in zip(*rows, strict=True))


def grouped_logsumexp(values: Tensor, owner: Tensor) -> Tensor:
    """logsumexp of the values [N] of each distinct owner: [number of distinct owners]."""
    _, group = owner.unique(return_inverse=True)
    n = int(group.max()) + 1
    lowest = torch.full((n,), float("-inf"), device=values.device)
    top = lowest.scatter_reduce(0, group, values.detach(), "amax")
    share = (values - top[group]).exp()
    return share.new_zeros(n).index_add(0, group, share).log() + top
