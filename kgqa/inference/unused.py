"""Which words of a question had no effect, so that a person sees what was not understood."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from kgqa.model.features import STOP_WORDS
from kgqa.model.outputs import Reading
from kgqa.walk import Prediction
from kgqa.walk.walk import Walk

LITTLE = 0.1  #: of the largest attention: words of less are not read


def unused(
    reading: Reading, b: int, prediction: Prediction, stop_words: frozenset[str]
) -> tuple[str, ...]:
    """The words of question b that no mention holds and nothing attends to.

    What attends: every hop that was taken, the read-out and the union if there is one, and what
    decides that a branch is taken away. ``stop_words`` and :data:`STOP_WORDS` are left out.
    """
    link, walk = reading.links[b], prediction.walk
    if walk is None:
        return ()
    read: set[int] = set()
    for s in walk.spans:
        read.update(range(link.proposals[s].first, link.proposals[s].last + 1))
    for attention in _attentions(reading, b, walk, prediction.decision.readout):
        row = attention[: len(link.words)]
        if len(row):
            read.update((row >= LITTLE * row.max()).nonzero().squeeze(1).tolist())
    silent = STOP_WORDS | stop_words
    return tuple(
        link.question[start:end]
        for i, (start, end, word) in enumerate(link.words)
        if i not in read and word not in silent and any(c.isalnum() for c in word)
    )


def _attentions(reading: Reading, b: int, walk: Walk, readout: str) -> Iterator[Tensor]:
    """The attention, float [W], of all that shaped the answer."""
    output = reading.output
    for span, chain, negated in zip(walk.spans, walk.branches, walk.negated, strict=True):
        yield from output.attention[b, span, : len(chain.hops)]
        if negated and output.negate_attention is not None:
            yield output.negate_attention[b, span]
    if walk.after is not None:
        yield from output.after_attention[b, : len(walk.after.hops)]
    if (readout or walk.either) and output.read_attention is not None:
        yield output.read_attention[b]
