"""What operators add to a trace: their words, the values they compared, and typed answers."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.numbers import written
from kgqa.graph.operators import Operator, operator_at, operator_words
from kgqa.model.outputs import Reading
from kgqa.trace import Answer, Compared, RelationWeight, Value
from kgqa.walk import Frontier, Prediction, ops
from kgqa.walk.operators import LEAST, OFTEN
from kgqa.walk.operators import compared as sort_key
from kgqa.walk.predict import MIN_MEMBERSHIP
from kgqa.walk.walk import HopResult

MAX_COMPARED = 20  # listed for each hop
MAX_RELATIONS = 6  # listed for each hop; all that were followed are listed in any case
MIN_SHOWN = 0.005  # relations of lower probability are not listed
MIN_RANK = 1e-6  # ranks of lower probability are not listed
KEPT = 0.5  # of the largest membership: what belongs to a set, where one is listed
_ORDINALS = ("", "second ", "third ", "fourth ", "fifth ")
_TIMES = ("year", "date")
#: {operator: what its entries are called together}
_GROUPS = {
    "most": "Keep the largest or most",
    "least": "Keep the smallest or fewest",
    "often": "Keep what is reached most often",
}


def choices(graph: Graph) -> dict[str, list[tuple[str, str]]]:
    """{group: (id, label) of what a hop can keep}: by numbers first, then by how many facts."""
    total, found = graph.num_relations, dict[str, list[tuple[bool, str, str]]]()
    for i, label in enumerate(operator_words(graph)):
        entry, number = operator_at(graph, total + i), graph.numbers.has(i % total)
        if graph.relation_label(i % total) and not (number and entry.name == "often"):
            kept = found.setdefault(_GROUPS[entry.name], [])
            kept.append((not number, label, str(entry)))
    return {group: [(id, label) for _, label, id in sorted(kept)] for group, kept in found.items()}


class Entries:
    """The entries that hops over one graph choose from, in words."""

    def __init__(self, graph: Graph):
        self.graph = graph

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return operator_words(self.graph)

    def weights(self, hop: HopResult, min_relation: float) -> tuple[RelationWeight, ...]:
        """The heaviest entries of a hop, and in any case all that were followed.

        Each rank of an operator that was followed is an entry of its own.
        """
        relations, ranks = self.graph.num_relations, hop.rank.tolist()
        listed = []
        order = sorted(((p, v) for v, p in enumerate(hop.relation.tolist())), reverse=True)
        for i, (p, v) in enumerate(order):
            if not (p > min_relation or (i < MAX_RELATIONS and p >= MIN_SHOWN)):
                break
            ranked = relations <= v < OFTEN * relations
            if ranked and p > min_relation:
                parts = [(k, p * share) for k, share in enumerate(ranks) if share >= MIN_RANK]
            else:
                parts = [(int(hop.rank.argmax()) if ranked else 0, p)]
            listed += [self._weight(v, k, weight) for k, weight in parts]
        return tuple(sorted(listed, key=lambda entry: -entry.weight))

    def _weight(self, v: int, k: int, weight: float) -> RelationWeight:
        """The (k + 1)-th of entry v."""
        relations = self.graph.num_relations
        if v < relations:
            return RelationWeight(self.graph.relation_id(v), self.graph.relation_label(v), weight)
        entry = operator_at(self.graph, v)
        label = self._words[v - relations]
        ordinal = _ORDINALS[k] if k < len(_ORDINALS) else f"{k + 1}th "
        label = f"the {ordinal}{label.removeprefix('the ')}" if k else label
        return RelationWeight(str(Operator(entry.name, entry.relation, k + 1)), label, weight)


def compared(
    graph: Graph,
    before: Frontier,
    hop: HopResult,
    left_out: tuple[Frontier, Tensor],
    budget: int,
) -> tuple[tuple[Compared, ...], int]:
    """What the heaviest entry of a hop compared, if it is an operator, and how many are not listed.

    Args:
        before: the set that the hop started from.
        left_out: entities that ``often`` does not count, and how surely.
        budget: edges that ``often`` may read.
    """
    entry = int(hop.relation.argmax())
    operator, relation = divmod(entry, graph.num_relations)
    if operator == 0:
        return (), 0
    if operator == OFTEN:
        only = torch.zeros(graph.num_relations)
        only[relation] = 1
        ways = ops.follow(graph, before, only, min_relation=0.5, budget=budget).reached
        x = ops.exclude(ways, *left_out)
        values, members = x.weights.double().numpy(), (x.weights > 0).numpy()
    else:
        x = before
        values = sort_key(graph, entry, x.ids).numpy()
        members = ~np.isnan(values)
        if members.any():
            weights = x.weights.numpy()
            members &= weights >= KEPT * weights[members].max()
    order = np.flatnonzero(members)
    order = order[np.lexsort((order, -values[order]))][:MAX_COMPARED]
    reached = hop.reached.values(x.ids)
    enough = max(KEPT * float(reached.max()), MIN_MEMBERSHIP) if len(reached) else 1.0
    attribute = operator != OFTEN and graph.numbers.has(relation)
    unit = graph.relations[relation].unit if attribute else ""
    items = []
    for i in order.tolist():
        number = float(-values[i] if operator == LEAST else values[i])
        number = round(number, 2) if operator == OFTEN else number  # memberships add up to 2.9999
        entity = graph.entity(int(x.ids[i]))
        items.append(Compared(entity, number, amount(number, unit), float(reached[i]) >= enough))
    return tuple(items), len(x) - len(items)


def read_value(graph: Graph, reading: Reading, b: int, prediction: Prediction) -> Value | None:
    """The number, or yes or no, that was read off the answers of question b; None for a set.

    Its score is P(mentions) * P(read-out).
    """
    readout, value = prediction.decision.readout, prediction.value
    if value is None or reading.output.readout is None:
        return None
    share = float(reading.output.readout[b].exp()[reading.config.readouts.index(readout)])
    score = min(1.0, prediction.decision.probability * share)
    if isinstance(value, bool):
        return Value("yes_no", float(value), "", "Yes" if value else "No", score)
    unit = ""
    if readout.startswith("sum("):
        unit = graph.relations[graph.relation_index[readout[4:-1]]].unit
        unit = "" if unit in _TIMES else unit  # a sum of years is no year
    return Value("number", float(value), unit, amount(value, unit), score)


def typed(graph: Graph, answer: Answer) -> Value | None:
    """What an answer says, if it is the number or the date of an entity: "96 minutes"."""
    for path in answer.paths:
        fact = path.facts[-1] if path.facts else None
        head = None if fact is None else graph.find(fact.head.id)
        if fact is None or head is None or fact.tail.id != answer.entity.id:
            continue
        for r in graph.numbers.attributes:
            about = graph.relations[r]
            if about.literal and about.label == fact.relation and len(graph.tails(head, r)) == 1:
                number = float(graph.numbers.of(r, np.array([head]))[0])
                if number == number:
                    kind = "date" if about.unit == "date" else "number"
                    return Value(kind, number, about.unit, answer.entity.label, answer.score)
    return None


def amount(number: float, unit: str) -> str:
    """A number with its unit, as people write it.

    >>> amount(1200, "minutes"), amount(1, "minutes"), amount(2.5e6, "US dollars")
    ('1,200 minutes', '1 minute', '$2,500,000')
    """
    text = written(round(number, 6), unit if unit in _TIMES else "")
    if unit in ("", *_TIMES):
        return text
    if unit == "US dollars":
        return f"-${text[1:]}" if number < 0 else f"${text}"
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit.removesuffix('s') if number == 1 else unit}"
