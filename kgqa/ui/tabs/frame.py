"""The page's frame: header, the welcome before the first question, footer."""

from __future__ import annotations

from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Card

#: (authors and year, title, address) of the method's papers.
PAPERS = (
    (
        "Oliya, Saffari, Sen and Ayoola (2021)",
        "End-to-End Entity Resolution and Question Answering Using Differentiable Knowledge Graphs",
        "https://arxiv.org/abs/2109.05817",
    ),
    (
        "Sen, Saffari and Oliya (2021)",
        "Expanding End-to-End Question Answering on Differentiable Knowledge Graphs with "
        "Intersection",
        "https://arxiv.org/abs/2109.05808",
    ),
    (
        "Cohen, Sun, Hofer and Siegler (2020)",
        "Scalable Neural Methods for Reasoning With a Symbolic Knowledge Base",
        "https://arxiv.org/abs/2002.06115",
    ),
)
_STEPS = (
    ("Names", "It finds the words that name something the graph knows."),
    ("Meaning", "It weighs which entity each name stands for."),
    ("Hops", "It follows relations from each entity, step by step."),
    ("Intersection", "It keeps what every path reaches: the smallest value counts."),
)


def header(card: Card) -> Html:
    """Title and one sentence on what this is."""
    counts = f" of {card.entities:,} entities and {card.triples:,} facts" if card.entities else ""
    return fill(
        '<header class="head"><h1>Ask a knowledge graph</h1><p>One neural model answers your '
        "question by walking a graph{counts} about {graph}, and shows every step that it took."
        "</p></header>",
        counts=counts,
        graph=clip(card.graph or "many things", 120),
    )


def welcome() -> Html:
    """What will happen, shown until the first answer."""
    item = '<li><span class="step-number">{n}</span><b>{name}</b><span>{text}</span></li>'
    steps = join(fill(item, n=n, name=name, text=t) for n, (name, t) in enumerate(_STEPS, 1))
    return fill(
        '<section class="kg-card welcome"><h2>What you will see</h2><ol>{steps}</ol></section>',
        steps=steps,
    )


def papers() -> Html:
    """The papers as list items, with links."""
    item = '<li>{who}: <a href="{url}" target="_blank" rel="noopener">{title}</a></li>'
    return join(fill(item, who=who, title=title, url=url) for who, title, url in PAPERS)


def source_items(card: Card) -> Html:
    """The sources of the graph as list items, with licences."""
    items = join(
        fill(
            "<li><b>{name}</b>: {source} ({licence})</li>",
            name=clip(s.name, 120),
            source=clip(s.source, 240),
            licence=clip(s.licence, 80),
        )
        for s in card.sources
    )
    return items or Html("<li>not stated</li>")


def footer(card: Card) -> Html:
    """Papers, sources with licences, and what runs here."""
    shown = {
        "Model": card.model,
        "Graph": card.graph,
        "Runs on": card.device,
        "Version": card.version,
    }
    facts = join(
        fill("<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=clip(value, 120))
        for name, value in shown.items()
        if value
    )
    return fill(
        '<footer class="foot"><div><h2>Method</h2><ul>{papers}</ul></div><div><h2>Sources and '
        'licences</h2><ul>{sources}</ul></div><div><h2>This page</h2><dl class="meta">{facts}</dl>'
        "<p>The graph has gaps and the model makes mistakes: check what matters.</p></div>"
        "</footer>",
        papers=papers(),
        sources=source_items(card),
        facts=facts,
    )
