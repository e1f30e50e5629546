"""A trace in words: lines for a terminal, and a table for a notebook.

Labels are untrusted text: ``plain`` makes one line of them that steers no terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kgqa.text import plain
from kgqa.trace import Answer, Branch, Compared, Hop, Intersection, Trace

#: Why the entities of the answer are listed beside a value that was read off them.
READ_OUTS = {"count": "counted", "verify": "found"}


def lines(trace: Trace) -> Iterator[str]:
    """What ``print(trace)`` shows."""
    yield from (plain(trace.question, 600), "")
    yield from _answer(trace)
    used = [(i, m) for i, m in enumerate(trace.mentions) if m.used]
    for i, mention in used:
        yield from ("", f"  mention '{plain(mention.text)}', P {mention.score:.2f}")
        yield from (f"    {c.score:5.2f}  {c.entity}" for c in mention.candidates[:5])
        for branch in trace.branches:
            if branch.mention == i:
                yield from _branch(branch)
    if trace.intersection is not None:
        yield from ("", *_intersection(trace, trace.intersection))
    if not used and trace.mentions:
        names = ", ".join(f"'{plain(m.text)}' {m.score:.2f}" for m in trace.mentions)
        yield from ("", f"  words that could be names: {names}")
    given_up = ", ".join(f"'{plain(trace.mentions[i].text)}'" for i in trace.given_up)
    if given_up:
        yield from ("", f"  given up, since all mentions together reach nothing: {given_up}")
    if trace.unused:
        yield from ("", f"  words without effect: {', '.join(map(plain, trace.unused))}")
    if trace.why:
        yield from ("", "  what if")
    for one in trace.why:
        result = "the same" if one.same else plain(one.result)
        yield f"    {plain(one.condition)}: {result}"
    times = ", ".join(f"{name} {value:.1f}" for name, value in trace.timings.items())
    yield from ("", f"  ms: {times}")


def _answer(trace: Trace) -> Iterator[str]:
    if trace.value is None and not trace.answers:
        yield f"  {trace.message}"
    if trace.value is not None:
        yield f"  {trace.value.score:5.2f}  {trace.value}"
        if trace.answers:
            yield f"  {read(trace)}:"
    for answer in trace.answers[:20]:
        yield f"  {answer.score:5.2f}  {_named(answer)}"
        if len(trace.answers) <= 5:
            for path in answer.paths:
                yield f"           {'; '.join(map(str, path.facts))}"
    if len(trace.answers) > 20:
        yield f"         and {len(trace.answers) - 20} more answers"


def read(trace: Trace) -> str:
    """What a value was read off, in a word."""
    return READ_OUTS.get(trace.readout, "added up")


def _named(answer: Answer) -> str:
    """A number or a date is said as such; an entity with what tells it from its namesakes."""
    return str(answer.entity if answer.value is None else answer.value)


def _branch(branch: Branch) -> Iterator[str]:
    if branch.stands_for:
        yield f"    starts from {branch.stands_for:,} entities"
    for number, hop in enumerate(branch.hops, 1):
        yield from _hop(hop, number)
    ends = (f"{n}: {p:.2f}" for n, p in enumerate(branch.stop) if p >= 0.01)
    yield f"    stop after {', '.join(ends)}"
    if branch.negated:
        yield "    what it reaches is taken away"


def _hop(hop: Hop, number: int) -> Iterator[str]:
    relations = ", ".join(f"{plain(r.label)} {r.weight:.2f}" for r in hop.relations[:3])
    shown = [f"{plain(e.entity.label)} {e.membership:.2f}" for e in hop.entities[:6]]
    more = len(hop.entities) - 6 + hop.omitted
    yield f"    hop {number}: {relations}"
    if hop.compared:
        values = ", ".join(map(_compared, hop.compared[:6]))
        rest = len(hop.compared[6:]) + hop.not_compared
        yield f"      of {values}" + (f" and {rest} more" if rest else "")
    yield f"      -> {', '.join(shown)}" + (f" and {more} more" if more > 0 else "")


def _compared(item: Compared) -> str:
    """An entity with its value; those that were kept have a star."""
    return f"{plain(item.entity.label)} {plain(item.text)}" + ("*" if item.kept else "")


def _intersection(trace: Trace, intersection: Intersection) -> Iterator[str]:
    name = "max" if trace.united else "min"
    yield f"  {'union' if trace.united else 'intersection'} (element-wise {name}imum)"
    negated = [branch.negated for branch in trace.branches]
    for row in intersection.rows[:8]:
        pairs = list(zip(row.memberships, negated, strict=True))
        values = " , ".join(f"{v:.2f}" for v, no in pairs if not no)
        taken = "".join(f" without {v:.2f}" for v, no in pairs if no)
        yield f"    {name}({values}){taken} = {row.minimum:.2f}  {plain(row.entity.label)}"
    for number, hop in enumerate(intersection.hops, 1):
        yield from _hop(hop, number)


def html(trace: Trace) -> str:
    """What a notebook shows: the answers with their facts. Everything is escaped."""
    rows = [
        f"<tr><td>{a.score:.2f}</td><td><bdi>{escape(_label(a))}</bdi></td>"
        f"<td>{escape('; '.join(str(f) for p in a.paths[:3] for f in p.facts))}</td></tr>"
        for a in trace.answers[:10]
    ]
    if len(trace.answers) > 10:
        rows.append(f'<tr><td colspan="3">and {len(trace.answers) - 10} more</td></tr>')
    parts = [f"<p><b><bdi>{escape(plain(trace.question, 600))}</bdi></b></p>"]
    if trace.value is not None:
        parts.append(f"<p>{trace.value.score:.2f} <bdi>{escape(str(trace.value))}</bdi></p>")
    if rows:
        parts.append(f"<table>{''.join(rows)}</table>")
    if len(parts) == 1:
        parts.append(f"<p>{escape(trace.message)}</p>")
    return "".join(parts)


def _label(answer: Answer) -> str:
    return plain(answer.entity.label) if answer.value is None else str(answer.value)
