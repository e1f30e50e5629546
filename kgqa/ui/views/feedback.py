"""Under an answer: is it right? What was said is listed, and each entry can be removed.

``static/feedback.js`` listens to the controls.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kgqa.trace import Trace
from kgqa.ui.controls import brief
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join, plain
from kgqa.ui.said import Feedback, Said

LISTED = 50  #: entries, the latest first
CHOSEN = 20  #: answers that the form begins with
#: What an answer can be, beside names.
KINDS = {
    "names": "these names",
    "number": "a number",
    "yes": "yes",
    "no": "no",
    "none": "not in the graph",
}
_SAYS = {"right": "Right", "wrong": "Wrong", "should": "Should be"}
_KEPT = {
    "right": "Kept: this answer is right.",
    "wrong": "Kept: this answer is wrong. Say what it should be, and the model can learn it.",
    "should": "Kept: the answer should be {answer}.",
}
_TEMPLATE = """
<section class="verdict" aria-label="Is this right?" data-question="{question}">
  <div class="verdict-line"><span class="verdict-ask">Is this right?</span>{buttons}
    <button type="button" class="action" data-say="open" aria-expanded="false"
      aria-controls="kg-should">The answer should be …</button>
    <span class="verdict-said" role="status">{status}</span></div>
  <div class="should" id="kg-should" hidden data-answers="{answers}">
    <label>The answer is <select data-part="kind">{kinds}</select></label>
    <span data-part="names"><input type="search" class="said-input" data-part="find" maxlength="80"
      placeholder="Add a name of the graph" aria-label="Add a name of the graph" autocomplete="off">
      <span class="said-found" data-part="found" role="status"></span>
      <span class="chosen-names" data-part="chosen"></span></span>
    <input type="text" class="said-input" data-part="number" inputmode="decimal" maxlength="30"
      placeholder="such as 1975 or 3.5" aria-label="The number" hidden>
    <button type="button" class="action" data-say="should">Keep this answer</button>
  </div>
  {foot}
</section>
"""


def render(
    trace: Trace,
    kept: Feedback,
    entries: Sequence[Said],
    *,
    said: Said | None = None,
    problem: str = "",
) -> Html:
    """The strip under an answer; ``entries``: those that this visitor may see, oldest first.

    ``said``: what was said of this answer; ``problem``: a sentence, if it could not be kept.
    """
    status = problem or (_KEPT[said.said].format(answer=clip(said.answer, 200)) if said else "")
    names = [brief(answer.entity) for answer in trace.answers[:CHOSEN]]
    return fill(
        _TEMPLATE,
        question=trace.question,
        buttons=join(
            fill(
                '<button type="button" class="action" data-say="{say}" aria-pressed="{on}">{text}'
                "</button>",
                say=say,
                text=_SAYS[say],
                on="true" if said and said.said == say else "false",
            )
            for say in ("right", "wrong")
        ),
        status=fill("<bdi>{s}</bdi>", s=status) if status else "",
        answers=json.dumps(names if trace.value is None else []),
        kinds=join(fill('<option value="{k}">{t}</option>', k=k, t=t) for k, t in KINDS.items()),
        foot=_foot(kept, entries),
    )


def _foot(kept: Feedback, entries: Sequence[Said]) -> Html:
    """Where it is kept, what there is, and what can be done with it."""
    where = "in a file of whoever runs this page"
    if kept.alone:
        where = "on this computer alone"
        if kept.place:
            where += f", in {plain(_at_home(kept.place), 200)}"
    note = fill('<p class="quiet">What you say is kept {where}.</p>', where=where)
    if not entries:
        return note
    latest = list(reversed(entries))[:LISTED]
    rows = join(map(_row, latest))
    more = len(entries) - len(latest)
    body = fill('<ul class="said">{rows}</ul>', rows=rows)
    if more:
        body += fill('<p class="quiet">and {more}</p>', more=words.count(more, "older one"))
    if kept.alone:
        body += _use(kept)
    return note + parts.fold(f"What you said of {words.count(len(entries), 'answer')}", body)


def _at_home(place: str) -> str:
    """A path as people write it: below the home folder it begins with "~"."""
    path, home = Path(place), Path.home()
    return str("~" / path.relative_to(home)) if path.is_relative_to(home) else place


def _use(kept: Feedback) -> Html:
    """What a person can do with the entries."""
    command = '<p class="quiet">To train on it: <code>{c}</code></p>'
    return fill(
        '<p><button type="button" class="action" data-say="export">Download as train.jsonl'
        "</button></p>{command}",
        command=fill(command, c=plain(kept.command, 400)) if kept.command else "",
    )


def _row(said: Said) -> Html:
    answer = fill(": <bdi>{a}</bdi>", a=clip(said.answer, 160)) if said.answer else Html()
    question = clip(said.question, 160)
    return fill(
        "<li><bdi>{question}</bdi> <span>{says}{answer}</span> {button}</li>",
        question=question,
        says=_SAYS.get(said.said, ""),
        answer=answer,
        button=parts.button("Remove", label=f"Remove: {clip(question, 60)}", forget=said.id),
    )
