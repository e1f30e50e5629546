"""Graphs of up to hundreds of millions of triples, built from files in bounded memory.

    lines    which lines are well formed, and the numbers of those that are not
    npy      arrays written piece by piece
    tables   files -> numbered entities, relations and edges, in DuckDB, which sorts and joins on disk
    write    tables -> the arrays of ``kgqa.graph.graph``
    build    the whole: :func:`build`

Memory is bounded by DuckDB's limit and about 40 bytes an entity; the disk holds the tables while the build lasts.
"""

from kgqa.graph.importer.build import build

__all__ = ["build"]
