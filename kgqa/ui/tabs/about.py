"""The About tab: model card, graph card, papers, and how to run it elsewhere.

Numbers come from what the pipeline says about itself (``metrics.json`` of the checkpoint, counts of the graph), so that another
checkpoint describes itself; the limits are those of the method and of the default graph.
"""

from __future__ import annotations

from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.tabs.figures import table
from kgqa.ui.tabs.frame import PAPERS

LIMITS = (
    "English only; at most three mentions, three hops from each and two after their intersection.",
    "Collects and intersects only: “not”, “before”, “the longest”, “how many” and comparisons are beyond it; it is "
    "trained to refuse, "
    "and does not always.",
    "Its probabilities are calibrated on questions made from templates; people ask in other ways, and it can be sure and wrong.",
    "A title or a surname alone may stand for many entities; it takes the one that makes the question work, which "
    "may not be yours.",
)
USE = (
    "For teaching and research: to see how a neural model can reason over a graph step by step, and where it fails.",
    "Not for decisions about people, nor as a source of facts: the graph has gaps and errors, and the model adds its own.",
)
MISSING = (
    "Films after 2014 and before 1940; series; most characters (roles of 470 films only); crew other than directors and writers.",
    "Births, deaths, marriages and everything else about people but what they made; people who share a name in the "
    "film table are one.",
    "Small cities; most works of art (some 740 in 318 museums).",
)
_CITE = """@inproceedings{oliya-etal-2021-end,
  title = {End-to-End Entity Resolution and Question Answering Using Differentiable Knowledge Graphs},
  author = {Oliya, Armin and Saffari, Amir and Sen, Priyanka and Ayoola, Tom},
  booktitle = {Proceedings of EMNLP 2021}, year = {2021}
}
@inproceedings{sen-etal-2021-expanding,
  title = {Expanding End-to-End Question Answering on Differentiable Knowledge Graphs with Intersection},
  author = {Sen, Priyanka and Saffari, Amir and Oliya, Armin},
  booktitle = {Proceedings of EMNLP 2021}, year = {2021}
}
@inproceedings{cohen-etal-2020-scalable,
  title = {Scalable Neural Methods for Reasoning With a Symbolic Knowledge Base},
  author = {Cohen, William W. and Sun, Haitian and Hofer, R. Alex and Siegler, Matthew},
  booktitle = {International Conference on Learning Representations}, year = {2020}
}"""
_RUN = (
    ("Here", "pip install -r requirements.txt\npython app.py"),
    (
        "On a GPU",
        "python app.py --device cuda     # questions of the same moment share one pass of the network",
    ),
    (
        "On Spaces",
        "# push this repository to a Gradio Space: the front matter of README.md is complete.\n"
        "# CPU and ZeroGPU hardware both work; the settings are the KGQA_* variables of the Space.",
    ),
    (
        "On your own graph",
        "python -m kgqa train --data DIR --out RUN   # entities.tsv, triples.tsv, train.jsonl, dev.jsonl\n"
        "python app.py --checkpoint RUN",
    ),
)


def render(card: dict) -> Html:
    """All cards."""
    parts = (_model(card), _graph(card), _cite(), _run())
    return fill('<div class="lesson about">{parts}</div>', parts=join(parts))


def _card(title: str, body: Html) -> Html:
    return fill(
        '<section class="kg-card lesson-step"><h2>{title}</h2>{body}</section>',
        title=title,
        body=body,
    )


def _list(items) -> Html:
    return fill("<ul>{items}</ul>", items=join(fill("<li>{i}</li>", i=i) for i in items))


def _percent(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, int | float) and not isinstance(value, bool) else "–"


def _model(card: dict) -> Html:
    found = card.get("metrics") or {}
    size = f"{card['parameters'] / 1e6:.0f} million parameters, " if card.get("parameters") else ""
    what = (
        f"{clip(str(card.get('model') or 'a model'), 60)}, version {clip(str(card.get('version') or '?'), 20)}: {size}a "
        f"MiniLM encoder, a span and "
        "entity scorer, a relation decoder; follow and intersect have none. Trained on questions and answers alone: "
        "questions written "
        "from templates over the facts of the graph, no gold entities, spans or paths."
    )
    body = fill("<p>{what}</p>", what=what)
    shapes = found.get("by_shape")
    if isinstance(shapes, dict) and shapes:
        keys = ("hits_at_1", "exact_match", "f1")
        rows = [
            (name, f"{one.get('questions', 0):,}", *(_percent(one.get(k)) for k in keys))
            for name, one in (*sorted(shapes.items()), ("all", found))
            if isinstance(one, dict)
        ]
        body += fill(
            "<h3>Results on held-out questions (percent)</h3>{table}<p>Expected calibration error {error}; {refused} of "
            "the answerable "
            "questions are refused, {known} of the unanswerable ones recognised. Printed by</p>"
            '<pre tabindex="0" role="region" aria-label="Command"><code>{command}</code></pre>',
            table=table(("Questions", "n", "Hits@1", "exact set", "F1"), rows, name="Results"),
            error=_percent(found.get("calibration_error")) + "%",
            refused=_percent(found.get("refused_answerable")) + "%",
            known=_percent(found.get("recognised_unanswerable")) + "%",
            command=clip(str(found.get("command") or "python -m kgqa evaluate --split test"), 200),
        )
    body += fill(
        "<h3>Intended use</h3>{use}<h3>Limits</h3>{limits}", use=_list(USE), limits=_list(LIMITS)
    )
    return _card("The model", body)


def _graph(card: dict) -> Html:
    counts = (
        f"{card['entities']:,} entities and {card['triples']:,} facts. "
        if card.get("entities")
        else ""
    )
    kinds = ", ".join(clip(str(k), 30) for k in card.get("kinds", ()))
    body = fill("<p><b>{name}</b>: {counts}{kinds}</p>", name=clip(str(card.get("graph") or "a graph"), 100), counts=counts,
                kinds=f"Kinds of entity: {kinds}." if kinds else "")  # fmt: skip
    relations = [r for r in card.get("relations", ()) if not str(r.get("id", "")).startswith("-")]
    inverse = {
        r["id"].removeprefix("-"): r["label"]
        for r in card.get("relations", ())
        if str(r.get("id", "")).startswith("-")
    }
    rows = [
        (
            clip(r["label"], 60),
            clip(inverse.get(r["id"], "not walked backwards"), 60),
            f"{r['triples']:,}",
        )
        for r in sorted(relations, key=lambda r: -r["triples"])
    ]
    if rows:
        body += fill(
            "<h3>Counts by relation</h3>{t}",
            t=table(("Relation", "Backwards", "Facts"), rows, name="Counts by relation"),
        )
    sources = join(
        fill("<li><b>{n}</b>: {s} ({l})</li>", n=clip(str(s.get("name", "")), 120), s=clip(str(s.get("source", "")), 240),
             l=clip(str(s.get("licence", "")), 80))
        for s in card.get("sources", ())
    )  # fmt: skip
    body += fill(
        "<h3>Sources and licences</h3><ul>{s}</ul>", s=sources or Html("<li>not stated</li>")
    )
    if card.get("graph") == "films, places and art":
        body += fill("<h3>What is missing</h3>{m}", m=_list(MISSING))
    return _card("The graph", body)


def _cite() -> Html:
    papers = join(
        fill(
            '<li>{who}: <a href="{url}" target="_blank" rel="noopener">{title}</a></li>',
            who=who,
            title=title,
            url=url,
        )
        for who, title, url in PAPERS
    )
    return _card(
        "The papers",
        fill(
            '<p>One model that does what the first two do, on top of the third.</p><ul>{p}</ul><div class="snippet">'
            '<pre tabindex="0" role="region" aria-label="BibTeX"><code>{c}</code></pre></div>',
            p=papers,
            c=_CITE,
        ),
    )


def _run() -> Html:
    ways = join(
        fill(
            '<h3>{name}</h3><pre tabindex="0" role="region" aria-label="{name}"><code>{code}</code></pre>',
            name=name,
            code=code,
        )
        for name, code in _RUN
    )
    return _card("Run it", ways)
