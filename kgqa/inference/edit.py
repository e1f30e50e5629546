"""Apply edits to the model's decisions, and leave everything else to the model.

In the order of the computation: an added span is proposed like any other (:func:`edit_link`); the
network reads only the chosen candidate of a mention and takes imposed relations as its own
(:func:`impose`), so that all that depends on them is computed anew; relations, operators, stops and
the sets of mentions are overridden in its output (:func:`edit_reading`), and so is how branches are
combined and read out (``kgqa.inference.edit_ends``). The walk and the trace do not know about
edits. An edit that does not fit the question is left out, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from kgqa.checkpoint import Checkpoint
from kgqa.edits import AFTER, Edits, Span, UseEntity
from kgqa.graph import Graph
from kgqa.graph.names import KIND
from kgqa.graph.operators import RANKS, Operator, position_of
from kgqa.inference.edit_ends import edit_ends, only, span_at, subtracted, words_at
from kgqa.linking import Link, Proposal
from kgqa.linking.finder import Finder
from kgqa.linking.ranges import parse_range
from kgqa.model.batch import Batch
from kgqa.model.config import ModelConfig
from kgqa.model.outputs import ModelOutput, Reading
from kgqa.walk import Settings

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
    words = words_at(link, edit.start, edit.end)
    if words is None:
        raise _DoesNotFit("A selected span holds no whole word of the question; it was not added.")
    entity = None
    if isinstance(edit, UseEntity):
        link, entity = _with_candidate(link, edit.entity, finder.graph)
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
        within = link.range_of(entity, finder.graph.num_entities)
        kind = KIND["other name" if within is None else within.compare]
        proposal = Proposal(*words, (*entities, entity), (*kinds, kind))
    if proposal is None:
        text = link.question[edit.start : edit.end][:80]
        raise _DoesNotFit(f"Nothing in the graph is named like “{text}”.")
    order = sorted([*others, proposal], key=lambda p: (p.first, p.last))
    return replace(link, proposals=tuple(order))


def _with_candidate(link: Link, id: str, graph: Graph) -> tuple[Link, int | None]:
    """The entity or set with this id as a candidate; a set that is new becomes one of the link's.

    None for an id that the graph does not know.
    """
    within = parse_range(graph, id)
    if within is None:
        return link, graph.find(id)
    if within not in link.ranges:
        link = replace(link, ranges=(*link.ranges, within))
    return link, graph.num_entities + link.ranges.index(within)


def _candidate(link: Link, id: str, graph: Graph) -> int | None:
    """The candidate with this id; None if there is none."""
    changed, candidate = _with_candidate(link, id, graph)
    return candidate if changed is link else None


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
        s, entity = span_at(link, use.start, use.end), _candidate(link, use.entity, graph)
        if s is not None and entity is not None and entity in link.proposals[s].entities:
            mask[0, s] = False
            mask[0, s, link.proposals[s].entities.index(entity)] = True
    hops = max(config.max_hops, config.max_after)
    imposed = torch.full((1, mask.shape[1] + 1, hops), -1)
    for follow in edits.follow:
        after = (follow.start, follow.end) == AFTER
        s = -1 if after else span_at(link, follow.start, follow.end)
        entry = _entry(graph, follow.relation, config)
        if s is not None and 1 <= follow.hop <= hops and not isinstance(entry, str):
            imposed[0, s, follow.hop - 1] = entry.position
    return replace(batch, entity_mask=mask, imposed=imposed if (imposed >= 0).any() else None)


def edit_reading(reading: Reading, edits: Edits, graph: Graph) -> EditedReading:
    """A reading of one question with all that was decided by hand in its output."""
    if not edits:
        return EditedReading(reading)
    (link,), largest = reading.links, reading.config.max_mentions
    notes: list[str] = []
    output = _override_relations(reading, link, edits, graph, notes)
    forced = _forced(link, edits, graph)
    if len(forced) > largest:
        notes.append(
            f"At most {largest} mentions can take part; the first ones chosen by hand were left "
            "out."
        )
        forced = forced[-largest:]
    left_out = {s for c in edits.leave_out if (s := span_at(link, c.start, c.end)) is not None}
    if forced or left_out:
        output = _override_sets(output, link, tuple(forced), left_out, largest)
    output = edit_ends(output, reading.config.readouts, link, edits, notes)
    edited = replace(reading, output=output)
    notes += subtracted(edited, edits)
    return EditedReading(edited, tuple(notes))


def _forced(link: Link, edits: Edits, graph: Graph) -> list[int]:
    """The spans that must take part; of spans that overlap, the one chosen last stays."""
    chosen: tuple[Span | UseEntity, ...]
    known = (u for u in edits.use if _candidate(link, u.entity, graph) is not None)
    chosen = (*edits.add, *known)
    forced: list[int] = []
    for edit in chosen:
        s = span_at(link, edit.start, edit.end)
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
    reading: Reading, link: Link, edits: Edits, graph: Graph, notes: list[str]
) -> ModelOutput:
    output = reading.output
    names = ("relations", "stop", "rank", "after", "after_stop", "after_rank")
    values = {name: getattr(output, name) for name in names}
    copies = {name: value.clone() for name, value in values.items() if value is not None}
    ranks: Tensor | None
    for follow in sorted(edits.follow, key=lambda f: f.hop):
        if (follow.start, follow.end) == AFTER:
            hops, stop = copies["after"][0], copies["after_stop"][0]  # [A, V], [A + 1]
            ranks = copies["after_rank"][0] if "after_rank" in copies else None  # [A, K]
        elif (s := span_at(link, follow.start, follow.end)) is not None:
            hops, stop = copies["relations"][0, s], copies["stop"][0, s]  # [H, V], [H + 1]
            ranks = copies["rank"][0, s] if "rank" in copies else None  # [H, K]
        else:
            notes.append("A relation was changed for a mention that the question does not have.")
            continue
        entry = _entry(graph, follow.relation, reading.config) if follow.relation else None
        if not 1 <= follow.hop <= len(hops):
            note = f"A walk has hops 1 to {len(hops)} here; hop {follow.hop} was not changed."
            notes.append(note)
        elif isinstance(entry, str):
            notes.append(entry)
        else:
            _override_hop(hops, stop, ranks, follow.hop, entry)
    return replace(output, **copies)


def _override_hop(
    hops: Tensor, stop: Tensor, ranks: Tensor | None, hop: int, entry: _Entry | None
) -> None:
    """Change log-probabilities in place: this entry at a hop, or None to stop before it."""
    if entry is None:
        only(stop, hop - 1)
        return
    only(hops[hop - 1], entry.position)
    if ranks is not None and entry.ranked:
        only(ranks[hop - 1], entry.rank - 1)
    if float(stop[hop:].exp().sum()) < 0.5:  # the walk has to reach this hop
        only(stop, hop)


@dataclass(frozen=True)
class _Entry:
    """What a hop takes."""

    position: int  #: in the vocabulary
    rank: int  #: k of the k-th extreme
    ranked: bool  #: whether a rank means something


def _entry(graph: Graph, id: str, config: ModelConfig) -> _Entry | str:
    """The relation or operator with this id; what is wrong with it, as a note."""
    if id in graph.relation_index:
        return _Entry(graph.relation_index[id], 1, False)
    operator = Operator.parse(id)
    if operator.relation not in graph.relation_index:
        return f"The graph has no relation “{operator.relation[:80]}”."
    if not config.operators:
        return (
            "The model follows relations alone; it cannot take a largest, smallest or most often."
        )
    if not 1 <= operator.rank <= RANKS:
        return f"The model counts up to the {RANKS}th largest; “{id[:80]}” was not taken."
    first = position_of(graph, replace(operator, rank=1))
    return _Entry(first, operator.rank, operator.name in ("most", "least"))
