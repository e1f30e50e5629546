"""The page's frame: header, the welcome before the first question, footer."""

from __future__ import annotations

from kgqa.ui.html import parts, words
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


def header(card: Card) -> Html:
    """Title and one sentence on what this is."""
    counts = f" of {card.entities:,} entities and {card.triples:,} facts" if card.entities else ""
    about = f" about {clip(card.graph or 'many things', 120)}"
    whose = "your graph" if card.visitors else "a graph"
    if card.unseen:
        about = f", “{clip(card.graph, 120)}”" if card.graph else ""
    return fill(
        '<header class="head"><h1>Ask a knowledge graph</h1><p>One neural model answers your '
        "question by walking {whose}<bdi>{counts}{about}</bdi>, and shows every step that it took."
        "{unseen}</p></header>",
        whose=whose,
        counts=counts,
        about=about,
        unseen=" It was not trained on this graph." if card.unseen else "",
    )


def covers(card: Card) -> Html:
    """What can be asked about, below the question box; nothing if that is not known."""
    known = words.covers(card)
    text = f"The graph holds {known}. What is not in it, the model cannot know."
    return fill('<p class="covers"><bdi>{text}</bdi></p>', text=text) if known else Html()


def welcome(card: Card = Card()) -> Html:
    """Before the first question: an example with the tour of ``static/tour.js``."""
    show = Html()
    if card.examples:
        question = (
            card.examples[-1].question if len(card.examples) < 3 else card.examples[2].question
        )
        show = parts.button("Show me on an example", action="ask", question=question)
    return fill(
        '<section class="kg-card welcome"><h2>New here?</h2><p>Ask in your own words, or pick a '
        "question above. You see the answer, the facts that it rests on, and every step on the "
        "way. {show}</p></section>",
        show=show,
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
    stated = "the files that About lists" if card.read else "not stated"
    return items or fill("<li>{stated}</li>", stated=stated)


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
