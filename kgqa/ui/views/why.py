"""Why this answer: what it would be if one decision were another, each a click away.

Also how much of the answer can be read off the facts that are drawn. Both are computed after the
answer is on the screen, so their place is kept free until then.
"""

from __future__ import annotations

from kgqa.trace import Trace
from kgqa.ui import link
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.why import Counterfactual

WHOLE = 0.995  #: share of the membership that counts as all of it
_NONE = '<p class="quiet">No other decision was found that leads to another answer.</p>'
_FAILED = "This could not be computed; the answer is not affected."


def waiting(trace: Trace) -> Html:
    """What stands there until :func:`render` comes; empty where it will have nothing to say."""
    if not trace.branches:
        return Html()
    trying = Html('<p class="quiet">Trying what the answer would be otherwise …</p>')
    return _section(trying, css="why waiting")


def render(trace: Trace, fidelity: float | None = None) -> Html:
    """The counterfactuals of a trace, and the sentence on what is drawn."""
    if not trace.branches:
        return Html()
    items = join(fill("<li>{b}</li>", b=_button(one, trace)) for one in trace.why)
    body = fill('<ul class="what-ifs">{items}</ul>', items=items) if items else Html()
    return _section((body or Html(_NONE)) + drawn(trace, fidelity))


def failed(trace: Trace, sentence: str = _FAILED) -> Html:
    """What keeps the place where nothing was computed."""
    if not trace.branches:
        return Html()
    return _section(fill('<p class="quiet">{sentence}</p>', sentence=sentence))


def _section(body: Html, css: str = "why") -> Html:
    return fill(
        '<section class="{css}" aria-label="What if"><p class="why-head">What if?</p>{body}'
        "</section>",
        css=css,
        body=body,
    )


def _button(one: Counterfactual, trace: Trace) -> Html:
    """A click makes its edits those of the page: they are written as in an address."""
    result = "the same" if one.same else clip(one.result, 80)
    text = fill("<bdi>{c}</bdi>: <b>{r}</b>", c=clip(one.condition, 140), r=result)
    return parts.button(
        text, css="what-if", action="become", query=link.query(trace.question, one.edits)
    )


def drawn(trace: Trace, fidelity: float | None) -> Html:
    """What the drawn facts alone give back, in a sentence."""
    if fidelity is None or not trace.answers:
        return Html()
    if fidelity >= WHOLE:
        text = "The facts drawn in the graph are enough: walked again over them alone, they give "
        text += "the whole answer."
    else:
        text = f"Walked again over the facts drawn in the graph alone, {words.percent(fidelity)} "
        text += "of the answer’s membership is left; the rest comes from facts that are not drawn."
    return fill('<p class="fidelity">{text}</p>', text=text)
