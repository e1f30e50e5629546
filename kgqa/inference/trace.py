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
from kgqa.inference.calibration import calibrated, features
from kgqa.inference.mentions import mentions, origins, seeds, stands_for
from kgqa.inference.operators import Entries, compared, read_value, typed
from kgqa.inference.paths import Paths, facts_between, followed
from kgqa.inference.unused import unused
from kgqa.linking import Link
from kgqa.model.outputs import Reading
from kgqa.trace import (
    OUTCOMES,
    STAGES,
    Answer,
    Branch,
    EntityWeight,
    Hop,
    Intersection,
    IntersectionRow,
    Mention,
    Trace,
)
from kgqa.walk import Frontier, Prediction, Settings
from kgqa.walk.ops import mix
from kgqa.walk.walk import Chain, Walk

MAX_ENTITIES = 20  # listed for each hop
MAX_ROWS = 40  # of the intersection
MAX_LONE = 3  # rows for each branch of entities that another branch does not reach
MAX_FACTS = 24  # listed for each hop
MAX_PATHS = 60  # answers beyond these are listed without paths
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
    """The trace of question b; ``proposed``: its :func:`mentions`, where built before."""
    graph, link, walk = checkpoint.graph, reading.links[b], prediction.walk
    excluded, spans = reading.output.exclude[b].sigmoid(), prediction.decision.spans
    trace = replace(
        closed_trace(checkpoint, link, outcome_of(reading, b, prediction, edits), edits),
        confidence=prediction.decision.probability,
        excluded=float(excluded),
        mentions=mentions(graph, reading, b, spans)
        if proposed is None or [i for i, m in enumerate(proposed) if m.used] != sorted(spans)
        else proposed,
    )
    if walk is None:
        return trace
    view = _View(graph, link, settings, excluded)
    goals = prediction.answers if walk.after is None else walk.combined
    branches = _branches(view, reading, b, walk, goals)
    intersection = None
    if walk.after is not None:
        seeds_of_all = mix([c.start for c in walk.branches], excluded.new_ones(len(walk.branches)))
        after_attention = reading.output.after_attention[b]
        hops = view.hops(walk.after, seeds_of_all, after_attention, prediction.answers)
        intersection = _intersection(graph, walk, walk.after, hops, prediction.answers)
    return replace(
        trace,
        answers=_answers(checkpoint, reading, b, prediction, settings),
        branches=branches,
        intersection=intersection,
        value=read_value(graph, reading, b, prediction),
        readout=prediction.decision.readout,
        given_up=prediction.decision.given_up,
        united=walk.negated.count(False) > 1 and (walk.either or not settings.intersect),
        unused=unused(reading, b, prediction, graph.stop_words),
    )


def _branches(
    view: _View, reading: Reading, b: int, walk: Walk, goals: Frontier
) -> tuple[Branch, ...]:
    branches = []
    attention = reading.output.attention[b]  # [S, H, W]
    for span, chain, negated in zip(walk.spans, walk.branches, walk.negated, strict=True):
        own = seeds(view.graph, reading, b, span)
        hops = view.hops(chain, chain.start, attention[span], goals)
        size, number = len(chain.result), stands_for(view.graph, chain.start, own)
        branches.append(Branch(span, own, hops, _rounded(chain.stop), size, negated, number))
    return tuple(branches)


def outcome_of(reading: Reading, b: int, prediction: Prediction, edits: Edits) -> str:
    """A key of :data:`kgqa.trace.OUTCOMES`: how question b ended."""
    walk, beyond = prediction.walk, reading.output.beyond
    if walk is None:
        if edits.leave_out and prediction.decision.refused < reading.config.refuse[0]:
            return "left_out"
        if not reading.links[b].named:
            return "no_mention"
        return "not_possible" if beyond is not None and beyond[b] > 0 else "not_in_graph"
    readout = prediction.decision.readout
    unknown = bool(readout) and prediction.value is None  # a sum of what has no numbers
    if not unknown and (len(prediction.answers) or readout):
        return "answered"
    reached = all(len(chain.result) for chain in walk.branches)
    apart = walk.after is not None and reached and not len(walk.combined)
    return "empty_intersection" if apart else "no_path"


def _answers(
    checkpoint: Checkpoint, reading: Reading, b: int, prediction: Prediction, settings: Settings
) -> tuple[Answer, ...]:
    walk, graph = prediction.walk, checkpoint.graph
    if walk is None or (prediction.decision.readout and prediction.value is None):
        return ()
    own = [origins(graph, reading, b, span) for span in walk.spans]
    paths = Paths(graph, walk, settings.min_relation, own)
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
        answer = Answer(graph.entity(entity), score, membership, shown)
        answers.append(replace(answer, value=typed(graph, answer)))
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

    def __init__(self, graph: Graph, link: Link, settings: Settings, excluded: Tensor):
        self.graph, self.settings, self.excluded = graph, settings, excluded
        self.entries = Entries(graph)
        self.words = [link.question[start:end] for start, end, _ in link.words]

    def hops(
        self, chain: Chain, seeds: Frontier, attention: Tensor, goal: Frontier
    ) -> tuple[Hop, ...]:
        """The hops of a chain; attention float [H, W]. Edges into ``goal`` are listed first."""
        hops, before = [], chain.start
        goals, least = goal.ids[:MAX_ENTITIES].tolist(), self.settings.min_relation
        for t, hop in enumerate(chain.hops):
            listed = self._listed(hop.reached, goals)
            left_out, budget = (seeds, self.excluded), self.settings.budget
            values, others = compared(self.graph, before, hop, left_out, budget)
            hops.append(
                Hop(
                    self.entries.weights(hop, least),
                    self._attended(attention[t]),
                    tuple(EntityWeight(self.graph.entity(e), v) for e, v in listed),
                    len(hop.reached) - len(listed),
                    hop.dropped,
                    facts_between(
                        self.graph,
                        before,
                        hop.reached,
                        followed(self.graph, hop.relation, least),
                        first=set(goals),
                        limit=MAX_FACTS,
                    ),
                    values,
                    others,
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

    def _attended(self, attention: Tensor) -> tuple[tuple[str, float], ...]:
        """attention float [W]: the words that were read."""
        weights = zip(self.words, attention.tolist(), strict=False)
        return tuple((word, round(a, 4)) for word, a in weights if a >= MIN_ATTENTION)


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(round(v, 6) for v in values.tolist())
