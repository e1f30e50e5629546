"""Apply edits to the model's decisions, and leave everything else to the model.

In the order of the computation: an added span is proposed like any other (:func:`edit_link`); the
network reads only the chosen candidate of a mention and takes imposed relations as its own
(:func:`impose`), so that all that depends on them is computed anew; relations, stops and the sets
of mentions are overridden in its output (:func:`edit_reading`). The walk and the trace do not know
about edits. An edit that does not fit the question is left out, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from kgqa.checkpoint import Checkpoint
from kgqa.edits import AFTER, Edits, FollowRelation, Span, UseEntity
from kgqa.graph import Graph
from kgqa.graph.names import KIND
from kgqa.linking import Link, Proposal
from kgqa.linking.finder import Finder
from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput, Reading
from kgqa.walk import Settings

NEVER = -1e4  #: log-probability of what was ruled out
NEAREST = 10  #: candidates of words that no entity is named by


@dataclass(frozen=True)
class EditedLink:
    """A link after edits."""

    link: Link
    notes: tuple[str, ...] = ()  #: edits that did not fit, each as a sentence


@dataclass(frozen=True)
class EditedReading:
    """A reading after edits."""

    reading: Reading
    notes: tuple[str, ...] = ()


def edit_settings(settings: Settings, edits: Edits) -> Settings:
    """The settings for an edited question: no refusal, so that the edit's effect is seen."""
    if not edits:
        return settings
    return replace(settings, intersect=settings.intersect and edits.intersect, refuse=False)


def edit_link(link: Link, edits: Edits, finder: Finder) -> EditedLink:
    """The link with added spans, and with chosen entities among their candidates."""
    notes: list[str] = []
    chosen: tuple[Span | UseEntity, ...] = (*edits.add, *edits.use)
    for edit in chosen:
        try:
            link = _with_span(link, edit, finder)
        except _DoesNotFit as error:
            notes.append(str(error))
    return EditedLink(link, tuple(notes))


class _DoesNotFit(Exception):
    """An edit that the question has no place for; the message is the note."""


def _with_span(link: Link, edit: Span | UseEntity, finder: Finder) -> Link:
    """The link with the span of an edit among its proposals, and the entity, if any, in it."""
    words = _words(link, edit.start, edit.end)
    if words is None:
        raise _DoesNotFit("A selected span holds no whole word of the question; it was not added.")
    entity = None
    if isinstance(edit, UseEntity):
        entity = finder.graph.find(edit.entity)
        if entity is None:
            raise _DoesNotFit(
                f"The graph has no entity with the id “{edit.entity[:80]}”; the model's own "
                "reading was kept."
            )
    others = [p for p in link.proposals if (p.first, p.last) != words]
    same = [p for p in link.proposals if (p.first, p.last) == words]
    proposal = same[0] if same else _similar(link, words, finder)
    if entity is not None and (proposal is None or entity not in proposal.entities):
        entities = proposal.entities[: NEAREST - 1] if proposal else ()
        kinds = proposal.alias_kinds[: NEAREST - 1] if proposal else ()
        proposal = Proposal(*words, (*entities, entity), (*kinds, KIND["other name"]))
    if proposal is None:
        text = link.question[edit.start : edit.end][:80]
        raise _DoesNotFit(f"Nothing in the graph is named like “{text}”.")
    order = sorted([*others, proposal], key=lambda p: (p.first, p.last))
    return replace(link, proposals=tuple(order))


def _similar(link: Link, words: tuple[int, int], finder: Finder) -> Proposal | None:
    """Entities for a run of words: the index's own, else those with the most similar names."""
    text = link.question[link.words[words[0]][0] : link.words[words[1]][1]]
    matches = finder.similar(text, NEAREST)
    if not matches:
        return None
    return Proposal(*words, tuple(e for e, _ in matches), tuple(k for _, k in matches))


def impose(batch: Batch, link: Link, edits: Edits, checkpoint: Checkpoint) -> Batch:
    """The batch of one question, with what the network must take for granted.

    A mention with a chosen entity has no other candidate, and imposed relations stand.
    """
    graph, config = checkpoint.graph, checkpoint.config
    mask = batch.entity_mask.clone()
    for use in edits.use:
        s, entity = _span(link, use.start, use.end), graph.find(use.entity)
        if s is not None and entity in link.proposals[s].entities:
            mask[0, s] = False
            mask[0, s, link.proposals[s].entities.index(entity)] = True
    hops = max(config.max_hops, config.max_after)
    imposed = torch.full((1, mask.shape[1] + 1, hops), -1)
    for follow in edits.follow:
        after = (follow.start, follow.end) == AFTER
        s = -1 if after else _span(link, follow.start, follow.end)
        relation = graph.relation_index.get(follow.relation)
        if s is not None and 1 <= follow.hop <= hops and relation is not None:
            imposed[0, s, follow.hop - 1] = relation
    return replace(batch, entity_mask=mask, imposed=imposed if (imposed >= 0).any() else None)


def edit_reading(reading: Reading, edits: Edits, graph: Graph) -> EditedReading:
    """A reading of one question, with relations, lengths and the set of mentions overridden."""
    if not edits:
        return EditedReading(reading)
    (link,), largest = reading.links, reading.config.max_mentions
    notes: list[str] = []
    output = _override_relations(reading.output, link, edits, graph, notes)
    forced = _forced(link, edits, graph)
    if len(forced) > largest:
        notes.append(
            f"At most {largest} mentions can take part; the first ones chosen by hand were left "
            "out."
        )
        forced = forced[-largest:]
    left_out = {s for c in edits.leave_out if (s := _span(link, c.start, c.end)) is not None}
    if forced or left_out:
        output = _override_sets(output, link, tuple(forced), left_out, largest)
    return EditedReading(replace(reading, output=output), tuple(notes))


def _forced(link: Link, edits: Edits, graph: Graph) -> list[int]:
    """The spans that must take part; of spans that overlap, the one chosen last stays."""
    chosen: tuple[Span | UseEntity, ...]
    chosen = (*edits.add, *(use for use in edits.use if graph.find(use.entity) is not None))
    forced: list[int] = []
    for edit in chosen:
        s = _span(link, edit.start, edit.end)
        if s is not None and s not in forced:
            apart = [f for f in forced if not link.proposals[f].overlaps(link.proposals[s])]
            forced = [*apart, s]
    return forced


def _override_sets(
    output: ModelOutput, link: Link, forced: tuple[int, ...], left_out: set[int], largest: int
) -> ModelOutput:
    """Every set of mentions with the forced and without the left-out ones, by probability."""
    weights: dict[tuple[int, ...], float] = {}
    for spans, score in zip(output.sets[0], output.set_scores[0].exp().tolist(), strict=False):
        rest = [
            s
            for s in spans
            if s not in left_out
            and not any(link.proposals[s].overlaps(link.proposals[f]) for f in forced)
        ]
        changed = tuple(sorted((*forced, *rest[: largest - len(forced)])))
        emptied = spans and not changed  # by the edit: the model did not say "no answer"
        overruled = forced and not spans  # "no answer" says nothing about sets with forced spans
        if not (emptied or overruled):
            weights[changed] = weights.get(changed, 0.0) + score
    weights = {(): weights.pop((), 0.0), **weights}
    if forced and not any(weights.values()):
        weights[forced] = 1.0
    scores = torch.tensor([list(weights.values())])
    scores = (scores / scores.sum() if forced else scores).log()
    return replace(output, sets=(tuple(weights),), set_scores=scores)


def _override_relations(
    output: ModelOutput, link: Link, edits: Edits, graph: Graph, notes: list[str]
) -> ModelOutput:
    names = ("relations", "stop", "after", "after_stop")
    copies = {name: getattr(output, name).clone() for name in names}
    for follow in sorted(edits.follow, key=lambda f: f.hop):
        if (follow.start, follow.end) == AFTER:
            hops, stop = copies["after"][0], copies["after_stop"][0]  # [A, R], [A + 1]
        elif (s := _span(link, follow.start, follow.end)) is not None:
            hops, stop = copies["relations"][0, s], copies["stop"][0, s]  # [H, R], [H + 1]
        else:
            notes.append("A relation was changed for a mention that the question does not have.")
            continue
        note = _override_hop(hops, stop, follow, graph)
        if note:
            notes.append(note)
    return replace(output, **copies)


def _override_hop(hops: Tensor, stop: Tensor, follow: FollowRelation, graph: Graph) -> str:
    """Change log-probabilities in place; returns a note if the edit does not fit."""
    if not 1 <= follow.hop <= len(hops):
        return f"A walk has hops 1 to {len(hops)} here; hop {follow.hop} was not changed."
    if not follow.relation:
        _only(stop, follow.hop - 1)
    elif follow.relation not in graph.relation_index:
        return f"The graph has no relation “{follow.relation[:80]}”."
    else:
        _only(hops[follow.hop - 1], graph.relation_index[follow.relation])
        if float(stop[follow.hop :].exp().sum()) < 0.5:  # the walk has to reach this hop
            _only(stop, follow.hop)
    return ""


def _only(row: Tensor, index: int) -> None:
    """Put all of a distribution's probability on one index, in place."""
    row.fill_(NEVER)
    row[index] = 0.0


def _words(link: Link, start: int, end: int) -> tuple[int, int] | None:
    """First and last of the words that lie in [start, end), if there is one."""
    inside = [i for i, (a, z, _) in enumerate(link.words) if start <= a < end and z > start]
    return (inside[0], inside[-1]) if inside else None


def _span(link: Link, start: int, end: int) -> int | None:
    """Index of the proposal at these characters."""
    words = _words(link, start, end)
    return next((i for i, p in enumerate(link.proposals) if (p.first, p.last) == words), None)
