"""Step 4, intersect: each entity's membership in every branch, and the element-wise minimum (Sen et al. 2021).

The table makes the minimum visible: an entity is in the result as far as it is in *every* branch.
"""

from __future__ import annotations

from kgqa.trace import IntersectionRow, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import hops

SHOWN = 10
FOLDED = 60


def render(trace: Trace) -> Html:
    """The table and the hops after it; nothing with fewer than two branches."""
    meet = trace.intersection
    if meet is None:
        return Html()
    answers = {a.entity.id for a in trace.answers}
    on = trace.edits.intersect
    body = _switch(on) + table(trace, meet.rows[:SHOWN], answers)
    folded = meet.rows[SHOWN : SHOWN + FOLDED]
    if folded:
        body += parts.fold(
            f"Show {words.count(len(folded), 'more row')}", table(trace, folded, answers)
        )
    rest = max(len(meet.rows) - SHOWN - FOLDED, 0) + meet.omitted
    if rest:
        body += fill(
            '<p class="quiet">{n} not shown.</p>',
            n=words.count(rest, "more entity", "more entities"),
        )
    body += fill('<p class="quiet"><bdi>{sizes}</bdi></p>', sizes=_sizes(trace))
    after = hops.hop_list(
        meet.hops if marks.after(trace) else (), meet.stop, most=len(meet.stop) - 1
    )
    if after:
        body += fill(
            '<div class="kg-panel bs after" {where}><h4>After the intersection</h4>{hops}</div>',
            where=hops.span(trace, -1),
            hops=after,
        )
    lead = "An entity stays as far as it is in every set: the smallest value of its row counts. ✓ marks answers."
    if not on:
        lead = "Switched off by hand: the sets are united. What one path reaches is in, and the largest value of its row counts."
    return parts.section(4, "What the paths have in common", lead, body)


def _sizes(trace: Trace) -> str:
    """How many entities each branch reaches, and how many stay."""
    each = [
        f"“{clip(marks.mention_text(trace, b.mention), 40)}” reaches {b.reached:,}"
        for b in trace.branches
    ]
    stay = sum(r.minimum > 0 for r in trace.intersection.rows) + trace.intersection.omitted
    return f"{words.several(each)}; {words.count(stay, 'entity stays', 'entities stay')}."


def _switch(on: bool) -> Html:
    """With and without intersection, as in the ablation of Sen et al."""
    return fill(
        '<p class="switch-line"><button type="button" class="switch" role="switch" aria-checked="{on}" data-do="meet" '
        'data-on="{next}"><span class="knob" aria-hidden="true"></span>Intersection</button></p>',
        on="true" if on else "false",
        next="" if on else "1",
    )


def table(trace: Trace, rows: tuple[IntersectionRow, ...], answers: set[str]) -> Html:
    """Memberships in every branch and the result, a row for each entity; the branch that decides is underlined."""
    if not rows:
        return Html('<p class="quiet">No entity is on all paths.</p>')
    ranks = marks.ranks(trace)
    heads = join(
        fill(
            '<th scope="col" class="{c}">{badge}<bdi class="th-text">{text}</bdi></th>',
            c=palette.css_class(ranks[b.mention]),
            badge=parts.badge(ranks[b.mention]),
            text=clip(marks.mention_text(trace, b.mention), 30),
        )
        for b in trace.branches
    )
    return fill(
        '<div class="table-box" tabindex="0" role="region" aria-label="Intersection table"><table class="meet">'
        '<thead><tr><th scope="col">Entity</th>{heads}<th scope="col">{result}</th></tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        heads=heads,
        result="Minimum" if trace.edits.intersect else "Maximum",
        rows=join(_row(trace, ranks, row, row.entity.id in answers) for row in rows),
    )


def _row(trace: Trace, ranks: dict[int, int], row: IntersectionRow, is_answer: bool) -> Html:
    smallest = min(row.memberships, default=0.0)
    cells = join(
        fill(
            '<td class="{c}{least}">{bar}</td>',
            c=palette.css_class(ranks[branch.mention]),
            least=" least" if value == smallest and trace.edits.intersect else "",
            bar=parts.bar(value, text=f"{value:.2f}"),
        )
        for branch, value in zip(trace.branches, row.memberships, strict=False)
    )
    return fill(
        '<tr class="{css}"><th scope="row">{mark}{name}</th>{cells}<td class="minimum">{bar}</td></tr>',
        css="is-answer" if is_answer else "",
        mark=Html('<span class="check" title="answer">✓</span> ') if is_answer else "",
        name=parts.named(row.entity),
        cells=cells,
        bar=parts.bar(row.minimum, text=f"{row.minimum:.2f}"),
    )
