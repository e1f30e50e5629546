"""Apply hand-made edits to what the model says, and leave everything else to the model.

In the order of the computation: an added span is proposed like any other (:func:`proposals`); the network then reads only the
chosen candidate of a mention, and takes the imposed relations as its own (:func:`impose`), so that all that depends on them is
computed anew; relations, stops and the sets of mentions are overridden in the :class:`ModelOutput` (:func:`override`). The walk
and the trace do not know about edits. A change that does not fit the question is left out, and a sentence says so.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from kgqa.edits import AFTER, Edits
from kgqa.graph import Graph
from kgqa.graph.names import KIND
from kgqa.linking import Link
from kgqa.linking.finder import Finder
from kgqa.linking.linker import Proposal
from kgqa.model.batch import Batch
from kgqa.model.outputs import ModelOutput

NEVER = -1e4  #: log-probability of what was ruled out
NEAREST = 10  #: candidates of words that no entity is named by


def proposals(link: Link, edits: Edits, finder: Finder) -> tuple[Link, list[str]]:
    """The link with added spans and with chosen entities among their candidates; sentences on what could not be done."""
    notes: list[str] = []
    for wanted in (*edits.add, *edits.use):
        words = _words(link, wanted.start, wanted.end)
        if words is None:
            notes.append("A selected span holds no whole word of the question; it was not added.")
            continue
        entity = getattr(wanted, "entity", None)
        index = finder.index(entity) if entity is not None else None
        if entity is not None and index is None:
            notes.append(
                f"The graph has no entity with the id “{entity[:80]}”; the model's own reading was kept."
            )
            continue
        at = next((i for i, p in enumerate(link.proposals) if (p.first, p.last) == words), None)
        here = link.proposals[at] if at is not None else _proposed(link, words, finder)
        if index is not None and (here is None or index not in here.entities):
            known = here or Proposal(*words, (), ())
            here = Proposal(
                *words,
                (*known.entities[: NEAREST - 1], index),
                (*known.alias_kinds[: NEAREST - 1], KIND["other name"]),
            )
        if here is None:
            start, end = wanted.start, wanted.end
            notes.append(f"Nothing in the graph is named like “{link.question[start:end][:80]}”.")
            continue
        others = [p for i, p in enumerate(link.proposals) if i != at]
        link = replace(
            link, proposals=tuple(sorted([*others, here], key=lambda p: (p.first, p.last)))
        )
    return link, notes


def impose(
    batch: Batch, link: Link, edits: Edits, graph: Graph, finder: Finder, *, hops: int
) -> Batch:
    """The batch (of one question) in which a mention with a chosen entity has no other candidate, and imposed relations stand.

    ``hops``: the most that any decoder of the network takes.
    """
    mask = batch.entity_mask.clone()
    for chosen in edits.use:
        s, index = _span(link, chosen.start, chosen.end), finder.index(chosen.entity)
        if s is not None and index in link.proposals[s].entities:
            mask[0, s] = False
            mask[0, s, link.proposals[s].entities.index(index)] = True
    imposed = torch.full((1, mask.shape[1] + 1, hops), -1)
    for one in edits.follow:
        s = -1 if (one.start, one.end) == AFTER else _span(link, one.start, one.end)
        if s is not None and 1 <= one.hop <= hops and one.relation in graph.relation_index:
            imposed[0, s, one.hop - 1] = graph.relation_index[one.relation]
    return replace(batch, entity_mask=mask, imposed=imposed if (imposed >= 0).any() else None)


def override(
    output: ModelOutput, link: Link, edits: Edits, graph: Graph, finder: Finder, *, largest: int
) -> tuple[ModelOutput, list[str]]:
    """The output (of one question) with relations, lengths and the set of mentions changed by hand."""
    output, notes = _relations(output, link, edits, graph)
    forced: list[int] = []
    fitting = [
        s
        for c in edits.use
        if finder.index(c.entity) is not None and (s := _span(link, c.start, c.end)) is not None
    ]
    for s in (*(_span(link, a.start, a.end) for a in edits.add), *fitting):
        if s is not None and s not in forced:  # of spans that overlap, the one chosen last stays
            forced = [f for f in forced if not link.proposals[f].overlaps(link.proposals[s])] + [s]
    if len(forced) > largest:
        notes.append(
            f"At most {largest} mentions can take part; the first ones chosen by hand were left out."
        )
        forced = forced[-largest:]
    out = {s for c in edits.leave_out if (s := _span(link, c.start, c.end)) is not None}
    return (_sets(output, link, tuple(forced), out, largest) if forced or out else output), notes


def _sets(
    output: ModelOutput, link: Link, forced: tuple[int, ...], out: set[int], largest: int
) -> ModelOutput:
    """Every set of mentions without those left out and with those that must take part; probabilities move along."""
    weights: dict[tuple[int, ...], float] = {}
    for one, score in zip(output.sets[0], output.set_scores[0].exp().tolist(), strict=False):
        rest = [s for s in one if s not in out and s not in forced]
        rest = [
            s
            for s in rest
            if not any(link.proposals[s].overlaps(link.proposals[f]) for f in forced)
        ]
        changed = tuple(sorted((*forced, *rest[: largest - len(forced)])))
        refusal = (
            changed == () and one != ()
        )  # what is empty only because of the change is no verdict of the model
        overruled = (
            one == () and forced
        )  # nor does its verdict say which mentions go with a forced one
        if not (refusal or overruled):
            weights[changed] = weights.get(changed, 0.0) + score
    weights = {(): weights.pop((), 0.0), **weights}
    if forced and not any(weights.values()):
        weights[forced] = 1.0
    scores = torch.tensor([list(weights.values())])
    scores = (scores / scores.sum() if forced else scores).log()
    return replace(output, sets=(tuple(weights),), set_scores=scores)


def _relations(
    output: ModelOutput, link: Link, edits: Edits, graph: Graph
) -> tuple[ModelOutput, list[str]]:
    notes: list[str] = []
    relations, stop, after, after_stop = (
        x.clone() for x in (output.relations, output.stop, output.after, output.after_stop)
    )
    for change in sorted(edits.follow, key=lambda c: c.hop):
        joint = (change.start, change.end) == AFTER
        s = None if joint else _span(link, change.start, change.end)
        if s is None and not joint:
            notes.append("A relation was changed for a mention that the question does not have.")
            continue
        where, ends = (after[0], after_stop[0]) if joint else (relations[0, s], stop[0, s])
        if not 1 <= change.hop <= where.shape[0]:
            notes.append(
                f"A walk has hops 1 to {where.shape[0]} here; hop {change.hop} was not changed."
            )
        elif not change.relation:
            _only(ends, change.hop - 1)
        elif change.relation not in graph.relation_index:
            notes.append(f"The graph has no relation “{change.relation[:80]}”.")
        else:
            _only(where[change.hop - 1], graph.relation_index[change.relation])
            if float(ends[change.hop :].exp().sum()) < 0.5:  # the walk has to reach this hop
                _only(ends, change.hop)
    return replace(
        output, relations=relations, stop=stop, after=after, after_stop=after_stop
    ), notes


def _only(row: torch.Tensor, index: int) -> None:
    """All of a distribution's probability on one index, in place; ``row`` holds log-probabilities."""
    row.fill_(NEVER)
    row[index] = 0.0


def _words(link: Link, start: int, end: int) -> tuple[int, int] | None:
    """(first, last) of the words that lie in [start, end), if there is one."""
    inside = [i for i, (a, z, _) in enumerate(link.words) if a < end and z > start and start <= a]
    return (inside[0], inside[-1]) if inside else None


def _span(link: Link, start: int, end: int) -> int | None:
    """Index of the proposal at these characters."""
    words = _words(link, start, end)
    return next((i for i, p in enumerate(link.proposals) if (p.first, p.last) == words), None)


def _proposed(link: Link, words: tuple[int, int], finder: Finder) -> Proposal | None:
    """Entities for a run of words: the index's own, else those with the most similar names."""
    text = link.question[link.words[words[0]][0] : link.words[words[1]][1]]
    found = finder.similar(text, NEAREST)
    return (
        Proposal(*words, tuple(e for e, _ in found), tuple(k for _, k in found)) if found else None
    )
