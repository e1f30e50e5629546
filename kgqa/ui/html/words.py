"""The trace in plain English: facts, outcomes and what to try next, numbers and lists.

Everything here returns plain text; views escape it. The sentences of facts come with the graph.
"""

from __future__ import annotations

from kgqa.text import clip, plain
from kgqa.trace import OUTCOMES, Fact, Path, Trace
from kgqa.ui.service import Card

NO_RELATIONS = ("", "is a")  #: relations that say nothing of a graph
NO_KINDS = ("value", "class", "entity")  #: kinds that say nothing of a graph
#: {outcome: (heading, what a person can do next)}
ADVICE = {
    "not_in_graph": (
        "Not in the graph",
        "The graph may know the names, but not this about them. Try another question about them.",
    ),
    "not_possible": (
        "More than the model can do",
        "It can look facts up, count, add up, compare, take away, and say yes or no. Try a "
        "question that needs only these, or ask for the facts themselves.",
    ),
    "no_mention": (
        "No known name",
        "Name something that the graph knows, as the examples do.",
    ),
    "no_path": (
        "Nothing reached",
        "The model understood a relation that these entities do not have in the graph.",
    ),
    "empty_intersection": (
        "Nothing in common",
        "Each path below reaches something, but no entity is on all of them.",
    ),
    "left_out": (
        "Nothing left",
        "Bring a mention back, or let another one take part, in the steps below.",
    ),
    "empty_question": ("No question yet", "Type one above or pick an example."),
    "too_long": ("Too long", "One short question with the names in it works best."),
}


def fact(item: Fact) -> str:
    """A triple as a clause: "Mona Lisa is exhibited at Louvre Museum"."""
    if item.sentence:
        return clip(item.sentence, 240)
    head, relation, tail = (clip(t, 80) for t in (item.head.label, item.relation, item.tail.label))
    return f"{head}, {relation}: {tail}"


def path(item: Path) -> str:
    """The facts from a mention to an answer, as one sentence."""
    sentence = "; ".join(fact(f) for f in item.facts)
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "…")) else ".")


def outcome(trace: Trace) -> tuple[str, str, str]:
    """Heading, sentence and advice for a question that got no answer."""
    heading, advice = ADVICE.get(trace.outcome, ("No answer", "Try to ask in another way."))
    sentence = trace.message or OUTCOMES.get(trace.outcome, "The model gives no answer.")
    return heading, sentence, advice


def holds(card: Card) -> str:
    """What a graph holds, for those who asked it for something else; empty if that is not known."""
    kinds = [clip(plain(kind), 40) for kind in card.kinds if kind and kind not in NO_KINDS]
    often = sorted(card.relations, key=lambda r: -r.triples)
    labels = [f"“{clip(plain(r.label), 40)}”" for r in often if r.label not in NO_RELATIONS]
    parts = [f"of the kinds {several(kinds, 6)}"] if kinds else []
    parts += [f"facts such as {several(labels[:6], 6)}"] if labels else []
    return f"This graph holds entities {', and '.join(parts)}." if kinds else ""


def covers(card: Card) -> str:
    """What a graph covers: "17,470 films (1940 to 2014), 64,108 people"; empty if not known."""
    said = []
    for cover in card.covers:
        years = f"{cover.first} to {cover.last}" if cover.first != cover.last else cover.first
        said.append(
            f"{cover.number:,} {clip(plain(cover.kind), 40)}" + (f" ({years})" * bool(years))
        )
    return several(said, len(said)) if said else ""


def percent(value: float) -> str:
    """0.974 is 97%; what is not quite none or all is shown as such."""
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 0.9995 else f"{100 * min(max(value, 0.0), 1.0):.0f}%"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """ "1 entity", "12 entities"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def several(names: list[str], most: int = 5) -> str:
    """ "A, B and C"; a long list ends in "and 3 more"."""
    more = [f"{len(names) - most:,} more"] if len(names) > most else []
    *first, last = [*names[:most], *more] or [""]
    return f"{', '.join(first)} and {last}" if first else last
