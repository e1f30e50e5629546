"""The mentions of a trace, and where their branches start."""

from __future__ import annotations

from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS
from kgqa.inference.paths import Origins
from kgqa.linking import Link
from kgqa.linking.ranges import describe
from kgqa.model.outputs import Reading
from kgqa.trace import Candidate, Entity, EntityWeight, Mention
from kgqa.walk import Frontier
from kgqa.walk.walk import MIN_SEED


def mentions(
    graph: Graph, reading: Reading, b: int, chosen: tuple[int, ...]
) -> tuple[Mention, ...]:
    """Every proposed span of question b, with the probability that it takes part."""
    link, output = reading.links[b], reading.output
    score = [0.0] * len(link.proposals)
    for spans, p in zip(output.sets[b], output.set_scores[b].exp().tolist(), strict=False):
        for s in spans:
            score[s] += p
    weights = output.candidates[b].exp().tolist()
    result = []
    for s, proposal in enumerate(link.proposals):
        order = sorted(range(len(proposal.entities)), key=lambda c: -weights[s][c])
        candidates = tuple(
            Candidate(
                named(graph, link, proposal.entities[c]),
                weights[s][c],
                ALIAS_KINDS[proposal.alias_kinds[c]],
            )
            for c in order
        )
        start, end = link.span(proposal)
        text, used = link.question[start:end], s in chosen
        result.append(Mention(start, end, text, min(score[s], 1.0), used, candidates))
    return tuple(result)


def seeds(graph: Graph, reading: Reading, b: int, span: int) -> tuple[EntityWeight, ...]:
    """The candidates that a branch starts from, or from whose members; heaviest first."""
    link = reading.links[b]
    kept = _kept(reading, b, span)
    return tuple(EntityWeight(named(graph, link, candidate), weight) for candidate, weight in kept)


def origins(graph: Graph, reading: Reading, b: int, span: int) -> Origins:
    """The same as entities and ranges."""
    candidates, ranges = (c for c, _ in _kept(reading, b, span)), reading.links[b].ranges
    many = graph.num_entities
    return tuple(c if c < many else ranges[c - many] for c in candidates)


def _kept(reading: Reading, b: int, span: int) -> list[tuple[int, float]]:
    """Candidates and their weights, as the walk chooses them."""
    weights = reading.output.candidates[b, span].exp().tolist()
    candidates = reading.batch.entities[b, span].tolist()
    mask = reading.batch.entity_mask[b, span].tolist()
    kept = [
        (candidate, weight)
        for candidate, weight, there in zip(candidates, weights, mask, strict=True)
        if there and weight >= MIN_SEED
    ]
    return sorted(kept, key=lambda item: (-item[1], item[0]))


def named(graph: Graph, link: Link, candidate: int) -> Entity:
    """A candidate as people see it: an entity, or the set that a literal stands for."""
    within = link.range_of(candidate, graph.num_entities)
    return graph.entity(candidate) if within is None else describe(graph, within)


def stands_for(graph: Graph, start: Frontier, own: tuple[EntityWeight, ...]) -> int:
    """How many entities a branch starts from, if these are not its seeds themselves."""
    found = graph.find_all(seed.entity.id for seed in own)
    itself = len(found) == len(own) and sorted(found) == start.ids.tolist()
    return 0 if itself else len(start)
