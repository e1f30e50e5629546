"""The trace in plain English: facts, outcomes and what to try next, numbers and lists.

Everything here returns plain text; views escape it. A relation that is not in :data:`FACTS` (another graph) is still
said, in a neutral form.
"""

from __future__ import annotations

from kgqa.trace import OUTCOMES, Fact, Path, Trace
from kgqa.ui.html.escape import clip

#: {label of a relation: sentence}, in the direction in which facts are stored.
FACTS = {
    "director": "{head} was directed by {tail}",
    "screenwriter": "{head} was written by {tail}",
    "cast member": "{tail} acted in {head}",
    "genre": "the genre of {head} is {tail}",
    "original language": "the original language of {head} is {tail}",
    "country of origin": "{head} is from {tail}",
    "release year": "{head} was released in {tail}",
    "production company": "{head} was produced by {tail}",
    "content rating": "{head} is rated {tail}",
    "character": "{tail} is a character in {head}",
    "performed by": "{head} is played by {tail}",
    "run time": "{head} runs for {tail}",
    "release date": "{head} was released on {tail}",
    "box office": "the box office of {head} is {tail}",
    "Academy Awards won": "{head} won {tail}",
    "capital": "the capital of {head} is {tail}",
    "continent": "{head} is in {tail}",
    "shares border with": "{head} shares a border with {tail}",
    "official language": "an official language of {head} is {tail}",
    "currency": "the currency of {head} is the {tail}",
    "located in": "{head} is located in {tail}",
    "population": "the population of {head} is {tail}",
    "area": "the area of {head} is {tail}",
    "created by": "{head} was created by {tail}",
    "exhibited at": "{head} is exhibited at {tail}",
    "created in": "{head} was created in {tail}",
    "art form": "the art form of {head} is {tail}",
    "home country": "the home country of {head} is {tail}",
    "field of work": "the field of work of {head} is {tail}",
    "sport": "the sport of {head} is {tail}",
    "instrument": "the instrument of {head} is {tail}",
    "position held": "a position held by {head} is {tail}",
}

#: {outcome: (heading, what a person can do next)}
ADVICE = {
    "not_in_graph": (
        "Not in the graph",
        "The graph may know the names, but not this about them. Try another question about them.",
    ),
    "no_mention": (
        "No known name",
        "Name a film, a person, a place or a work of art, as in the examples above.",
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
    head, tail = clip(item.head.label, 80), clip(item.tail.label, 80)
    template = FACTS.get(item.relation)
    if template:
        return template.replace("{head}", "\0").replace("{tail}", tail).replace("\0", head)
    return f"{head}, {clip(item.relation, 80)}: {tail}"


def path(item: Path) -> str:
    """The facts from a mention to an answer, as one sentence."""
    sentence = "; ".join(fact(f) for f in item.facts)
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "…")) else ".")


def outcome(trace: Trace) -> tuple[str, str, str]:
    """(heading, sentence, advice) of a question that got no answer."""
    heading, advice = ADVICE.get(trace.outcome, ("No answer", "Try to ask in another way."))
    return (
        heading,
        trace.message or OUTCOMES.get(trace.outcome, "The model gives no answer."),
        advice,
    )


def percent(value: float) -> str:
    """0.974 is 97%; what is not quite none or all is said so."""
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 0.9995 else f"{100 * min(max(value, 0.0), 1.0):.0f}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 entity", "12 entities"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def several(names: list[str], most: int = 5) -> str:
    """ "A, B and C"; a long list ends in "and 3 more"."""
    shown = names[:most] + ([f"{len(names) - most:,} more"] if len(names) > most else [])
    return (
        shown[0]
        if len(shown) == 1
        else ", ".join(shown[:-1]) + " and " + shown[-1]
        if shown
        else ""
    )
