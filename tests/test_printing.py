"""A trace of operators in words; ``tests/test_trace.py`` has the rest. Labels steer nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.printing import html, lines
from kgqa.trace import Answer, Branch, Compared, Entity, Hop, Mention, RelationWeight, Trace, Value

HOSTILE = "\x1b[31m<img src=x onerror=alert(1)>\u202e"
ENTITY = Entity("x", HOSTILE, HOSTILE, "film")
MENTION = Mention(0, 5, HOSTILE, 0.9, True, ())


@pytest.fixture
def trace() -> Trace:
    """A hop that compared seven values, counted."""
    values = tuple(Compared(ENTITY, 9.0 - i, f"{9 - i} minutes", i == 0) for i in range(7))
    relation = RelationWeight("most(run time)", HOSTILE, 1.0)
    hop = Hop((relation,), (), (), 0, 0.0, (), values, 4)
    branch = Branch(0, (), (hop,), (0.0, 1.0), 1, True, 1234)
    return Trace(
        "How many?",
        "answered",
        "",
        answers=(Answer(ENTITY, 0.5, 1.0, ()),),
        mentions=(MENTION, MENTION),
        branches=(branch,),
        value=Value("number", 1.0, HOSTILE, f"1 {HOSTILE}", 0.75),
        readout="count",
        unused=(HOSTILE, "purple"),
        given_up=(1,),
    )


def test_values_compared_and_the_start_are_printed(trace):
    text = "\n".join(lines(trace))
    for part in (
        "starts from 1,234 entities",
        "9 minutes*, ",
        "4 minutes and 5 more",
        "what it reaches is taken away",
        "  0.75  1 ",
        "counted:",
        "given up, since all mentions together reach nothing:",
        "purple",
    ):
        assert part in text, part


def test_a_sum_and_a_yes_say_what_the_list_is(trace):
    assert "  added up:" in lines(replace(trace, readout="sum(run time)"))
    assert "  found:" in lines(replace(trace, readout="verify"))
    assert not any(line.endswith(":") for line in list(lines(replace(trace, answers=())))[:4])


def test_no_text_steers_a_terminal_or_a_notebook(trace):
    text = "\n".join(lines(trace))
    assert "\x1b" not in text and "\u202e" not in text and text.count("onerror") > 8
    page = html(trace)
    assert "<img" not in page and "\x1b" not in page and page.count("&lt;img") == 2


def test_a_number_as_an_answer_is_shown_by_its_text(trace):
    value = Value("date", 736209.0, "date", "2 September 2016", 0.5)
    answer = replace(trace.answers[0], value=value)
    shown = replace(trace, answers=(answer,), value=None)
    assert "   0.50  2 September 2016" in lines(shown) and "2 September 2016" in html(shown)
