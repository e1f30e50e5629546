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

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from kgqa.graph import Graph
from kgqa.graph.operators import value_nodes
from kgqa.model.answers import kind_scores
from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation
from kgqa.training.config import (
    GAMMA_FOLLOW,
    GAMMA_PATHS,
    JOINT_BONUS,
    JOINT_PENALTY,
    LIKELY,
    MIN_F1,
    MIN_RELATION,
    SETS,
)
from kgqa.training.dataset import Example
from kgqa.training.terms import Along, Terms, grouped_logsumexp
from kgqa.walk import Frontier, Settings
from kgqa.walk.frontier import join
from kgqa.walk.operators import count, nonempty, total
from kgqa.walk.walk import Asked, walk_many

# -- path-marginal ---------------------------------------------------------------------------------


def path_marginal(
    output: ModelOutput,
    explanations: Sequence[Sequence[Explanation]],
    *,
    complete: bool = True,
    sharpness: float = 1.0,
    priors: Sequence[Sequence[float]] | None = None,
    along: Along | None = None,
) -> Tensor:
    """Mean over the questions that have an explanation within reach: scalar.

    Args:
        complete: whether the answers are whole sets.
        priors: log-weights of the explanations (``kgqa.training.agreement``).
        sharpness: each explanation is weighed by its probability to this power. At 1 this is the
            marginal likelihood; above, what the model already finds likelier is learned faster.
        along: the chains of the explanations, where ``output`` has them.
    """
    terms = Terms(output, along)
    for b, (sets, options) in enumerate(zip(output.sets, explanations, strict=True)):
        index = {spans: i for i, spans in enumerate(sets)} if options else {}
        for i, e in enumerate(options):
            chosen = index.get(tuple(sorted(branch.start.span for branch in e.program.branches)))
            if chosen is not None:  # the model formed this set of mentions
                weight = GAMMA_PATHS * math.log(e.f1) + _prior(e, complete)
                weight += priors[b][i] if priors is not None else 0.0
                terms.add(e, b, chosen, weight)
    if not terms.questions:
        return _nothing(output)
    owner = torch.tensor(terms.questions, device=output.set_scores.device)
    logs = terms.sums(output)
    if sharpness == 1.0:
        return -grouped_logsumexp(logs, owner).mean()
    sharp = sharpness * logs.detach()
    _, group = owner.unique(return_inverse=True)
    share = (sharp - grouped_logsumexp(sharp, owner)[group]).exp()  # [N], 1 for each question
    return -(share * logs).sum() / (int(group.max()) + 1)


def _nothing(output: ModelOutput) -> Tensor:
    """A loss of 0 with a gradient of 0; beyond a question's sets the scores are not finite."""
    return output.set_scores[:, 0].sum() * 0


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


# -- through follow --------------------------------------------------------------------------------


def through_follow(
    graph: Graph,
    batch: Batch,
    output: ModelOutput,
    examples: Sequence[Example],
    *,
    sets: int = SETS,
    min_relation: float = MIN_RELATION,
) -> Tensor:
    """Mean over questions: scalar. Examples without answers and value are to be refused.

    All walks are followed together.
    """
    losses: list[Tensor] = []
    asked: list[Asked] = []  # sets of mentions to walk from ...
    chances: list[Tensor] = []  # ... and log P(set and combination) of each
    for b, example in enumerate(examples):
        scores, count = output.set_scores[b], len(output.sets[b])
        if not len(example.answers) and example.value is None:
            losses.append(-scores[0])
            continue
        for i in (scores[1:count].detach().topk(min(sets, count - 1)).indices + 1).tolist():
            one, chance = _asked(output, b, output.sets[b][i])
            asked.append(one)
            chances.append(scores[i] + chance)
    terms: dict[int, list[Tensor]] = defaultdict(list)
    walks = walk_many(graph, batch, output, asked, Settings(min_relation=min_relation))
    for one, walk, chance in zip(asked, walks, chances, strict=True):
        b = one.question
        reached = _read_out(graph, output, b, walk.result, examples[b])
        terms[b].append(chance + reached)
    losses += [-torch.stack(parts).logsumexp(0) for parts in terms.values()]
    return torch.stack(losses).mean() if losses else _nothing(output)


def _asked(output: ModelOutput, b: int, spans: tuple[int, ...]) -> tuple[Asked, Tensor]:
    """The likeliest combination of these mentions, and its log-probability (scalar)."""
    chance = output.set_scores.new_zeros(())
    if output.negate is None or output.either is None:
        return Asked(b, spans), chance
    logits = output.negate[b, list(spans)]
    negated = tuple((logits > 0).tolist())
    if all(negated):
        negated = (False,) * len(spans)
    signs = torch.tensor([1.0 if no else -1.0 for no in negated])
    chance = logsigmoid(signs * logits).sum()
    either = len(spans) > 1 and float(output.either[b].detach()) > 0
    if len(spans) > 1:
        chance = chance + logsigmoid(output.either[b] if either else -output.either[b])
    return Asked(b, spans, negated, either), chance


def _read_out(
    graph: Graph, output: ModelOutput, b: int, result: Frontier, example: Example
) -> Tensor:
    """log of the sum over read-outs of P(read-out) times how near it comes to the answer."""
    gold, value = example.answers, example.value
    if value is not None:
        gold = torch.tensor(sorted(value_nodes(graph, value)), dtype=torch.long)
    near = GAMMA_FOLLOW * _soft_f1(result, gold).clamp(min=MIN_F1).log()
    if output.readout is None:
        return near
    log = output.readout[b]
    if value is None:
        return log[0] + near
    one = join([result])
    if isinstance(value, bool):
        return log[2] + log_told(nonempty(one)[0], value)
    terms = [log[1] + GAMMA_FOLLOW * _nearness(count(one)[0], value)]
    if len(gold):
        terms.append(log[0] + near)
    for i in (log[3:].detach() > LIKELY).nonzero().flatten().tolist():
        attribute = output.readouts[3 + i].removeprefix("sum(").removesuffix(")")
        relation = graph.relation_index[attribute]
        summed = total(graph, one, relation)[0].to(log.dtype)
        terms.append(log[3 + i] + GAMMA_FOLLOW * _nearness(summed, value))
    return torch.stack(terms).logsumexp(0)


def log_told(yes: Tensor, value: bool) -> Tensor:
    """log of the probability that "yes", or "no", is said: scalar.

    It is never clamped: a walk that is sure of the wrong answer is what there is to learn from.
    """
    return ((yes if value else 1 - yes) + MIN_F1).log()


def _nearness(found: Tensor, value: float) -> Tensor:
    """Minus the relative difference of a number from the answer, at least log MIN_F1: scalar."""
    return (-(found - value).abs() / max(1.0, abs(value))).clamp(min=math.log(MIN_F1))


def not_beyond(output: ModelOutput, examples: Sequence[Example]) -> Tensor:
    """Cross-entropy of why a question is refused, where that is said: scalar."""
    told = [(b, e.beyond) for b, e in enumerate(examples) if e.beyond is not None]
    if output.beyond is None or not told:
        return output.set_scores.new_zeros(())
    rows, labels = zip(*told, strict=True)
    targets = torch.tensor(labels, dtype=torch.float, device=output.beyond.device)
    return binary_cross_entropy_with_logits(output.beyond[list(rows)], targets)


def of_the_kind(graph: Graph, output: ModelOutput, examples: Sequence[Example]) -> Tensor:
    """-log of the share of the answers among what the best explanation reaches: scalar.

    By what they are (``kgqa.model.answers``); the mean over the questions where that is more.
    """
    losses = []
    for b, example in enumerate(examples):
        if output.speaks is None or not example.reached:
            continue
        logs = kind_scores(graph, output.speaks[b], example.reached).log_softmax(0)
        right = torch.isin(torch.tensor(example.reached), example.answers).to(logs.device)
        if right.any():
            losses.append(-logs[right].logsumexp(0))
    return torch.stack(losses).mean() if losses else output.set_scores.new_zeros(())


def _soft_f1(result: Frontier, gold: Tensor) -> Tensor:
    """F1 of memberships relative to the largest, against entities int64 [A]: scalar in [0, 1]."""
    if len(result) == 0 or len(gold) == 0:
        return result.weights.new_zeros(())
    share = result.weights / result.weights.max().clamp(min=1e-6)
    hit = torch.isin(result.ids, gold)
    return 2 * share[hit].sum() / (share.sum() + gold.numel())
