"""Your edits: what a visitor decided instead of the model, each with a way back.

Also the controls by which other views offer edits. A control is plain HTML with ``data-action``;
``static/edits.js`` sends what it says to the server, and :mod:`kgqa.ui.events` makes edits of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kgqa.edits import AFTER
from kgqa.trace import Branch, Mention, Trace
from kgqa.ui.html import marks, operators, parts
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
        what = f"hop {edit.hop} {_taken(trace, edit.relation)}"
        if not edit.relation:
            what = f"the walk ends before hop {edit.hop}"
        yield _item("follow", i, f"{where}, {what}.")
    if not edits.intersect:
        yield _item("intersect", 0, "The intersection is off: the branches are united.")
    for i, span in enumerate(edits.negate):
        text = f"What “{_text(trace, span.start, span.end)}” leads to is taken away."
        yield _item("negate", i, text)
    for i, span in enumerate(edits.keep):
        text = f"What “{_text(trace, span.start, span.end)}” leads to is not taken away."
        yield _item("keep", i, text)
    if edits.unite is not None:
        yield _item("unite", 0, "Either path is enough." if edits.unite else "Every path counts.")
    if edits.readout is not None:
        yield _item("readout", 0, f"The answer is {operators.read_out(edits.readout)}.")


def _item(field: str, index: int, text: str) -> Html:
    """A chip with a button that removes it."""
    data = {"action": "undo", "field": field, "index": index}
    remove = parts.button("×", css="remove", label=f"Remove: {clip(text, 120)}", **data)
    return fill('<li class="edit-chip"><bdi>{text}</bdi>{x}</li>', text=text, x=remove)


def _text(trace: Trace, start: int, end: int) -> str:
    return clip(trace.question[max(start, 0) : max(end, 0)], 60)


def _entity(trace: Trace, id: str) -> str:
    """Name and description of an entity, if it is a candidate; else its id."""
    for mention in trace.mentions:
        for entity in (c.entity for c in mention.candidates if c.entity.id == id):
            return clip(", ".join(filter(None, (entity.label, entity.description))), 100)
    return clip(id, 60)


def _taken(trace: Trace, id: str) -> str:
    """What a hop follows or keeps, by its label if a hop lists it; else by its id."""
    hops = [hop for branch in trace.branches for hop in branch.hops]
    hops += trace.intersection.hops if trace.intersection else ()
    label = next((r.label for hop in hops for r in hop.relations if r.id == id), "")
    what, follows = operators.object_of(id, label), operators.parse(id)[0] == "follow"
    return f"follows “{clip(what, 60)}”" if follows else f"keeps {clip(what, 100)}"


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
    """A list of all that a hop can follow or keep; ``edits.js`` fills it when it appears.

    A second list has the rank ("second longest"); it is hidden where a rank means nothing.
    """
    rank = operators.parse(selected)[2]
    ranks = join(
        fill(
            '<option value="{n}"{now}>{word}</option>',
            n=n,
            now=Html(" selected") if n == rank else "",
            word=word,
        )
        for n, word in enumerate(operators.RANKS, 1)
    )
    rank_list = fill(
        '<label class="choice rank"><span>in place</span><select data-action="rank" '
        'data-hop="{hop}" aria-label="Which place to keep, hop {hop}">{ranks}</select></label>',
        hop=hop,
        ranks=ranks,
    )
    return fill(
        '<label class="choice"><span>{text}</span><select data-action="follow" data-hop="{hop}" '
        'aria-label="{label}"><option value="{selected}" selected>{name}</option></select></label>'
        "{rank}",
        text=text,
        hop=hop,
        label=f"{text}, hop {hop}",
        selected=selected,
        name=name,
        rank=rank_list if operators.ranked(selected) else "",
    )


def branch_controls(trace: Trace, branch: Branch) -> Html:
    """Take away what a branch reaches, or keep it; shown where the model has operators."""
    text = "Do not take this away" if branch.negated else "Take this away"
    name = clip(marks.mention_text(trace, branch.mention), 60)
    on = "" if branch.negated else "1"
    button = parts.button(text, action="negate", on=on, label=f"{text}: what “{name}” leads to")
    return fill('<div class="controls" data-needs="operators" hidden>{b}</div>', b=button)


def read_out_list(trace: Trace) -> Html:
    """How the answer is read off the set; ``edits.js`` fills it, and shows it if there is a choice.

    The value of an option is a read-out, empty for what is reached itself.
    """
    return fill(
        '<label class="choice" data-needs="readouts" hidden><span>Answer with</span><select '
        'data-action="readout" aria-label="Answer with"><option value="{readout}" selected>{name}'
        "</option></select></label>",
        readout=trace.readout,
        name=operators.read_out(trace.readout),
    )
