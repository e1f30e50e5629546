r"""Two losses on (question, answers).

*Path-marginal* (first stage): -log of the sum over explanations of P(explanation) * F1^gamma, with
the explanations of ``kgqa.programs.search``. No step touches the graph, so it is fast; it is the
marginal likelihood of weakly supervised parsing.

*Through follow* (last stage): the model walks the graph as in use (``kgqa.walk.walk``), for its
likeliest sets of mentions, and is scored on where it arrives: -log of the sum over sets of
P(set) * F1(soft)^gamma, where soft F1 counts memberships relative to the largest. Its gradient runs
through intersect, follow, the candidates, the relations and the stops.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation
from kgqa.training.config import (
    GAMMA_FOLLOW,
    GAMMA_PATHS,
    JOINT_BONUS,
    JOINT_PENALTY,
    MIN_F1,
    MIN_RELATION,
    SETS,
)
from kgqa.walk import Frontier, Settings
from kgqa.walk.select import Adjacency
from kgqa.walk.walk import Asked, walk_many

# -- path-marginal ---------------------------------------------------------------------------------

#: The tables of log-probabilities, in the order in which their terms are added.
TABLES = "candidates stop relations after after_stop exclude include".split()


def path_marginal(
    output: ModelOutput, explanations: Sequence[Sequence[Explanation]], *, complete: bool = True
) -> Tensor:
    """Mean over the questions that have an explanation within reach: scalar.

    ``complete``: whether the answers are whole sets.
    """
    terms = _Terms()
    for b, (sets, options) in enumerate(zip(output.sets, explanations, strict=True)):
        index = {spans: i for i, spans in enumerate(sets)} if options else {}
        for e in options:
            chosen = index.get(tuple(sorted(branch.start.span for branch in e.program.branches)))
            if chosen is not None:  # the model formed this set of mentions
                terms.add(e, b, chosen, GAMMA_PATHS * math.log(e.f1) + _prior(e, complete))
    if not terms.questions:
        return output.set_scores.sum() * 0
    owner = torch.tensor(terms.questions, device=output.set_scores.device)
    return -_grouped_logsumexp(terms.sums(output), owner).mean()


def _prior(e: Explanation, complete: bool) -> float:
    """Log-weight of several mentions.

    They were typed for a reason, so using them is preferred where that takes no far-fetched path.
    Against incomplete answers two mentions meet in a few of them by chance, and are distrusted.
    """
    branches = e.program.branches
    if len(branches) < 2:
        return 0.0
    if not complete:
        return JOINT_PENALTY
    return JOINT_BONUS if all(len(b.chain.hops) <= 1 for b in branches) else 0.0


@dataclass
class _Entries:
    """Entries of one table, and the explanation to which each belongs."""

    explanations: list[int] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)


class _Terms:
    """log P(explanation) * F1^gamma as a sum of entries of the output's tables; N explanations."""

    def __init__(self) -> None:
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
            self._entry("stop", b, span, len(relations))
            for t, relation in enumerate(relations):
                self._entry("relations", b, span, t, int(relation))
        if len(branches) > 1:
            self._entry("after_stop", b, len(after))
            for t, relation in enumerate(after):
                self._entry("after", b, t, int(relation))
        if e.exclude is not None:
            self._entry("exclude" if e.exclude else "include", b)
        self.questions.append(b)
        self.weights.append(weight)
        self.sets.append((b, chosen))

    def _entry(self, table: str, *place: int) -> None:
        self.tables[table].explanations.append(len(self.questions))
        self.tables[table].places.append(place)

    def sums(self, output: ModelOutput) -> Tensor:
        """float [N]."""
        device = output.set_scores.device
        values = {name: getattr(output, name) for name in TABLES if name != "include"}
        values |= {"exclude": logsigmoid(output.exclude), "include": logsigmoid(-output.exclude)}
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


def _grouped_logsumexp(values: Tensor, owner: Tensor) -> Tensor:
    """logsumexp of the values [N] of each distinct owner: [number of distinct owners]."""
    _, group = owner.unique(return_inverse=True)
    n = int(group.max()) + 1
    lowest = torch.full((n,), float("-inf"), device=values.device)
    top = lowest.scatter_reduce(0, group, values.detach(), "amax")
    share = (values - top[group]).exp()
    return share.new_zeros(n).index_add(0, group, share).log() + top


# -- through follow --------------------------------------------------------------------------------


def through_follow(
    graph: Adjacency,
    batch: Batch,
    output: ModelOutput,
    answers: Sequence[Tensor],
    *,
    sets: int = SETS,
    min_relation: float = MIN_RELATION,
) -> Tensor:
    """Mean over questions: scalar.

    ``answers``: entities of each question, int64 [A]; empty if there is no answer.
    """
    settings, losses = Settings(min_relation=min_relation), []
    for b, gold in enumerate(answers):
        scores, count = output.set_scores[b], len(output.sets[b])
        if gold.numel() == 0:
            losses.append(-scores[0])
            continue
        if count == 1:  # no mention is proposed
            continue
        terms = []
        for i in (scores[1:count].detach().topk(min(sets, count - 1)).indices + 1).tolist():
            (walk,) = walk_many(graph, batch, output, [Asked(b, output.sets[b][i])], settings)
            f1 = _soft_f1(walk.result, gold)
            terms.append(scores[i] + GAMMA_FOLLOW * f1.clamp(min=MIN_F1).log())
        losses.append(-torch.stack(terms).logsumexp(0))
    return torch.stack(losses).mean()


def _soft_f1(result: Frontier, gold: Tensor) -> Tensor:
    """F1 of memberships relative to the largest, against entities int64 [A]: scalar in [0, 1]."""
    if len(result) == 0:
        return result.weights.new_zeros(())
    share = result.weights / result.weights.max().clamp(min=1e-6)
    hit = torch.isin(result.ids, gold)
    return 2 * share[hit].sum() / (share.sum() + gold.numel())
