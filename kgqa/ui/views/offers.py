"""Questions to go on with, below an answer or in place of one; a click asks."""

from __future__ import annotations

from kgqa.trace import Trace
from kgqa.ui.html import parts
from kgqa.ui.html.escape import Html, fill, join, plain
from kgqa.ui.service import Offers

MOST = 3
LONGEST = 120  #: characters of a question
_TITLES = {
    "next": "Ask next",
    "instead": "It can answer",
    "meant": "Each question stands alone. Did you mean",
}


def render(trace: Trace, offers: Offers) -> Html:
    """The questions as buttons; nothing if there are none."""
    if not offers.questions:
        return Html()
    asked = (
        parts.button(plain(q, LONGEST), action="ask", question=q) for q in offers.questions[:MOST]
    )
    return fill(
        '<section class="offers" id="kg-offers" data-asked="{asked}" '
        'aria-labelledby="kg-offers-of">'
        '<h3 id="kg-offers-of">{title}</h3><p>{questions}</p></section>',
        asked=trace.question,
        title=_TITLES.get(offers.why, _TITLES["next"]),
        questions=join(asked, " "),
    )
