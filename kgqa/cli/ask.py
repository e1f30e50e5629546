"""``ask``: a question answered with a readable trace, or many as JSON lines."""

from __future__ import annotations

import json
import sys

from kgqa.errors import DataError
from kgqa.inference import Pipeline
from kgqa.trace import Entity, Fact, Hop, Trace


def ask(options) -> int:
    if not options.json and options.question is None:
        raise DataError(
            'Give a question, such as: python -m kgqa ask "Who directed Titanic?"; or --json and questions on standard input.'
        )
    pipeline = Pipeline.load(options.checkpoint, device=options.device)
    if not options.json:
        print(readable(pipeline.answer(options.question)))
        return 0
    lines = [options.question] if options.question is not None else sys.stdin
    for line in lines:
        print(
            json.dumps(pipeline.answer(line.rstrip("\n")).to_dict(), ensure_ascii=False), flush=True
        )
    return 0


def _named(entity: Entity) -> str:
    return f"{entity.label}  ({entity.description or entity.kind})"


def _fact(fact: Fact) -> str:
    return f"{fact.head.label} --{fact.relation}--> {fact.tail.label}"


def _hop(hop: Hop, number: int) -> list[str]:
    relations = ", ".join(f"{r.label} {r.weight:.2f}" for r in hop.relations[:3])
    reached = ", ".join(f"{e.entity.label} {e.membership:.2f}" for e in hop.entities[:6])
    more = len(hop.entities) - 6 + hop.omitted
    return [
        f"    hop {number}: {relations}",
        f"      -> {reached}" + (f" and {more} more" if more > 0 else ""),
    ]


def readable(trace: Trace) -> str:
    """The trace as text for a terminal."""
    lines = [trace.question, ""]
    if trace.answers:
        for answer in trace.answers[:20]:
            lines.append(f"  {answer.score:5.2f}  {_named(answer.entity)}")
            if len(trace.answers) <= 5:
                lines += [
                    f"           {'; '.join(_fact(f) for f in path.facts)}" for path in answer.paths
                ]
        if len(trace.answers) > 20:
            lines.append(f"         and {len(trace.answers) - 20} more answers")
    else:
        lines.append(f"  {trace.message}")
    used = [m for m in trace.mentions if m.used]
    for mention in used:
        lines += ["", f"  mention {mention.text!r}, P {mention.score:.2f}"]
        lines += [f"    {c.score:5.2f}  {_named(c.entity)}" for c in mention.candidates[:5]]
        for branch in trace.branches:
            if trace.mentions[branch.mention] is mention:
                for number, hop in enumerate(branch.hops, 1):
                    lines += _hop(hop, number)
                lines.append(
                    "    stop after "
                    + ", ".join(f"{n}: {p:.2f}" for n, p in enumerate(branch.stop) if p >= 0.01)
                )
    if trace.intersection is not None:
        lines += ["", "  intersection (element-wise minimum)"]
        for row in trace.intersection.rows[:8]:
            values = " , ".join(f"{v:.2f}" for v in row.memberships)
            lines.append(f"    min({values}) = {row.minimum:.2f}  {row.entity.label}")
        for number, hop in enumerate(trace.intersection.hops, 1):
            lines += _hop(hop, number)
    if not used and trace.mentions:
        lines += [
            "",
            "  words that could be names: "
            + ", ".join(f"{m.text!r} {m.score:.2f}" for m in trace.mentions),
        ]
    times = ", ".join(f"{name} {value:.1f}" for name, value in trace.timings.items())
    return "\n".join([*lines, "", f"  ms: {times}"])
