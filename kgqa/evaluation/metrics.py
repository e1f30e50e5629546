"""Metrics of question answering over a knowledge graph.

``hits_at_k``: a gold answer is among the first k. ``exact_match``: the answer set is the gold set.
``f1``: of the answer set, averaged over questions (macro). A question without gold answers scores 1
on all of them if nothing is answered, else 0; one whose answer is a number or yes or no scores 1 if
it is exact, else 0. ``resolved``: the chosen entities are the topics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """One question's scores, each in [0, 1]."""

    hits_at_1: float
    hits_at_5: float
    exact_match: float
    f1: float
    resolved: float | None  #: None without gold topics, or without gold answers
    answerable: bool
    refused: bool  #: the model answered nothing
    mentions: int  #: mentions that took part


def score(
    ranked: list[int], gold: set[int], *, chosen: set[int], topics: set[int] | None, mentions: int
) -> Score:
    """``ranked``: the answer set, best first. ``chosen``: the entities taken for the topics."""
    if not gold:
        value = float(not ranked)
        return Score(value, value, value, value, None, False, not ranked, mentions)
    answers = set(ranked)
    return Score(
        hits_at_1=float(bool(ranked) and ranked[0] in gold),
        hits_at_5=float(any(answer in gold for answer in ranked[:5])),
        exact_match=float(answers == gold),
        f1=2 * len(answers & gold) / (len(answers) + len(gold)),
        resolved=None if topics is None else float(chosen == topics),
        answerable=True,
        refused=not ranked,
        mentions=mentions,
    )


def value_score(right: bool, *, refused: bool, mentions: int) -> Score:
    """The score of a question whose answer is a number or yes or no."""
    hit = float(right)
    return Score(hit, hit, hit, hit, None, True, refused, mentions)


@dataclass(frozen=True)
class Summary:
    """Means over questions in percent, with two decimals; None where nothing is averaged."""

    questions: int
    hits_at_1: float | None
    hits_at_5: float | None
    exact_match: float | None
    f1: float | None
    resolved: float | None  #: of the questions with gold topics
    refused_answerable: float | None  #: answerable questions that were refused
    recognised_unanswerable: float | None  #: the others that were refused


def summary(scores: Sequence[Score]) -> Summary:
    """The means of some scores."""

    def mean(values: list[float]) -> float | None:
        return round(100 * sum(values) / len(values), 2) if values else None

    return Summary(
        questions=len(scores),
        hits_at_1=mean([s.hits_at_1 for s in scores]),
        hits_at_5=mean([s.hits_at_5 for s in scores]),
        exact_match=mean([s.exact_match for s in scores]),
        f1=mean([s.f1 for s in scores]),
        resolved=mean([s.resolved for s in scores if s.resolved is not None]),
        refused_answerable=mean([float(s.refused) for s in scores if s.answerable]),
        recognised_unanswerable=mean([float(s.refused) for s in scores if not s.answerable]),
    )


def grouped(scores: Sequence[Score], groups: Sequence[str]) -> dict[str, Summary]:
    """A summary for each group, by name; scores whose group has no name are left out."""
    members: dict[str, list[Score]] = defaultdict(list)
    for each, group in zip(scores, groups, strict=True):
        if group:
            members[group].append(each)
    return {name: summary(members[name]) for name in sorted(members)}
