"""Operators in plain words: what a hop keeps, and what is read off the set in the end.

Ids are those of the trace: "most(run time)", "least(area, 2)", "often(director)", "sum(area)". The
words for an operator come with the graph, as the label of its :class:`RelationWeight`.
"""

from __future__ import annotations

import re

from kgqa.text import clip
from kgqa.trace import Entity, Hop, RelationWeight

RANKS = ("first", "second", "third", "fourth", "fifth")  #: that can be chosen by hand
_ID = re.compile(r"(most|least|often)\((.+?)(?:,\s*(\d+))?\)")
_SUM = re.compile(r"sum\((.+)\)")
_COUNTED = re.compile(r"(the (?:\w+ )?(?:most|fewest)) (.+)")
_NAMES = {"most": "the most", "least": "the least"}


def parse(id: str) -> tuple[str, str, int]:
    """(name, relation id, rank); the name is "follow" for a relation.

    >>> parse("most(run time, 2)"), parse("-director")
    (('most', 'run time', 2), ('follow', '-director', 1))
    """
    match = _ID.fullmatch(id)
    return (match[1], match[2], int(match[3] or 1)) if match else ("follow", id, 1)


def ranked(id: str) -> bool:
    """Whether a rank belongs to it."""
    return parse(id)[0] in _NAMES


def heaviest(hop: Hop) -> str:
    """The id of what a hop follows or keeps; empty if nothing."""
    return hop.relations[0].id if hop.relations else ""


def stays(hop: Hop) -> bool:
    """Whether a hop keeps some of the entities where they are, and follows no fact."""
    return ranked(heaviest(hop))


def takes(entry: RelationWeight) -> str:
    """ "acted in", "keeps the longest run time"."""
    label = object_of(entry.id, entry.label)
    return label if parse(entry.id)[0] == "follow" else f"keeps {label}"


def object_of(id: str, label: str) -> str:
    """What is followed or kept; from the id where the label is not known."""
    name, relation, rank = parse(id)
    if name == "follow":
        return clip(label or id, 80)
    if name == "often":
        over = clip(label.removeprefix("most often ") or relation, 60)
        return f"what is reached most often over “{over}”"
    if not label:
        ordinal = f" (number {rank})" if rank > 1 else ""
        return f"{_NAMES[name]} “{clip(relation, 60)}”{ordinal}"
    counted = _COUNTED.fullmatch(label)  # of facts: "the most cast member"
    return f"{counted[1]} “{clip(counted[2], 60)}”" if counted else clip(label, 80)


def read_out(readout: str) -> str:
    """What is read off the set, as a choice: "how many", "yes or no", "the total run time"."""
    total = _SUM.fullmatch(readout)
    if total:
        return f"the total {clip(total[1], 40)}"
    names = {"": "what is reached", "count": "how many", "verify": "yes or no"}
    return names.get(readout, clip(readout, 40))


def stands_for(seed: Entity, number: int) -> str:
    """What a class or a literal starts from: "all 17,470 of the kind film"."""
    who = "the only one" if number == 1 else f"all {number:,}"
    if seed.kind == "range":
        return f"{who} with {clip(seed.description or seed.label, 80)}"
    return f"{who} of the kind {clip(seed.label, 60)}"
