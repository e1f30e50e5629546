"""Graphs from what a Python program holds: files, DataFrames, NetworkX graphs, triples.

    Graph.build("facts.csv")
    Graph.build(["suppliers.csv", "orders.csv"], "runs/firm")
    Graph.build({"suppliers": suppliers, "orders": orders})       DataFrames by the names of tables
    Graph.build(network)                                          NetworkX
    Graph.build([("Oslo", "capital of", "Norway")])

Everything goes the way of files (``kgqa.graph.importer.files``), so that a DataFrame gives the
graph that its CSV file gives. DataFrames and NetworkX graphs are known by their methods; neither
package is imported.
"""

from __future__ import annotations

import csv
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kgqa.errors import GraphError
from kgqa.graph.graph import Graph
from kgqa.graph.importer import ImportOptions, build_files, build_tables
from kgqa.graph.importer.graphml import Network, write_networks
from kgqa.graph.notes import Notes

_EXPECTED = (
    "expected a path or paths of files, a pandas DataFrame or several by name, a NetworkX graph, "
    "or triples of (head, relation, tail)"
)


def build(
    source: Any,
    folder: str | Path | None = None,
    *,
    name: str | None = None,
    options: ImportOptions = ImportOptions(),
    **settings: Any,
) -> Graph:
    """Build a graph and open it.

    Args:
        source: a path, several, or a folder; a DataFrame, or ``{name of table: DataFrame}``; a
            NetworkX graph, whose nodes may have ``name`` or ``label`` and ``kind``; or triples.
        folder: where the graph is written; without one it lasts as long as the object.
        name: of the graph.
        options: languages, kinds to keep, whether malformed lines are skipped.
        settings: ``part_names``, ``memory``, ``threads`` and ``bar`` of ``build_files``.

    Raises:
        GraphError: as ``build_files`` does, and for what is none of these.
    """
    made = None
    if folder is None:
        made = tempfile.TemporaryDirectory(prefix="kgqa-graph-")
        folder = Path(made.name) / "graph"
    with tempfile.TemporaryDirectory(prefix="kgqa-source-") as work:
        if _is_network(source):
            notes = Notes()
            write_networks([_network(source)], Path(work), options, notes)
            told = {"read": ["a NetworkX graph"], "notes": notes.found}
            build_tables(work, folder, name=name or source.name or "graph", **told, **settings)
        else:
            paths = _paths(source, Path(work))
            own = all(Path(path).parent == Path(work) for path in paths)
            name = name or ("graph" if own else None)
            build_files(paths, folder, name=name, options=options, **settings)
    graph = Graph.load(folder)
    if made is not None:
        weakref.finalize(graph, made.cleanup)
    return graph


def _is_network(source: Any) -> bool:
    return hasattr(source, "is_directed") and hasattr(source, "nodes") and hasattr(source, "edges")


def _is_frame(source: Any) -> bool:
    """Whether it is a DataFrame, of pandas or of polars."""
    return hasattr(source, "columns") and (
        hasattr(source, "to_csv") or hasattr(source, "write_csv")
    )


def _paths(source: Any, work: Path) -> list[str | Path]:
    """The files of a source; what is none becomes files in ``work``."""
    if isinstance(source, str | Path):
        return [source]
    if _is_frame(source):
        source = {"table": source}
    if isinstance(source, Mapping):
        return [_frame(frame, work, str(name)) for name, frame in source.items()]
    if not isinstance(source, Iterable):
        raise GraphError(f"No graph can be built from a {type(source).__name__}: {_EXPECTED}.")
    items = list(source)
    if items and all(isinstance(item, str | Path) for item in items):
        return items
    if items and all(map(_is_frame, items)):
        return [_frame(frame, work, f"table {n}") for n, frame in enumerate(items, 1)]
    return [_triples(items, work)]


def _frame(frame: Any, work: Path, name: str) -> Path:
    """A DataFrame as a CSV file, named after its table."""
    if not _is_frame(frame):
        raise GraphError(f"The table {name!r} is a {type(frame).__name__}: {_EXPECTED}.")
    safe = "".join(c if c.isalnum() or c in " _-" else "_" for c in name)[:80] or "table"
    path = work / f"{safe}.csv"
    if hasattr(frame, "to_csv"):
        frame.to_csv(path, index=False)
    else:
        frame.write_csv(path)
    return path


def _triples(items: list[Any], work: Path) -> Path:
    """Triples as a CSV file with a header."""
    path = work / "triples.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("head", "relation", "tail"))
        for number, item in enumerate(items, 1):
            if (
                isinstance(item, str)
                or not isinstance(item, Iterable)
                or len(row := list(item)) != 3
            ):
                raise GraphError(f"Item {number} is no triple: {_EXPECTED}.")
            writer.writerow(row)
    return path


def _network(graph: Any) -> Network:
    """The nodes and edges of a NetworkX graph, with their attributes as texts."""
    network = Network("the NetworkX graph")
    for node, attributes in graph.nodes(data=True):
        network.nodes.append((str(node), _texts(attributes)))
        for key, value in attributes.items():
            if isinstance(value, str):
                network.types[str(key)] = "string"
    if graph.is_multigraph():
        edges = [
            (head, tail, {**({"key": key} if isinstance(key, str) else {}), **attributes})
            for head, tail, key, attributes in graph.edges(keys=True, data=True)
        ]
    else:
        edges = list(graph.edges(data=True))
    network.edges += [(str(head), str(tail), _texts(own)) for head, tail, own in edges]
    network.undirected = 0 if graph.is_directed() else len(edges)
    return network


def _texts(attributes: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(key): ";".join(map(str, value)) if isinstance(value, list | tuple | set) else str(value)
        for key, value in attributes.items()
        if value is not None
    }
