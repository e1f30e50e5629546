"""What a picture says when it is taken away: question, answer, and what its colours stand for."""

from __future__ import annotations

from dataclasses import dataclass

from kgqa.trace import Trace
from kgqa.ui.drawing.picture import Picture
from kgqa.ui.html import marks, palette, words
from kgqa.ui.html.escape import plain

NAMED = 5  #: answers that are named
ANSWERS = {"count": "counted", "verify": "shows it"}  #: {read-out: what a mark says}


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    sign: str  #: a letter or a mark
    colour: str
    text: str


@dataclass(frozen=True)
class Caption:
    """Plain text; whoever writes it into HTML or SVG escapes it."""

    question: str
    answer: str
    keys: tuple[Key, ...]


def caption(trace: Trace, picture: Picture) -> Caption:
    """Of the picture of a trace."""
    ranks = marks.ranks(trace)
    keys = [
        Key(
            marks.letter(ranks[branch.mention]),
            palette.branch(ranks[branch.mention]),
            plain(marks.mention_text(trace, branch.mention), 40)
            + (", taken away" if branch.negated else ""),
        )
        for branch in trace.branches
    ]
    nodes = picture.nodes.values()
    if any(node.meets for node in nodes):
        keys.append(Key("∩", palette.NAMED["shared"][0], "where the paths meet"))
    if any(node.role == "answer" for node in nodes):
        text = "answer" if trace.value is None else ANSWERS.get(trace.readout, "added up")
        keys.append(Key("✓", palette.NAMED["answer"][0], text))
    if any(node.out for node in nodes):
        keys.append(Key("✕", palette.NAMED["quiet"][0], "ruled out by the intersection"))
    return Caption(plain(trace.question, 200), _answer(trace), tuple(keys))


def _answer(trace: Trace) -> str:
    if trace.value is not None:
        return plain(trace.value.text, 80)
    if not trace.answers:
        return plain(words.outcome(trace)[1], 160)
    names = [plain(answer.entity.label, 60) for answer in trace.answers]
    if len(names) == 1:
        return f"{names[0]} ({words.percent(trace.answers[0].score)})"
    return words.several(names, NAMED)
