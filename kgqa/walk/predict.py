"""Choose the mentions, walk from them, and commit to an answer set."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.operators import read_out
from kgqa.model.answers import kind_scores
from kgqa.model.outputs import ModelOutput, Reading
from kgqa.walk.frontier import Frontier
from kgqa.walk.settings import Settings
from kgqa.walk.walk import Asked, Walk, walk_many

GIVE_UP = 3  # of so many mentions that together reach nothing, the least sure is given up
DOUBT = 0.003  # of two, if the other alone is at least so many times as likely as both ...
UNLIKELY = 0.1  # ... and that there is no answer has at most this probability
MIN_MEMBERSHIP = 1e-4  # a set whose largest membership is below this is empty ...
#: ... or this, if it is asked whether there is anything: what is unlikely is no reason for yes.
MIN_VERIFIED = 0.2
HARDLY = 0.1  # a membership below which mentions are said not to meet
EITHER = 0.15  # mentions that do not meet are united if that is at least so likely
LOOKED_AT = 200  # answers that are ordered by what they are
ALIKE = 5  # memberships of the same fifth count as equal
NOTHING = Frontier.empty()


@dataclass(frozen=True)
class Decision:
    """Which set of mentions the model commits to."""

    spans: tuple[int, ...]  #: () is "no answer"
    probability: float  #: P(spans)
    refused: float  #: P(no answer)
    negated: tuple[bool, ...] = ()  #: which spans' branches are subtracted; empty: none
    either: bool = False  #: the branches are united
    readout: str = ""  #: "count", "verify", "sum(area)"; empty: the set is the answer
    given_up: tuple[int, ...] = ()  #: spans that were left out, as all together reach nothing


@dataclass(frozen=True)
class Prediction:
    """What the model did with one question."""

    decision: Decision
    walk: Walk | None  #: None for "no answer"
    answers: Frontier  #: the answer set, heaviest first
    value: float | bool | None  #: the answer, where it is a number or yes or no


def predict(graph: Graph, reading: Reading, settings: Settings = Settings()) -> list[Prediction]:
    """A prediction for each question of the reading; all walks are followed together."""
    decisions = [decide(reading, b, refuse=settings.refuse) for b in range(len(reading))]
    sharp = replace(reading, output=reading.output.sharpened(reading.config.temperature))
    predictions = _walked(graph, sharp, dict(enumerate(decisions)), settings)
    apart = {b: p.decision for b, p in predictions.items() if _hardly_meet(p)}
    united = {b: replace(d, either=True) for b, d in apart.items() if _may_unite(reading, b, d)}
    empty = {b: d for b, d in apart.items() if not len(predictions[b].answers)}
    for output, tried in ((sharp, united), (reading, empty)):
        left = {b: d for b, d in tried.items() if _hardly_meet(predictions[b])}
        again = _walked(graph, output, left, settings) if left else {}
        predictions |= {b: p for b, p in again.items() if _surest(p) > _surest(predictions[b])}
    fewer = {b: d for b, p in predictions.items() if (d := _with_fewer(reading, b, p)) is not None}
    if fewer:
        again = _walked(graph, reading, fewer, settings)
        predictions |= {b: p for b, p in again.items() if len(p.answers)}
    return list(predictions.values())


def _surest(prediction: Prediction) -> float:
    """The largest membership of the answers."""
    return float(prediction.answers.weights.max()) if len(prediction.answers) else 0.0


def _hardly_meet(prediction: Prediction) -> bool:
    """Whether several mentions reach next to nothing together by what is likeliest alone.

    Then they may be united, if that is likely at all, and less likely hops count. That there is
    nothing may itself be the answer: no, or 0.
    """
    d = prediction.decision
    return len(d.spans) > 1 and not d.readout and _surest(prediction) < HARDLY


def _may_unite(reading: Reading, b: int, decision: Decision) -> bool:
    """Whether it is likely at all that mentions that do not meet are to be united."""
    either = reading.output.either
    return either is not None and not decision.either and float(either[b].sigmoid()) >= EITHER


def _walked(
    graph: Graph, reading: Reading, decisions: dict[int, Decision], settings: Settings
) -> dict[int, Prediction]:
    """What decisions about some questions lead to, by question."""
    asked = [Asked(b, d.spans, d.negated, d.either) for b, d in decisions.items() if d.spans]
    walks = iter(walk_many(graph, reading.batch, reading.output, asked, settings))
    predictions, threshold = {}, reading.config.answer_threshold
    for b, d in decisions.items():
        walk = next(walks) if d.spans else None
        least = least_membership(d.readout)
        answers = committed(walk.result, threshold, least) if walk else NOTHING
        if reading.output.speaks is not None:
            answers = by_kind(graph, reading.output.speaks[b], answers)
        value = read_out(graph, d.readout, answers.ids.tolist()) if walk else None
        predictions[b] = Prediction(d, walk, answers, value)
    return predictions


def _with_fewer(reading: Reading, b: int, prediction: Prediction) -> Decision | None:
    """The decision without the least sure of several mentions that together reach nothing.

    That is the one whose absence leaves the likeliest set. Two mentions that reach nothing together
    are an answer, there is no such thing, unless it was in doubt whether both are meant, and hardly
    in doubt that there is an answer: "film" may be a keyword that somebody gave to other films.
    None: nothing is given up.
    """
    d = prediction.decision
    if len(d.spans) < 2 or len(prediction.answers) or d.readout or any(d.negated):
        return None
    rank = {spans: i for i, spans in enumerate(reading.output.sets[b])}
    options = [tuple(s for s in d.spans if s != out) for out in d.spans]
    known = [(float(reading.output.set_scores[b, rank[o]]), o) for o in options if o in rank]
    if not known:
        return None
    score, spans = max(known)
    if len(d.spans) < GIVE_UP:
        doubted = math.exp(score) >= DOUBT * d.probability
        if not doubted or d.refused > UNLIKELY:
            return None
    out = tuple(s for s in d.spans if s not in spans)
    return replace(d, spans=spans, probability=math.exp(score), negated=(), given_up=out)


def decide(reading: Reading, b: int, *, refuse: bool = True) -> Decision:
    """What the model commits to for question b: its likeliest choices, or () if it refuses."""
    output = reading.output
    sets = output.sets[b]
    scores = output.set_scores[b, : len(sets)].exp()
    refused = float(scores[0])
    if len(sets) == 1:
        return Decision((), refused, refused)
    best = int(scores[1:].argmax()) + 1
    if refuse and refused >= reading.config.refuse[len(sets[best]) > 1]:
        return Decision((), refused, refused)
    spans = sets[best]
    return Decision(spans, float(scores[best]), refused, *_combination(output, b, spans, reading))


def _combination(
    output: ModelOutput, b: int, spans: tuple[int, ...], reading: Reading
) -> tuple[tuple[bool, ...], bool, str]:
    """Which branches are subtracted, whether the others are united, and the read-out."""
    if output.negate is None or output.either is None or output.readout is None:
        return (), False, ""
    negated = tuple((output.negate[b, list(spans)] > 0).tolist())
    if all(negated):  # there is nothing to subtract from
        negated = ()
    either = len(spans) > 1 and float(output.either[b]) > 0
    return negated, either, reading.config.readouts[int(output.readout[b].argmax())]


def least_membership(readout: str) -> float:
    """The largest membership that a set has at least if it is not empty."""
    return MIN_VERIFIED if readout == "verify" else MIN_MEMBERSHIP


def by_kind(graph: Graph, speaks: Tensor, answers: Frontier) -> Frontier:
    """The same answers, those reached alike ordered by what the question asks for.

    speaks: float [R], see ``kgqa.model.answers``. Of many only the first are looked at, and those
    of nearly the same score keep their order.
    """
    first = min(len(answers), LOOKED_AT)
    if first < 2:
        return answers
    scores = kind_scores(graph, speaks, answers.ids[:first].tolist()).tolist()
    alike = (answers.weights[:first] * ALIKE).round().tolist()
    order = sorted(range(first), key=lambda i: (-alike[i], -round(scores[i])))
    place = torch.tensor([*order, *range(first, len(answers))])
    return Frontier(answers.ids[place], answers.weights[place])


def committed(result: Frontier, threshold: float, least: float = MIN_MEMBERSHIP) -> Frontier:
    """The entities of at least ``threshold`` times the largest membership, heaviest first.

    There are none if that is below ``least``.
    """
    if len(result) == 0 or float(result.weights.max()) < least:
        return Frontier(result.ids[:0], result.weights[:0])
    keep = result.weights >= threshold * result.weights.max()
    ids, weights = result.ids[keep], result.weights[keep]
    order = torch.argsort(weights, descending=True, stable=True)
    return Frontier(ids[order], weights[order])
