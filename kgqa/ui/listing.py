"""A long answer as a list to work with: sorted, filtered, in groups, as a chart, as a CSV file.

The rows go to the browser once, and ``static/list.js`` does the rest there. The CSV file is made
when it is asked for and holds all answers, however many there are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import gradio as gr

from kgqa.text import cell
from kgqa.trace import Answer, Facet, Trace
from kgqa.ui.html import compact, words
from kgqa.ui.html.escape import plain
from kgqa.ui.static import read

LEAST = 6  #: answers that are worth a list
MOST = 2_000  #: rows that are sent; the file has all answers
FACT, NOTE, NAME = 200, 100, 60  #: characters of a fact, a description, a facet's value
_TEMPLATE = """
<section class="listing" id="kg-listing" aria-label="The whole list of answers" hidden>
  <details class="fold kg-card" data-part="fold">
    <summary data-part="title"></summary>
    <div class="listing-tools">
      <label>Filter <input type="search" data-part="filter" maxlength="80"></label>
      <label>Sort by <select data-part="sort"></select></label>
      <label>Group by <select data-part="group"></select></label>
      <label>Chart <select data-part="chart"></select></label>
      <button type="button" class="action" data-part="csv">Save as CSV</button>
    </div>
    <p class="quiet" role="status" data-part="count"></p>
    <div class="listing-chart" data-part="bars"></div>
    <div data-part="rows"></div>
    <button type="button" class="action" data-part="more" hidden></button>
  </details>
</section>
"""


def answer_list(**options: Any) -> gr.HTML:
    """Shows the value of :func:`listing`, packed; None hides it. ``edit`` asks for the file."""
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("list.js"),
        apply_default_css=False,
        **options,
    )


def listing(trace: Trace, facets: Sequence[Facet] = ()) -> dict[str, Any] | None:
    """What the list shows, as text alone; None for a short answer.

    A row is [name, description, kind, probability, fact, values of each facet]. ``facets``: of the
    first :data:`MOST` answers.
    """
    if len(trace.answers) < LEAST:
        return None
    rows = [
        [*_told(trace, answer), [[plain(v, NAME) for v in facet.values[i]] for facet in facets]]
        for i, answer in enumerate(trace.answers[:MOST])
    ]
    return {
        "total": len(trace.answers),
        "facets": [{"name": plain(f.name, NAME), "year": f.year} for f in facets],
        "rows": rows,
        "asked": trace.question,
    }


def _told(trace: Trace, answer: Answer) -> list[Any]:
    name, note = compact.named(answer)
    return [
        plain(name),
        plain(note, NOTE),
        plain(answer.entity.kind, NAME),
        words.percent(answer.score),
        plain(_fact(trace, answer), FACT),
    ]


def to_csv(trace: Trace, facets: Sequence[Facet] = ()) -> str:
    """All answers with a header; a cell that would be a formula begins with an apostrophe.

    ``facets`` are those of all answers. The mark in front tells spreadsheets that it is UTF-8.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    names = [facet.name for facet in facets]
    writer.writerow(map(cell, ["answer", "description", "kind", *names, "probability", "fact"]))
    for i, answer in enumerate(trace.answers):
        name, note = compact.named(answer)
        values = ["; ".join(facet.values[i]) for facet in facets]
        told = [plain(value, 1_000) for value in (name, note, answer.entity.kind, *values)]
        row = [*told, f"{answer.score:.4f}", plain(_fact(trace, answer), 1_000)]
        writer.writerow(map(cell, row))
    return "\ufeff" + text.getvalue()


def _fact(trace: Trace, answer: Answer) -> str:
    """A path that has facts, as a sentence; rather from a name than from a class ("films")."""
    classes = {branch.mention for branch in trace.branches if branch.stands_for > 1}
    paths = [path for path in answer.paths if path.facts]
    paths.sort(key=lambda path: path.mention in classes)
    return words.path(paths[0]) if paths else ""
