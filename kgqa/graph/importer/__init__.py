"""Graphs of a dozen to hundreds of millions of triples, built from files in bounded memory.

    lines     which lines are well formed, and the numbers of those that are not
    formats   files of other formats are named as what they seem to be
    npy       arrays written piece by piece
    progress  how far a build is
    sql       pieces of SQL that read files
    tables    files -> numbered entities, relations and edges, in DuckDB, which sorts on disk
    values    a file of numbers -> tables
    facts     tables -> the arrays of facts
    words     tables -> entities in words, the alias index, the word index
    build     the whole: :func:`build`, and :func:`build_tables` for a folder of tables

Memory is bounded by DuckDB's limit and about 40 bytes an entity; the disk holds the tables while
the build lasts.
"""

from kgqa.graph.importer.build import build, build_tables

__all__ = ["build", "build_tables"]
