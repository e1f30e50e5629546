"""An answer in a few words, and what it would have been otherwise.

in_short          "Padmé Amidala", "10 characters", "nothing in common"
Counterfactual    one decision changed, and the answer that follows from it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgqa.edits import Edits
from kgqa.text import clip

#: {outcome without an answer: what there is instead}
NO_ANSWER = {
    "not_in_graph": "no answer in the graph",
    "not_possible": "more than the model can do",
    "no_mention": "no known name",
    "no_path": "nothing reached",
    "empty_intersection": "nothing in common",
    "left_out": "nothing to start from",
}
NAMED = 2  #: answers that are named; more are counted
_IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women"}


@dataclass(frozen=True)
class Counterfactual:
    """What the answer would be if one decision were another; ``edits`` asks for it."""

    condition: str  #: "without “Star Wars”", "if “Tom Hanks” were Tom Hanks, seismologist"
    result: str  #: the answer then, as :func:`in_short` says it
    same: bool  #: whether the answer is the same as it is
    edits: Edits  #: all edits of that answer, those of the trace among them


def in_short(
    outcome: str, value: str, labels: Sequence[str], kinds: Sequence[str], total: int
) -> str:
    """An answer in a few words; ``labels`` and ``kinds`` of its first entities, ``total`` of all.

    >>> in_short("answered", "", ["Paris"], ["city"], 1)
    'Paris'
    >>> in_short("answered", "", ["Jaws", "Duel", "1941"], ["film"] * 3, 30)
    '30 films'
    """
    if value:
        return clip(value, 80)
    if outcome != "answered" or not total:
        return NO_ANSWER.get(outcome, "no answer")
    if total <= NAMED:
        return " and ".join(clip(label, 60) for label in labels[:NAMED])
    kind = kinds[0] if len(set(kinds)) == 1 else ""
    return f"{total:,} {plural(kind) if _is_word(kind) else 'answers'}"


def _is_word(kind: str) -> bool:
    return kind.isalpha() and kind not in ("value", "class", "entity") and len(kind) <= 30


def plural(word: str) -> str:
    """Several of a kind.

    >>> plural("city"), plural("film"), plural("person")
    ('cities', 'films', 'people')
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
