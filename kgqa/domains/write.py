"""Folders of invented graphs with their questions, in the layout of the public benchmarks.

    DIR/school-0/  entities.tsv triples.tsv numbers.tsv relations.tsv names.tsv wordings.txt
                   train.jsonl dev.jsonl

``kgqa.graph.importer.build_tables`` makes a graph of a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kgqa import files, questions
from kgqa.domains.generate import DomainGraph
from kgqa.domains.reader import domains
from kgqa.errors import DataError
from kgqa.writer import write_questions, write_wordings
from kgqa.writer.write import FEWEST

PER_RELATION = 60  #: questions for each direction of a relation


@dataclass(frozen=True)
class Folder:
    """A folder that was written."""

    name: str
    entities: int
    triples: int
    train: int  #: questions
    dev: int


def graphs(count: int, seed: int, *, only: tuple[str, ...] = ()) -> Iterator[DomainGraph]:
    """``count`` graphs of all domains in turn, or of those named; each has a seed of its own.

    Raises :class:`DataError` for a domain that there is not.
    """
    every = domains()
    if unknown := set(only) - {domain.name for domain in every}:
        raise DataError(f"There is no domain {min(unknown)!r}.")
    chosen = [domain for domain in every if not only or domain.name in only]
    for turn in range(count):
        yield chosen[turn % len(chosen)].graph(seed + turn // len(chosen))


def write_graph(
    made: DomainGraph,
    out: Path,
    *,
    seed: int = 0,
    per_relation: int = PER_RELATION,
    fewest: int = FEWEST,
) -> Folder:
    """Write the folder of a graph below ``out``, whole or not at all."""
    written = write_questions(
        made.graph,
        made.wordings,
        per_relation=per_relation,
        fewest=fewest,
        seed=seed,
        missing=made.missing,
    )
    with files.replacing(out / made.name) as new:
        made.tables.write(new)
        write_wordings(new / "wordings.txt", made.wordings)
        questions.write(new / "train.jsonl", written.train)
        questions.write(new / "dev.jsonl", written.dev)
    return Folder(
        made.name,
        len(made.tables.entities),
        made.graph.num_triples,
        len(written.train),
        len(written.dev),
    )
