"""Step 4, intersect: each entity's membership in every branch, and the element-wise minimum.

The table makes the minimum (Sen et al. 2021) visible: an entity is in the result as far as it is in
*every* branch. The switch turns the intersection off, as in their ablation.
"""

from __future__ import annotations

from kgqa.trace import Intersection, IntersectionRow, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import hops

SHOWN = 10
FOLDED = 60
_ON = (
    "An entity stays as far as it is in every set: the smallest value of its row counts. ✓ marks "
    "answers."
)
_OFF = (
    "You switched it off: the sets are united. What one path reaches is in, and the largest value "
    "of its row counts."
)


def render(trace: Trace) -> Html:
    """The table and the hops after it; nothing with fewer than two branches."""
    both = trace.intersection
    if both is None:
        return Html()
    answers = {a.entity.id for a in trace.answers}
    body = _switch(trace.edits.intersect) + table(trace, both.rows[:SHOWN], answers)
    folded = both.rows[SHOWN : SHOWN + FOLDED]
    if folded:
        title = f"Show {words.count(len(folded), 'more row')}"
        body += parts.fold(title, table(trace, folded, answers))
    rest = max(len(both.rows) - SHOWN - FOLDED, 0) + both.omitted
    if rest:
        n = words.count(rest, "more entity", "more entities")
        body += fill('<p class="quiet">{n} not shown.</p>', n=n)
    body += fill('<p class="quiet"><bdi>{sizes}</bdi></p>', sizes=_sizes(trace, both))
    followed = both.hops if marks.after(trace) else ()
    after = hops.hop_list(followed, both.stop, most=len(both.stop) - 1)
    if after:
        body += fill(
            '<div class="kg-panel bs after" {where}><h4>After the intersection</h4>{hops}</div>',
            where=hops.span(trace, -1),
            hops=after,
        )
    lead = _ON if trace.edits.intersect else _OFF
    return parts.section(4, "What the paths have in common", lead, body)


def _sizes(trace: Trace, both: Intersection) -> str:
    """How many entities each branch reaches, and how many stay."""
    texts = ((clip(marks.mention_text(trace, b.mention), 40), b.reached) for b in trace.branches)
    stay = sum(r.minimum > 0 for r in both.rows) + both.omitted
    each = words.several([f"“{text}” reaches {reached:,}" for text, reached in texts])
    return f"{each}; {words.count(stay, 'entity stays', 'entities stay')}."


def _switch(on: bool) -> Html:
    return fill(
        '<p class="switch-line"><button type="button" class="switch" role="switch" '
        'aria-checked="{on}" data-action="intersect" data-on="{next}"><span class="knob" '
        'aria-hidden="true"></span>Intersection</button></p>',
        on="true" if on else "false",
        next="" if on else "1",
    )


def table(trace: Trace, rows: tuple[IntersectionRow, ...], answers: set[str]) -> Html:
    """Memberships in every branch and the result; the branch that decides is underlined."""
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
        '<div class="table-box" tabindex="0" role="region" aria-label="Intersection table"><table '
        'class="kg-table"><thead><tr><th scope="col">Entity</th>{heads}<th scope="col">{result}'
        "</th></tr></thead><tbody>{rows}</tbody></table></div>",
        heads=heads,
        result="Minimum" if trace.edits.intersect else "Maximum",
        rows=join(_row(trace, ranks, row, row.entity.id in answers) for row in rows),
    )


def _row(trace: Trace, ranks: dict[int, int], row: IntersectionRow, is_answer: bool) -> Html:
    least = min(row.memberships, default=0.0) if trace.edits.intersect else None
    cells = join(
        fill(
            '<td class="{c}{least}">{bar}</td>',
            c=palette.css_class(ranks[branch.mention]),
            least=" least" if value == least else "",
            bar=parts.bar(value, text=f"{value:.2f}"),
        )
        for branch, value in zip(trace.branches, row.memberships, strict=False)
    )
    return fill(
        '<tr class="{css}"><th scope="row">{mark}{name}</th>{cells}<td class="minimum">{bar}</td>'
        "</tr>",
        css="is-answer" if is_answer else "",
        mark=Html('<span class="check" title="answer">✓</span> ') if is_answer else "",
        name=parts.named(row.entity),
        cells=cells,
        bar=parts.bar(row.minimum, text=f"{row.minimum:.2f}"),
    )
