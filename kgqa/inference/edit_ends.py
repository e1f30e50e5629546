"""Edits of how branches are combined, and of how the answer is read out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from kgqa.edits import Edits
from kgqa.linking import Link
from kgqa.model.outputs import ModelOutput, Reading
from kgqa.walk.predict import decide

NEVER = -1e4  #: log-probability, or logit, of what was ruled out


def edit_ends(
    output: ModelOutput, readouts: Sequence[str], link: Link, edits: Edits, notes: list[str]
) -> ModelOutput:
    """The output of one question with subtraction, union and read-out overridden.

    A model without operators decides none of these; by hand its branches can be subtracted and
    united all the same. ``notes`` gets a sentence for each edit that does not fit.
    """
    if not (edits.negate or edits.keep or edits.readout is not None or edits.unite is not None):
        return output
    spans = output.stop.shape[1]
    never = torch.full((1, spans), NEVER)
    negate = never if output.negate is None else output.negate.clone()
    either = never[:, 0] if output.either is None else output.either
    readout = torch.zeros(1, len(readouts)) if output.readout is None else output.readout.clone()
    for chosen, logit in ((edits.negate, -NEVER), (edits.keep, NEVER)):
        for span in chosen:
            s = span_at(link, span.start, span.end)
            if s is None:
                notes.append("Words to take away or to keep are no mention of the question.")
            else:
                negate[0, s] = logit
    if edits.unite is not None:
        either = torch.full_like(either, -NEVER if edits.unite else NEVER)
    if edits.readout is not None:
        if edits.readout in readouts:
            only(readout[0], list(readouts).index(edits.readout))
        else:
            notes.append(f"The model cannot read out “{edits.readout[:80]}”.")
    return replace(output, negate=negate, either=either, readout=readout)


def subtracted(reading: Reading, edits: Edits) -> list[str]:
    """Why nothing is taken away, as notes, if that was edited; of a reading after its edits."""
    chosen = {span_at(reading.links[0], span.start, span.end) for span in edits.negate} - {None}
    decision = decide(reading, 0, refuse=False)
    if not chosen or any(decision.negated):
        return []
    if chosen.isdisjoint(decision.spans):
        return ["The words to take away take no part in the answer."]
    return ["Nothing is left that something could be taken away from."]


def only(row: Tensor, index: int) -> None:
    """Put all of a distribution's probability on one index, in place."""
    row.fill_(NEVER)
    row[index] = 0.0


def words_at(link: Link, start: int, end: int) -> tuple[int, int] | None:
    """First and last of the words that lie in [start, end), if there is one."""
    inside = [i for i, (a, z, _) in enumerate(link.words) if start <= a < end and z > start]
    return (inside[0], inside[-1]) if inside else None


def span_at(link: Link, start: int, end: int) -> int | None:
    """Index of the proposal at these characters."""
    words = words_at(link, start, end)
    return next((i for i, p in enumerate(link.proposals) if (p.first, p.last) == words), None)
