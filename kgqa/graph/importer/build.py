"""The whole build: files in, a graph folder out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import files
from kgqa.errors import FileError, GraphError
from kgqa.graph import folder as folders
from kgqa.graph.description import Description
from kgqa.graph.importer.parts import ImportOptions, too_many
from kgqa.graph.importer.progress import Bar, Progress
from kgqa.graph.notes import Note
from kgqa.graph.relation import Relation, relation_of

if TYPE_CHECKING:
    from kgqa.graph.importer.tables import Tables
    from kgqa.graph.importer.wordings import RelationWords

MEMORY = "2GB"  # of DuckDB


def build(
    triples: str | Path,
    folder: str | Path,
    *,
    entities: str | Path | None = None,
    numbers: str | Path | None = None,
    relations: str | Path | None = None,
    names: str | Path | None = None,
    name: str | None = None,
    part_names: bool = False,
    memory: str = MEMORY,
    threads: int | None = None,
    options: ImportOptions = ImportOptions(),
    called: str = "",
    read: Sequence[str] = (),
    notes: Sequence[Note] = (),
    bar: Bar = lambda stage, share: None,
) -> str:
    """Build the graph of a file of triples (of entities, numbers); returns the fingerprint.

    Args:
        triples: ``.tsv`` (head, relation, tail) or ``.nt`` (N-Triples), plain or ``.gz``.
        folder: where the graph is written; another graph there stays until the new one is whole.
        entities: ``.tsv`` (id, label[, description[, kind]]), plain or ``.gz``. Without it every
            id of the triples is an entity; its label is from N-Triples, or its id in words.
        numbers: ``.tsv`` (id, attribute, value), plain or ``.gz`` (``kgqa.graph.importer.values``).
        relations, names: ``.tsv`` of their words (``kgqa.graph.importer.wordings``).
        part_names: let some of a label's words name its entity, too ("Obama").
        options, called: what a person decides, and what errors call the file of triples.
        read, notes: what files were recognised as, and what was left out, for ``graph.json``.
        memory: limit of DuckDB, such as "2GB"; about 40 bytes an entity come on top.

    Raises :class:`GraphError`, with file and line, for what is malformed, unknown or repeated.
    """
    try:
        import duckdb

        from kgqa.graph.importer.tables import Tables
    except ModuleNotFoundError as error:
        raise GraphError(
            f"Building a graph from files needs the package {error.name}: "
            "pip install -r requirements.txt"
        ) from None
    with files.replacing(folder, instead_of="*.npy") as new:
        (work := new / "work").mkdir()
        try:
            at, told = work / "tables.duckdb", Progress(bar)
            tables = Tables(at, Path(triples), memory=memory, threads=threads, progress=told)
            with closing(tables):
                units, words = _read(tables, options, called, entities, names, numbers, relations)
                name = name or Path(triples).name.split(".")[0]
                description = _write(tables, new, name, units, words, part_names=part_names)
                left_out = (*notes, *tables.notes.found)
        except duckdb.Error as error:  # of a full disk, or of too little memory
            raise FileError(
                f"{files.name_of(folder)} could not be built: {files.reason(error)}. What was "
                "there before is unchanged."
            ) from None
        shutil.rmtree(work)
        return folders.seal(new, replace(description, read=tuple(read), notes=left_out))


def build_tables(data: str | Path, folder: str | Path, **options) -> str:
    """Build the graph of ``triples.tsv`` and ``entities.tsv``.

    They lie in the folder ``data``, plain or with ``.gz`` at the end, and perhaps ``numbers.tsv``,
    ``relations.tsv`` and ``names.tsv``. Options, result and errors are those of :func:`build`.
    """
    data = Path(data)
    options.setdefault("name", data.resolve().name)
    entities = _plain_or_gz(data / "entities.tsv")
    for more in ("numbers", "relations", "names"):
        path = _plain_or_gz(data / f"{more}.tsv")
        if path.exists():
            options.setdefault(more, path)
    return build(_plain_or_gz(data / "triples.tsv"), folder, entities=entities, **options)


def _read(
    tables: Tables,
    options: ImportOptions,
    called: str,
    entities: str | Path | None,
    names: str | Path | None,
    numbers: str | Path | None,
    relations: str | Path | None,
) -> tuple[dict[str, str], dict[str, RelationWords]]:
    """Read the files that there are; returns units of attributes, and words of relations."""
    from kgqa.graph.importer.statements import read_statements
    from kgqa.graph.importer.values import read_numbers
    from kgqa.graph.importer.wordings import read_names, read_relations

    tables.called, tables.skip = called or tables.called, options.skip_malformed
    tables.read_triples()
    most = options.most_triples
    if most is not None and tables.count("raw") > most:
        raise too_many(tables.called, most)
    told = read_statements(tables, options) if tables.ntriples else tables.say_nothing()
    if entities is not None:
        tables.read_entities(Path(entities))
    tables.number_entities(listed=entities is not None)
    if names is not None:
        read_names(tables, Path(names))
    units = read_numbers(tables, Path(numbers)) if numbers is not None else {}
    return units, told | (read_relations(Path(relations)) if relations is not None else {})


def _write(
    tables: Tables,
    folder: Path,
    name: str,
    units: dict[str, str],
    told: dict[str, RelationWords],
    *,
    part_names: bool,
) -> Description:
    """Write all arrays; ``units`` are those of attributes, ``told`` the words of relations."""
    from kgqa.graph.importer import facts, literals, words

    bits = tables.number_edges()
    units = units | literals.number_literals(tables)
    edges = facts.write_edges(tables, folder, bits)
    facts.write_numbers(tables, folder)
    entities = words.write_entities(tables, folder, edges.degree, part_names=part_names)
    if len(entities.kinds) > 256:
        raise GraphError(
            f"The table of entities has {len(entities.kinds)} kinds; a graph can keep at most 256."
        )
    tables.count_unnamed()
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
            replace(_relation(id_, told, units), literal=literal, triples=int(n))
            for (id_, literal), n in zip(relations, edges.triples, strict=True)
        ),
    )


def _relation(id_: str, told: dict[str, RelationWords], units: dict[str, str]) -> Relation:
    """A relation in the words that the source gives, else in those of its id."""
    relation = told[id_].of(id_) if id_ in told else relation_of(id_)
    return replace(relation, unit=units.get(id_) or relation.unit)


def _plain_or_gz(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    return packed if packed.is_file() and not path.is_file() else path
