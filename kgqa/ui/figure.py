"""What the figure of the Learn tab is made of: a dozen facts, where to start, and first numbers.

Vectors have one number for each of E entities. Relations are R as stored; 2R with inverses, the
inverse of p being p + R, as everywhere. :func:`pack` writes the figure for ``static/figure.js``,
which computes every vector anew when a reader moves a number; ``kgqa.serve.figure`` chooses the
facts, and solves the figure once with the operations of a walk.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kgqa.trace import Entity, Trace
from kgqa.ui.html.escape import clip

Vector = tuple[float, ...]
LONGEST = 80  #: characters of a name in the figure


@dataclass(frozen=True)
class Chosen:
    """The entities of the figure, by id, and the walk over them; its facts are read off the graph.

    A start is the words of the question, the entities that they may mean, and the relation that
    the first hop should follow ("-director" for an inverse).
    """

    question: str = ""
    starts: tuple[tuple[str, tuple[str, ...], str], ...] = ()  #: one or two
    middle: tuple[str, ...] = ()  #: what the first hop reaches
    after: str = ""  #: the relation that the second hop should follow; empty if there is none
    ends: tuple[str, ...] = ()  #: what that reaches
    attribute: str = ""  #: id of the attribute that operators compare; empty: one that fits


@dataclass(frozen=True)
class Start:
    """One of the names that a walk starts from, and the first hop from it."""

    text: str  #: the words of the question
    seeds: tuple[int, ...]  #: positions of the entities that they may mean
    x: Vector  #: [E], memberships at the start
    r: Vector  #: [2R], probabilities of the first hop's relations


@dataclass(frozen=True)
class Compared:
    """An attribute by which operators compare."""

    label: str  #: "run time"
    most: str  #: "the longest run time"
    least: str  #: "the shortest run time"
    values: tuple[float | None, ...]  #: [E]
    texts: tuple[str, ...]  #: [E], the values with their unit; empty where there is none


@dataclass(frozen=True)
class Solved:
    """The figure's vectors [E] with its first numbers, by the operations of a walk."""

    reached: tuple[Vector, ...]  #: after the first hop, of each start
    met: Vector  #: their element-wise minimum
    either: Vector  #: and maximum
    without: Vector  #: the first without the second: min(x, 1 - y)
    most: Vector  #: of ``met``, those with the largest value; empty if nothing is compared
    second: Vector  #: and with the second largest
    sums: Vector  #: after the second hop from ``met``, not yet cut to 1
    answers: Vector  #: cut to 1


@dataclass(frozen=True)
class Figure:
    """A dozen facts, and a question that is walked over them."""

    question: str
    entities: tuple[Entity, ...]
    columns: tuple[int, ...]  #: of each entity: 0 for starts, 1 for the middle, 2 for the end
    relations: tuple[tuple[str, str, str], ...]  #: R times (id, label, label of the inverse)
    facts: tuple[tuple[int, int, int], ...]  #: (head, relation, tail), positions
    sentences: tuple[str, ...]  #: each fact as a clause
    starts: tuple[Start, ...]  #: one or two
    after: Vector  #: [2R], probabilities of the second hop; empty if there is none
    compared: Compared | None
    threshold: float  #: how sure an answer is, of the surest, that it is committed to
    least: float  #: and how sure the surest has to be
    solved: Solved

    def label(self, entity: int) -> str:
        """The name of an entity by position; of namesakes, with what tells them apart."""
        own = self.entities[entity]
        name = own.label or own.id
        if sum(other.label == own.label for other in self.entities) > 1:
            name = f"{name} ({re.split('[,(]', own.description or own.kind)[0].strip()})"
        return clip(name, LONGEST)


def pack(
    figure: Figure | None, steps: list[dict], model: Mapping[str, Any] | str | None = None
) -> str:
    """The value of the figure's component, as JSON; ``steps`` of ``tabs.learn``.

    ``model``: what :func:`numbers` returns, or a sentence why there are none.
    """
    if figure is None:
        return _written({"facts": [], "steps": steps})
    compared = figure.compared
    value = {
        "question": clip(figure.question, 300),
        "entities": [
            {
                "label": figure.label(i),
                "name": clip(e.label or e.id, LONGEST),
                "note": clip(e.description or e.kind, LONGEST),
                "column": c,
            }
            for i, (e, c) in enumerate(zip(figure.entities, figure.columns, strict=True))
        ],
        "relations": [clip(label, LONGEST) for _, label, _ in figure.relations]
        + [clip(inverse, LONGEST) for _, _, inverse in figure.relations],
        "facts": figure.facts,
        "sentences": [clip(sentence, 200) for sentence in figure.sentences],
        "starts": [
            {"text": clip(s.text, LONGEST), "seeds": s.seeds, "x": s.x, "r": s.r}
            for s in figure.starts
        ],
        "after": figure.after,
        "compared": compared
        and {
            "label": clip(compared.label, LONGEST),
            "most": clip(compared.most, LONGEST),
            "least": clip(compared.least, LONGEST),
            "values": compared.values,
            "texts": compared.texts,
        },
        "threshold": figure.threshold,
        "least": figure.least,
        "steps": steps,
        "model": model,
        "nonce": time.monotonic_ns() if model else 0,
    }
    return _written(value)


def _written(value: dict[str, Any]) -> str:
    """JSON that is no HTML, wherever it lands."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def numbers(figure: Figure, trace: Trace) -> dict[str, Any] | None:
    """The model's numbers for the figure; None if it reads the question otherwise.

    What it gives to entities and relations that are not drawn is left out, so that a vector may
    have a sum below 1: {"x": [[E] of each start], "r": [[2R] of each], "after": [2R]}.
    """
    ids = [e.id for e in figure.entities]
    half = [id for id, _, _ in figure.relations]
    known = {id: i for i, id in enumerate([*half, *("-" + id for id in half)])}
    by_text = {m.text.lower(): i for i, m in enumerate(trace.mentions) if m.used}
    branches = {b.mention: b for b in trace.branches}
    x, r = [], []
    for start in figure.starts:
        branch = branches.get(by_text.get(start.text.lower(), -1))
        if branch is None or not branch.hops:
            return None
        weights = {w.entity.id: w.membership for w in branch.seeds}
        x.append([round(weights.get(id, 0.0), 4) for id in ids])
        r.append(_relations(branch.hops[0].relations, known))
    hops = trace.intersection.hops if trace.intersection else trace.branches[0].hops[1:]
    if figure.after and not hops:
        return None
    after = _relations(hops[0].relations, known) if figure.after else []
    return {"x": x, "r": r, "after": after}


def _relations(weights: Any, known: Mapping[str, int]) -> list[float]:
    out = [0.0] * len(known)
    for relation in weights:
        if relation.id in known:
            out[known[relation.id]] = round(relation.weight, 4)
    return out
