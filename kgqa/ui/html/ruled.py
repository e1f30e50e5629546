"""Which meanings of a name the intersection ruled out, as far as the trace proves it.

"The 1997 film Titanic": the name fits five films, and one of them is of 1997.
"""

from __future__ import annotations

from kgqa.trace import Branch, Trace
from kgqa.ui.html import marks

CLOSE = 0.01  #: of two memberships that are equal but for rounding


def out(trace: Trace) -> dict[int, set[str]]:
    """{mention: ids of its seeds that lead to nothing that stays}; only what is certain."""
    both = trace.intersection
    if both is None or both.omitted or trace.united or not trace.edits.intersect:
        return {}
    kept = {row.entity.id for row in both.rows if row.minimum > 0}
    if not kept:
        return {}
    ruled = {}
    for column, branch in enumerate(trace.branches):
        seeds = {seed.entity.id for seed in branch.seeds}
        if branch.negated or branch.stands_for or len(seeds) < 2:
            continue
        hops = len(marks.walked(branch))
        if hops == 0:
            ruled[branch.mention] = seeds - kept
        elif hops == 1 and not marks.after(trace):
            ruled[branch.mention] = _unneeded(trace, branch, column, kept)
    return {mention: ids for mention, ids in ruled.items() if ids}


def _unneeded(trace: Trace, branch: Branch, column: int, kept: set[str]) -> set[str]:
    """Seeds from which nothing comes, if each path's seed carries all that its answer has."""
    paths = {
        answer.entity.id: path
        for answer in trace.answers
        for path in answer.paths
        if path.mention == branch.mention and len(path.facts) == 1
    }
    if not trace.intersection or not kept <= set(paths):
        return set()
    weights = {seed.entity.id: seed.membership for seed in branch.seeds}
    hop, used = branch.hops[0], set()
    for row in trace.intersection.rows:
        if row.entity.id not in kept:
            continue
        fact = paths[row.entity.id].facts[0]
        start = fact.head if fact.tail.id == row.entity.id else fact.tail
        carried = weights.get(start.id, 0.0) * (hop.relations[0].weight if hop.relations else 0.0)
        if row.memberships[column] - carried > CLOSE:
            return set()  # others carried some of it
        used.add(start.id)
    return set(weights) - used
