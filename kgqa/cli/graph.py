"""``graph``: build a graph, show what one holds, or let a checkpoint adopt one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa.cli.common import CHECKPOINT, GRAPH, Commands, add_command, add_verify
from kgqa.errors import DataError
from kgqa.text import plain, printable

if TYPE_CHECKING:
    from kgqa.graph import Graph


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "graph",
        "Build a graph, or show what one holds.",
        run,
        f"build --out {GRAPH}",
        "build suppliers.csv products.csv orders.csv --out runs/firm",
        "build --triples facts.nt.gz --out runs/facts",
    )
    text = "adopt: let a checkpoint use a graph that has changed"
    parser.add_argument("action", choices=["build", "info", "adopt"], help=text)
    text = (
        "build: files that make one graph, whatever their format: RDF (N-Triples, Turtle, "
        "N-Quads, TriG, RDF/XML, JSON-LD), CSV and the like (facts, tables, exports of Neo4j and "
        "Neptune) or GraphML; plain, .gz, .bz2, .zst or .zip"
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=text)
    text = "folder of the checkpoint that adopts the graph --out"
    parser.add_argument("--checkpoint", default=CHECKPOINT, help=text)
    text = f"folder to write (build) or to read (info); default {GRAPH}"
    parser.add_argument("--out", help=text)
    text = "with FILE: leave out lines that cannot be read, and count them"
    parser.add_argument("--skip-malformed", action="store_true", help=text)
    text = "with FILE: keep facts that serve bookkeeping, such as ids of other catalogues"
    parser.add_argument("--keep-bookkeeping", action="store_true", help=text)
    text = "with FILE: of names and descriptions, such as de; default en"
    parser.add_argument("--language", default="en", metavar="LL", help=text)
    text = "with FILE: leave out names and texts in other languages than these"
    parser.add_argument("--languages", nargs="+", default=[], metavar="LL", help=text)
    text = "with FILE: keep the entities of these kinds alone"
    parser.add_argument("--class", nargs="+", default=[], dest="classes", metavar="NAME", help=text)
    parser.add_argument(
        "--tables",
        metavar="DIR",
        help="build from DIR/entities.tsv, DIR/triples.tsv and, if there is one, DIR/numbers.tsv "
        "(or .tsv.gz) instead of the default sources",
    )
    text = "build from one file, however large: .tsv or .nt (N-Triples), plain or .gz"
    parser.add_argument("--triples", metavar="FILE", help=text)
    text = "with --triples: .tsv of id, label, description, kind; plain or .gz"
    parser.add_argument("--entities", metavar="FILE", help=text)
    text = "with --triples: .tsv of id, attribute, value (a number or a date); plain or .gz"
    parser.add_argument("--numbers", metavar="FILE", help=text)
    text = "limit of the database that sorts; default 2GB"
    parser.add_argument("--memory", default="2GB", help=text)
    add_verify(parser)


def run(options: argparse.Namespace) -> int:
    """Build, show or adopt."""
    from kgqa.graph import Graph

    if options.files and (options.action != "build" or not options.out):
        raise DataError(
            "Say where the graph of these files is written: kgqa graph build FILE --out FOLDER."
        )
    options.out = options.out or GRAPH
    if options.action == "adopt":
        from kgqa.checkpoint import adopt

        fingerprint = adopt(options.checkpoint, Graph.load(options.out))
        print(printable(f"{options.checkpoint} now uses graph {fingerprint}"))
        return 0
    if options.action == "build":
        files = options.files or options.tables or options.triples
        fingerprint = _from_files(options) if files else _default(options)
        print(printable(f"built {options.out}, fingerprint {fingerprint}"))
    _show(Graph.load(options.out, verify=options.verify), Path(options.out))
    return 0


def _default(options: argparse.Namespace) -> str:
    """Build the default graph, and say which hand-written rows it did not take."""
    from kgqa.films.build import build

    fingerprint, refused = build(options.out)
    for row in refused:
        print(f"refused: {row.table}: {row.row}: {row.why}")
    return fingerprint


def _from_files(options: argparse.Namespace) -> str:
    """Build from files, from a folder of tables or from a file of triples."""
    from kgqa.graph.importer import ImportOptions, build, build_files, build_tables

    if sum(map(bool, (options.files, options.triples, options.tables))) > 1:
        raise DataError("Give files, --tables DIR or --triples FILE, one of these.")
    with _Bar() as bar:
        if options.files:
            chosen = ImportOptions(
                skip_malformed=options.skip_malformed,
                keep_bookkeeping=options.keep_bookkeeping,
                language=options.language,
                classes=tuple(options.classes),
                languages=tuple(options.languages),
            )
            return build_files(
                options.files, options.out, options=chosen, memory=options.memory, bar=bar
            )
        if options.tables:
            return build_tables(options.tables, options.out, memory=options.memory, bar=bar)
        return build(
            options.triples,
            options.out,
            entities=options.entities,
            numbers=options.numbers,
            memory=options.memory,
            bar=bar,
        )


class _Bar:
    """A progress bar for each stage, where standard error is a terminal."""

    def __enter__(self) -> _Bar:
        from tqdm import tqdm

        self._tqdm, self._stage, self._bar = tqdm, "", tqdm(disable=True)
        return self

    def __call__(self, stage: str, share: float) -> None:
        if stage != self._stage:
            self._bar.close()
            layout = "{desc:<22}{percentage:3.0f}%|{bar:30}| {elapsed}<{remaining}"
            self._stage = stage
            self._bar = self._tqdm(total=1000, desc=plain(stage), bar_format=layout, disable=None)
        self._bar.update(max(0, round(1000 * share) - self._bar.n))

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _show(graph: Graph, folder: Path) -> None:
    import numpy as np

    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    entities, triples = f"{graph.num_entities:,} entities", f"{graph.num_triples:,} triples"
    print(f"{plain(graph.name)}: {entities}, {triples}, {size:.1f} MB")
    counts = np.bincount(graph.kind, minlength=len(graph.kinds)).tolist()
    kinds = sorted(zip(counts, graph.kinds, strict=True), reverse=True)
    print("  " + ", ".join(f"{n:,} {plain(kind)}" for n, kind in kinds))
    for file in graph.read:
        print(f"  read {plain(file)}")
    for note in graph.notes:
        print(f"  note: {plain(note, 400)}")
    for relation in graph.relations:
        inverse = "(literal)" if relation.literal else f"/ {plain(relation.inverse)}"
        print(f"  {relation.triples:>9,}  {plain(relation.id)}  {inverse}")
