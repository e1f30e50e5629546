"""The About tab: model card, graph card, papers, and how to run it elsewhere.

Numbers and facts come from the :class:`Card`, so that another checkpoint describes itself; the
limits written here are those of the method.
"""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.ui.html.escape import Html, clip, fill, join, plain
from kgqa.ui.service import Card
from kgqa.ui.tabs import licences
from kgqa.ui.tabs.figures import table
from kgqa.ui.tabs.frame import papers, source_items

MOST_LINES, LINE = 40, 400  #: lines of what was read and left out, and characters of one
PLAIN = (
    "It collects and intersects, and nothing else: “not”, “before”, “the longest”, “how many” and "
    "comparisons are beyond it. It is trained to refuse them, and does not always."
)
OPERATORS = (
    "It counts, adds up, compares, subtracts and says yes or no, and is wrong there more often "
    "than elsewhere. Averages, shares, forecasts and several questions at once are beyond it. It "
    "is trained to refuse them, and does not always."
)
LIMITS = (
    "Its probabilities are calibrated on questions made from templates; people ask in other ways, "
    "and it can be sure and wrong.",
    "A title or a surname alone may stand for many entities; it takes the one that makes the "
    "question work, which may not be yours.",
)
USE = (
    "For teaching and research: to see how a neural model can reason over a graph step by step, "
    "and where it fails.",
    "Not for decisions about people, nor as a source of facts: the graph has gaps and errors, and "
    "the model adds its own.",
)
_WHAT = (
    "<p>{name}, version {version}: {size}a MiniLM encoder, a scorer of spans and entities, and a "
    "relation decoder; follow, intersect and operators have no parameters. Trained on questions "
    "and answers alone: questions written from templates over the facts of {trained}, without gold "
    "entities, spans or paths.</p>"
)
_UNSEEN = (
    "<p><b>Not trained on this graph.</b> The model has never seen its entities or relations: it "
    "reads the words of a relation as it reads those of a question. So it is right less often here "
    "than on a graph that it was trained on, most of all where relations have names that are no "
    "words. Results were measured on other graphs and are not shown.</p>"
)
_RESULTS = (
    "<h3>Results on held-out questions (percent)</h3>{table}<p>Expected calibration error {error}; "
    "{refused} of the answerable questions are refused, {recognised} of the unanswerable ones "
    'recognised. The command that printed this:</p><pre tabindex="0" role="region" '
    'aria-label="Command"><code>{command}</code></pre>'
)
_CITE = """@inproceedings{oliya-etal-2021-end,
  title = {End-to-End Entity Resolution and Question Answering Using
           Differentiable Knowledge Graphs},
  author = {Oliya, Armin and Saffari, Amir and Sen, Priyanka and Ayoola, Tom},
  booktitle = {Proceedings of EMNLP 2021}, year = {2021}
}
@inproceedings{sen-etal-2021-expanding,
  title = {Expanding End-to-End Question Answering on Differentiable Knowledge Graphs
           with Intersection},
  author = {Sen, Priyanka and Saffari, Amir and Oliya, Armin},
  booktitle = {Proceedings of EMNLP 2021}, year = {2021}
}
@inproceedings{cohen-etal-2020-scalable,
  title = {Scalable Neural Methods for Reasoning With a Symbolic Knowledge Base},
  author = {Cohen, William W. and Sun, Haitian and Hofer, R. Alex and Siegler, Matthew},
  booktitle = {International Conference on Learning Representations}, year = {2020}
}"""
_RUN = {
    "Here": "pip install -c constraints.txt -r requirements.txt\npython app.py",
    "On a GPU": "python app.py --device cuda     # questions of the same moment share one pass",
    "On Spaces": "# push this repository to a Gradio Space: the front matter of README.md is "
    "complete.\n# CPU and ZeroGPU hardware both work; the settings are the KGQA_* variables.",
    "On your own graph": "# RDF, CSV and the like, exports of Neo4j or GraphML: no training\n"
    "python app.py --graph FILE FILE ...\n\n"
    "# trained for it: DIR has entities.tsv, triples.tsv, train.jsonl, dev.jsonl\n"
    "python -m kgqa train --data DIR --out RUN\npython app.py --checkpoint RUN",
}


def render(card: Card) -> Html:
    """All cards."""
    cards = join((_model(card), _graph(card), _cite(), _run(), licences.render(card)))
    return fill('<div class="lesson about">{cards}</div>', cards=cards)


def _card(title: str, body: Html) -> Html:
    template = '<section class="kg-card lesson-step"><h2>{title}</h2>{body}</section>'
    return fill(template, title=title, body=body)


def _list(items: Iterable[str]) -> Html:
    return fill(
        "<ul>{items}</ul>", items=join(fill("<li><bdi>{i}</bdi></li>", i=item) for item in items)
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _model(card: Card) -> Html:
    size = f"{card.parameters / 1e6:.0f} million parameters in " if card.parameters else ""
    name, version = clip(card.model or "a model", 60), clip(card.version or "?", 20)
    span = (
        f"English only; at most {card.mentions} mentions, {card.hops} hops from each and "
        f"{card.hops_after} after their intersection."
    )
    trained = "other graphs" if card.unseen else "the graph"
    body = fill(_WHAT, name=name, version=version, size=size, trained=trained) + _results(card)
    body += Html(_UNSEEN) if card.unseen else Html()
    limits = _list((span, OPERATORS if card.operators else PLAIN, *LIMITS))
    use = fill("<h3>Intended use</h3>{use}<h3>Limits</h3>{limits}", use=_list(USE), limits=limits)
    return _card("The model", body + use)


def _results(card: Card) -> Html:
    metrics = card.metrics
    if not metrics.by_shape:
        return Html()
    rows = [
        (name, f"{s.questions:,}", *map(_percent, (s.hits_at_1, s.exact_match, s.f1)))
        for name, s in (*sorted(metrics.by_shape.items()), ("all", metrics))
    ]
    return fill(
        _RESULTS,
        table=table(("Questions", "n", "Hits@1", "exact set", "F1"), rows, name="Results"),
        error=_percent(metrics.calibration_error) + "%",
        refused=_percent(metrics.refused_answerable) + "%",
        recognised=_percent(metrics.recognised_unanswerable) + "%",
        command=clip(metrics.command or "python -m kgqa evaluate --split test", 200),
    )


def _graph(card: Card) -> Html:
    counts = f"{card.entities:,} entities and {card.triples:,} facts. " if card.entities else ""
    kinds = ", ".join(clip(kind, 30) for kind in card.kinds)
    body = fill(
        "<p><b>{name}</b>: {counts}{kinds}</p>",
        name=clip(card.graph or "a graph", 100),
        counts=counts,
        kinds=f"Kinds of entity: {kinds}." if kinds else "",
    )
    rows = [
        (clip(r.label, 60), clip(r.inverse or "not walked backwards", 60), f"{r.triples:,}")
        for r in sorted(card.relations, key=lambda r: -r.triples)
    ]
    if rows:
        heads = ("Relation", "Backwards", "Facts")
        shown = table(heads, rows, name="Counts by relation")
        body += fill("<h3>Counts by relation</h3>{table}", table=shown)
    items = source_items(card)
    body += fill("<h3>Sources and licences</h3><ul>{items}</ul>", items=items)
    body += _build(card)
    if card.missing:
        body += fill("<h3>What is missing</h3>{list}", list=_list(card.missing))
    return _card("The graph", body)


def _build(card: Card) -> Html:
    """What the graph was built from, and what of it was left out."""
    out = Html()
    for title, lines in (("Read", card.read), ("Left out or changed", card.notes)):
        if lines:
            items = _list(plain(line, LINE) for line in lines[:MOST_LINES])
            out += fill("<h3>{title}</h3>{items}", title=title, items=items)
            rest = len(lines) - MOST_LINES
            out += fill('<p class="quiet">and {n} more</p>', n=rest) if rest > 0 else Html()
    return out


def _code(name: str, code: str) -> Html:
    template = '<pre tabindex="0" role="region" aria-label="{name}"><code>{code}</code></pre>'
    return fill(template, name=name, code=code)


def _cite() -> Html:
    body = fill(
        "<p>One model that does what the first two do, on top of the third.</p><ul>{papers}</ul>"
        '<div class="snippet">{code}</div>',
        papers=papers(),
        code=_code("BibTeX", _CITE),
    )
    return _card("The papers", body)


def _run() -> Html:
    ways = (
        fill("<h3>{name}</h3>{code}", name=name, code=_code(name, code))
        for name, code in _RUN.items()
    )
    return _card("Run it", join(ways))
