"""An answer that is a number, a date, or yes or no."""

import re
from html import unescape

from kgqa.edits import Edits
from kgqa.trace import OUTCOMES
from kgqa.ui.views import answer
from tests.ui import operator_traces as traces


def text(html: object) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html))).split())


def shown(asked: str, edits: Edits = Edits()) -> str:
    return text(answer.render(traces.answer(asked, edits)))


def test_a_count_stands_beside_what_was_counted():
    said = shown(traces.COUNT)
    assert said.startswith("How many 5 80% likely right Counted: 5 entities")
    assert said.count("likely right") == 2  # of the number, and where that is explained
    assert "Sully" in said and "Tom Hanks" in said and "Then it counted them." in said
    assert OUTCOMES["answered"] not in said


def test_a_total_has_its_unit():
    said = shown(traces.TOTAL)
    assert said.startswith("The total 651 minutes") and "Added up over: 5 entities" in said
    assert "Then it took the total run time ." in said and "left out of the total" in said


def test_none_at_all_is_a_count():
    said = shown(traces.NO, Edits().reading_out("count"))
    assert said.startswith("How many 0 ") and "Nothing was reached, so none is counted." in said


def test_yes_has_the_fact_that_shows_it():
    said = shown(traces.YES)
    assert said.startswith("Yes or no Yes ") and "What shows it Sully" in said
    assert "director: Clint Eastwood" in said


def test_no_says_what_was_reached_instead_and_claims_no_more():
    said = shown(traces.NO)
    assert said.startswith("Yes or no No ") and "the true answer may still be yes" in said
    assert "A “Clint Eastwood”, directed : Sully and J. Edgar" in said
    assert "B “The Terminal” : The Terminal" in said


def test_a_date_is_said_to_be_one():
    said = shown(traces.DATE)
    assert said.startswith("Answer, a date 2 September 2016")


def test_an_answer_that_an_operator_kept_comes_with_its_value():
    assert "The second longest run time: 141 minutes." in shown(traces.SECOND)
    assert "The most “cast member”: 2." in shown(traces.TIE)
    assert "Reached most often over “director”: 3 times." in shown(traces.OFTEN)


def test_what_the_model_cannot_do_has_its_own_sentence():
    said = shown(traces.CANNOT)
    assert OUTCOMES["not_possible"] in said and "say yes or no" in said


def test_the_way_of_reading_can_be_chosen_where_something_was_walked():
    html = str(answer.render(traces.answer(traces.COUNT)))
    assert '<option value="count" selected>how many</option>' in html
    assert 'data-action="readout"' not in str(answer.render(traces.answer(traces.CANNOT)))
