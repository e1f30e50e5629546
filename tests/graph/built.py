"""Graphs of small files, in words that a test can compare."""

from __future__ import annotations

from pathlib import Path

from kgqa.graph import Graph
from kgqa.graph.importer import ImportOptions, build_files

#: Six tables of a firm, which refer to each other.
FIRM = {
    "suppliers.csv": "supplier_id,company_name,city\n1,Nordic Fish,Oslo\n2,Alpine Dairy,Bern\n",
    "products.csv": (
        "product_id,product_name,supplier_id,category,unit_price_eur,weight (kg),is_discontinued\n"
        "1,Herring,1,Fish,4.50,0.4,false\n2,Salmon,1,Fish,12.00,1.2,false\n"
        "3,Gruyere,2,Cheese,9.90,0.5,true\n"
    ),
    "customers.csv": "customer_id,name,city\n1,Cafe Sol,Bern\n2,Hotel Roma,Oslo\n",
    "staff.csv": (
        "staff_id,first_name,last_name,manager_id,hire_date\n"
        "1,Ann,Lee,,2010-02-01\n2,Bo,Ray,1,2015-07-15\n3,Cy,Day,1,2019-01-02\n"
    ),
    "orders.csv": (
        "order_id,customer_id,handled_by,order_date,status\n"
        "1001,1,2,2024-01-05,shipped\n1002,2,3,2024-02-06,open\n"
    ),
    "order_lines.csv": "order_id,product_id,quantity\n1001,1,10\n1001,3,2\n1002,2,1\n",
}


def graph_of(folder: Path, files: dict[str, str | bytes], **options) -> Graph:
    """The graph of files, {name: content}, which are written to ``folder``."""
    paths = []
    for name, content in files.items():
        path = folder / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        paths.append(path)
    build_files(paths, folder / "graph", options=ImportOptions(**options))
    return Graph.load(folder / "graph", verify=True)


def facts(graph: Graph, *, classes: bool = False) -> set[tuple[str, str, str]]:
    """{(head, relation, tail)} in labels; without the facts that lead to a class."""
    found = set()
    for entity in range(graph.num_entities):
        for relation, tails in graph.groups(entity):
            if relation < len(graph.relations):
                found |= {
                    (graph.label(entity), graph.relation_label(relation), graph.label(tail))
                    for tail in tails.tolist()
                }
    return {fact for fact in found if classes or fact[1] != "is a"}


def notes(graph: Graph) -> dict[str, int]:
    """{what was left out or changed: how often}."""
    return {note.what: note.count for note in graph.notes}


def kinds(graph: Graph) -> dict[str, set[str]]:
    """{kind: labels of its entities}, without classes."""
    found: dict[str, set[str]] = {}
    for entity in range(graph.num_entities):
        found.setdefault(graph.kind_of(entity), set()).add(graph.label(entity))
    return {kind: labels for kind, labels in found.items() if kind != "class"}
