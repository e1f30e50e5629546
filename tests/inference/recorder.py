"""Record traces, so that a restructuring can prove that it changed no answer.

    python -m tests.inference.recorder tests/inference/recorded.jsonl

reads the questions and edits of a recording and writes what the committed checkpoint says now. Do
that only where answers are meant to change: with a new checkpoint or a new graph.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from kgqa import Pipeline
from kgqa.edits import Edits
from kgqa.trace import EntityWeight, Hop, Trace

RECORDING = Path(__file__).with_name("recorded.jsonl")
ANSWERS, CANDIDATES, ENTITIES, ROWS = 20, 3, 8, 8  # recorded of each list, the heaviest first


def essence(trace: Trace) -> dict:
    """What must not change: outcome, answers and their facts, mentions, hops, intersection."""
    joint = trace.intersection
    return {
        "outcome": trace.outcome,
        "notes": list(trace.notes),
        "confidence": trace.confidence,
        "excluded": trace.excluded,
        "count": len(trace.answers),
        "answers": [
            [
                a.entity.id,
                a.score,
                a.membership,
                [[f.head.id, f.relation, f.tail.id] for p in a.paths[:2] for f in p.facts],
            ]
            for a in trace.answers[:ANSWERS]
        ],
        "mentions": [
            [
                m.start,
                m.end,
                m.score,
                m.used,
                [[c.entity.id, c.score] for c in m.candidates[: CANDIDATES if m.used else 1]],
            ]
            for m in trace.mentions
        ],
        "branches": [
            [b.mention, _weights(b.seeds), list(map(_hop, b.hops)), list(b.stop), b.reached]
            for b in trace.branches
        ],
        "intersection": joint
        and [
            [[r.entity.id, list(r.memberships), r.minimum] for r in joint.rows[:ROWS]],
            joint.omitted,
            list(map(_hop, joint.hops)),
            list(joint.stop),
        ],
        **_operators(trace),
    }


def _operators(trace: Trace) -> dict:
    """What only traces with operators have."""
    value, branches = trace.value, trace.branches
    found = {
        "value": value and [value.kind, value.number, value.unit, value.text, value.score],
        "united": trace.united and trace.edits.intersect,
        "negated": [i for i, b in enumerate(branches) if b.negated],
        "stands_for": [[i, b.stands_for] for i, b in enumerate(branches) if b.stands_for],
        "compared": [
            [c.entity.id, c.number, c.kept] for b in branches for h in b.hops for c in h.compared
        ],
    }
    return {k: v for k, v in found.items() if v}


def _hop(hop: Hop) -> list:
    relations = [[r.id, r.weight] for r in hop.relations if r.weight >= 0.02]
    return [relations, _weights(hop.entities), hop.omitted, hop.dropped]


def _weights(entities: tuple[EntityWeight, ...]) -> list:
    return [[e.entity.id, e.membership] for e in entities[:ENTITIES]]


def read(path: Path = RECORDING) -> list[dict]:
    """Rows of question, edits and essence."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, rows: list[dict]) -> None:
    lines = (json.dumps(_rounded(row), separators=(",", ":")) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def _rounded(value):
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, (list, tuple)) else value


def main(path: Path) -> None:
    os.environ["KGQA_FLOAT32"] = "1"  # the same on every processor
    pipeline = Pipeline.load("checkpoints/films", device="cpu")
    rows = []
    for row in read(path):
        trace = pipeline.answer(row["question"], edits=Edits.read(row["edits"]))
        rows.append({**row, "trace": essence(trace)})
    write(path, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
