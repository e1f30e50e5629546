"""Your edits: what a visitor decided instead of the model, each with a way back.

Also the controls by which other views offer edits. A control is plain HTML with ``data-action``;
``static/edits.js`` sends what it says to the server, and :mod:`kgqa.ui.events` makes edits of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kgqa.edits import AFTER
from kgqa.trace import Mention, Trace
from kgqa.ui.html import parts
from kgqa.ui.html.escape import Html, clip, fill, join


def render(trace: Trace) -> Html:
    """The edits of this answer, and those that did not fit; nothing if there are none."""
    items = list(_items(trace))
    notes = join(fill('<li class="quiet">{note}</li>', note=note) for note in trace.notes)
    if not items and not notes:
        return Html()
    return fill(
        '<section class="kg-card your-edits" aria-label="Your edits"><p class="eyebrow edit">'
        'Your edits</p><ul class="edits">{items}{notes}</ul>{reset}</section>',
        items=join(items),
        notes=notes,
        reset=parts.button("Back to the model’s own reading", action="reset"),
    )


def _items(trace: Trace) -> Iterator[Html]:
    edits = trace.edits
    for i, use in enumerate(edits.use):
        entity = _entity(trace, use.entity)
        yield _item("use", i, f"“{_text(trace, use.start, use.end)}” stands for {entity}.")
    for i, span in enumerate(edits.leave_out):
        yield _item("leave_out", i, f"“{_text(trace, span.start, span.end)}” is left out.")
    for i, span in enumerate(edits.add):
        yield _item("add", i, f"“{_text(trace, span.start, span.end)}” takes part.")
    for i, edit in enumerate(edits.follow):
        where = f"From “{_text(trace, edit.start, edit.end)}”"
        if (edit.start, edit.end) == AFTER:
            where = "After the intersection"
        what = f"hop {edit.hop} follows “{_relation(trace, edit.relation)}”"
        if not edit.relation:
            what = f"the walk ends before hop {edit.hop}"
        yield _item("follow", i, f"{where}, {what}.")
    if not edits.intersect:
        yield _item("intersect", 0, "The intersection is off: the branches are united.")


def _item(field: str, index: int, text: str) -> Html:
    label = f"Undo: {clip(text, 120)}"
    undo = parts.button("Undo", action="undo", field=field, index=index, label=label)
    return fill("<li><bdi>{text}</bdi> {undo}</li>", text=text, undo=undo)


def _text(trace: Trace, start: int, end: int) -> str:
    return clip(trace.question[max(start, 0) : max(end, 0)], 60)


def _entity(trace: Trace, id: str) -> str:
    """Name and description of an entity, if it is a candidate; else its id."""
    for mention in trace.mentions:
        for entity in (c.entity for c in mention.candidates if c.entity.id == id):
            return clip(", ".join(filter(None, (entity.label, entity.description))), 100)
    return clip(id, 60)


def _relation(trace: Trace, id: str) -> str:
    """Label of a relation, if a hop lists it; else its id."""
    hops = [hop for branch in trace.branches for hop in branch.hops]
    hops += trace.intersection.hops if trace.intersection else ()
    return clip(next((r.label for hop in hops for r in hop.relations if r.id == id), id), 60)


def mention_controls(mention: Mention, *, used: bool) -> Html:
    """Leave a mention out or let it take part, or choose another entity of the graph for it."""
    name = clip(mention.text, 60)
    text, action = ("Leave this mention out", "leave_out") if used else ("Let it take part", "add")
    return fill(
        '<div class="controls">{button}<span class="search"><input type="search" '
        'class="search-box" maxlength="100" placeholder="Another entity …" aria-label="{label}">'
        '<span class="results" role="status"></span></span></div>',
        button=parts.button(text, action=action, label=f"{text}: “{name}”"),
        label=f"Search another entity for “{name}”",
    )


def relation_list(hop: int, text: str, *, selected: str = "", name: str = "") -> Html:
    """A list of all relations to follow at a hop; ``edits.js`` fills it when it appears."""
    return fill(
        '<label class="choice"><span>{text}</span><select data-action="follow" data-hop="{hop}" '
        'aria-label="{label}"><option value="{selected}" selected>{name}</option></select></label>',
        text=text,
        hop=hop,
        label=f"{text}, hop {hop}",
        selected=selected,
        name=name,
    )
