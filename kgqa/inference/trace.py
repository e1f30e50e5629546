"""Build a Trace: the only place where tensors become plain values.

Nothing is computed here that the model did not compute; lists are cut to a bounded length, and the
rest is counted.
"""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from kgqa import __version__
from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS
from kgqa.inference.calibration import calibrated, features
from kgqa.inference.paths import Paths, facts_between, followed
from kgqa.linking import Link
from kgqa.model.outputs import Reading
from kgqa.trace import (
    OUTCOMES,
    STAGES,
    Answer,
    Branch,
    Candidate,
    EntityWeight,
    Hop,
    Intersection,
    IntersectionRow,
    Mention,
    RelationWeight,
    Trace,
)
from kgqa.walk import Frontier, Prediction, Settings
from kgqa.walk.predict import REFUSE
from kgqa.walk.walk import Chain, Walk

MAX_ENTITIES = 20  # listed for each hop
MAX_ROWS = 40  # of the intersection
MAX_LONE = 3  # rows for each branch of entities that another branch does not reach
MAX_FACTS = 24  # listed for each hop
MAX_RELATIONS = 6  # listed for each hop; all that were followed are listed in any case
MAX_PATHS = 60  # answers beyond these are listed without paths
MIN_SHOWN = 0.005  # relations of lower probability are not listed
MIN_ATTENTION = 0.02  # words of lower attention are not listed


def closed_trace(
    checkpoint: Checkpoint,
    link: Link,
    outcome: str,
    edits: Edits = Edits(),
    notes: tuple[str, ...] = (),
) -> Trace:
    """The trace of a question that ends before the network reads it, or of a stage."""
    return Trace(
        link.question,
        outcome,
        OUTCOMES.get(outcome) or STAGES[outcome],
        model=checkpoint.config.name,
        graph=checkpoint.graph.fingerprint,
        version=__version__,
        edits=edits,
        notes=notes,
    )


def build_trace(
    checkpoint: Checkpoint,
    reading: Reading,
    b: int,
    prediction: Prediction,
    settings: Settings,
    edits: Edits = Edits(),
    proposed: tuple[Mention, ...] | None = None,
) -> Trace:
    """The trace of question b; ``proposed``: its :func:`mentions`, if they were built before."""
    graph, link, walk = checkpoint.graph, reading.links[b], prediction.walk
    trace = replace(
        closed_trace(checkpoint, link, _outcome(prediction, edits), edits),
        confidence=prediction.decision.probability,
        excluded=float(reading.output.exclude[b].sigmoid()),
        mentions=mentions(graph, reading, b, prediction.decision.spans)
        if proposed is None
        else proposed,
    )
    if walk is None:
        return trace
    view = _View(graph, link, settings.min_relation)
    goals = prediction.answers if walk.after is None else walk.combined
    attention = reading.output.attention[b]  # [S, H, W]
    branches = tuple(
        Branch(
            span,
            view.weighted(chain.start),
            view.hops(chain, attention[span], goals),
            _rounded(chain.stop),
            len(chain.result),
        )
        for span, chain in zip(walk.spans, walk.branches, strict=True)
    )
    intersection = None
    if walk.after is not None:
        hops = view.hops(walk.after, reading.output.after_attention[b], prediction.answers)
        intersection = _intersection(graph, walk, walk.after, hops, prediction.answers)
    answers = _answers(checkpoint, prediction, walk, settings)
    return replace(trace, answers=answers, branches=branches, intersection=intersection)


def _outcome(prediction: Prediction, edits: Edits) -> str:
    walk = prediction.walk
    if walk is None:
        emptied = edits.leave_out and prediction.decision.refused < REFUSE
        return "left_out" if emptied else "not_in_graph"
    if len(prediction.answers):
        return "answered"
    reached = all(len(chain.result) for chain in walk.branches)
    apart = walk.after is not None and reached and not len(walk.combined)
    return "empty_intersection" if apart else "no_path"


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
                graph.entity(proposal.entities[c]),
                weights[s][c],
                ALIAS_KINDS[proposal.alias_kinds[c]],
            )
            for c in order
        )
        start, end = link.span(proposal)
        text, used = link.question[start:end], s in chosen
        result.append(Mention(start, end, text, min(score[s], 1.0), used, candidates))
    return tuple(result)


def _answers(
    checkpoint: Checkpoint, prediction: Prediction, walk: Walk, settings: Settings
) -> tuple[Answer, ...]:
    paths = Paths(checkpoint.graph, walk, settings.min_relation)
    ids, memberships = prediction.answers.ids.tolist(), prediction.answers.weights.tolist()
    answers = []
    for i, (entity, membership) in enumerate(zip(ids, memberships, strict=True)):
        values = features(
            prediction.decision.probability,
            membership,
            memberships[0],
            len(prediction.decision.spans),
        )
        score = calibrated(values, checkpoint.config.calibration)
        shown = paths.to(entity) if i < MAX_PATHS else ()
        answers.append(Answer(checkpoint.graph.entity(entity), score, membership, shown))
    return tuple(answers)


def _intersection(
    graph: Graph, walk: Walk, after: Chain, hops: tuple[Hop, ...], answers: Frontier
) -> Intersection:
    combined = walk.combined
    shown = [e for e, _ in combined.top(MAX_ROWS)]
    if not after.hops:  # answers are members of the intersection: those that are listed are shown
        shown += [e for e in answers.ids[:MAX_ROWS].tolist() if e not in set(shown)]
    if len(combined) <= MAX_ROWS:  # room for what one branch reaches and the minimum leaves out
        limit = MAX_LONE + len(shown)
        lone = dict.fromkeys(e for branch in walk.branches for e, _ in branch.result.top(limit))
        rest = [e for e in lone if e not in set(shown)]
        shown += rest[: MAX_LONE * len(walk.branches)]
    ids = combined.ids.new_tensor(shown)
    columns = [branch.result.values(ids).tolist() for branch in walk.branches]
    least = combined.values(ids).tolist()
    rows = tuple(
        IntersectionRow(graph.entity(e), tuple(column[i] for column in columns), least[i])
        for i, e in enumerate(shown)
    )
    omitted = len(combined) - sum(v > 0 for v in least)
    return Intersection(rows, omitted, hops, _rounded(after.stop))


class _View:
    """Hops and frontiers of one question, cut to what a trace lists."""

    def __init__(self, graph: Graph, link: Link, min_relation: float):
        self.graph, self.min_relation = graph, min_relation
        self.words = [link.question[start:end] for start, end, _ in link.words]

    def weighted(self, x: Frontier) -> tuple[EntityWeight, ...]:
        return tuple(EntityWeight(self.graph.entity(e), w) for e, w in x.top(MAX_ENTITIES))

    def hops(self, chain: Chain, attention: Tensor, goal: Frontier) -> tuple[Hop, ...]:
        """The hops of a chain; attention float [H, W]. Edges into ``goal`` are listed first."""
        hops, before = [], chain.start
        goals = goal.ids[:MAX_ENTITIES].tolist()
        for t, hop in enumerate(chain.hops):
            listed = self._listed(hop.reached, goals)
            hops.append(
                Hop(
                    self._relations(hop.relation),
                    self._attended(attention[t]),
                    tuple(EntityWeight(self.graph.entity(e), v) for e, v in listed),
                    len(hop.reached) - len(listed),
                    hop.dropped,
                    facts_between(
                        self.graph,
                        before,
                        hop.reached,
                        followed(hop.relation, self.min_relation),
                        first=set(goals),
                        limit=MAX_FACTS,
                    ),
                )
            )
            before = hop.reached
        return tuple(hops)

    @staticmethod
    def _listed(reached: Frontier, goals: list[int]) -> list[tuple[int, float]]:
        """The heaviest entities, then those of the goals that were reached."""
        listed = reached.top(MAX_ENTITIES)
        heaviest = {e for e, _ in listed}
        extra = [e for e in dict.fromkeys(goals) if e not in heaviest]
        values = reached.values(reached.ids.new_tensor(extra)).tolist()
        return listed + [(e, v) for e, v in zip(extra, values, strict=True) if v > 0]

    def _relations(self, relation: Tensor) -> tuple[RelationWeight, ...]:
        """relation float [R]: the heaviest, and in any case all that were followed."""
        weights = sorted(((p, r) for r, p in enumerate(relation.tolist())), reverse=True)
        return tuple(
            RelationWeight(self.graph.relation_id(r), self.graph.relation_label(r), p)
            for i, (p, r) in enumerate(weights)
            if p > self.min_relation or (i < MAX_RELATIONS and p >= MIN_SHOWN)
        )

    def _attended(self, attention: Tensor) -> tuple[tuple[str, float], ...]:
        """attention float [W]: the words that were read."""
        weights = zip(self.words, attention.tolist(), strict=False)
        return tuple((word, round(a, 4)) for word, a in weights if a >= MIN_ATTENTION)


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(round(v, 6) for v in values.tolist())
