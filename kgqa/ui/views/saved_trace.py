"""Above an answer that was saved and is shown again: what it is, and whether it holds here."""

from __future__ import annotations

from kgqa.trace import Trace
from kgqa.ui.html.escape import Html, clip, fill
from kgqa.ui.service import Card

#: {what ``Service.check`` found: what is said of it}
_HOLDS = {
    "same": "Walked again over the graph of this page, its weights give the same answer.",
    "differs": "Walked again over the graph of this page, its weights do not give this answer: the "
    "file was changed, or another version wrote it.",
    "other graph": "It was made over another graph than that of this page, so what it says cannot "
    "be checked here.",
}
_NOT_CHECKED = "Its answer was not checked."
_AFTER = "A question or an edit goes to the model and the graph of this page."


def render(trace: Trace, card: Card, holds: str) -> Html:
    """``holds``: what :attr:`kgqa.ui.service.Service.check` found."""
    other = trace.model and card.model and trace.model != card.model
    made = f"The model “{clip(trace.model, 60)}” made it. " if other else ""
    return fill(
        '<div class="kg-card saved-trace" role="note"><b>A saved trace, shown as it was saved.</b> '
        "<bdi>{made}</bdi>{holds} {after}</div>",
        made=made,
        holds=_HOLDS.get(holds, _NOT_CHECKED),
        after=_AFTER,
    )
