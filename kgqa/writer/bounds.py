"""The words of bounds: "with a population of more than two million", "founded before 1990"."""

from __future__ import annotations

from datetime import date

from kgqa.writer.amounts import written
from kgqa.writer.desk import Desk
from kgqa.writer.english import article, is_plural
from kgqa.writer.phrase import SLOT, Phrase
from kgqa.writer.shape import Form, name_of, shape_of


def noun_of(desk: Desk, attribute: int) -> str:
    """The noun that names an attribute; empty if its name is none ("founded in")."""
    shape = shape_of(name_of(desk.graph.relations[attribute]))
    return shape.noun if shape.form is Form.NOUN and not shape.swapped else ""


def is_time(desk: Desk, attribute: int) -> bool:
    return desk.graph.relations[attribute].unit in ("year", "date")


def clauses_of(desk: Desk, attribute: int, larger: bool) -> tuple[str, ...]:
    """The clauses of a bound: those of the wording, or by the name of the attribute."""
    relation, wording = desk.graph.relations[attribute], desk.wording(attribute)
    own = (wording.more if larger else wording.less) if wording else ()
    return own or bound_clauses(name_of(relation), relation.unit, larger)


def bounded(
    desk: Desk, phrase: Phrase, attribute: int, larger: bool, low: float
) -> tuple[str, str]:
    """(a clause of a phrase with the bound, how it compares)."""
    rng, relation = desk.rng, desk.graph.relations[attribute]
    clause = rng.choice(clauses_of(desk, attribute, larger))
    first = clause.partition(" ")[0]
    if first in ("whose", "with") and phrase.clause.startswith(f"{first} "):
        clause = f"and {clause}"
    compare = "more" if larger else "less"
    for strict, loose in (("more than", "at least"), ("less than", "at most")):
        if f" {strict} " in clause and rng.random() < 0.25:
            clause, compare = clause.replace(strict, loose), loose
    if " since " in f" {clause} " or " from " in f" {clause} ":
        compare = "at least"
    said = relation.unit not in ("", "year") and relation.unit in clause
    unit = "" if said else relation.unit
    if relation.unit == "date":
        text = str(date.fromordinal(int(low)).year)
    else:
        text = written(low, unit, rng)
    return clause.replace(SLOT, text, 1), compare


def bound_clauses(label: str, unit: str, larger: bool) -> tuple[str, ...]:
    """Clauses of a bound by the name of an attribute: "with a population of more than {}"."""
    shape = shape_of(label)
    if shape.form is not Form.NOUN:  # "founded in"
        done = shape.verb.participle if shape.verb is not None else ""
        if not done or unit not in ("year", "date"):
            return ()
        return (f"{done} {'after' if larger else 'before'} {{}}",)
    label, an = shape.noun, article(shape.noun)
    words: tuple[str, ...]
    if unit in ("year", "date"):
        word = "after" if larger else "before"
        return (f"with {an} {label} {word} {{}}", f"whose {label} is {word} {{}}")
    if is_plural(label):
        words = ("more than", "over") if larger else ("fewer than", "less than", "under")
        return tuple(f"with {word} {{}} {label}" for word in words)
    words = ("more than", "over", "above") if larger else ("less than", "under", "below")
    return (
        *(f"with {an} {label} of {word} {{}}" for word in words[:2]),
        *(f"whose {label} is {word} {{}}" for word in words),
        *(f"with {an} {label} {word} {{}}" for word in words[1:]),
    )
