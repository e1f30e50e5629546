"""The lesson's step on operators: the product formula on eight entities, and the others in words.

Every number is worked out by the operators of a walk (:class:`kgqa.ui.service.Worked`). All tables
are on the page; radio buttons choose which of them is seen (``static/lesson.css``), so that the
step needs no script and no server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from kgqa.trace import Entity
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Worked
from kgqa.ui.tabs import frame

TITLE = "Operators: the largest, the second, how many"
#: Memberships of the eight, those with the largest number first; not the model's, but easy ones.
SETS = {
    "fuzzy": (0.2, 0.5, 0.8, 0.4, 0.9, 0.6, 0.7, 0.3),
    "crisp": (0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0),
}
RANKS = {"first": 1, "second": 2}
_LEAD = (
    "A question may ask for the largest of a set, and no relation leads there. So a hop chooses "
    "among operators, too, as it chooses among relations. Let x[e] be the membership of e, as "
    "before. What stays of it if the largest is kept:"
)
FORMULA = "x′[e] = x[e] · Π (1 − x[f]),  over every f that is better than e"
_MEANING = (
    "Better is what has a larger number; for the smallest, a smaller one. Read memberships as "
    "probabilities: e is in the set, and nothing better is. Of a crisp set, with memberships 0 and "
    "1, exactly the largest member stays. A fuzzy set gives shares, and each is a product, so a "
    "gradient passes through. Of two that tie, neither is better. For the second largest, exactly "
    "one that is better has to be in the set. Where a relation has no numbers, its edges are "
    "counted instead."
)
_NO_EXAMPLE = (
    "This graph has no attribute with numbers of eight entities, so there is nothing to work out."
)
_GIVEN = "The memberships are chosen for this table; its numbers come from the graph."
_FRONTIER = (
    "An operator reads the members of the set, and of each one number or the edges that leave it; "
    "it never reads the rest of the graph. So it takes as long in a graph of a hundred million "
    "facts as in a small one with the same set."
)
_NEW = (
    "The papers follow relations and intersect sets; they leave maxima, minima and counts to "
    "future work. Here these are steps like follow: differentiable, so that which of them a "
    "question asks for is learned from questions and answers alone."
)
_ROW = (
    '<tr class="{css}"><th scope="row">{name}</th><td><bdi>{value}</bdi>{tie}</td><td>{x}</td>'
    "<td>{working}</td><td>{kept}</td></tr>"
)
_UNTRAINED = "The network of this page was trained without operators, and chooses none of them."


@dataclass(frozen=True)
class _Table:
    """One of the tables: what is kept, of which set."""

    way: str  #: "most" or "least"
    rank: str  #: a key of RANKS
    kind: str  #: a key of SETS

    @property
    def css(self) -> str:
        return f"for-{self.way} for-{self.rank} for-{self.kind}"

    def name(self, example: Worked) -> str:
        """In words: "the second longest run time of a fuzzy set"."""
        extreme = example.most if self.way == "most" else example.least
        if self.rank == "second":
            extreme = f"the second {extreme.removeprefix('the ')}"
        return f"{extreme} of a {self.kind} set"


def body(example: Worked | None, *, trained: bool) -> Html:
    """The step without its number, title and questions."""
    out = fill('<p>{lead}</p><p class="formula">{formula}</p>', lead=_LEAD, formula=FORMULA)
    out += fill("<p>{text}</p>", text=_MEANING)
    out += _tables(example) if example else fill('<p class="quiet">{t}</p>', t=_NO_EXAMPLE)
    out += fill("<h3>More operators</h3><ul>{items}</ul>", items=_others(example))
    out += fill("<h3>Why they cost little</h3><p>{text}</p>", text=_FRONTIER)
    out += fill("<h3>What is new</h3><p>{text}</p>", text=_NEW)
    out += fill('<ul class="papers">{papers}</ul>', papers=frame.papers())
    return out if trained else out + fill('<p class="quiet">{text}</p>', text=_UNTRAINED)


# -- the tables --------------------------------------------------------------------------------


def _tables(example: Worked) -> Html:
    """The choices, and for each combination a sentence and a table."""
    choices = (
        ("Keep", {"most": example.most, "least": example.least}),
        ("Rank", {"first": "the first", "second": "the second"}),
        ("Set", {"fuzzy": "fuzzy", "crisp": "crisp"}),
    )
    tables = [_Table(*which) for which in product(("most", "least"), RANKS, SETS)]
    return fill(
        '<div class="ops"><div class="choices">{choices}</div><div aria-live="polite">{results}'
        '</div>{tables}<p class="quiet">{given}</p></div>',
        choices=join(_choice(legend, options) for legend, options in choices),
        results=join(_result(table, example) for table in tables),
        tables=join(_table(table, example) for table in tables),
        given=_GIVEN,
    )


def _choice(legend: str, options: dict[str, str]) -> Html:
    radio = (
        '<label><input type="radio" name="kg-ops-{group}" value="{value}"{checked}> '
        "<bdi>{text}</bdi></label>"
    )
    buttons = join(
        fill(
            radio,
            group=legend.lower(),
            value=value,
            checked=Html("" if i else " checked"),
            text=clip(text, 60),
        )
        for i, (value, text) in enumerate(options.items())
    )
    return fill(
        "<fieldset><legend>{legend}</legend>{buttons}</fieldset>", legend=legend, buttons=buttons
    )


def _kept(table: _Table, example: Worked) -> list[float]:
    least, rank = table.way == "least", RANKS[table.rank]
    return example.extreme(SETS[table.kind], least=least, rank=rank)


def _result(table: _Table, example: Worked) -> Html:
    """What stays, as a sentence."""
    kept = sorted(zip(_kept(table, example), example.entities, strict=True), key=lambda p: -p[0])
    names = [clip(e.label, 60) for x, e in kept if x == 1]
    if table.kind == "fuzzy":
        shares = [f"{clip(e.label, 60)} ({number(x)})" for x, e in kept if x > 0]
        text = f"The heaviest: {words.several(shares[:2])}."
    elif len(names) > 1:
        text = f"{words.several(names)} tie, and stay. Everything else is out."
    else:
        text = f"{names[0]} stays. Everything else is out." if names else "Nothing stays."
    name = clip(table.name(example), 160)
    text = f"{name[:1].upper()}{name[1:]}. {text}"
    return fill('<p class="{css}"><bdi>{text}</bdi></p>', css=table.css, text=text)


def _table(table: _Table, example: Worked) -> Html:
    """One row for each entity, best first."""
    x, least, rank = SETS[table.kind], table.way == "least", RANKS[table.rank]
    kept = _kept(table, example)
    first = example.better(x, least=least)
    better = example.better(x, least=least, rank=rank)
    groups = _tied(example.numbers)
    rows, before = [], list[int]()
    for group in reversed(groups) if least else groups:
        for i in group:
            rows.append(
                fill(
                    _ROW,
                    css="is-answer" if kept[i] and kept[i] == max(kept) else "",
                    name=parts.named(example.entities[i]),
                    value=clip(example.texts[i], 40),
                    tie=Html(' <span class="note">tie</span>' if len(group) > 1 else ""),
                    x=number(x[i]),
                    working=_working(x, before, first, better if rank == 2 else None, i),
                    kept=number(kept[i]),
                )
            )
        before = group
    product = "Π (1 − x[f])" if rank == 1 else "P(one better is in the set)"
    attribute = example.attribute[:1].upper() + example.attribute[1:]
    heads = ("Entity", attribute, "x", product, "x′ = x · P" if rank == 2 else "x′ = x · Π")
    return fill(
        '<div class="table-box {css}" tabindex="0" role="region" aria-label="{name}"><table '
        'class="kg-table plain worked"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>",
        css=table.css,
        name=clip(table.name(example), 160),
        heads=join(fill('<th scope="col"><bdi>{h}</bdi></th>', h=clip(h, 40)) for h in heads),
        rows=join(rows),
    )


def _tied(numbers: Sequence[float]) -> list[list[int]]:
    """Positions with equal numbers together, in order."""
    groups: list[list[int]] = []
    for i, value in enumerate(numbers):
        if groups and numbers[groups[-1][0]] == value:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _working(
    x: Sequence[float],
    before: list[int],
    first: Sequence[float],
    second: Sequence[float] | None,
    i: int,
) -> str:
    """How P of entity i follows from the row above: "0.8 × (1 − 0.5) = 0.4".

    Args:
        before: positions of those that are just better; all of them have the same number.
        first: P(nothing better is in the set), of each.
        second: P(one better is in the set); None if the largest is kept.
    """
    p = number((first if second is None else second)[i])
    if not before or len(before) > 2:
        return p
    f = before[0]
    out = " × ".join(f"({_not(x[j])})" for j in before)
    if second is None:
        return f"{number(first[f])} × {out} = {p}"
    one = number(x[f])
    if len(before) == 2:
        g = x[before[1]]
        one = f"({one} × ({_not(g)}) + ({_not(x[f])}) × {number(g)})"
    return f"{number(second[f])} × {out} + {number(first[f])} × {one} = {p}"


def _not(value: float) -> str:
    """ "1 − 0.2", on one line."""
    return f"1\u00a0−\u00a0{number(value)}"


# -- the others --------------------------------------------------------------------------------


def _others(example: Worked | None) -> Html:
    """One sentence for each of the other operators, with numbers of the fuzzy set if there are."""
    x = SETS["fuzzy"]
    total, size, some, often, without = "", "", "", "", ""
    if example:
        expected, committed = example.count(x)
        total, size = f" ({number(expected)} of the fuzzy set)", f" ({committed:,})"
        some, often = f", here {number(example.nonempty(x))}", _often(example)
        without = _without(example)
    sentences = {
        "How many": f"Training uses the sum of the memberships{total}, which has a gradient; the "
        f"answer is the size of the set that the model commits to{size}.",
        "Without": f"What is in x and not in y is min(x, 1 − y).{without}",
        "Most often": "The sums of follow count the ways to an entity, and are compared before "
        f"they are cut to 1.{often}",
        "Yes or no": f"Training uses P(the set is not empty) = 1 − Π (1 − x){some}; the answer is "
        "whether the model commits to any member.",
    }
    item = "<li><b>{name}.</b> <bdi>{text}</bdi></li>"
    return join(fill(item, name=name, text=text) for name, text in sentences.items())


def _often(example: Worked) -> str:
    """The two entities that the fuzzy set reaches in the most ways."""
    relation, ways = example.often(SETS["fuzzy"])
    reached = " and ".join(f"{_name(e)} with {number(v)}" for e, v in ways)
    over = f" Over “{clip(relation, 60)}”, the fuzzy set reaches {reached}."
    return over if ways else ""


def _without(example: Worked) -> str:
    """The entity that loses most if the largest are taken away from the fuzzy set."""
    x = SETS["fuzzy"]
    y = example.extreme(x)
    rest = example.difference(x, y)
    i = max(range(len(x)), key=lambda i: x[i] - rest[i])
    working = f"min({number(x[i])}, 1 − {number(y[i])}) = {number(rest[i])}"
    most = f" With y {clip(example.most, 60)} of the fuzzy set x"
    return f"{most}, {_name(example.entities[i])} keeps {working}."


def _name(entity: Entity) -> str:
    return clip(entity.label or entity.id, 60)


def number(value: float) -> str:
    """Four digits that count: 0.00288, 0.5, 1."""
    return f"{value:.4g}"
