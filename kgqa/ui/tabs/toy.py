"""The toy graph of the Learn tab: all its facts, and every number of an answer over it."""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.trace import Branch, EntityWeight, Fact, Trace
from kgqa.ui.html import marks, parts, words
from kgqa.ui.html.escape import Html, fill, join
from kgqa.ui.tabs import figures
from kgqa.ui.views.question import marked


def facts(known: tuple[Fact, ...]) -> Html:
    """All facts, numbered."""
    row = "<li><bdi>{h}</bdi> <em>{r}</em> <bdi>{t}</bdi></li>"
    rows = join(fill(row, h=f.head.label, r=f.relation, t=f.tail.label) for f in known)
    entities = words.count(
        len({e.id for f in known for e in (f.head, f.tail)}), "entity", "entities"
    )
    return fill(
        '<section class="kg-card lesson-step"><h2>A toy graph to check by hand</h2><p>{entities}, '
        '{facts}. The network is the same.</p><ol class="toy-facts">{rows}</ol></section>',
        entities=entities,
        facts=words.count(len(known), "fact"),
        rows=rows,
    )


def render(trace: Trace, known: tuple[Fact, ...], ids: dict[str, str]) -> Html:
    """The answer and the whole computation; ``ids`` as in :func:`figures.hop`."""
    answers = [f"{a.entity.label} (membership {a.membership:.3f})" for a in trace.answers]
    reply = words.several(answers, 6) or trace.message
    body = fill('<p class="sentence"><b><bdi>{reply}</bdi></b></p>', reply=reply)
    if trace.mentions:
        body += marked(trace, "lesson-line")
    body += join(_branch(trace, branch, known, ids) for branch in trace.branches)
    if trace.intersection is not None:
        body += Html('<p class="part">Intersection: the minimum of each row</p>')
        texts = (marks.mention_text(trace, b.mention) for b in trace.branches)
        rows = (
            (figures.label(r.entity.label), *(f"{m:.3f}" for m in (*r.memberships, r.minimum)))
            for r in trace.intersection.rows
        )
        heads = ("Entity", *texts, "Minimum")
        body += figures.table(heads, rows, name="Intersection in the toy graph")
    return fill(
        '<section class="kg-card lesson-step" id="kg-toy-answer" aria-live="polite">{body}'
        "</section>",
        body=body,
    )


def _branch(trace: Trace, branch: Branch, known: tuple[Fact, ...], ids: dict[str, str]) -> Html:
    out = fill(
        '<h3>{badge} From “<bdi>{text}</bdi>”</h3><p class="part">x₀, the candidates: '
        "<bdi>{seeds}</bdi></p>",
        badge=parts.badge(marks.ranks(trace)[branch.mention]),
        text=marks.mention_text(trace, branch.mention),
        seeds=_vector(branch.seeds),
    )
    before = branch.seeds
    for number, hop in enumerate(branch.hops, 1):
        r = ", ".join(f"{w.label} {w.weight:.3f}" for w in hop.relations)
        out += fill('<p class="part">Hop {n}: r = {r}</p>', n=number, r=r)
        x = {e.entity.id: e.membership for e in before}
        out += figures.hop(number, x, hop, known, ids, most=24)
        before = hop.entities
    if trace.excluded >= 0.005:
        out += fill(
            '<p class="quiet">With probability {p} the walk may not return to where it started: x '
            "of an entity e is multiplied by 1 − {p} · x₀[e].</p>",
            p=f"{trace.excluded:.3f}",
        )
    stop = ", ".join(f"{words.count(n, 'hop')} {p:.3f}" for n, p in enumerate(branch.stop))
    mixes = "The result of the branch mixes these vectors with P(stop): "
    return out + fill('<p class="quiet">{mixes}{stop}.</p>', mixes=mixes, stop=stop)


def _vector(items: Iterable[EntityWeight]) -> str:
    return "; ".join(
        f"{i.entity.label}, {i.entity.description or i.entity.kind}: {i.membership:.3f}"
        for i in items
    )
