"""The oracle run: gold topic entities are imposed, which shows what entity resolution costs.

This is the only place that reads gold topics of questions that are answered.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from kgqa.linking import Link
from kgqa.model.outputs import ModelOutput, Reading

NEVER = -1e4  # log-probability of the other candidates


def impose_topics(reading: Reading, topics: list[list[int] | None]) -> Reading:
    """The reading with the gold entities as mentions, and nothing else.

    ``topics``: the entities of each question; None leaves a question as it is, and so do topics
    that no mention has among its candidates.
    """
    output = reading.output
    for b, (link, entities) in enumerate(zip(reading.links, topics, strict=True)):
        if entities:
            output = _impose(output, b, link, entities)
    return replace(reading, output=output)


def _impose(output: ModelOutput, b: int, link: Link, topics: list[int]) -> ModelOutput:
    scores, candidates = output.set_scores.clone(), output.candidates.clone()
    chosen: list[int] = []
    for topic in topics:
        home = _home(output, b, link, topic, chosen)
        if home is not None:
            chosen.append(home)
            row = torch.full_like(candidates[b, home], NEVER)
            row[link.proposals[home].entities.index(topic)] = 0.0
            candidates[b, home] = row
    if not chosen:
        return output
    sets = list(output.sets)
    sets[b] = ((), tuple(sorted(chosen)))
    scores[b] = float("-inf")
    scores[b, 1] = 0.0
    return replace(output, sets=tuple(sets), set_scores=scores, candidates=candidates)


def _home(output: ModelOutput, b: int, link: Link, topic: int, chosen: list[int]) -> int | None:
    """The likeliest free span with this candidate, the longest of equally likely ones."""
    homes = [
        s
        for s, p in enumerate(link.proposals)
        if topic in p.entities and not any(p.overlaps(link.proposals[c]) for c in chosen)
    ]
    if not homes:
        return None
    sets = output.sets[b]
    scores = output.set_scores[b, : len(sets)].exp()

    def weight(s: int) -> tuple[float, int]:
        member = torch.tensor([s in spans for spans in sets], device=scores.device)
        return float(scores[member].sum()), link.proposals[s].last - link.proposals[s].first

    return max(homes, key=weight)
