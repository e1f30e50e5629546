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
from kgqa.ui.drawing import layout, lines
from kgqa.ui.drawing.caption import caption
from kgqa.ui.drawing.picture import Node, Picture
from kgqa.ui.html import palette, words
from kgqa.ui.html.escape import fill, join, plain
from kgqa.ui.views.outline import summary

if TYPE_CHECKING:
    from pyvis.network import Network

FACE = "Source Sans Pro, system-ui, sans-serif"
MARGIN = 20  #: left and right of the text of a node
CURVED = {
    "enabled": True,
    "type": "cubicBezier",
    "forceDirection": "horizontal",
    "roundness": 0.5,
}
#: a point where lines begin and end
PORT = {"label": " ", "shape": "dot", "size": 0.1, "borderWidth": 0, "color": "transparent"}
OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {
        "hover": True,
        "zoomView": False,
        "tooltipDelay": 120,
        "keyboard": False,
        "dragNodes": False,
    },
    "nodes": {
        "shape": "box",
        "margin": {"top": 7, "bottom": 7, "left": MARGIN / 2, "right": MARGIN / 2},
        "font": {"size": 15, "face": FACE},
        "borderWidth": 1.5,
        "shapeProperties": {"borderRadius": 7},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}},
        "font": {"size": 13, "face": FACE, "align": "horizontal", "background": "#ffffff"},
        "smooth": CURVED,
    },
}
#: of most nodes and lines, as OPTIONS or vis-network itself has it: it need not be sent
USUAL_NODE = {
    "shape": "box",
    "shapeProperties": {"borderRadius": 7, "borderDashes": False},
}
USUAL_EDGE = {"label": "", "arrows": OPTIONS["edges"]["arrows"], "dashes": False, "smooth": CURVED}
_LOADING_TAG = re.compile(
    r"<link\b[^>]*>|<!--.*?-->|<script\b[^>]*\bsrc=[^>]*>\s*</script>", re.IGNORECASE | re.DOTALL
)
_HEAD = '<head><meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>'
_BODY = (
    '<body style="font-family:system-ui,sans-serif;margin:1rem;background:#fff;color:{ink}"><h1 '
    'dir="auto" style="font-size:1.2rem;margin:0">{question}</h1><p dir="auto" '
    'style="margin:.3rem 0">Answer: <b>{answer}</b></p><p style="margin:.3rem 0">{keys}</p>'
    "<p>{summary}</p>"
)
_KEY = (
    '<span style="margin-right:1.2rem;white-space:nowrap"><b style="display:inline-block;min-width:'
    '1.3em;text-align:center;border-radius:4px;color:#fff;background:{colour}">{sign}</b> {text}'
    "</span>"
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
    """The picture as a pyvis network with fixed positions; lines join ports beside the nodes."""
    from pyvis.network import Network

    network = Network(height="80vh", width="100%", directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(OPTIONS))
    place, ids = layout.layout(picture), ids_of(picture)
    for key, node in picture.nodes.items():
        across, down = place.at[key]
        inner = round(place.width[node.column] - MARGIN)
        network.add_node(
            ids[key], x=across, y=down, widthConstraint={"minimum": inner}, **_node(node)
        )
    ports: dict[tuple[float, float], str] = {}
    for line in lines.lines(picture, place):
        for x, y in (line.start, line.end):
            if (x, y) not in ports:
                ports[x, y] = f"p{len(ports)}"
                network.add_node(ports[x, y], x=x, y=y, **PORT)
        network.add_edge(ports[line.start], ports[line.end], **_edge(line))
    return network


def ids_of(picture: Picture) -> dict[str, str]:
    """{node key: id in the drawing}; counters, so that nothing of the graph becomes an id."""
    return {key: f"n{i}" for i, key in enumerate(picture.nodes)}


def label_of(node: Node) -> str:
    """What is written in a node: an answer and what was ruled out have a mark."""
    sign = "✓ " if node.role == "answer" else "✕ " if node.out else ""
    return sign + layout.wrap(node.text)


def _node(node: Node) -> dict[str, Any]:
    answer, filled = node.role == "answer", node.role == "mention"
    rank = -1 if answer else layout.rank_of(node.branches)
    colour = palette.NAMED["answer"][0] if answer else palette.branch(rank)
    colour = palette.NAMED["quiet"][0] if node.out else colour
    glow = {"enabled": node.meets, "color": colour, "size": 16, "x": 0, "y": 0}
    return {
        "label": label_of(node),
        "title": _tooltip(node.text, node.note, "ruled out by the intersection" * node.out),
        "shape": "box",
        "color": {
            "background": colour if filled else "#ffffff",
            "border": colour,
            "highlight": {"border": colour, "background": "#ffffff"},
        },
        "font": {"color": "#ffffff" if filled else palette.NAMED["text"][0]},
        "borderWidth": 3 if answer or node.meets else 1.5,
        "shapeProperties": {"borderRadius": 7, "borderDashes": [4, 3] if node.out else False},
        "shadow": glow,
        "role": node.role,
        "rank": rank,
    }


def _edge(line: lines.Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "title": _tooltip(*line.said) or line.label,
        "color": {"color": palette.branch(line.rank)},
        "width": round(1 + 3 * min(max(line.weight, 0.0), 1.0), 2),
        "arrows": {"to": {"enabled": line.arrow, "scaleFactor": 0.55}},
        "dashes": line.dashed,
        "smooth": CURVED if line.curved else {"enabled": False},
        "rank": line.rank,
    }


def _leave_out(drawn: dict[str, Any], usual: dict[str, Any]) -> None:
    """Leave out what a node or line has in common with most."""
    for name, value in usual.items():
        if drawn.get(name) == value:
            del drawn[name]


def _tooltip(*lines: str) -> str:
    return "\n".join(plain(line, 200) for line in lines if line).replace("href", "hr\u200bef")


def drawing(trace: Trace, picture: Picture) -> dict[str, Any] | None:
    """What the page's canvas draws: a plain dict; None if there is nothing to draw.

    "edges" are the lines that are drawn, "links" the facts that they stand for: an edge has the
    indices of its links.
    """
    if not picture.nodes:
        return None
    everything, edges, _, _, _, options = build(picture).get_network_data()
    narrow, ids = layout.tree(picture), ids_of(picture)
    nodes = everything[: len(picture.nodes)]
    ports = [{name: port[name] for name in ("id", "x", "y")} for port in everything[len(nodes) :]]
    for node, (key, known) in zip(nodes, picture.nodes.items(), strict=True):
        node |= {"step": known.step, "entity": known.entity, "narrow": narrow.get(key)}
        node |= {"branches": sorted(known.branches), "weight": round(known.weight, 4)}
        node |= {"out": known.out, "meets": known.meets}
        for name in ("color", "font", "shadow"):  # the page has colours of its own
            node.pop(name, None)
        _leave_out(node, USUAL_NODE)
    drawn = lines.lines(picture, layout.layout(picture))
    for i, (edge, line) in enumerate(zip(edges, drawn, strict=True)):
        edge |= {"id": f"e{i}", "links": line.links, "step": line.step}
        edge.pop("color", None)
        _leave_out(edge, USUAL_EDGE)
    order = {key: i for i, key in enumerate(picture.edges)}
    return {
        "nodes": nodes,
        "ports": ports,
        "edges": edges,
        "links": [
            {
                "left": ids[edge.left],
                "right": ids[edge.right],
                "label": plain(edge.label, 40),
                "title": _tooltip(words.fact(edge.fact)) if edge.fact else edge.label,
                "branches": sorted(edge.branches),
                "rank": layout.rank_of(edge.branches),
                "hops": sorted(edge.hops),
                "step": lines.step(picture, edge),
                "tie": edge.fact is None,
            }
            for edge in picture.edges.values()
        ],
        "options": json.loads(options),
        "summary": summary(picture),
        "steps": list(picture.names),
        "paths": {id: sorted(order[key] for key in keys) for id, keys in picture.paths.items()},
    }


def standalone(trace: Trace, picture: Picture) -> str:
    """One HTML file with question, answer, legend, graph and vis-network; runs offline."""
    body = _LOADING_TAG.sub("", build(picture).generate_html())
    body = re.sub(r"<center>\s*<h1>.*?</h1>\s*</center>", "", body, flags=re.DOTALL)
    text = caption(trace, picture)
    keys = join(fill(_KEY, sign=k.sign, colour=k.colour, text=k.text) for k in text.keys)
    own = {
        "<html>": '<html lang="en">',
        "<head>": fill(_HEAD, policy=_POLICY, title=text.question),
        "<body>": fill(
            _BODY,
            ink=palette.NAMED["text"][0],
            question=text.question,
            answer=text.answer,
            keys=keys,
            summary=summary(picture),
        ),
    }
    for tag, html in own.items():
        body = body.replace(tag, str(html), 1)
    return "<!DOCTYPE html>\n" + body
