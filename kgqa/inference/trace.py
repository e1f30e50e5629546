"""Build a Trace from the model's output and the walk: the only place where tensors become plain values.

Nothing is computed here that the model did not compute; lists are cut to a bounded length and the rest is counted.
"""

from __future__ import annotations

from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS
from kgqa.inference.paths import facts_between
from kgqa.linking import Link
from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput
from kgqa.trace import (
    Branch,
    Candidate,
    Entity,
    EntityWeight,
    Hop,
    Intersection,
    IntersectionRow,
    Mention,
    RelationWeight,
)
from kgqa.walk import ops
from kgqa.walk.walk import Chain, HopResult, Walk

MAX_ENTITIES = 20  # listed for each hop
MAX_ROWS = 40  # of the intersection
MAX_LONE = 3  # rows of entities that one branch reaches and another does not, a branch
MAX_FACTS = 24  # edges listed for each hop
MAX_RELATIONS = 6  # listed for each hop; all that were followed are listed in any case
MIN_SHOWN = 0.005


class TraceBuilder:
    """Turns one question's tensors into the parts of a Trace."""

    def __init__(self, graph: Graph, min_relation: float):
        self.graph, self.min_relation = graph, min_relation
        self._seen: dict[int, Entity] = {}

    def entity(self, index: int) -> Entity:
        if index not in self._seen:
            self._seen[index] = self.graph.entity(index)
        return self._seen[index]

    def weighted(self, x: ops.Frontier, limit: int) -> tuple[EntityWeight, ...]:
        return tuple(EntityWeight(self.entity(e), w) for e, w in x.top(limit))

    def mentions(
        self, link: Link, batch: Batch, output: ModelOutput, b: int, chosen: tuple[int, ...]
    ) -> tuple[Mention, ...]:
        """Every proposed span, in the order of the question, with the probability that it takes part."""
        scores = output.set_scores[b].exp().tolist()
        share = [0.0] * len(link.proposals)
        for one, score in zip(output.sets[b], scores, strict=False):
            for s in one:
                share[s] += score
        rows, found = output.candidates[b].exp().tolist(), []
        for s, proposal in enumerate(link.proposals):
            weights = rows[s]
            order = sorted(range(len(proposal.entities)), key=lambda c: -weights[c])
            candidates = tuple(
                Candidate(
                    self.entity(proposal.entities[c]),
                    weights[c],
                    ALIAS_KINDS[proposal.alias_kinds[c]],
                )
                for c in order
            )
            start, end = link.span(proposal)
            found.append(
                Mention(
                    start,
                    end,
                    link.question[start:end],
                    min(share[s], 1.0),
                    s in chosen,
                    candidates,
                )
            )
        return tuple(found)

    def branch(
        self,
        chain: Chain,
        mention: int,
        attention: Tensor,
        words: tuple[str, ...],
        goal: ops.Frontier,
    ) -> Branch:
        hops = self._hops(chain, attention, words, goal)
        return Branch(
            mention,
            self.weighted(chain.start, MAX_ENTITIES),
            hops,
            _rounded(chain.stop),
            len(chain.result),
        )

    def intersection(
        self, walk: Walk, attention: Tensor, words: tuple[str, ...], answers: ops.Frontier
    ) -> Intersection:
        meeting = walk.meeting
        shown = [e for e, _ in meeting.top(MAX_ROWS)]
        if (
            not walk.after.hops
        ):  # answers are members of the intersection: all of those listed are shown
            listed = set(shown)
            shown += [e for e in answers.ids[:MAX_ROWS].tolist() if e not in listed]
        common = len(shown)
        if len(meeting) <= MAX_ROWS:  # room for what one branch reaches and the minimum leaves out
            lone = [
                e
                for branch in walk.branches
                for e, _ in branch.result.top(MAX_LONE + common)[: MAX_LONE + common]
            ]
            shown += [e for e in dict.fromkeys(lone) if e not in set(shown)][
                : MAX_LONE * len(walk.branches)
            ]
        ids = meeting.ids.new_tensor(shown)
        values = [ops.value_at(branch.result, ids).tolist() for branch in walk.branches]
        least = ops.value_at(meeting, ids).tolist()
        rows = tuple(
            IntersectionRow(self.entity(e), tuple(column[i] for column in values), least[i])
            for i, e in enumerate(shown)
        )
        hops = self._hops(walk.after, attention, words, answers)
        return Intersection(
            rows, len(meeting) - sum(v > 0 for v in least), hops, _rounded(walk.after.stop)
        )

    def _hops(
        self, chain: Chain, attention: Tensor, words: tuple[str, ...], goal: ops.Frontier
    ) -> tuple[Hop, ...]:
        """``goal``: what the walk leads to; edges towards it are listed first."""
        found, before = [], chain.start
        for t, hop in enumerate(chain.hops):
            listed = hop.reached.top(MAX_ENTITIES)
            wanted = set(goal.ids[:MAX_ENTITIES].tolist())
            extra = [e for e in wanted if e not in {i for i, _ in listed}]
            if extra:
                values = ops.value_at(hop.reached, hop.reached.ids.new_tensor(extra)).tolist()
                listed += [(e, v) for e, v in zip(extra, values, strict=True) if v > 0]
            edges = facts_between(
                self.graph, before, hop.reached, self._relations(hop), first=wanted, limit=MAX_FACTS
            )
            weights = sorted(
                (
                    (float(p), r)
                    for r, p in enumerate(hop.relation.tolist())
                    if p >= MIN_SHOWN or p > self.min_relation
                ),
                reverse=True,
            )
            shown = [
                (p, r)
                for i, (p, r) in enumerate(weights)
                if i < MAX_RELATIONS or p > self.min_relation
            ]
            relations = tuple(
                RelationWeight(self.graph.relation_id(r), self.graph.relation_label(r), p)
                for p, r in shown
            )
            look = tuple(
                (w, round(float(a), 4))
                for w, a in zip(words, attention[t].tolist(), strict=False)
                if a >= 0.02
            )
            entities = tuple(EntityWeight(self.entity(e), v) for e, v in listed)
            found.append(
                Hop(relations, look, entities, len(hop.reached) - len(listed), hop.dropped, edges)
            )
            before = hop.reached
        return tuple(found)

    def _relations(self, hop: HopResult) -> list[tuple[int, float]]:
        """Relations that were followed, heaviest first."""
        followed = [(r, p) for r, p in enumerate(hop.relation.tolist()) if p > self.min_relation]
        return sorted(followed, key=lambda item: -item[1])


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(round(float(v), 6) for v in values)
