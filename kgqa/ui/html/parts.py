"""Small pieces of HTML that several views share: labels, letters, bars, headings."""

from __future__ import annotations

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
        '<span class="kg-bar"><span class="track" aria-hidden="true"><i style="width:{width}%"></i>'
        '</span><span class="number">{text}</span></span>',
        width=f"{100 * min(max(float(value), 0.0), 1.0):.1f}",
        text=percent(value) if text is None else text,
    )


def row(name: Html, value: float, *, extra: Html = Html(), text: str | None = None) -> Html:
    """A list item: a name on the left, a bar on the right."""
    return fill(
        '<li class="kg-row"><span class="name">{name}{extra}</span>{bar}</li>',
        name=name,
        extra=extra,
        bar=bar(value, text=text),
    )


def section(number: int, title: str, lead: str, body: Html) -> Html:
    """One numbered step of how the answer came about."""
    return fill(
        '<section class="step" aria-labelledby="kg-step-{number}"><h3 id="kg-step-{number}"><span '
        'class="step-number">{number}</span>{title}</h3><p class="lead">{lead}</p>{body}</section>',
        number=number,
        title=title,
        lead=lead,
        body=body,
    )


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
