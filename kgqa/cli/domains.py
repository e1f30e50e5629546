"""``domains``: invented graphs of many fields with questions, for training across graphs."""

from __future__ import annotations

import argparse
from pathlib import Path

from kgqa.cli.common import GRAPH, Commands, add_command, count
from kgqa.text import printable

PER_KIND = 8  # questions of each kind over a copy of the default graph


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "domains",
        "Write invented graphs of many fields with questions, to train for graphs never seen.",
        run,
        "--out runs/domains --graphs 200",
        "--check my-schema.txt",
    )
    parser.add_argument("--out", default="runs/domains", metavar="DIR")
    text = "of all fields in turn; default 200"
    parser.add_argument("--graphs", type=count, default=200, metavar="N", help=text)
    text = "of the first graph of each field; the second has the next, and so on"
    parser.add_argument("--seed", type=count, default=0, help=text)
    text = "questions for each direction of a relation; default 60"
    parser.add_argument("--per-relation", type=count, default=60, metavar="N", help=text)
    text = "questions of a graph, at least; default 400"
    parser.add_argument("--fewest", type=count, default=400, metavar="N", help=text)
    text = "fields to take; default: all"
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help=text)
    text = "copies of the default graph without classes and under other names, beside them"
    parser.add_argument("--cuts", type=count, default=0, metavar="N", help=text)
    text = "read a schema, say what is wrong with it, and write nothing"
    parser.add_argument("--check", nargs="+", metavar="FILE", help=text)


def run(options: argparse.Namespace) -> int:
    """Write folders, or check schemas."""
    from kgqa.domains import read_domain
    from kgqa.domains.write import graphs, write_graph

    for path in options.check or ():
        domain = read_domain(path)
        sizes = [len(domain.graph(seed).tables.entities) for seed in range(20)]
        print(
            f"{printable(path)}: {len(domain.kinds)} kinds, {len(domain.relations)} relations, "
            f"{len(domain.attributes)} attributes; graphs of {min(sizes)} to {max(sizes)} entities"
        )
    if options.check:
        return 0
    out = Path(options.out)
    for made in graphs(options.graphs, options.seed, only=tuple(options.only)):
        folder = write_graph(
            made,
            out,
            seed=options.seed,
            per_relation=options.per_relation,
            fewest=options.fewest,
        )
        print(
            f"{printable(out)}/{folder.name}: {folder.entities:,} entities, "
            f"{folder.triples:,} triples, {folder.train:,} questions and {folder.dev:,} for dev",
            flush=True,
        )
    if options.cuts:
        _cut(out, options.cuts, options.seed)
    return 0


def _cut(out: Path, cuts: int, seed: int) -> None:
    """Write copies of the default graph with their questions."""
    from kgqa.films.cuts import cut_questions, write_cut
    from kgqa.graph import Graph

    graph = Graph.load(GRAPH)
    for number in range(seed, seed + cuts):
        rows = cut_questions(graph, number, PER_KIND)
        written = write_cut(rows, out / f"films-cut-{number}", number)
        print(f"{printable(out)}/films-cut-{number}: {written:,} questions", flush=True)
