"""The whole build: files in, a graph folder out."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import files
from kgqa.errors import FileError, GraphError
from kgqa.graph import folder as folders
from kgqa.graph.description import Description
from kgqa.graph.importer.progress import Bar, Progress
from kgqa.graph.relation import relation_of

if TYPE_CHECKING:
    from kgqa.graph.importer.tables import Tables

MEMORY = "2GB"  # of DuckDB


def build(
    triples: str | Path,
    folder: str | Path,
    *,
    entities: str | Path | None = None,
    numbers: str | Path | None = None,
    name: str | None = None,
    part_names: bool = False,
    memory: str = MEMORY,
    threads: int | None = None,
    bar: Bar = lambda stage, share: None,
) -> str:
    """Build the graph of a file of triples (of entities, numbers); returns the fingerprint.

    Args:
        triples: ``.tsv`` (head, relation, tail) or ``.nt`` (N-Triples), plain or ``.gz``.
        folder: where the graph is written; another graph there stays until the new one is whole.
        entities: ``.tsv`` (id, label[, description[, kind]]), plain or ``.gz``. Without it every
            id of the triples is an entity; its label is from N-Triples, or its id in words.
        numbers: ``.tsv`` (id, attribute, value), plain or ``.gz`` (``kgqa.graph.importer.values``).
        part_names: let some of a label's words name its entity, too ("Obama").
        memory: limit of DuckDB, such as "2GB"; about 40 bytes an entity come on top.

    Raises:
        GraphError: naming file and line numbers, for malformed lines, ids that are not listed, and
            numbers that are there twice.
    """
    try:
        import duckdb

        from kgqa.graph.importer.tables import Tables
        from kgqa.graph.importer.values import read_numbers
    except ImportError as error:
        raise GraphError(
            f"Building a graph from files needs the package {error.name}: "
            "pip install -r requirements-train.txt"
        ) from None
    triples = Path(triples)
    with files.replacing(folder, instead_of="*.npy") as new:
        work = new / "work"
        work.mkdir()
        try:
            database, told = work / "tables.duckdb", Progress(bar)
            tables = Tables(database, triples, memory=memory, threads=threads, progress=told)
            with closing(tables):
                tables.read_triples()
                if entities is not None:
                    tables.read_entities(Path(entities))
                tables.number_entities(listed=entities is not None)
                units = read_numbers(tables, Path(numbers)) if numbers is not None else {}
                name = name or triples.name.split(".")[0]
                description = _write(tables, new, name, units, part_names=part_names)
        except duckdb.Error as error:  # of a full disk, or of too little memory
            raise FileError(
                f"{files.name_of(folder)} could not be built: {files.reason(error)}. What was "
                "there before is unchanged."
            ) from None
        shutil.rmtree(work)
        return folders.seal(new, description)


def build_tables(data: str | Path, folder: str | Path, **options) -> str:
    """Build the graph of ``triples.tsv``, ``entities.tsv`` and, if it is there, ``numbers.tsv``.

    They lie in the folder ``data``, plain or with ``.gz`` at the end. Options, result and errors
    are those of :func:`build`.
    """
    data = Path(data)
    options.setdefault("name", data.resolve().name)
    entities = _plain_or_gz(data / "entities.tsv")
    numbers = _plain_or_gz(data / "numbers.tsv")
    if numbers.exists():
        options.setdefault("numbers", numbers)
    return build(_plain_or_gz(data / "triples.tsv"), folder, entities=entities, **options)


def _write(
    tables: Tables, folder: Path, name: str, units: dict[str, str], *, part_names: bool
) -> Description:
    """Write all arrays; ``units`` are those of attributes."""
    from kgqa.graph.importer import facts, words

    bits = tables.number_edges()
    edges = facts.write_edges(tables, folder, bits)
    facts.write_numbers(tables, folder)
    entities = words.write_entities(tables, folder, edges.degree, part_names=part_names)
    if len(entities.kinds) > 256:
        raise GraphError(
            f"The table of entities has {len(entities.kinds)} kinds; a graph can keep at most 256."
        )
    pairs = words.write_aliases(tables, folder, entities.aliases)
    words.write_words(tables, folder)
    relations = tables.db.execute("SELECT id, literal FROM relations ORDER BY r").fetchall()
    return Description(
        name=name,
        entities=tables.count("entities"),
        triples=int(edges.triples.sum()),
        edges=edges.edges,
        aliases=pairs,
        kinds=entities.kinds,
        relations=tuple(
            replace(relation_of(id_), literal=literal, unit=units.get(id_, ""), triples=int(n))
            for (id_, literal), n in zip(relations, edges.triples, strict=True)
        ),
    )


def _plain_or_gz(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    return packed if packed.is_file() and not path.is_file() else path
