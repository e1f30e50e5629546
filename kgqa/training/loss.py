r"""Two losses on (question, answers).

*Chain-marginal* (first stage): -log of the sum over explanations of P(explanation) * F1^gamma, with explanations from
``kgqa.programs.search``. No step touches the graph, so it is fast; it is the marginal likelihood of weakly supervised parsing.

*Through follow* (last stage): the model walks the graph as in use (``kgqa.walk.walk``), for its most probable sets of mentions,
and is scored on where it arrives: -log of the sum over sets of P(set) * F1(soft)^gamma, where soft F1 counts memberships
relative to the largest. Its gradient runs through intersect, follow, the candidates, the relations and the stops.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation
from kgqa.walk import Settings, ops
from kgqa.walk.select import Adjacency
from kgqa.walk.walk import Asked, walk_many

GAMMA_PATHS = 5.0
GAMMA_FOLLOW = 2.0
FLOOR = 1e-4
JOINT_BONUS = 1.0  # log-weight of explanations that use several mentions, each at most one hop away
JOINT_PENALTY = -2.0  # the same where answers are incomplete


def _prior(e: Explanation, complete: bool) -> float:
    """Log-weight of several mentions: they were typed for a reason, so prefer using them where that takes no far-fetched path.

    Against incomplete answers two mentions meet in a few of them by chance, and are to be distrusted.
    """
    branches = e.program.branches
    if len(branches) < 2:
        return 0.0
    if not complete:
        return JOINT_PENALTY
    return JOINT_BONUS if all(len(b.chain.hops) <= 1 for b in branches) else 0.0


def path_marginal(
    output: ModelOutput, explanations: list[list[Explanation]], *, complete: bool = True
) -> Tensor:
    """Mean over the questions that have an explanation within reach: scalar. complete: whether answers are whole sets."""
    owners, bases = [], []  # one an explanation
    index = {
        name: ([], [])
        for name in (
            "candidates",
            "stop",
            "relations",
            "after",
            "after_stop",
            "exclude1",
            "exclude0",
        )
    }

    def add(name: str, position: int, *where: int) -> None:
        index[name][0].append(position)
        index[name][1].append(where)

    set_index = []
    for b, options in enumerate(explanations):
        where = {one: i for i, one in enumerate(output.sets[b])} if options else {}
        for e in options:
            branches = sorted(e.program.branches, key=lambda branch: branch.start.span)
            after = e.program.after.relations
            chosen = where.get(tuple(branch.start.span for branch in branches))
            if chosen is None:
                continue
            n = len(owners)
            owners.append(b)
            bases.append(GAMMA_PATHS * math.log(e.f1) + _prior(e, complete))
            set_index.append((b, chosen))
            for branch in branches:
                span, relations = branch.start.span, branch.chain.relations
                add("candidates", n, b, span, branch.start.candidate)
                add("stop", n, b, span, len(relations))
                for t, relation in enumerate(relations):
                    add("relations", n, b, span, t, int(relation))
            if len(branches) > 1:
                add("after_stop", n, b, len(after))
                for t, relation in enumerate(after):
                    add("after", n, b, t, int(relation))
            if e.exclude is not None:
                add(f"exclude{int(e.exclude)}", n, b)
    if not owners:
        return output.set_scores.sum() * 0
    place = output.set_scores.device
    total = torch.tensor(bases, device=place) + output.set_scores[_columns(set_index, place)]
    tables = {
        "candidates": output.candidates,
        "stop": output.stop,
        "relations": output.relations,
        "after": output.after,
        "after_stop": output.after_stop,
        "exclude1": logsigmoid(output.exclude),
        "exclude0": logsigmoid(-output.exclude),
    }
    for name, (positions, where) in index.items():
        if positions:
            total = total.index_add(
                0, torch.tensor(positions, device=place), tables[name][_columns(where, place)]
            )
    owner = torch.tensor(owners, device=place)
    return -_grouped_logsumexp(total, owner).mean()


def _columns(rows: list[tuple[int, ...]], place: torch.device) -> tuple[Tensor, ...]:
    return tuple(torch.tensor(column, device=place) for column in zip(*rows, strict=True))


def _grouped_logsumexp(values: Tensor, owner: Tensor) -> Tensor:
    """logsumexp of the values of each distinct owner: [number of distinct owners]."""
    _, group = owner.unique(return_inverse=True)
    n = int(group.max()) + 1
    top = torch.full((n,), float("-inf"), device=values.device).scatter_reduce(
        0, group, values.detach(), "amax"
    )
    return (values - top[group]).exp().new_zeros(n).index_add(
        0, group, (values - top[group]).exp()
    ).log() + top


def through_follow(
    graph: Adjacency,
    batch: Batch,
    output: ModelOutput,
    answers: list[Tensor],
    *,
    sets: int = 3,
    min_relation: float = 0.01,
) -> Tensor:
    """Mean over questions: scalar. answers: entity ids of each question, int64 [A], empty if there is no answer."""
    settings, losses = Settings(min_relation=min_relation), []
    for b, wanted in enumerate(answers):
        scores = output.set_scores[b]
        if wanted.numel() == 0:
            losses.append(-scores[0])
            continue
        count = len(output.sets[b])
        best = scores[1:count].detach().topk(min(sets, count - 1)).indices + 1 if count > 1 else []
        terms = []
        for i in map(int, best):
            (walk,) = walk_many(graph, batch, output, [Asked(b, output.sets[b][i])], settings)
            f1 = _soft_f1(walk.result, wanted)
            terms.append(scores[i] + GAMMA_FOLLOW * f1.clamp(min=FLOOR).log())
        if terms:
            losses.append(-torch.stack(terms).logsumexp(0))
    return torch.stack(losses).mean()


def _soft_f1(result: ops.Frontier, wanted: Tensor) -> Tensor:
    """F1 of memberships divided by the largest, against a set of ids: scalar in [0, 1]."""
    if len(result) == 0:
        return result.weights.new_zeros(())
    share = result.weights / result.weights.max().clamp(min=1e-6)
    hit = torch.isin(result.ids, wanted)
    return 2 * share[hit].sum() / (share.sum() + wanted.numel())
