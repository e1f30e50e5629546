"""Graphs of a dozen to hundreds of millions of triples, built from files in bounded memory.

    parts       what the readers of files hand to each other, and what a person decides
    unpack      archives -> files          recognise   which format a file has
    reading     delimited text -> rows     shapes      facts, edge lists or records
    headers     words of column names      columns     what the values of a column are
    keys        ids and references         roles       what each column is for
    records     tables of records -> tables of entities and facts, by ``writing``
    delimited, property_graph, graphml     files -> a folder of tables
    rdf         statements of any syntax -> N-Triples; jsonld, markup (XML): what is unsafe in them
    files       all of these: :func:`build_files`

    lines     which lines are well formed, and the numbers of those that are not
    formats   files of other formats are named as what they seem to be
    npy       arrays written piece by piece
    progress  how far a build is
    streams   files that are packed as one stream
    sql       pieces of SQL that read files
    tables    files -> numbered entities, relations and edges, in DuckDB, which sorts on disk
    values    a file of numbers -> tables
    wordings  words of relations and other names of entities -> tables
    statements   N-Triples -> facts and words, by predicates, rdf_names, kinds and literals
    facts     tables -> the arrays of facts
    words     tables -> entities in words, the alias index, the word index
    build     the whole: :func:`build`, and :func:`build_tables` for a folder of tables

Memory is bounded by DuckDB's limit and about 40 bytes an entity; the disk holds the tables while
the build lasts.
"""

from kgqa.errors import GraphError

try:
    import duckdb  # noqa: F401
except ModuleNotFoundError:
    raise GraphError(
        "Building a graph from files needs the package duckdb: pip install -r requirements.txt"
    ) from None

from kgqa.graph.importer.build import build, build_tables
from kgqa.graph.importer.files import build_files
from kgqa.graph.importer.parts import ImportOptions

__all__ = ["ImportOptions", "build", "build_files", "build_tables"]
