"""Small pieces of HTML that several views share: labels, letters, bars, headings."""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.trace import Entity
from kgqa.ui.html import marks, palette
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.html.words import percent


def label(entity: Entity) -> Html:
    """The name of an entity. <bdi> keeps right-to-left names from turning their surroundings."""
    return fill('<bdi class="kg-label">{label}</bdi>', label=clip(entity.label or entity.id))


def named(entity: Entity) -> Html:
    """Name and description."""
    note = entity.description or entity.kind
    if not note:
        return label(entity)
    return fill('{label} <bdi class="note">{note}</bdi>', label=label(entity), note=clip(note))


def badge(rank: int) -> Html:
    """The letter of a mention, in its colour."""
    css, letter = palette.css_class(rank), marks.letter(rank)
    return fill('<span class="badge {css}">{letter}</span>', css=css, letter=letter)


def bar(value: float, *, text: str | None = None) -> Html:
    """A horizontal bar for a number in [0, 1] with the number beside it."""
    return fill(
        '<span class="kg-bar"><i class="track" style="--w:{width}%"></i>'
        '<span class="number">{text}</span></span>',
        width=f"{100 * min(max(float(value), 0.0), 1.0):.3g}",
        text=percent(value) if text is None else text,
    )


def shows(what: str) -> Html:
    """The attribute by which ``static/screen.js`` lights the same thing in the graph.

    "step 3", "branch 0", "hop 0 1" (the first hop of branch 0; branch -1 is after the
    intersection), "entity ID".
    """
    return fill(' data-show="{what}"', what=what)


def row(
    name: Html,
    value: float,
    *,
    extra: Html = Html(),
    text: str | None = None,
    entity: str = "",
) -> Html:
    """A list item: a name on the left, a bar on the right; ``entity``: id of the one it is of."""
    return fill(
        '<li class="kg-row"{show}><span class="name">{name}{extra}</span>{bar}</li>',
        show=shows(f"entity {entity}") if entity else "",
        name=name,
        extra=extra,
        bar=bar(value, text=text),
    )


def section(number: int, title: str, lead: str, body: Html, *, gist: Html = Html()) -> Html:
    """One numbered step of how the answer came about: in a line, and opened, with its numbers.

    ``gist``: the line, what the step came to. ``static/screen.js`` remembers what was open.
    """
    return fill(
        '<section aria-labelledby="kg-step-{number}"><details class="step" data-step="{number}" '
        'data-show="step {number}"><summary><span class="step-number">{number}</span><h3 '
        'id="kg-step-{number}">{title}</h3><span class="gist">{gist}</span></summary><div '
        'class="step-body"><p class="lead">{lead}</p>{body}</div></details></section>',
        number=number,
        title=title,
        gist=gist,
        lead=lead,
        body=body,
    )


def formula(lines: Iterable[Html]) -> Html:
    """The last zoom level of a step: what was computed, with this question's numbers."""
    shown = join(fill("<p>{line}</p>", line=line) for line in lines if line)
    body = fill('<div class="formula">{shown}</div>', shown=shown)
    return fold("The formula with these numbers", body, css="level") if shown else Html()


def fold(summary: object, body: Html, *, css: str = "", opened: bool = False) -> Html:
    """What opens on demand; the browser's own element, so that it works by keyboard."""
    return fill(
        '<details class="fold {css}"{opened}><summary>{summary}</summary>{body}</details>',
        css=css,
        opened=" open" if opened else "",
        summary=summary,
        body=body,
    )


def button(text: object, *, label: str = "", css: str = "action", **data: object) -> Html:
    """A small button that ``static/edits.js`` listens to; ``data`` become ``data-*`` attributes."""
    attributes = join(fill(' data-{name}="{value}"', name=n, value=v) for n, v in data.items())
    if label:
        attributes += fill(' aria-label="{label}"', label=label)
    return fill(
        '<button type="button" class="{css}"{attributes}>{text}</button>',
        css=css,
        attributes=attributes,
        text=text,
    )
