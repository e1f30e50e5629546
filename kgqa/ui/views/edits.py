"""What a visitor does by hand, and how it reads: buttons and lists in the views, and the edits that they ask for.

A control is plain HTML with ``data-do``; ``static/edits.js`` turns a click into ``{"do": ..., ...}``, and :func:`changed` turns
that into :class:`kgqa.edits.Edits`. What arrives is untrusted and checked like a link.
"""

from __future__ import annotations

from dataclasses import replace

from kgqa.edits import AFTER, Edits
from kgqa.errors import DataError
from kgqa.trace import Mention, Trace
from kgqa.ui.html import parts
from kgqa.ui.html.escape import Html, clip, fill, join

ENDS = ""  #: the "relation" that ends a walk


def changed(edits: Edits, wish: dict) -> Edits:
    """The edits after what a visitor did. Raises :class:`DataError` if it makes no sense."""
    do = wish.get("do")
    try:
        if do == "reset":
            return Edits()
        if do == "meet":
            return replace(edits, intersect=bool(wish.get("on")))
        if do == "undo":
            return _without(edits, str(wish["field"]), int(wish["at"]))
        start, end = int(wish["start"]), int(wish["end"])
        if do == "use":
            edits = edits.using(start, end, str(wish["id"]))
        elif do == "out":
            edits = edits.leaving_out(start, end)
        elif do == "add":
            edits = edits.adding(start, end)
        elif do == "follow":
            edits = edits.following(start, end, int(wish["hop"]), str(wish["relation"]))
        else:
            raise DataError("The page does not know this change.")
    except (KeyError, TypeError, ValueError):
        raise DataError("This change is not complete.") from None
    return Edits.read(edits.plain())


def _without(edits: Edits, field: str, at: int) -> Edits:
    if field == "intersect":
        return replace(edits, intersect=True)
    if field not in ("use", "leave_out", "add", "follow"):
        raise DataError("The page does not know this change.")
    return replace(
        edits, **{field: tuple(c for i, c in enumerate(getattr(edits, field)) if i != at)}
    )


def render(trace: Trace) -> Html:
    """What was changed by hand, each with a way back; nothing if nothing was."""
    items = [_item(field, at, text) for field, at, text in sentences(trace)]
    notes = join(fill('<li class="quiet">{note}</li>', note=note) for note in trace.notes)
    if not items and not notes:
        return Html()
    return fill(
        '<section class="kg-card by-hand" aria-label="Edits by hand"><p class="eyebrow hand">Changed by hand</p>'
        '<ul class="edits">{items}{notes}</ul>{reset}</section>',
        items=join(items),
        notes=notes,
        reset=parts.button("Back to the model’s own reading", do="reset"),
    )


def _item(field: str, at: int, text: str) -> Html:
    return fill(
        "<li><bdi>{text}</bdi> {undo}</li>",
        text=text,
        undo=parts.button("Undo", do="undo", field=field, at=at, label=f"Undo: {clip(text, 120)}"),
    )


def sentences(trace: Trace) -> list[tuple[str, int, str]]:
    """(field, position, sentence) of each change."""
    said, edits = [], trace.edits
    for at, c in enumerate(edits.use):
        said.append(
            ("use", at, f"“{_text(trace, c.start, c.end)}” stands for {_name(trace, c.entity)}.")
        )
    for at, c in enumerate(edits.leave_out):
        said.append(("leave_out", at, f"“{_text(trace, c.start, c.end)}” is left out."))
    for at, c in enumerate(edits.add):
        said.append(("add", at, f"“{_text(trace, c.start, c.end)}” takes part."))
    for at, c in enumerate(edits.follow):
        where = (
            "after the intersection"
            if (c.start, c.end) == AFTER
            else f"from “{_text(trace, c.start, c.end)}”"
        )
        what = (
            f"hop {c.hop} follows “{_relation(trace, c.relation)}”"
            if c.relation
            else f"the walk ends before hop {c.hop}"
        )
        said.append(("follow", at, f"{where[:1].upper()}{where[1:]}, {what}."))
    if not edits.intersect:
        said.append(("intersect", 0, "The intersection is off: the branches are united."))
    return said


def _text(trace: Trace, start: int, end: int) -> str:
    return clip(trace.question[max(start, 0) : max(end, 0)], 60)


def _name(trace: Trace, key: str) -> str:
    for mention in trace.mentions:
        for c in mention.candidates:
            if c.entity.id == key:
                return clip(
                    f"{c.entity.label}, {c.entity.description}"
                    if c.entity.description
                    else c.entity.label,
                    100,
                )
    return clip(key, 60)


def _relation(trace: Trace, key: str) -> str:
    hops = [h for b in trace.branches for h in b.hops] + list(
        trace.intersection.hops if trace.intersection else ()
    )
    return clip(next((r.label for h in hops for r in h.relations if r.id == key), key), 60)


def mention_controls(mention: Mention, *, used: bool) -> Html:
    """Below the candidates of a mention: leave it out or let it take part, or choose another entity of the graph."""
    name = clip(mention.text, 60)
    whole = (
        parts.button("Leave this mention out", do="out", label=f"Leave this mention out: “{name}”")
        if used
        else parts.button("Let it take part", do="add", label=f"Let it take part: “{name}”")
    )
    return fill(
        '<div class="controls">{whole}<span class="find"><input type="search" class="find-box" maxlength="100" '
        'placeholder="Another entity …" aria-label="{label}"><span class="found" role="status"></span></span></div>',
        whole=whole,
        label=f"Search another entity for “{name}”",
    )


def relation_list(hop: int, text: str, *, selected: str = "", name: str = "") -> Html:
    """A list of all relations to change a hop with; ``edits.js`` fills it from the page's one list of relations."""
    return fill(
        '<label class="change"><span>{text}</span><select data-do="follow" data-hop="{hop}" aria-label="{label}">'
        '<option value="{selected}" selected>{name}</option></select></label>',
        text=text,
        hop=hop,
        label=f"{text}, hop {hop}",
        selected=selected,
        name=name,
    )
