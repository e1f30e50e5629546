"""The teacher's sheet: the figure's facts on paper, three tasks, and their solutions.

Every number comes from the figure (``kgqa.ui.figure``), whose vectors a walk has worked out.
:func:`document` is a page of its own, for a printer and without a script; :func:`fold` is the same
inside the Learn tab.
"""

from __future__ import annotations

from kgqa.ui.figure import Figure, Vector
from kgqa.ui.html import words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.static import read
from kgqa.ui.tabs.sheet_graph import drawing
from kgqa.ui.tabs.sheet_parts import (
    BLANK,
    blanks,
    column,
    entity,
    listed,
    named,
    number,
    relations,
    result,
    step,
    steps,
    table,
    working,
)

TITLE = "Walking a knowledge graph by hand"
MIDDLE, END = 1, 2
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{css}</style></head>
<body><main class="sheet">{body}</main></body></html>
"""
_INTRO = (
    "A knowledge graph is a set of facts: triples of head, relation and tail. A set of entities is "
    "a vector with one number from 0 to 1 for each entity, its membership. A hop follows "
    "probabilities r over relations: for every fact, add x[where it starts] · r[relation] to where "
    "it leads. A fact can be walked both ways. What comes to more than 1 is cut to 1."
)
_TIME = (
    "About 45 minutes, in pairs; a pocket calculator helps. All numbers have two or three digits."
)


def fold(figure: Figure | None) -> Html:
    """The sheet inside the page, folded; empty if there is no figure."""
    if figure is None:
        return Html()
    return fill(
        '<details class="fold kg-card sheet-fold"><summary>{summary}</summary><p><button '
        'type="button" class="action" data-print>Print</button></p><div class="sheet" '
        'role="region" aria-label="{title}">{body}</div></details>',
        summary="Teacher's sheet: three tasks with solutions, to print",
        title=TITLE,
        body=body(figure),
    )


def document(figure: Figure) -> Html:
    """The sheet as a page of its own."""
    return fill(_PAGE, title=TITLE, css=Html(read("sheet.css")), body=body(figure))


def body(figure: Figure) -> Html:
    """Tasks, and on a new page the solutions."""
    makers = [_follow, _meet if len(figure.starts) > 1 else _read_off, _last]
    tasks = join(_task(n, make(figure, False)) for n, make in enumerate(makers, 1))
    solutions = join(_task(n, make(figure, True)) for n, make in enumerate(makers, 1))
    return fill(
        "<h1>{title}</h1><p>{intro}</p><p class='how'>{time}</p><h2>The graph</h2>{graph}"
        '<ol class="sheet-facts">{facts}</ol><p>The question: <b><bdi>{question}</bdi></b></p>'
        '<h2>Tasks</h2>{tasks}<div class="solutions"><h2>Solutions</h2>{solutions}</div>',
        title=TITLE,
        intro=_INTRO,
        time=_TIME,
        graph=drawing(figure),
        facts=join(fill("<li><bdi>{s}</bdi></li>", s=clip(s, 200)) for s in figure.sentences),
        question=figure.question,
        tasks=tasks,
        solutions=solutions,
    )


def _task(number: int, content: tuple[str, Html]) -> Html:
    title, html = content
    return fill(
        '<section class="sheet-task"><h3>{n}. {title}</h3>{html}</section>',
        n=number,
        title=title,
        html=html,
    )


# -- the tasks; with ``solved`` their blanks are filled --------------------------------------------


def _follow(figure: Figure, solved: bool) -> tuple[str, Html]:
    text = (
        "Follow the first hop. For each fact that is read write down x, r and their product, then "
        "add the products for each entity that is reached."
    )
    out = fill("<p>{text}</p>", text=text)
    for letter, start, reached in zip("AB", figure.starts, figure.solved.reached, strict=False):
        out += fill(
            "<p><b>{letter}</b>, from “<bdi>{text}</bdi>”: {x}; {r}.</p>",
            letter=letter,
            text=start.text,
            x=listed("x", ((named(figure, e), start.x[e]) for e in start.seeds)),
            r=listed("r", relations(figure, start.r)),
        )
        rows = [
            (step(figure, one), *blanks(solved, working(one), number(one[3])))
            for one in steps(figure, start.x, start.r)
        ]
        out += table(("Fact, as it is walked", "x · r", "Product"), rows)
        out += result(figure, f"{letter} is", reached, solved)
    return "Follow", out


def _meet(figure: Figure, solved: bool) -> tuple[str, Html]:
    a, b = figure.solved.reached
    text = (
        "Put the two vectors together: which entities are in both (the minimum), in either (the "
        "maximum), and in A but not in B (the smaller of A and 1 − B)?"
    )
    rows = [
        (
            entity(figure, e),
            *(number(v) for v in (a[e], b[e])),
            *blanks(
                solved,
                number(figure.solved.met[e]),
                number(figure.solved.either[e]),
                number(figure.solved.without[e]),
            ),
        )
        for e in column(figure, MIDDLE)
        if a[e] or b[e]
    ]
    heads = ("Entity", "A", "B", "min(A, B)", "max(A, B)", "min(A, 1 − B)")
    count = sum(1 for v in figure.solved.met if v > 0)
    ask = fill(
        "<p>How many entities are in both? {n}</p>",
        n=fill("<b>{count}</b>", count=count) if solved else BLANK,
    )
    return "Intersection", fill("<p>{text}</p>", text=text) + table(heads, rows) + ask


def _read_off(figure: Figure, solved: bool) -> tuple[str, Html]:
    """In place of an intersection, where there is one start."""
    x = figure.solved.reached[0]
    none = 1.0
    for v in x:
        none *= 1 - v
    text = "Read the vector off: the sum of the memberships, and P(the set is not empty)."
    rows = [
        ("Sum of the memberships: the expected number", *blanks(solved, number(sum(x)))),
        ("1 − Π (1 − x): whether there is any", *blanks(solved, number(1 - none))),
    ]
    return "Read-out", fill("<p>{text}</p>", text=text) + table(("", "Value"), rows)


def _last(figure: Figure, solved: bool) -> tuple[str, Html]:
    out, compared = Html(), figure.compared
    met = figure.solved.met
    if compared:
        text = (
            f"Keep {compared.most} of what is in {'both' if len(figure.starts) > 1 else 'the set'}:"
            " x · Π (1 − x[f]) over every f with a larger number. And the second: exactly one "
            "better one is in the set."
        )
        ranked = [e for e, v in enumerate(compared.values) if v is not None and met[e] > 0]
        ranked.sort(key=lambda e: -(compared.values[e] or 0.0))
        rows = [
            (
                entity(figure, e),
                fill("<bdi>{t}</bdi>", t=compared.texts[e]),
                number(met[e]),
                *blanks(solved, number(figure.solved.most[e]), number(figure.solved.second[e])),
            )
            for e in ranked
        ]
        heads = ("Entity", compared.label, "x", "the most", "the second")
        out += fill("<p>{text}</p>", text=text) + table(heads, rows)
    if figure.after:
        text = "Follow the second hop from all of them, and add up before anything is cut to 1."
        out += fill("<p>{text} {r}.</p>", text=text, r=listed("r", relations(figure, figure.after)))
        rows = [
            (step(figure, one), *blanks(solved, working(one), number(one[3])))
            for one in steps(figure, met, figure.after)
            if figure.columns[one[2]] == END
        ]
        out += table(("Fact, as it is walked", "x · r", "Product"), rows)
        sums = tuple(
            v if figure.columns[e] == END else 0.0 for e, v in enumerate(figure.solved.sums)
        )
        out += result(figure, "The sums are", sums, solved)
        out += _questions(figure, sums, solved)
    return "Operators and the second hop" if compared else "The second hop", out


def _questions(figure: Figure, sums: Vector, solved: bool) -> Html:
    """What is read off the second hop."""
    most = max(sums)
    often = [figure.label(e) for e, v in enumerate(sums) if v == most and v > 0]
    answers = figure.solved.answers
    least = figure.threshold * max(answers)
    names = [figure.label(e) for e, v in enumerate(answers) if v > 0 and v >= least]
    asked = (
        ("Which is reached in the most ways?", words.several(often, 4) if often else "None."),
        (
            f"Which answers have at least {number(figure.threshold)} times the largest?",
            words.several(names, 6) if names else "None.",
        ),
    )
    return join(
        fill("<p>{q} {a}</p>", q=q, a=fill("<b><bdi>{a}</bdi></b>", a=a) if solved else BLANK)
        for q, a in asked
    )
