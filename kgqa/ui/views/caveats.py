"""What a person should know before believing an answer: words without effect, names in part.

Each is a sentence below the answer; the words themselves are marked in the question.
"""

from __future__ import annotations

from kgqa.trace import Answer, Candidate, Mention, Trace
from kgqa.ui.html import marks, words
from kgqa.ui.html.escape import Html, clip, fill, join

MOST = 4  #: sentences
NAMES = 3  #: names that a sentence lists
LIKELY = 0.05  #: probability from which an entity is counted among those meant
#: {how the words match a name: what is said of it}
_HOW = {
    "misspelling": "is spelt otherwise in the graph and was read as",
    "part of title": "is only a part of the name",
    "part of name": "is only a part of the name",
    "initials": "was read as the initials of",
}


def render(trace: Trace) -> Html:
    """The sentences; nothing if every word counted and every name is whole."""
    items = [
        fill('<li><span aria-hidden="true">△</span> <bdi>{text}</bdi></li>', text=sentence)
        for sentence in sentences(trace)[:MOST]
    ]
    return fill('<ul class="caveats">{items}</ul>', items=join(items)) if items else Html()


def sentences(trace: Trace) -> list[str]:
    """In plain text: words without effect, names that were given up, names matched in part."""
    found = []
    if trace.unused and trace.outcome == "answered":
        quoted = [f"“{clip(word, 40)}”" for word in trace.unused]
        found.append(f"{words.several(quoted)} had no effect on this answer.")
    lost = [f"“{clip(marks.mention_text(trace, i), 40)}”" for i in trace.given_up]
    if lost:
        was = "was" if len(lost) == 1 else "were"
        why = "with all names together nothing is reached"
        found.append(f"{words.several(lost)} {was} given up: {why}.")
    chosen = {(use.start, use.end) for use in trace.edits.use}
    for mention in trace.mentions:
        if mention.used and (mention.start, mention.end) not in chosen:
            found += in_part(mention)
    return found


def elsewhere(trace: Trace, answer: Answer) -> str:
    """Why a description names another entity than the facts do; empty if it does not."""
    facts = [fact for path in answer.paths for fact in path.facts]
    ends = {entity.label for fact in facts for entity in (fact.head, fact.tail)}
    for branch in trace.branches:
        meant = [seed.entity.label for seed in branch.seeds if seed.entity.label]
        named = [label for label in meant if label in answer.entity.description]
        shown = [label for label in meant if label in ends]
        if named and shown and not ends.intersection(named):
            text = clip(marks.mention_text(trace, branch.mention), 60)
            other, this = clip(max(named, key=len), 80), clip(shown[0], 80)
            return f"The description names {other}, the fact {this}: “{text}” may be either."
    return ""


def in_part(mention: Mention) -> list[str]:
    """How a name was read that is not written as in the graph; [] for one that is."""
    likely = [c for c in mention.candidates if c.score >= LIKELY] or list(mention.candidates[:1])
    odd = [c for c in likely if c.alias in _HOW]
    if not odd or len(odd) < len(likely):  # a whole name is among what is meant
        return []
    how = _HOW[odd[0].alias]
    if how == _HOW["part of title"] and len(odd) > 1:
        how = f"is only a part of {len(odd)} names:"
    return [f"“{clip(mention.text, 60)}” {how} {words.several(_names(odd), NAMES)}."]


def _names(candidates: list[Candidate]) -> list[str]:
    """The labels, each once, cut where they are long."""
    return list(dict.fromkeys(clip(c.entity.label, 70) for c in candidates))
