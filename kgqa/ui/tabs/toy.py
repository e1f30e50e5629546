"""The toy graph of the Learn tab: all its facts, and every number of an answer over it, to be checked by hand."""

from __future__ import annotations

from kgqa.trace import Branch, EntityWeight, Fact, Trace
from kgqa.ui.html import marks, parts, words
from kgqa.ui.html.escape import Html, fill, join
from kgqa.ui.tabs import figures
from kgqa.ui.views.question import marked

QUESTIONS = (
    "What city is the Mona Lisa in?",
    "Who painted the Mona Lisa?",
    "Who did Natalie Portman play in Star Wars?",
    "Which films star Natalie Portman?",
    "What is the capital of France?",
)


def facts(known: tuple[Fact, ...]) -> Html:
    """All facts, numbered."""
    rows = join(
        fill(
            "<li><bdi>{h}</bdi> <em>{r}</em> <bdi>{t}</bdi></li>",
            h=f.head.label,
            r=f.relation,
            t=f.tail.label,
        )
        for f in known
    )
    entities = {e.id for f in known for e in (f.head, f.tail)}
    lead = f"{words.count(len(entities), 'entity', 'entities')}, {words.count(len(known), 'fact')}. The network is the same."
    return fill(
        '<section class="kg-card lesson-step"><h2>A toy graph to check by hand</h2><p>{lead}</p>'
        '<ol class="toy-facts">{rows}</ol></section>',
        lead=lead,
        rows=rows,
    )


def render(trace: Trace, known: tuple[Fact, ...], relations: dict[str, str]) -> Html:
    """The answer and the whole computation."""
    answers = words.several(
        [f"{a.entity.label} (membership {a.membership:.3f})" for a in trace.answers], 6
    )
    body = fill('<p class="sentence"><b><bdi>{a}</bdi></b></p>', a=answers or trace.message)
    if trace.mentions:
        body += marked(trace, "lesson-line")
    for branch in trace.branches:
        body += _branch(trace, branch, known, relations)
    if trace.intersection is not None:
        body += Html('<p class="part">Intersection: the minimum of each row</p>')
        heads = (
            "Entity",
            *(marks.mention_text(trace, b.mention) for b in trace.branches),
            "Minimum",
        )
        rows = (
            (
                figures.label(r.entity.label),
                *(f"{m:.3f}" for m in r.memberships),
                f"{r.minimum:.3f}",
            )
            for r in trace.intersection.rows
        )
        body += figures.table(heads, rows, name="Intersection in the toy graph")
    return fill(
        '<section class="kg-card lesson-step" id="kg-toy-answer" aria-live="polite">{body}</section>',
        body=body,
    )


def _branch(
    trace: Trace, branch: Branch, known: tuple[Fact, ...], relations: dict[str, str]
) -> Html:
    rank = marks.ranks(trace)[branch.mention]
    out = fill(
        '<h3>{badge} From “<bdi>{text}</bdi>”</h3><p class="part">x₀, the candidates: <bdi>{seeds}</bdi></p>',
        badge=parts.badge(rank),
        text=marks.mention_text(trace, branch.mention),
        seeds=_vector(branch.seeds),
    )
    before = branch.seeds
    for number, hop in enumerate(branch.hops, 1):
        out += fill(
            '<p class="part">Hop {n}: r = {r}</p>',
            n=number,
            r=", ".join(f"{w.label} {w.weight:.3f}" for w in hop.relations),
        )
        out += figures.hop(
            number, {e.entity.id: e.membership for e in before}, hop, known, relations, most=24
        )
        before = hop.entities
    if trace.excluded >= 0.005:
        out += fill(
            '<p class="quiet">With probability {p} the walk may not return to where it started: x of an entity e is '
            "multiplied by 1 − {p} · x₀[e].</p>",
            p=f"{trace.excluded:.3f}",
        )
    stop = ", ".join(f"{words.count(n, 'hop')} {p:.3f}" for n, p in enumerate(branch.stop))
    return out + fill(
        '<p class="quiet">The result of the branch mixes these vectors with P(stop): {stop}.</p>',
        stop=stop,
    )


def _vector(items: tuple[EntityWeight, ...]) -> str:
    return "; ".join(
        f"{i.entity.label}, {i.entity.description or i.entity.kind}: {i.membership:.3f}"
        for i in items
    )
