"""``graph`` and ``data``: build and show graphs, write questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kgqa import questions
from kgqa.errors import DataError
from kgqa.films.writer import Writer
from kgqa.graph import Graph


def graph(options) -> int:
    if options.action == "adopt":
        from kgqa.checkpoint import adopt

        print(
            f"{options.checkpoint} now uses graph {adopt(options.checkpoint, Graph.load(options.out))}"
        )
        return 0
    if options.action == "build":
        if options.tables or options.triples:
            fingerprint, refused = _from_files(options), []
        else:
            from kgqa.films.build import build

            fingerprint, refused = build(options.out)
        for row in refused:
            print(f"refused: {row.table}: {row.row}: {row.why}")
        print(f"built {options.out}, fingerprint {fingerprint}")
    found = Graph.load(options.out)
    size = sum(f.stat().st_size for f in Path(options.out).iterdir())
    print(
        f"{found.name}: {found.num_entities:,} entities, {found.num_triples:,} triples, {size / 1e6:.1f} MB"
    )
    counts = np.bincount(found.kind, minlength=len(found.kinds)).tolist()
    print(
        "  "
        + ", ".join(
            f"{n:,} {kind}"
            for n, kind in sorted(zip(counts, found.kinds, strict=True), reverse=True)
        )
    )
    for relation in found.relations:
        print(
            f"  {relation.triples:>9,}  {relation.id}"
            + ("  (literal)" if relation.literal else f"  / {relation.inverse}")
        )
    return 0


def _from_files(options) -> str:
    """Build from a folder of tables or from a file of triples."""
    from kgqa.graph.importer import build, build_tables

    if options.triples and options.tables:
        raise DataError("Give --tables DIR or --triples FILE, not both.")
    with _Bar() as bar:
        if options.tables:
            return build_tables(options.tables, options.out, memory=options.memory, bar=bar)
        return build(
            options.triples, options.out, entities=options.entities, memory=options.memory, bar=bar
        )


class _Bar:
    """One progress bar a stage, on standard error."""

    def __enter__(self):
        from tqdm import tqdm

        self._make, self._stage, self._bar = tqdm, None, None
        return self

    def __call__(self, stage: str, share: float) -> None:
        if stage != self._stage:
            self._close()
            layout = "{desc:<22}{percentage:3.0f}%|{bar:30}| {elapsed}<{remaining}"
            self._stage, self._bar = (
                stage,
                self._make(
                    total=1000,
                    desc=stage,
                    bar_format=layout,
                    disable=None,  # shown on a terminal
                ),
            )
        self._bar.update(max(0, round(1000 * share) - self._bar.n))

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def __exit__(self, *_) -> None:
        self._close()


def data(options) -> int:
    write(options.graph, options.out, options.per_kind, options.per_kind_held_out, options.seed)
    return 0


def write(
    graph_folder: str,
    out: str,
    per_kind: int = 150,
    held_out: int = 12,
    seed: int = 1,
    splits=("train", "dev", "test"),
) -> None:
    """Write the questions of the default graph."""
    writer = Writer(Graph.load(graph_folder))
    for split in splits:
        found = writer.write(split, per_kind if split == "train" else held_out, seed)
        questions.write(Path(out) / f"{split}.jsonl", found)
        print(f"{split}: {len(found):,} questions in {out}/{split}.jsonl", flush=True)
