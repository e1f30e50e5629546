"""pyvis: the picture as vis-network nodes, edges and options, and as one HTML file.

The page draws the same pyvis network with its own copy of vis-network (:mod:`canvas`). pyvis is
imported when first used, because it brings IPython with it. Its templates are not safe as they are:
node ids are plain counters here, "href" in a tooltip is broken up (pyvis would switch every tooltip
to HTML), the heading stays empty, and tags that load from a content network are removed from the
file, whose own policy also forbids all loading.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgqa.trace import Trace
from kgqa.ui.drawing import layout
from kgqa.ui.drawing.picture import Edge, Node, Picture
from kgqa.ui.html import palette, words
from kgqa.ui.html.escape import fill, plain
from kgqa.ui.views.outline import summary

if TYPE_CHECKING:
    from pyvis.network import Network

FACE = "Source Sans Pro, system-ui, sans-serif"
OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {"hover": True, "zoomView": False, "tooltipDelay": 120, "keyboard": False},
    "nodes": {
        "shape": "box",
        "margin": {"top": 7, "bottom": 7, "left": 10, "right": 10},
        "font": {"size": 15, "face": FACE},
        "borderWidth": 1.5,
        "shapeProperties": {"borderRadius": 7},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}, "from": {"scaleFactor": 0.55}},
        "font": {"size": 13, "face": FACE, "align": "horizontal", "background": "#ffffff"},
        "smooth": {
            "enabled": True,
            "type": "cubicBezier",
            "forceDirection": "horizontal",
            "roundness": 0.45,
        },
    },
}
_LOADING_TAG = re.compile(
    r"<link\b[^>]*>|<!--.*?-->|<script\b[^>]*\bsrc=[^>]*>\s*</script>", re.IGNORECASE | re.DOTALL
)
_HEAD = '<head><meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>'
_BODY = (
    '<body style="font-family:system-ui,sans-serif;margin:1rem"><p><b dir="auto">{question}</b></p>'
    "<p>{summary}</p>"
)
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def vis_script() -> Path:
    """The copy of vis-network that pyvis ships, found without importing pyvis."""
    spec = find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise ImportError("The graph view needs pyvis: pip install -r requirements.txt")
    return Path(spec.origin).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"


def warm() -> None:
    """Import pyvis ahead of the first question."""
    import pyvis.network  # noqa: F401


def build(picture: Picture) -> Network:
    """The picture as a pyvis network with fixed positions."""
    from pyvis.network import Network

    network = Network(height="96vh", width="100%", directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(OPTIONS))
    at, ids = layout.positions(picture), ids_of(picture)
    for key, node in picture.nodes.items():
        x, y = at[key]
        network.add_node(ids[key], x=x, y=y, **_node(node))
    named = layout.labelled(picture, at)
    for edge_key, edge in picture.edges.items():
        line = _edge(edge, picture.nodes[edge.right].weight, named=edge_key in named)
        network.add_edge(ids[edge.left], ids[edge.right], **line)
    return network


def ids_of(picture: Picture) -> dict[str, str]:
    """{node key: id in the drawing}; counters, so that nothing of the graph becomes an id."""
    return {key: f"n{i}" for i, key in enumerate(picture.nodes)}


def _rank(branches: set[int]) -> int:
    """The branch whose colour is shown; -1 for several."""
    return next(iter(branches)) if len(branches) == 1 else -1


def _node(node: Node) -> dict[str, Any]:
    answer, filled, rank = node.role == "answer", node.role == "mention", _rank(node.branches)
    rank = -1 if answer else rank
    colour = palette.NAMED["answer"][0] if answer else palette.branch(rank)
    return {
        "label": ("✓ " if answer else "") + layout.wrap(node.text),
        "title": _tooltip(node.text, node.note, "answer" if answer else ""),
        "shape": "box",
        "color": {
            "background": colour if filled else "#ffffff",
            "border": colour,
            "highlight": {"border": colour, "background": "#ffffff"},
        },
        "font": {"color": "#ffffff" if filled else palette.NAMED["text"][0]},
        "borderWidth": 3 if answer else 1.5,
        "role": node.role,
        "rank": rank,
    }


def _edge(edge: Edge, weight: float, *, named: bool) -> dict[str, Any]:
    rank = _rank(edge.branches)
    return {
        "label": plain(edge.label, 28) if named else "",
        "title": _tooltip(words.fact(edge.fact)) if edge.fact else "may mean",
        "color": {"color": palette.branch(rank)},
        "width": round(1 + 3 * min(max(weight, 0.0), 1.0), 2),
        "arrows": "to" if edge.forward else "from",
        "dashes": edge.fact is None,
        "rank": rank,
    }


def _tooltip(*lines: str) -> str:
    return "\n".join(plain(line, 200) for line in lines if line).replace("href", "hr\u200bef")


def drawing(trace: Trace, picture: Picture) -> dict[str, Any] | None:
    """What the page's canvas draws: a plain dict; None if there is nothing to draw."""
    if not picture.nodes:
        return None
    nodes, edges, _, _, _, options = build(picture).get_network_data()
    narrow = layout.tree(picture)
    for node, (key, known) in zip(nodes, picture.nodes.items(), strict=True):
        node |= {"step": known.column, "entity": known.entity, "narrow": narrow.get(key)}
        for name in ("color", "font"):  # the page has colours of its own, for light and dark
            node.pop(name, None)
    for i, (edge, line) in enumerate(zip(edges, picture.edges.values(), strict=True)):
        step = picture.nodes[line.right].column
        edge |= {"id": f"e{i}", "step": step, "relation": plain(line.label, 28)}
        edge.pop("color", None)
    order = {key: i for i, key in enumerate(picture.edges)}
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "summary": summary(picture),
        "steps": list(picture.names),
        "paths": {id: sorted(order[key] for key in keys) for id, keys in picture.paths.items()},
    }


def standalone(trace: Trace, picture: Picture) -> str:
    """One HTML file with the graph and vis-network in it; loads nothing, runs offline."""
    body = _LOADING_TAG.sub("", build(picture).generate_html())
    body = re.sub(r"<center>\s*<h1>.*?</h1>\s*</center>", "", body, flags=re.DOTALL)
    title = plain(trace.question, 200)
    own = {
        "<html>": '<html lang="en">',
        "<head>": fill(_HEAD, policy=_POLICY, title=title),
        "<body>": fill(_BODY, question=title, summary=summary(picture)),
    }
    for tag, text in own.items():
        body = body.replace(tag, str(text), 1)
    return "<!DOCTYPE html>\n" + body
