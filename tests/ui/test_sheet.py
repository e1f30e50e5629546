"""The teacher's sheet: tasks without their answers, solutions from the facts, a page of its own."""

import re
from dataclasses import replace

import pytest

from kgqa.trace import Entity
from kgqa.ui.tabs import sheet
from kgqa.ui.tabs.sheet_parts import number, steps
from tests.ui.figures import CHOSEN, drawn

EVIL = "<img src=x onerror=alert(1)>"


def halves(html: str) -> tuple[str, str]:
    """The tasks and the solutions."""
    tasks, solutions = html.split('<div class="solutions">')
    return tasks, solutions


def tables(html: str) -> list[list[list[str]]]:
    """The cells of each table, tags left out."""
    found = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    rows = [re.findall(r"<tr>.*?</tr>", table) for table in found]
    return [
        [
            [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
            for row in table
        ]
        for table in rows
    ]


def test_there_are_three_tasks_and_a_solution_for_each():
    tasks, solutions = halves(str(sheet.body(drawn())))
    assert re.findall(r"<h3>(\d)\.", tasks) == re.findall(r"<h3>(\d)\.", solutions) == list("123")
    assert 'class="blank"' in tasks and 'class="blank"' not in solutions


def test_the_tasks_do_not_give_their_answers_away():
    tasks, _ = halves(str(sheet.body(drawn())))
    for table in tables(tasks):
        for row in table[1:]:
            assert "" in row, row


def test_the_products_of_a_solution_add_up_to_the_vectors_of_the_walk():
    figure = drawn()
    ways = [*zip(figure.starts, figure.solved.reached, strict=True)]
    for start, reached in ways:
        sums = [0.0] * len(figure.entities)
        for _, _, target, product, x, r in steps(figure, start.x, start.r):
            assert product == pytest.approx(x * r)
            sums[target] += product
        assert tuple(min(s, 1) for s in sums) == pytest.approx(reached)
    sums = [0.0] * len(figure.entities)
    for _, _, target, product, *_ in steps(figure, figure.solved.met, figure.after):
        sums[target] += product
    assert tuple(sums) == pytest.approx(figure.solved.sums)


def test_every_working_of_a_solution_is_right():
    _, solutions = halves(str(sheet.body(drawn())))
    first, second, meeting, ranks, hop = tables(solutions)
    for _, working, product in [*first[1:], *second[1:], *hop[1:]]:
        x, r = map(float, working.split(" × "))
        assert float(product) == pytest.approx(x * r, abs=0.0006)
    for _, a, b, least, most, without in meeting[1:]:
        values = float(a), float(b)
        assert float(least) == min(values) and float(most) == max(values)
        assert float(without) == pytest.approx(min(values[0], 1 - values[1]))
    rows = [(int(minutes.split()[0]), float(x)) for _, minutes, x, *_ in ranks[1:]]
    assert rows == sorted(rows, reverse=True)
    left = 1.0
    for (_, x), row in zip(rows, ranks[1:], strict=True):
        assert float(row[3]) == pytest.approx(x * left, abs=0.0006)
        left *= 1 - x


def test_the_solutions_name_what_is_read_off():
    tasks, solutions = halves(str(sheet.body(drawn())))
    assert "the most ways? <b><bdi>Jeff Nathanson" in solutions
    assert "<b><bdi>Robert Rodat and Jeff Nathanson" in solutions
    assert "How many entities are in both? <b>3</b>" in solutions and "<b>3</b>" not in tasks


def test_other_facts_give_other_solutions():
    other = drawn(replace(CHOSEN, middle=CHOSEN.middle[:-3] + CHOSEN.middle[-2:]))
    _, solutions = halves(str(sheet.body(other)))
    assert "How many entities are in both? <b>2</b>" in solutions


def test_the_document_is_a_page_without_a_script_or_a_request():
    html = str(sheet.document(drawn()))
    assert html.startswith("<!doctype html>") and html.count("</html>") == 1
    assert not re.search(r"<script|src=|href=|@import|url\(http", html)
    assert "@media print" in html and "break-before: page" in html


def test_a_figure_with_one_start_has_three_tasks_too():
    figure = drawn()
    single = replace(figure, starts=figure.starts[:1], compared=None)
    tasks, solutions = halves(str(sheet.body(single)))
    assert re.findall(r"<h3>(\d)\.", tasks) == list("123") and "Read-out" in tasks
    assert "Intersection" not in solutions


def test_hostile_names_are_text():
    figure = drawn()
    evil = replace(
        figure,
        question=EVIL,
        entities=tuple(Entity(EVIL + str(i), EVIL, EVIL, EVIL) for i in range(11)),
        relations=tuple((EVIL, EVIL, EVIL) for _ in figure.relations),
        sentences=(EVIL,) * len(figure.sentences),
    )
    html = str(sheet.document(evil)) + str(sheet.fold(evil))
    assert "<img" not in html and "&lt;img" in html


def test_without_a_figure_there_is_no_sheet():
    assert not sheet.fold(None)


def test_numbers_are_written_as_readers_write_them():
    assert [number(v) for v in (0.64, 1.0, 0.0, 0.23039999, 1.024)] == [
        "0.64",
        "1",
        "0",
        "0.23",
        "1.024",
    ]
