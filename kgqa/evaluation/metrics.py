"""Metrics of question answering over a knowledge graph, on (ranked answers, committed set, gold set).

``hits_at_k``: some gold answer among the k best. ``exact_match``: the committed set is the gold set. ``f1``: of the committed
set, averaged over questions (macro). A question without gold answers scores 1 on all of them if the model commits to nothing,
else 0. ``resolved``: the chosen entities are the gold topic entities.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """One question's scores, each in [0, 1]; ``resolved`` is None without gold topics."""

    hits_at_1: float
    hits_at_5: float
    exact_match: float
    f1: float
    resolved: float | None
    answerable: bool
    refused: bool  #: the model answered nothing
    mentions: int  #: mentions that took part


def score(
    ranked: list[int], gold: set[int], *, chosen: set[int], topics: set[int] | None, mentions: int
) -> Score:
    """ranked: the committed answer set, best first."""
    if not gold:
        value = float(not ranked)
        return Score(value, value, value, value, None, False, not ranked, mentions)
    resolved = None if topics is None else float(chosen == topics)
    found = set(ranked)
    hit = len(found & gold)
    f1 = 2 * hit / (len(found) + len(gold))
    return Score(
        float(bool(ranked) and ranked[0] in gold),
        float(any(r in gold for r in ranked[:5])),
        float(found == gold),
        f1,
        resolved,
        True,
        not ranked,
        mentions,
    )


def summary(scores: list[Score]) -> dict:
    """Means in percent, rounded to two decimals, with counts."""

    def mean(values: list[float]) -> float | None:
        return round(100 * sum(values) / len(values), 2) if values else None

    answerable = [s for s in scores if s.answerable]
    unanswerable = [s for s in scores if not s.answerable]
    return {
        "questions": len(scores),
        "hits_at_1": mean([s.hits_at_1 for s in scores]),
        "hits_at_5": mean([s.hits_at_5 for s in scores]),
        "exact_match": mean([s.exact_match for s in scores]),
        "f1": mean([s.f1 for s in scores]),
        "resolved": mean([s.resolved for s in scores if s.resolved is not None]),
        "refused_answerable": mean([float(s.refused) for s in answerable]),
        "recognised_unanswerable": mean([float(s.refused) for s in unanswerable]),
    }


def grouped(scores: list[Score], groups: list[str]) -> dict[str, dict]:
    """:func:`summary` for each group name, by name; questions with an empty group name are left out."""
    members: dict[str, list[Score]] = defaultdict(list)
    for one, group in zip(scores, groups, strict=True):
        if group:
            members[group].append(one)
    return {name: summary(members[name]) for name in sorted(members)}
