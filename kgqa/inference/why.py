"""Why this answer: what it would be if one decision were another.

Each counterfactual is an edit, computed as a click on it would be: by the same model and the same
walk. What the network reads does not depend on which mentions take part, so that leaving one out
costs a walk alone; another entity for a mention, or another relation, costs a pass as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kgqa.edits import Edits
from kgqa.inference import edit
from kgqa.inference.operators import read_value, typed
from kgqa.inference.trace import outcome_of
from kgqa.linking import Link
from kgqa.model.outputs import Reading
from kgqa.text import clip, plain
from kgqa.trace import Answer, Branch, Candidate, Mention, Trace
from kgqa.walk import predict
from kgqa.why import Counterfactual, in_short

if TYPE_CHECKING:
    from kgqa.inference.pipeline import Pipeline

MOST = 3  #: counterfactuals of an answer
MOST_WITHOUT = 2  #: of them without a mention
TRIED = 12  #: relations that are tried for one that leads somewhere
LEAST = 0.02  #: probability of another entity for a mention
LOOKED_AT = 20  #: answers whose names are looked up


@dataclass(frozen=True)
class _Then:
    """What follows from edits."""

    result: str
    answers: frozenset[str]  #: ids of entities
    answered: bool


def counterfactuals(
    pipeline: Pipeline, trace: Trace, *, network: bool = True
) -> tuple[Counterfactual, ...]:
    """Some for this trace of the pipeline; none where nothing was followed.

    ``network``: whether the network may be run again; without it, those alone that need a walk.
    """
    link, problem = pipeline.link(trace.question)
    if not trace.branches or (problem and not trace.edits):
        return ()
    what_if = _WhatIf(pipeline, trace, link, network)
    without = [c for pair in _without(trace) if (c := what_if.of(*pair)) is not None]
    without.sort(key=lambda c: c.same)  # those that make a difference first
    found = without[:MOST_WITHOUT]
    for pair in _otherwise(trace):
        if len(found) < MOST and (one := what_if.of(*pair)) is not None:
            found.append(one)
    if len(found) < MOST_WITHOUT:
        found += what_if.led_otherwise(trace.branches[0])
    return tuple(found)


def _without(trace: Trace) -> list[tuple[str, Edits]]:
    """Each mention left out, where there are several."""
    used = [trace.mentions[b.mention] for b in trace.branches]
    if len(used) < 2:
        return []
    edits = trace.edits
    return [(f"without {_quoted(m)}", edits.leaving_out(m.start, m.end)) for m in used]


def _otherwise(trace: Trace) -> Iterator[tuple[str, Edits]]:
    """A namesake; the branches combined in the other way."""
    if (namesake := _namesake(trace)) is not None:
        mention, candidate = namesake
        name = plain(candidate.entity.label, 60)
        if name.casefold() == mention.text.casefold() and candidate.entity.description:
            name += f", {plain(candidate.entity.description, 60)}"
        edits = trace.edits.using(mention.start, mention.end, candidate.entity.id)
        yield f"if {_quoted(mention)} were {name}", edits
    if trace.united:
        yield "if all had to hold", trace.edits.uniting(False)


def _namesake(trace: Trace) -> tuple[Mention, Candidate] | None:
    """The likeliest entity that a mention may stand for and that the answer does not rest on."""
    facts = [fact for answer in trace.answers for path in answer.paths for fact in path.facts]
    rests = {entity.id for fact in facts for entity in (fact.head, fact.tail)}
    by_hand = {(use.start, use.end) for use in trace.edits.use}
    options = [
        (candidate.score, -i, mention, candidate)
        for i, mention in enumerate(
            trace.mentions[b.mention] for b in trace.branches if not b.stands_for
        )
        if (mention.start, mention.end) not in by_hand
        for candidate in mention.candidates[1 if not rests else 0 :]
        if candidate.entity.id not in rests and candidate.score >= LEAST
        if len(mention.candidates) > 1
    ]
    best = max(options, key=lambda option: option[:2], default=None)
    return None if best is None else (best[2], best[3])


def _quoted(mention: Mention) -> str:
    return f"“{plain(mention.text, 40)}”"


class _WhatIf:
    """Asks one question again and again, with other edits."""

    def __init__(self, pipeline: Pipeline, trace: Trace, link: Link, network: bool):
        self.pipeline, self.trace, self.raw, self.network = pipeline, trace, link, network
        self.answers = frozenset(answer.entity.id for answer in trace.answers)
        self.value = trace.value.text if trace.value else ""

    def of(self, condition: str, edits: Edits) -> Counterfactual | None:
        """The counterfactual of these edits; None if nothing can be told of it."""
        if (then := self._then(edits)) is None:
            return None
        same = then.answers == self.answers and (then.result == self.value or not self.value)
        return Counterfactual(condition, then.result, same, edits)

    def led_otherwise(self, branch: Branch) -> list[Counterfactual]:
        """With another relation at the last hop of a branch: the likeliest that leads somewhere."""
        mention, n = self.trace.mentions[branch.mention], len(branch.hops)
        likely = max(range(len(branch.stop)), key=branch.stop.__getitem__) if branch.stop else n
        n, graph = min(n, likely), self.pipeline.graph
        if not n or not branch.hops[n - 1].relations or not self.network:
            return []
        now = branch.hops[n - 1].relations[0]
        reading = self._read(self.trace.edits)
        if reading is None:
            return []
        scores = reading.output.relations[0, branch.mention, n - 1, : graph.num_relations]
        tried = 0
        for r in scores.argsort(descending=True).tolist():
            id, label = graph.relation_id(r), graph.relation_label(r)
            if id == now.id or not label:
                continue
            edits = self.trace.edits.following(mention.start, mention.end, n, id)
            if self._leads(reading, edits) and (then := self._then(edits)) and then.answered:
                old, new = plain(now.label, 40), plain(label, 40)
                condition = f"following “{new}” instead of “{old}”"
                return [Counterfactual(condition, then.result, False, edits)]
            if (tried := tried + 1) >= TRIED:
                break
        return []

    def _leads(self, reading: Reading, edits: Edits) -> bool:
        """Whether a walk by these edits leads to other answers, as far as the walk alone can say.

        What the network would make of them may still differ.
        """
        graph = self.pipeline.graph
        edited = edit.edit_reading(reading, edits, graph).reading
        (prediction,) = predict(graph, edited, edit.edit_settings(self.pipeline.settings, edits))
        return any(graph.key(e) not in self.answers for e in prediction.answers.ids.tolist())

    def _read(self, edits: Edits) -> Reading | None:
        """What the network makes of the question with these edits."""
        link = edit.edit_link(self.raw, edits, self.pipeline.finder).link
        if not link.proposals:
            return None
        known = self.pipeline.recent.get(link, edits)
        if known is None and self.network:
            known = self.pipeline.reader.read_one(link, edits)
            self.pipeline.recent.keep(link, edits, known)
        return known

    def _then(self, edits: Edits) -> _Then | None:
        pipeline, graph = self.pipeline, self.pipeline.graph
        if (read := self._read(edits)) is None:
            return None
        reading = edit.edit_reading(read, edits, graph).reading
        settings = edit.edit_settings(pipeline.settings, edits)
        (prediction,) = predict(graph, reading, settings)
        outcome, value = (
            outcome_of(reading, 0, prediction, edits),
            read_value(graph, reading, 0, prediction),
        )
        ids = prediction.answers.ids.tolist() if outcome == "answered" else []
        first = [graph.entity(e) for e in ids[:LOOKED_AT]]
        labels = [
            shown.text if (shown := typed(graph, Answer(e, 0.0, 0.0, ()))) else plain(e.label, 60)
            for e in first
        ]
        text = in_short(
            outcome, value.text if value else "", labels, [e.kind for e in first], len(ids)
        )
        answers = frozenset(graph.key(e) for e in ids)
        return _Then(clip(plain(text)), answers, outcome == "answered")


def with_counterfactuals(pipeline: Pipeline, trace: Trace, *, network: bool = True) -> Trace:
    """The trace with its :func:`counterfactuals`."""
    return replace(trace, why=counterfactuals(pipeline, trace, network=network))
