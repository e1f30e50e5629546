"""What an edit did: the answer before and after, and what changed between the two traces.

It is shown beside the control that was used (``static/effect.js``), as text.
"""

from __future__ import annotations

from collections.abc import Iterator

from kgqa.trace import Branch, Trace
from kgqa.ui.html import marks, operators, words
from kgqa.ui.html.escape import clip, plain
from kgqa.ui.views.intersection import united
from kgqa.why import in_short

CAUSES = 2  #: that are named
NAMED = 3  #: answers that are new or gone


def effect(before: Trace, after: Trace) -> dict[str, str]:
    """``{"before", "after", "why"}``, each plain text; why may be empty."""
    causes = list(_causes(before, after))[:CAUSES]
    why = "; ".join(text for text in (_missing(after), words.several(causes)) if text)
    if not why:
        why = _difference(before, after)
    return {"before": brief(before), "after": brief(after), "why": clip(plain(why, 400), 400)}


def brief(trace: Trace) -> str:
    """The answer of a trace in a few words."""
    first = [answer.entity for answer in trace.answers[:20]]
    labels = [
        a.value.text if a.value else plain(a.entity.label, 60) for a in trace.answers[: len(first)]
    ]
    value = trace.value.text if trace.value else ""
    kinds = [entity.kind for entity in first]
    return in_short(trace.outcome, plain(value), labels, kinds, len(trace.answers))


def _missing(after: Trace) -> str:
    """Why there is no answer; empty if there is one."""
    branches = after.branches
    if after.outcome == "empty_intersection":
        each = [
            f"“{_name(after, branch)}” leads to {branch.reached:,}"
            if i
            else f"“{_name(after, branch)}” leads to "
            f"{words.count(branch.reached, 'entity', 'entities')}"
            for i, branch in enumerate(branches)
        ]
        return f"{words.several(each)}, and none is on all paths"
    if after.outcome == "no_path":
        for branch in branches:
            hops = marks.walked(branch)
            if not branch.reached and hops and hops[-1].relations:
                over = hops[-1].relations[0]
                what = clip(operators.object_of(over.id, over.label), 60)
                return f"no fact “{what}” leads on from “{_name(after, branch)}”"
        return "no fact leads on"
    return "no name takes part" if after.outcome == "left_out" else ""


def _causes(before: Trace, after: Trace) -> Iterator[str]:
    """What is computed otherwise."""
    old, new = _branches(before), _branches(after)
    for key, branch in old.items():
        if key not in new:
            yield f"“{_name(before, branch)}” no longer takes part"
    for key, branch in new.items():
        name = _name(after, branch)
        if key not in old:
            yield f"“{name}” now takes part"
            continue
        yield from _of_branch(name, old[key], branch)
    if old and new and united(before) != united(after) and len(after.branches) > 1:
        yield "either path is enough now" if united(after) else "only what all paths share counts"
    if _followed(marks.after(before)) != _followed(marks.after(after)) and old.keys() == new.keys():
        yield f"after the intersection it {_takes(marks.after(after))}"
    if before.readout != after.readout:
        yield f"the answer is now {operators.read_out(after.readout)}"


def _of_branch(name: str, old: Branch, new: Branch) -> Iterator[str]:
    """What one mention leads to otherwise."""
    if new.seeds and [s.entity.id for s in old.seeds[:1]] != [s.entity.id for s in new.seeds[:1]]:
        entity = new.seeds[0].entity
        note = ", ".join(filter(None, (clip(entity.label, 60), clip(entity.description, 60))))
        yield f"“{name}” now stands for {note}"
    elif len(old.seeds) != len(new.seeds):
        alone = f"{clip(new.seeds[0].entity.label, 60)} alone" if len(new.seeds) == 1 else "others"
        yield f"“{name}” now stands for {alone}"
    walked = marks.walked(new)
    if _followed(marks.walked(old)) != _followed(walked):
        yield f"from “{name}” it now {_takes(walked)}"
    if old.negated != new.negated:
        yield f"what “{name}” leads to is {'taken away' if new.negated else 'kept'}"


def _branches(trace: Trace) -> dict[tuple[int, int], Branch]:
    """The branches by the words that they start from."""
    spans = {
        i: (m.start, m.end) for i, m in enumerate(trace.mentions)
    }  # an index alone may name another mention after an edit
    return {spans.get(b.mention, (-b.mention - 2, 0)): b for b in trace.branches}


def _name(trace: Trace, branch: Branch) -> str:
    return clip(marks.mention_text(trace, branch.mention), 40)


def _followed(hops) -> list[str]:
    return [operators.heaviest(hop) for hop in hops]


def _takes(hops) -> str:
    """ "follows “directed”, then “award”"."""
    named = [hop.relations[0] for hop in hops if hop.relations]
    steps = [f"“{clip(operators.object_of(r.id, r.label), 60)}”" for r in named]
    return f"follows {', then '.join(steps)}" if steps else "stays where it starts"


def _difference(before: Trace, after: Trace) -> str:
    """Which answers are new and which are gone."""
    old = {answer.entity.id: answer.entity.label for answer in before.answers}
    new = {answer.entity.id: answer.entity.label for answer in after.answers}
    parts = []
    for one, other, word in ((new, old, "new"), (old, new, "gone")):
        names = [clip(label, 40) for id, label in one.items() if id not in other]
        if names:
            parts.append(f"{word}: {words.several(names, NAMED)}")
    return "; ".join(parts)
