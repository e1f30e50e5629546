"""The page's frame: header, the welcome before the first question, and the footer with sources and papers.

``card`` is what the pipeline says about itself: model, graph, device, counts, sources, version.
"""

from __future__ import annotations

from kgqa.ui.html.escape import Html, clip, fill, join

#: (authors and year, title, address) of the method's papers.
PAPERS = (
    (
        "Oliya, Saffari, Sen and Ayoola (2021)",
        "End-to-End Entity Resolution and Question Answering Using Differentiable Knowledge Graphs",
        "https://arxiv.org/abs/2109.05817",
    ),
    (
        "Sen, Saffari and Oliya (2021)",
        "Expanding End-to-End Question Answering on Differentiable Knowledge Graphs with Intersection",
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


def header(card: dict) -> Html:
    """Title and one sentence on what this is."""
    entities, triples = card.get("entities"), card.get("triples")
    size = f" of {entities:,} entities and {triples:,} facts" if entities and triples else ""
    return fill(
        '<header class="head"><h1>Ask a knowledge graph</h1><p>One neural model answers your question by walking '
        "a graph{size} about {graph}, and shows every step that it took.</p></header>",
        size=size,
        graph=clip(str(card.get("graph") or "many things"), 120),
    )


def welcome() -> Html:
    """What will happen, shown until the first answer."""
    steps = join(
        fill(
            '<li><span class="step-number">{n}</span><b>{name}</b><span>{text}</span></li>',
            n=n,
            name=name,
            text=text,
        )
        for n, (name, text) in enumerate(_STEPS, 1)
    )
    return fill(
        '<section class="kg-card welcome"><h2>What you will see</h2><ol>{steps}</ol></section>',
        steps=steps,
    )


def footer(card: dict) -> Html:
    """Model, sources with licences, papers."""
    sources = join(
        fill(
            "<li><b>{name}</b>: {source} ({licence})</li>",
            name=clip(str(s.get("name", "")), 120),
            source=clip(str(s.get("source", "")), 240),
            licence=clip(str(s.get("licence", "")), 80),
        )
        for s in card.get("sources", ())
    )
    papers = join(
        fill(
            '<li>{who}: <a href="{url}" target="_blank" rel="noopener">{title}</a></li>',
            who=who,
            title=title,
            url=url,
        )
        for who, title, url in PAPERS
    )
    known = [("Model", "model"), ("Graph", "graph"), ("Runs on", "device"), ("Version", "version")]
    facts = join(
        fill(
            "<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=clip(str(card[key]), 120)
        )
        for name, key in known
        if card.get(key)
    )
    return fill(
        '<footer class="foot"><div><h2>Method</h2><ul>{papers}</ul></div><div><h2>Sources and licences</h2>'
        '<ul>{sources}</ul></div><div><h2>This page</h2><dl class="meta">{facts}</dl>'
        "<p>The graph has gaps and the model makes mistakes: check what matters.</p></div></footer>",
        papers=papers,
        sources=sources or Html("<li>not stated</li>"),
        facts=facts,
    )
