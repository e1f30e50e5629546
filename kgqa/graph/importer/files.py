"""From files of any kind to a graph: unpack, recognise, convert, build.

    build_files(["suppliers.csv", "orders.csv"], "runs/firm")

Files of statements (RDF) become one file of N-Triples, all others a folder of tables. A file that
the build reads as it is (N-Triples, or tab-separated facts) takes no detour.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from kgqa.errors import GraphError
from kgqa.files import name_of
from kgqa.graph.importer import delimited, graphml
from kgqa.graph.importer.build import MEMORY, build, build_tables
from kgqa.graph.importer.parts import Format, ImportOptions, Part
from kgqa.graph.importer.progress import Bar
from kgqa.graph.importer.reading import Sheet
from kgqa.graph.importer.recognise import recognise
from kgqa.graph.importer.unpack import unpack
from kgqa.graph.notes import Notes
from kgqa.text import plain


def build_files(
    paths: Sequence[str | Path],
    folder: str | Path,
    *,
    options: ImportOptions = ImportOptions(),
    name: str | None = None,
    part_names: bool = False,
    memory: str = MEMORY,
    threads: int | None = None,
    bar: Bar = lambda stage, share: None,
) -> str:
    """Build the graph of files that belong together; returns the fingerprint.

    Args:
        paths: files, archives or folders of them. Their formats are known by their content.
        folder: where the graph is written; another graph there stays until the new one is whole.
        options: languages, kinds to keep, whether malformed lines are skipped.
        name: of the graph; by default that of the one file, or of the folder of several.
        part_names, memory, threads, bar: as for ``build``.

    Raises:
        GraphError: for files that are of no known format, malformed (with the line), or of kinds
            that are not read together.
    """
    if not paths:
        raise GraphError("No files were given to build a graph from.")
    name = name or _name(paths)
    target = Path(folder)
    near = target.parent if target.parent.is_dir() else None
    settings = {"name": name, "part_names": part_names, "memory": memory, "threads": threads}
    with tempfile.TemporaryDirectory(dir=near, prefix=".import-") as made:
        work, notes = Path(made), Notes()
        bar("reading files", 0.0)
        parts = _recognised(paths, work / "unpacked", options, notes)
        source, read = _converted(parts, work, options, notes, bar)
        bar("reading files", 1.0)
        called = parts[0].name if len(parts) == 1 else ""
        told = {"read": read, "notes": notes.found, "options": options, "called": called}
        return _built(source, folder, **settings, **told, bar=bar)


def _built(source: dict[str, Path] | Path, folder: str | Path, **settings: Any) -> str:
    """Build from files, or from a folder of tables; one of facts alone lists no entities."""
    if isinstance(source, Path):
        if (source / "entities.tsv").exists():
            return build_tables(source, folder, **settings)
        tables = {what: source / f"{what}.tsv" for what in ("triples", "numbers", "relations")}
        source = {what: path for what, path in tables.items() if path.exists()}
    return build(source.pop("triples"), folder, **{**source, **settings})


def _recognised(
    paths: Sequence[str | Path], folder: Path, options: ImportOptions, notes: Notes
) -> list[Part]:
    """The files with their formats; what else lies in a folder or an archive is counted."""
    given = {Path(path).name for path in paths if Path(path).is_file()}
    parts, refused = [], []
    for part in unpack(paths, folder, largest=options.largest):
        try:
            found = recognise(part)
            if found is Format.DELIMITED and part.name not in given:
                _refuse_prose(part)
            parts.append(replace(part, format=found))
        except GraphError as error:
            if part.name in given:
                raise
            refused.append(error)
            notes.add("files that are no part of a graph", part.name)
    if not parts:
        raise refused[0]
    return parts


def _refuse_prose(part: Part) -> None:
    """Raise :class:`GraphError` for text without columns that lies in an archive: a README."""
    sheet = Sheet.of(part, Notes())
    named = PurePath(part.name).suffix.lower() in (".csv", ".tsv", ".tab")
    if not named and [len(row) == sheet.width for row in sheet.sample].count(False):
        raise GraphError(f"{part.name} is text whose lines have no columns.")


def _converted(
    parts: list[Part], work: Path, options: ImportOptions, notes: Notes, bar: Bar
) -> tuple[dict[str, Path] | Path, list[str]]:
    """({what: file} or the folder of tables to build from, what each file was read as)."""
    formats = [part.format for part in parts if part.format is not None]
    rdf = [format for format in formats if format.is_rdf]
    if rdf and len(rdf) < len(formats):
        raise _mixed(parts, "statements (RDF)", lambda format: format.is_rdf)
    if rdf:
        from kgqa.graph.importer.rdf import to_ntriples

        path = to_ntriples(parts, work / "statements.nt", options, notes, bar=bar)
        return {"triples": path}, [f"{plain(part.name)}: {part.format}" for part in parts]
    if len(set(formats)) > 1:
        raise _mixed(parts, "GraphML", lambda format: format is Format.GRAPHML)
    if Format.GRAPHML not in formats and not (options.skip_malformed or options.classes):
        native = delimited.native(parts, notes)
        if native is not None:
            shapes = {path: what for what, path in native.items()}
            read = [f"{plain(part.name)}: tab-separated {shapes[part.path]}" for part in parts]
            return dict(native), read
    tables = work / "tables"
    tables.mkdir()
    reader = graphml if Format.GRAPHML in formats else delimited
    return tables, [plain(line) for line in reader.write_tables(parts, tables, options, notes)]


def _mixed(parts: Sequence[Part], what: str, is_it) -> GraphError:
    """The error for files that are not read together."""
    one = next(part for part in parts if part.format is not None and is_it(part.format))
    other = next(part for part in parts if part.format is not None and not is_it(part.format))
    return GraphError(
        f"{one.name} is {what}, and {other.name} is {other.format}: they are not read as one "
        "graph. Convert one of them, or build a graph of each."
    )


def _name(paths: Sequence[str | Path]) -> str:
    """The name of a graph of these files."""
    whole = [Path(path).resolve() for path in paths]
    one = whole[0] if len({path.parent for path in whole}) > 1 or len(whole) == 1 else None
    name = PurePath(one or whole[0].parent).name
    return name_of(name.split(".")[0] or name or "graph")
