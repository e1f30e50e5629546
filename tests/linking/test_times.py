"""Years, decades, centuries, months and days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from kgqa.graph.names import words
from kgqa.linking.literals import find


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


#: question -> the span, a unit, and the bounds in that unit (None: one value)
WORDINGS = [
    ("films of 1975", "1975", "year", 1975, 1975),
    ("films of 1975", "1975", "date", day("1975-01-01"), day("1975-12-31")),
    ("films of 1975", "1975", "", 1975, 1975),
    ("films from '75", "75", "year", 1975, 1975),
    ("films from ’05", "05", "year", 2005, 2005),
    ("1975's best film", "1975's", "year", 1975, 1975),
    ("since nineteen eighty-four", "nineteen eighty-four", "year", 1984, 1984),
    ("in twenty ten", "twenty ten", "year", 2010, 2010),
    ("who died in 44 BC", "44 BC", "year", -44, -44),
    ("who died in AD 79", "AD 79", "year", 79, 79),
    ("the war of 1939–45", "1939–45", "year", 1939, 1945),
    ("the war of 1939-1945", "1939-1945", "year", 1939, 1945),
    ("films of the 80s", "80s", "year", 1980, 1989),
    ("films of the ’80s", "80s", "year", 1980, 1989),
    ("films of the 1980s", "1980s", "year", 1980, 1989),
    ("films of the 1980's", "1980's", "year", 1980, 1989),
    ("films of the 1980s", "1980s", "date", day("1980-01-01"), day("1989-12-31")),
    ("films of the eighties", "eighties", "year", 1980, 1989),
    ("films of the Nineties", "Nineties", "year", 1990, 1999),
    ("films of the nineteen sixties", "nineteen sixties", "year", 1960, 1969),
    ("films of the early 90s", "90s", "year", 1990, 1999),
    ("films of the 00s", "00s", "year", 2000, 2009),
    ("films of the 20s", "20s", "year", 1920, 1929),
    ("films of the 20s", "20s", "year", 2020, 2029),
    ("paintings of the 1800s", "1800s", "year", 1800, 1899),
    ("paintings of the 19th century", "19th century", "year", 1801, 1900),
    ("twentieth-century art", "twentieth-century", "year", 1901, 2000),
    ("the twenty-first century", "twenty-first century", "year", 2001, 2100),
    ("vases of the 5th century BC", "5th century BC", "year", -500, -401),
    ("released on 20 June 1975?", "20 June 1975", "date", day("1975-06-20"), day("1975-06-20")),
    ("on the 20th of June, 1975", "20th of June, 1975", "date", day("1975-06-20"), None),
    ("on June 20, 1975", "June 20, 1975", "date", day("1975-06-20"), None),
    ("on Sept. 3rd 1999", "Sept. 3rd 1999", "date", day("1999-09-03"), None),
    ("on 1975-06-20", "1975-06-20", "date", day("1975-06-20"), None),
    ("on 1975-06-20", "1975-06-20", "year", 1975, 1975),
    ("films of june 1975", "june 1975", "date", day("1975-06-01"), day("1975-06-30")),
    ("films of December 1999", "December 1999", "date", day("1999-12-01"), day("1999-12-31")),
]


@pytest.mark.parametrize(
    ("question", "text", "unit", "low", "high"), WORDINGS, ids=[f"{w[0]} {w[2]}" for w in WORDINGS]
)
def test_what_words_stand_for(question, text, unit, low, high):
    (literal,), tokens = find(question), words(question)
    assert text is None or question[tokens[literal.first][0] : tokens[literal.last][1]] == text
    bounds = [(r.low, r.high) for r in literal.readings if r.unit == unit]
    assert (low, low if high is None else high) in bounds
