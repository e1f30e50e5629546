"""Files of RDF, whatever their syntax, as one file of N-Triples, which the build reads.

    N-Triples                      left as it is if it is the only file
    N-Quads                        line by line
    Turtle, TriG                   by pyoxigraph, statement by statement
    RDF/XML, JSON-LD               by pyoxigraph, once what is unsafe in them is refused

Names of graphs are left out, as are statements about statements (RDF-star). Blank nodes of several
files are kept apart. With ``skip_malformed``, reading goes on after a malformed statement, except
in RDF/XML and JSON-LD, in which the rest has no meaning without it.
"""

from __future__ import annotations

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TextIO
from urllib.parse import quote

import pyoxigraph as ox

from kgqa.errors import GraphError
from kgqa.graph.importer import lines, unpack
from kgqa.graph.importer.jsonld import local_json
from kgqa.graph.importer.markup import check_xml
from kgqa.graph.importer.parts import Format, ImportOptions, Part, too_many
from kgqa.graph.importer.progress import Bar
from kgqa.graph.notes import Notes
from kgqa.text import plain

MALFORMED = "statements that could not be read"  #: what notes call them
_NAMED = "statements in named graphs, whose names are left out"
_ABOUT_STATEMENTS = "statements about statements"
_TOO_LONG = "statements of more than 16 MiB"
_GROWTH = 50  # times what files may have is what their statements, written out, may have
_FORMATS = {
    Format.TURTLE: ox.RdfFormat.TURTLE,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.RDFXML: ox.RdfFormat.RDF_XML,
    Format.JSONLD: ox.RdfFormat.JSON_LD,
}
#: After an error, the next statement is found by its dot.
_RESUMES = (Format.TURTLE, Format.TRIG)
_DIRECTION = re.compile(r"(?<=[a-z0-9])--(?:ltr|rtl)$")
_TOLD = 2**16  # statements between two reports


def to_ntriples(
    parts: Sequence[Part],
    target: Path,
    options: ImportOptions,
    notes: Notes,
    *,
    bar: Bar = lambda stage, share: None,
) -> Path:
    """Write the statements of files whose format is known; returns the file to build from.

    That is ``target``, or a single file of N-Triples itself, which is not copied.

    Raises:
        GraphError: with file, line and column, for what is malformed, unsafe or too large.
    """
    if len(parts) == 1 and parts[0].format is Format.NTRIPLES and lines.is_ntriples(parts[0].path):
        return parts[0].path
    with target.open("w", encoding="utf-8", newline="\n") as file:
        writer = _Writer(file, options, notes, bar)
        for number, part in enumerate(parts):
            before = writer.statements
            writer.part(part, number if len(parts) > 1 else None)
            if writer.statements == before:
                notes.add("files without a statement", part.name)
    return target


class _Writer:
    """Writes statements, counts what is left out, and stops where a bound is reached."""

    def __init__(self, file: TextIO, options: ImportOptions, notes: Notes, bar: Bar):
        self._file, self._options, self._notes, self._bar = file, options, notes, bar
        self._left = options.largest * _GROWTH if options.largest is not None else None
        self.statements = 0

    def part(self, part: Part, number: int | None) -> None:
        """All statements of a file; ``number`` tells its blank nodes from those of others."""
        prefix = "" if number is None else f"f{number}"
        told = f"reading {PurePosixPath(part.name).name}"
        self._bar(told, 0.0)
        if part.format in (Format.NTRIPLES, Format.NQUADS):
            self._lines(part, f"_:{prefix}")
        else:
            self._parsed(part, f"_:{prefix}b")
        self._bar(told, 1.0)

    # -- line by line ------------------------------------------------------------------------------

    def _lines(self, part: Part, prefix: str) -> None:
        graph, problems = part.format is Format.NQUADS, []
        for number, line in lines.numbered(part.path, name=part.name):
            try:
                found = lines.terms(lines.spaced(line), graph=graph)
            except (ValueError, UnicodeDecodeError) as error:
                why = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
                problems.append(f"{part.name}, line {number}: {why}.")
                if self._options.skip_malformed:
                    self._notes.add(MALFORMED, problems.pop()[:-1])
                elif len(problems) == lines.LISTED:
                    break
                continue
            if found:
                subject, predicate, object_ = (_apart(term or "", prefix) for term in found[:3])
                if graph and found[3]:
                    self._notes.add(_NAMED, found[3])
                self._statement(subject, predicate, object_, part)
        if problems:
            more = ["There may be more."] if len(problems) == lines.LISTED else []
            raise GraphError(" ".join(problems + more))

    # -- by pyoxigraph -----------------------------------------------------------------------------

    def _parsed(self, part: Part, prefix: str) -> None:
        blanks: dict[str, str] = {}  # by the order in which they come, so that builds are the same
        reifiers: set[str] = set()

        def term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
            if isinstance(node, ox.BlankNode):
                return blanks.setdefault(node.value, f"{prefix}{len(blanks)}")
            return _DIRECTION.sub("", str(node)) if isinstance(node, ox.Literal) else str(node)

        for quad in self._quads(part):
            subject = term(quad.subject)
            if isinstance(quad.object, ox.Triple):
                reifiers.add(subject)
            if subject in reifiers:
                self._notes.add(_ABOUT_STATEMENTS, str(quad.predicate))
                continue
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                self._notes.add(_NAMED, str(quad.graph_name))
            self._statement(subject, str(quad.predicate), term(quad.object), part)

    def _quads(self, part: Part) -> Iterator[ox.Quad]:
        """The statements of a file; malformed ones are refused, or counted."""
        skip, resumes = self._options.skip_malformed, part.format in _RESUMES
        base = "file:///" + quote(PurePosixPath(part.name.rsplit(": ", 1)[-1]).name)
        with self._input(part) as file:
            form = _FORMATS[part.format or Format.TURTLE]
            # What is lenient about an IRI is checked when its statement is written.
            quads = ox.parse(file, form, base_iri=base, lenient=skip and not resumes)
            last = None
            while True:
                try:
                    yield next(quads)
                except StopIteration:
                    return
                except SyntaxError as error:
                    problem = _problem(part, error)
                    if not (skip and resumes and problem != last):
                        raise GraphError(f"{problem}.") from None
                    self._notes.add(MALFORMED, problem)
                    last = problem
                except (OSError, EOFError) as error:
                    raise GraphError(f"{part.name} cannot be read: {plain(error)}.") from None

    def _input(self, part: Part) -> BinaryIO:
        if part.format is Format.JSONLD:
            return io.BytesIO(local_json(part.path, part.name, self._notes))
        if part.format is Format.RDFXML:
            check_xml(part.path, part.name, entities=True)
        file = unpack.opened(part.path)
        if file.read(3) != BOM_UTF8:
            file.seek(0)
        return file

    # -- writing -----------------------------------------------------------------------------------

    def _statement(self, subject: str, predicate: str, object_: str, part: Part) -> None:
        line = f"{subject} {predicate} {object_} ."
        if len(line) > lines.MAX_LINE // 4:
            return self._notes.add(_TOO_LONG, f"{part.name}: {plain(line, 80)}")
        if self._options.skip_malformed and lines.statement(line):
            return self._notes.add(MALFORMED, f"{part.name}: {plain(line)}")
        self._file.write(line + "\n")
        self.statements += 1
        if self.statements % _TOLD == 0:
            self._bar(f"{self.statements:,} statements", 0.0)
        if self._left is not None:
            self._left -= len(line)
            if self._left < 0:
                raise GraphError(f"{part.name}: its statements, written out, are too long.")
        if self._options.most_triples is not None and self.statements > self._options.most_triples:
            raise too_many(part.name, self._options.most_triples)
        return None


def _apart(term: str, prefix: str) -> str:
    return prefix + term[2:] if term.startswith("_:") else term


def _problem(part: Part, error: SyntaxError) -> str:
    """Where and what an error is; no full stop at the end."""
    why = plain(error.msg.split(": ", 1)[-1] if error.lineno else error.msg, 300)
    line, column = error.lineno, error.offset
    if line is None and (quoted := re.search(r"'([^']+)'", error.msg)):
        # RDF/XML has no positions; what the error quotes stands somewhere.
        line = lines.line_with(part.path, lambda text: quoted[1] in text) or None
    where = f", line {line}" if line else ""
    where += f", column {column}" if line and column else ""
    return f"{part.name}{where}: {why}".rstrip(".")
