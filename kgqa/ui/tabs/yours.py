"""The tab where visitors bring a graph of their own: what it takes, what became of the files."""

from __future__ import annotations

from typing import Any

import gradio as gr

from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, fill, join, plain
from kgqa.ui.service import Card, Uploads
from kgqa.ui.static import read

LINE, MOST_LINES = 300, 30  #: characters of a line of the report, and lines
_TITLE = "Ask a graph of your own"
_WHAT = (
    "Bring the files of one graph: tables (CSV and the like, one file a table), RDF (Turtle, "
    "N-Triples, JSON-LD, RDF/XML, ...), exports of Neo4j, or GraphML; packed or not. The same "
    "model then answers your questions about it. It was not trained on your graph, so it knows the "
    "relations by their words alone and is right less often."
)
_BOUNDS = (
    "At most {size} MB and {triples:,} facts. The files are deleted as soon as they are read; the "
    "graph is yours alone, stays in memory, and goes when you leave the page."
)
_TEMPLATE = """
<div class="bring">
  <label class="drop" for="kg-files"><b>Drop files here</b>, or choose them:
    <input type="file" id="kg-files" multiple></label>
  <p class="quiet" role="status"></p>
</div>
"""


def intro(uploads: Uploads) -> Html:
    """What can be brought, and what becomes of it."""
    bounds = _BOUNDS.format(size=uploads.size // 10**6, triples=uploads.triples)
    return fill(
        '<section class="kg-card lesson-step"><h2>{title}</h2><p>{what}</p><p class="quiet">'
        "{bounds}</p></section>",
        title=_TITLE,
        what=_WHAT,
        bounds=bounds,
    )


def dropzone(uploads: Uploads, **options: Any) -> gr.HTML:
    """Takes files, sends them and then says under which token, in an event ``edit``."""
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("upload.js"),
        apply_default_css=False,
        size=uploads.size,
        **options,
    )


def report(card: Card) -> Html:
    """The graph that was opened: what was read, what was left out, and what can be asked."""
    counts = f"{words.count(card.entities, 'entity', 'entities')} and {card.triples:,} facts"
    examples = (parts.button(e.question, action="ask", question=e.question) for e in card.examples)
    body = _lines("Read", card.read) + _lines("Left out or changed", card.notes)
    body += fill("<p><bdi>{holds}</bdi></p>", holds=words.holds(card))
    tries = join(examples, " ")
    return fill(
        '<section class="kg-card lesson-step" id="kg-report"><h2><bdi>{name}</bdi></h2><p>Your '
        "graph is open: {counts}. Your questions go to it until you leave the page. The model was "
        "not trained on this graph.</p>{body}{tries}</section>",
        name=plain(card.graph, 100) or "Your graph",
        counts=counts,
        body=body,
        tries=fill('<p class="try"><b>Try:</b> {b}</p>', b=tries) if tries else "",
    )


def failed(sentence: str) -> Html:
    """Files of which no graph could be made."""
    return fill(
        '<section class="kg-card lesson-step" id="kg-report"><p class="eyebrow none"><span '
        'aria-hidden="true">○</span> No graph</p><p><bdi>{sentence}</bdi></p></section>',
        sentence=plain(sentence, 600),
    )


def _lines(title: str, lines: tuple[str, ...]) -> Html:
    if not lines:
        return Html()
    items = [fill("<li><bdi>{i}</bdi></li>", i=plain(i, LINE)) for i in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        items.append(fill("<li>and {n} more</li>", n=len(lines) - MOST_LINES))
    return fill("<h3>{title}</h3><ul>{items}</ul>", title=title, items=join(items))
