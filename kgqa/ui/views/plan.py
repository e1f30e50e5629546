"""What the model did, in one or two sentences: what it followed from which words, what it kept."""

from __future__ import annotations

from kgqa.trace import Branch, Hop, Trace
from kgqa.ui.html import marks, operators, words
from kgqa.ui.html.escape import Html, clip, fill, join

EITHER = Html(" It kept what either leads to.")
ALSO = 0.2  #: a relation with this weight or more is named beside the heaviest


def render(trace: Trace) -> Html:
    """ "From “Mona Lisa” the model followed exhibited at, then located in."; else nothing."""
    if not trace.branches:
        return Html()
    walks = [_walk(trace, b, "it" if i else "the model") for i, b in enumerate(trace.branches)]
    walks[0] = Html(walks[0][:1].upper() + walks[0][1:])
    text = join([join(walks, "; "), "."]) + _combined(trace)
    after = _steps(marks.after(trace))
    text += fill(" From there it {steps}.", steps=after) if after else ""
    return text + _read(trace.readout)


def _combined(trace: Trace) -> Html:
    """What became of several branches."""
    kept = [b for b in trace.branches if not b.negated]
    away = [b for b in trace.branches if b.negated]
    text = Html()
    if len(kept) > 1:
        each = "both" if len(kept) == 2 else f"all {len(kept)}"
        united = trace.united and trace.edits.intersect
        text += fill(" It kept what {each} lead to.", each=each) if not united else EITHER
    if away:
        names = [f"“{clip(marks.mention_text(trace, b.mention), 60)}”" for b in away]
        leads = "leads" if len(names) == 1 else "lead"
        text += fill(
            " It took away what <bdi>{names}</bdi> {leads} to.",
            names=words.several(names),
            leads=leads,
        )
    return text


def _walk(trace: Trace, branch: Branch, who: str) -> Html:
    name = fill("<bdi>“{name}”</bdi>", name=clip(marks.mention_text(trace, branch.mention), 60))
    if branch.stands_for and branch.seeds:
        whole = operators.stands_for(branch.seeds[0].entity, branch.stands_for)
        name += fill(" (<bdi>{whole}</bdi>)", whole=whole)
    steps = _steps(marks.walked(branch))
    if not steps:
        own = "" if branch.stands_for else " itself"
        return fill("{who} took {name}{own}", who=who, name=name, own=own)
    return fill("from {name} {who} {steps}", who=who, name=name, steps=steps)


def _steps(hops: tuple[Hop, ...]) -> Html:
    """ "followed director, then kept the longest run time"."""
    steps, verb = list[Html](), ""
    for hop in hops:
        if hop.relations:
            operator = operators.parse(operators.heaviest(hop))[0] != "follow"
            now = "kept" if operator else "followed"
            said = "" if now == verb and not operator else f"{now} "
            steps.append(fill("{said}{entries}", said=said, entries=_relations(hop)))
            verb = now
    return join(steps, ", then ")


def _relations(hop: Hop) -> Html:
    """The heaviest relation of a hop, and others that weigh nearly as much."""
    named = [r for i, r in enumerate(hop.relations) if i == 0 or r.weight >= ALSO]
    texts = (operators.object_of(r.id, r.label) for r in named[:3])
    return join([fill("<em>{label}</em>", label=clip(text, 90)) for text in texts], " or ")


def _read(readout: str) -> Html:
    if readout == "count":
        return Html(" Then it counted them.")
    if readout == "verify":
        return Html(" Then it asked whether that leaves any.")
    if not readout:
        return Html()
    return fill(" Then it took <em>{total}</em>.", total=operators.read_out(readout))
