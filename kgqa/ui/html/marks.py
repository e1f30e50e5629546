"""Who is A and who is B: the letter and the colour that a mention keeps through the whole page.

Ranks follow the branches, so that the columns of the intersection read A, B, C; mentions that take
part without a branch of their own come after them.
"""

from __future__ import annotations

from kgqa.trace import Branch, Hop, Trace


def ranks(trace: Trace) -> dict[int, int]:
    """{mention index: rank} of the mentions that take part."""
    order = [b.mention for b in trace.branches] + [
        i for i, m in enumerate(trace.mentions) if m.used
    ]
    return {mention: rank for rank, mention in enumerate(dict.fromkeys(order))}


def letter(rank: int) -> str:
    """0 is A, 25 is Z, 26 is A1."""
    return chr(ord("A") + rank % 26) + (str(rank // 26) if rank >= 26 else "")


def mention_text(trace: Trace, mention: int) -> str:
    """The words of a mention; empty if the index names none."""
    return trace.mentions[mention].text if 0 <= mention < len(trace.mentions) else ""


def length(stop: tuple[float, ...], hops: tuple[Hop, ...]) -> int:
    """How many hops a walk most likely takes: the heaviest entry of its stop distribution."""
    return min(max(range(len(stop)), key=stop.__getitem__), len(hops)) if stop else len(hops)


def walked(branch: Branch) -> tuple[Hop, ...]:
    """The hops that a branch most likely takes."""
    return branch.hops[: length(branch.stop, branch.hops)]


def after(trace: Trace) -> tuple[Hop, ...]:
    """The hops that most likely follow the intersection."""
    meet = trace.intersection
    return meet.hops[: length(meet.stop, meet.hops)] if meet else ()


def reached(branch: Branch) -> int:
    """How many entities the likeliest walk of a branch reaches: those listed and those not.

    The whole branch holds a trace of walks of other lengths as well.
    """
    hops = walked(branch)
    return len(hops[-1].entities) + hops[-1].omitted if hops else branch.reached
