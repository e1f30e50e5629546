"""The lesson's step on operators, with numbers of a stand-in and of the walk itself."""

import re
from dataclasses import replace

from kgqa.ui.handlers import Handlers
from kgqa.ui.learning import Lessons
from kgqa.ui.service import Lesson, LessonStep, Service, Worked
from kgqa.ui.tabs import operators
from kgqa.ui.tabs.steps import steps
from tests.inference.test_worked import FILMS, graph_of
from tests.ui import page_traces as traces


def example(attribute: str = "run time") -> Worked:
    from kgqa.inference.worked import worked

    return worked(graph_of(FILMS), 0.5, attribute)


def page() -> str:
    """The step, its spaces plain ones."""
    return str(operators.body(example(), trained=True)).replace("\u00a0", " ")


def table(html: str, *which: str) -> list[list[str]]:
    """The cells of the table of a choice, tags left out."""
    css = " ".join(f"for-{name}" for name in which)
    (found,) = re.findall(rf'<div class="table-box {css}".*?</table>', html)
    rows = re.findall(r"<tr.*?</tr>", found)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_each_row_shows_how_its_product_follows_from_the_row_above():
    rows = table(page(), "most", "first", "fuzzy")
    assert rows[0] == ["Entity", "Run time", "x", "Π (1 − x[f])", "x′ = x · Π"]
    assert [row[3:] for row in rows[1:]] == [
        ["1", "0.2"],
        ["1 × (1 − 0.2) = 0.8", "0.4"],  # 0.5 · 0.8
        ["0.8 × (1 − 0.5) = 0.4", "0.32"],  # 0.8 · 0.4
        ["0.8 × (1 − 0.5) = 0.4", "0.16"],  # a tie: the other of 150 minutes is not better
        ["0.4 × (1 − 0.8) × (1 − 0.4) = 0.048", "0.0432"],  # 0.9 · 0.048
        ["0.048 × (1 − 0.9) = 0.0048", "0.00288"],  # 0.6 · 0.0048
        ["0.0048 × (1 − 0.6) = 0.00192", "0.001344"],  # 0.7 · 0.00192
        ["0.00192 × (1 − 0.7) = 0.000576", "0.0001728"],  # 0.3 · 0.000576
    ]


def test_every_working_on_the_page_is_right():
    html = page()
    workings = re.findall(r"<td>([^<]*=[^<]*)</td>", html)
    assert len(workings) == 8 * 7
    for working in workings:
        left, right = working.replace("×", "*").replace("−", "-").split("=")
        assert abs(eval(left) - float(right)) <= 1e-3 * max(abs(float(right)), 1e-3), working


def test_the_smallest_and_the_second_have_tables_of_their_own():
    html = page()
    least = table(html, "least", "first", "crisp")
    assert least[1][0] == "H film" and least[1][-1] == "1"
    assert [row[-1] for row in least[2:]] == ["0"] * 7
    second = table(html, "most", "second", "crisp")
    assert [row[-1] for row in second[1:]] == ["0", "0", "1", "1", "0", "0", "0", "0"]
    assert "The second longest run time of a crisp set. C and D tie, and stay." in html
    assert "The longest run time of a crisp set. B stays. Everything else is out." in html
    assert "The longest run time of a fuzzy set. The heaviest: B (0.4) and C (0.32)." in html


def test_the_choices_are_radio_buttons_with_names_and_one_of_each_is_taken():
    html = page()
    assert re.findall(r"<legend>(.*?)</legend>", html) == ["Keep", "Rank", "Set"]
    assert re.findall(r'value="(\w+)" checked', html) == ["most", "first", "fuzzy"]
    assert html.count('type="radio"') == 6 and html.count('role="region"') == 8


def test_the_other_operators_have_numbers_of_the_fuzzy_set():
    html = page()
    for words in (
        "sum of the memberships (4.4 of the fuzzy set)",
        "commits to (5)",
        "C keeps min(0.8, 1 − 0.32) = 0.68",
        "the fuzzy set reaches Drama with 3.9 and Comedy with 0.5",
        "1 − Π (1 − x), here 0.9996",
        "https://arxiv.org/abs/2109.05808",
    ):
        assert words in html


def test_a_graph_without_numbers_has_the_words_alone():
    html = str(operators.body(None, trained=True))
    assert "no attribute with numbers" in html and "<table" not in html and "()" not in html
    assert "Most often" in html and "fuzzy set reaches" not in html


def test_labels_and_words_of_an_attribute_are_text():
    hostile, evil = example(), "<img src=x onerror=alert(1)>"
    hostile.entities = tuple(replace(e, label=evil, description=evil) for e in hostile.entities)
    hostile.texts = (evil,) * 8
    hostile.attribute = hostile.most = hostile.least = evil
    html = str(operators.body(hostile, trained=True))
    assert "<img" not in html and "<script" not in html and "&lt;" in html


def test_the_questions_are_asked_of_a_network_that_has_operators():
    step = LessonStep(tries=(traces.MONA,), text="Own words.", attribute="run time")
    card = replace(traces.CARD, lesson=Lesson(operators=step))
    plain = Service(traces.answer, card, worked=example)
    (own,) = (s for s in steps(card, None) if s["id"] == "operators")
    assert "Own words." in own["text"] and own["tries"] == []
    assert "was trained without operators" in Lessons(Handlers(plain)).worked()
    able = replace(card, operators=True)
    (own,) = (s for s in steps(able, None) if s["id"] == "operators")
    assert own["tries"] == [traces.MONA]
    assert "trained without" not in Lessons(Handlers(replace(plain, card=able))).worked()
