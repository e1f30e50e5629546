"""What the model did, in one or two sentences: which relations it followed from which words, and what it kept."""

from __future__ import annotations

from kgqa.trace import Branch, Hop, Trace
from kgqa.ui.html import marks
from kgqa.ui.html.escape import Html, clip, fill, join

ALSO = 0.2  #: a relation with this weight or more is named beside the heaviest


def render(trace: Trace) -> Html:
    """ "From “Mona Lisa” the model followed exhibited at, then located in."; nothing without a branch."""
    if not trace.branches:
        return Html()
    walks = [_walk(trace, b, first=i == 0) for i, b in enumerate(trace.branches)]
    text = join([join(walks, "; "), "."])
    if len(walks) > 1:
        text += fill(
            " It kept what {all} lead to.", all="both" if len(walks) == 2 else f"all {len(walks)}"
        )
    after = _steps(marks.after(trace))
    return text + fill(" From there it followed {steps}.", steps=after) if after else text


def _walk(trace: Trace, branch: Branch, *, first: bool) -> Html:
    name = fill("<bdi>“{name}”</bdi>", name=clip(marks.mention_text(trace, branch.mention), 60))
    steps = _steps(marks.walked(branch))
    if not steps:
        return fill("The model took {name} itself" if first else "it took {name} itself", name=name)
    pattern = (
        "From {name} the model followed {steps}" if first else "from {name} it followed {steps}"
    )
    return fill(pattern, name=name, steps=steps)


def _steps(hops: tuple[Hop, ...]) -> Html:
    return join([_relations(h) for h in hops if h.relations], ", then ")


def _relations(hop: Hop) -> Html:
    """The heaviest relation of a hop, and others that weigh nearly as much."""
    named = [r for i, r in enumerate(hop.relations) if i == 0 or r.weight >= ALSO]
    return join([fill("<em>{label}</em>", label=clip(r.label, 60)) for r in named[:3]], " or ")
