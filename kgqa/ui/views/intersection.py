"""Step 4, intersect: each entity's membership in every branch, and the element-wise minimum.

The table makes the minimum (Sen et al. 2021) visible: an entity is in the result as far as it is in
*every* branch. The switch turns the intersection off, as in their ablation.
"""

from __future__ import annotations

from kgqa.trace import Intersection, IntersectionRow, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import formulas, hops

SHOWN = 10
FOLDED = 10
SEEN = 0.005  #: what is less is shown as 0.00, and counts as none
NAMED = 3  #: entities that stay and are named in the line of the step
_ON = (
    "An entity stays as far as it is in every set: the smallest value of its row counts. ✓ marks "
    "answers."
)
_UNITED = (
    "Either is enough: the sets are united, and the largest value of a row counts. ✓ marks answers."
)
_LEFT = (
    "The smallest value of a row counts, and a path marked “taken away” counts as 1 less its "
    "value. ✓ marks answers."
)
_LEFT_OF_UNITED = (
    "The largest value of a row counts, but no more than 1 less the value of a path marked “taken "
    "away”. ✓ marks answers."
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
    body = _switch(trace) + table(trace, both.rows[:SHOWN], answers)
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
    body += formulas.meeting(trace)
    lead = _OFF if not trace.edits.intersect else _UNITED if trace.united else _ON
    if any(b.negated for b in trace.branches):
        lead = _LEFT_OF_UNITED if united(trace) else _LEFT
    return parts.section(4, _title(trace), lead, body, gist=_gist(trace, both))


def _gist(trace: Trace, both: Intersection) -> Html:
    """How many stay of how many, and which."""
    kept, stay = [row for row in both.rows if row.minimum >= SEEN], _staying(both)
    of = words.several([f"{marks.reached(branch):,}" for branch in trace.branches])
    first = [clip(row.entity.label, 40) for row in kept[:NAMED]]
    names = words.several([*first, f"{stay - NAMED:,} more"] if stay > NAMED else first)
    stays = "stays" if stay == 1 else "stay"
    text = f"{stay:,} {stays} of {of}{': ' + names if names else ''}"
    return fill('<span class="gist-line"><bdi>{text}</bdi></span>', text=text)


def _title(trace: Trace) -> str:
    """What becomes of the branches."""
    away, united = any(b.negated for b in trace.branches), trace.united and trace.edits.intersect
    if away:
        return "What is left when a path is taken away"
    return "What either path reaches" if united else "What the paths have in common"


def _sizes(trace: Trace, both: Intersection) -> str:
    """How many entities each branch reaches, and how many stay."""
    texts = (
        (
            clip(marks.mention_text(trace, b.mention), 40),
            marks.reached(b),
            " (taken away)" if b.negated else "",
        )
        for b in trace.branches
    )
    stay = _staying(both)
    each = words.several([f"“{text}” reaches {reached:,}{away}" for text, reached, away in texts])
    return f"{each}; {words.count(stay, 'entity stays', 'entities stay')}."


def _staying(both: Intersection) -> int:
    """How many entities stay."""
    stay = sum(row.minimum >= SEEN for row in both.rows)
    return stay + (both.omitted if stay == len(both.rows) else 0)


def united(trace: Trace) -> bool:
    """Whether the branches are united, by the model or by hand."""
    return trace.united or not trace.edits.intersect


def _switch(trace: Trace) -> Html:
    """Turns the intersection off, or back to what the model said, or on against the model."""
    edits, on = trace.edits, not united(trace)
    data = fill('data-action="intersect" data-on="{on}"', on="" if on else "1")
    if edits.intersect and (edits.unite is not None or not on):
        choice = "both" if edits.unite is None else ""
        data = fill('data-action="unite" data-choice="{choice}"', choice=choice)
    return fill(
        '<p class="switch-line"><button type="button" class="switch" role="switch" '
        'aria-checked="{on}" {data}><span class="knob" '
        'aria-hidden="true"></span>Intersection</button></p>',
        on="true" if on else "false",
        data=data,
    )


def table(trace: Trace, rows: tuple[IntersectionRow, ...], answers: set[str]) -> Html:
    """Memberships in every branch and the result; the branch that decides is underlined."""
    if not rows:
        return Html('<p class="quiet">No entity is on all paths.</p>')
    ranks = marks.ranks(trace)
    heads = join(
        fill(
            '<th scope="col" class="{c}">{badge}<bdi class="th-text">{text}</bdi>{away}</th>',
            c=palette.css_class(ranks[b.mention]),
            badge=parts.badge(ranks[b.mention]),
            text=clip(marks.mention_text(trace, b.mention), 30),
            away=Html(' <span class="tag">taken away</span>') if b.negated else "",
        )
        for b in trace.branches
    )
    result = "Maximum" if united(trace) else "Minimum"
    if any(b.negated for b in trace.branches):
        result = "Left"
    return fill(
        '<div class="table-box" tabindex="0" role="region" aria-label="Intersection table"><table '
        'class="kg-table"><thead><tr><th scope="col">Entity</th>{heads}<th scope="col">{result}'
        "</th></tr></thead><tbody>{rows}</tbody></table></div>",
        heads=heads,
        result=result,
        rows=join(_row(trace, ranks, row, row.entity.id in answers) for row in rows),
    )


def _row(trace: Trace, ranks: dict[int, int], row: IntersectionRow, is_answer: bool) -> Html:
    pairs = list(zip(trace.branches, row.memberships, strict=False))
    counted = [1 - value if branch.negated else value for branch, value in pairs]
    least = None if united(trace) else min(counted, default=0.0)
    cells = join(
        fill(
            '<td class="{c}{least}">{bar}</td>',
            c=palette.css_class(ranks[branch.mention]),
            least=" least" if counts == least else "",
            bar=parts.bar(value, text=f"{value:.2f}"),
        )
        for (branch, value), counts in zip(pairs, counted, strict=True)
    )
    return fill(
        '<tr class="{css}"{show}><th scope="row">{mark}{name}</th>{cells}<td '
        'class="minimum">{bar}</td></tr>',
        css="is-answer" if is_answer else "",
        show=parts.shows(f"entity {row.entity.id}"),
        mark=Html('<span class="check" title="answer">✓</span> ') if is_answer else "",
        name=parts.named(row.entity),
        cells=cells,
        bar=parts.bar(row.minimum, text=f"{row.minimum:.2f}"),
    )
