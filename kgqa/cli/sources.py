"""``graph`` and ``data``: build and show graphs, write questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kgqa.data import questions
from kgqa.data.writer import Writer
from kgqa.graph import Graph
from kgqa.graph.build import from_tables


def graph(options) -> int:
    if options.action == "adopt":
        from kgqa.model.checkpoint import adopt

        print(f"{options.checkpoint} now uses graph {adopt(options.checkpoint, Graph.load(options.out))}")
        return 0
    if options.action == "build":
        if options.tables:
            fingerprint, refused = from_tables(options.tables).write(options.out), []
        else:
            from kgqa.graph.default import build

            fingerprint, refused = build(options.out)
        for row in refused:
            print(f"refused: {row.table}: {row.row}: {row.why}")
        print(f"built {options.out}, fingerprint {fingerprint}")
    found = Graph.load(options.out)
    size = sum(f.stat().st_size for f in Path(options.out).iterdir())
    print(f"{found.name}: {found.num_entities:,} entities, {found.num_triples:,} triples, {size / 1e6:.1f} MB")
    counts = np.bincount(found.kind, minlength=len(found.kinds)).tolist()
    print("  " + ", ".join(f"{n:,} {kind}" for n, kind in sorted(zip(counts, found.kinds, strict=True), reverse=True)))
    for relation in found.relations:
        print(
            f"  {relation['triples']:>9,}  {relation['id']}"
            + ("  (literal)" if relation["literal"] else f"  / {relation['inverse']}")
        )
    return 0


def data(options) -> int:
    write(options.graph, options.out, options.per_kind, options.per_kind_held_out, options.seed)
    return 0


def write(
    graph_folder: str, out: str, per_kind: int = 150, held_out: int = 12, seed: int = 1, splits=("train", "dev", "test")
) -> None:
    """Write the questions of the default graph."""
    writer = Writer(Graph.load(graph_folder))
    for split in splits:
        found = writer.write(split, per_kind if split == "train" else held_out, seed)
        questions.write(Path(out) / f"{split}.jsonl", found)
        print(f"{split}: {len(found):,} questions in {out}/{split}.jsonl", flush=True)
