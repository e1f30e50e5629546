"""What the model did, in one or two sentences: what it followed from which words, what it kept."""

from __future__ import annotations

from kgqa.trace import Branch, Hop, Trace
from kgqa.ui.html import marks
from kgqa.ui.html.escape import Html, clip, fill, join

ALSO = 0.2  #: a relation with this weight or more is named beside the heaviest


def render(trace: Trace) -> Html:
    """ "From “Mona Lisa” the model followed exhibited at, then located in."; else nothing."""
    if not trace.branches:
        return Html()
    walks = [_walk(trace, b, "it" if i else "the model") for i, b in enumerate(trace.branches)]
    walks[0] = Html(walks[0][:1].upper() + walks[0][1:])
    text = join([join(walks, "; "), "."])
    if len(walks) > 1:
        each = "both" if len(walks) == 2 else f"all {len(walks)}"
        text += fill(" It kept what {each} lead to.", each=each)
    after = _steps(marks.after(trace))
    return text + fill(" From there it followed {steps}.", steps=after) if after else text


def _walk(trace: Trace, branch: Branch, who: str) -> Html:
    name = fill("<bdi>“{name}”</bdi>", name=clip(marks.mention_text(trace, branch.mention), 60))
    steps = _steps(marks.walked(branch))
    if not steps:
        return fill("{who} took {name} itself", who=who, name=name)
    return fill("from {name} {who} followed {steps}", who=who, name=name, steps=steps)


def _steps(hops: tuple[Hop, ...]) -> Html:
    return join([_relations(h) for h in hops if h.relations], ", then ")


def _relations(hop: Hop) -> Html:
    """The heaviest relation of a hop, and others that weigh nearly as much."""
    named = [r for i, r in enumerate(hop.relations) if i == 0 or r.weight >= ALSO]
    return join([fill("<em>{label}</em>", label=clip(r.label, 60)) for r in named[:3]], " or ")
