"""Wordings that could mean either of two relations are left out of both.

"What stock does X have?" fits units in stock and quantity, "how old is X?" an age and a release
year. A question that is answered now by one and now by the other teaches nothing. A relation keeps
a wording that has the words of its own name; of two of the same name the larger one keeps it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kgqa.writer.shape import label_words, name_of
from kgqa.writer.sides import Sides
from kgqa.writer.wordings import Wording


def unlike(sides: Sides, wordings: Sequence[Wording]) -> list[Wording]:
    """The wordings of all relations, in their order, without what could mean two of them.

    Relations that are asked of other entities, such as the country of a club and that of a player,
    may share wordings.
    """
    by_line: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for i, wording in enumerate(wordings):
        for inverse in (False, True):
            for line in wording.lines(inverse):
                by_line[line].append((i, inverse))
    dropped: dict[tuple[int, bool], set[str]] = defaultdict(set)
    clash: dict[tuple[tuple[int, bool], tuple[int, bool]], bool] = {}
    for line, places in by_line.items():
        for n, first in enumerate(places):
            for second in places[n + 1 :]:
                if first[0] == second[0]:
                    continue
                if (first, second) not in clash:
                    clash[first, second] = sides.overlap(first, second)
                if clash[first, second]:
                    for place in _losers(sides, line, first, second):
                        dropped[place].add(line)
    return [
        replace(
            wording,
            forward=tuple(x for x in wording.forward if x not in dropped[i, False]),
            inverse=tuple(x for x in wording.inverse if x not in dropped[i, True]),
        )
        for i, wording in enumerate(wordings)
    ]


def _losers(
    sides: Sides, line: str, first: tuple[int, bool], second: tuple[int, bool]
) -> list[tuple[int, bool]]:
    """Which of two relations loses a wording: that whose name it does not hold, or both."""
    said = set(line.rstrip("?").replace("'s", "").split())
    places = (first, second)
    names = [set(label_words(name_of(sides.graph.relations[i]))) for i, _ in places]
    own = [bool(name) and name <= said for name in names]
    if names[0] == names[1]:  # two relations of one name: the larger one is meant
        triples = [sides.graph.relations[i].triples for i, _ in places]
        return [first if triples[0] < triples[1] else second]
    if own[0] != own[1]:
        return [second if own[0] else first]
    if all(own):  # "city" and "customer city": the longer name is meant
        return [first if len(names[0]) < len(names[1]) else second]
    return [first, second]
