"""Schemas are read, and what is wrong with one is named by file and line."""

from __future__ import annotations

import pytest

from kgqa.domains import read_domain
from kgqa.domains.reader import SCHEMAS
from kgqa.errors import DataError

SCHEMA = (SCHEMAS / "school.txt").read_text(encoding="utf-8")


def read(tmp_path, text):
    path = tmp_path / "school.txt"
    path.write_text(text, encoding="utf-8")
    return read_domain(path)


def line_of(text):
    return SCHEMA[: SCHEMA.index(text)].count("\n") + 1


def test_a_schema_is_read():
    domain = read_domain(SCHEMAS / "school.txt")
    assert (domain.name, domain.title) == ("school", "A school.")
    assert domain.kinds[0].words[1] == ("student", "students")
    teaches = next(r for r in domain.relations if r.name == "teaches")
    assert (teaches.head, teaches.tail, teaches.low, teaches.high) == ("teacher", "subject", 1, 2)
    assert "who teaches {}?" in teaches.wording.inverse and "subject taught" in teaches.also
    age = next(a for a in domain.attributes if a.name == "age")
    assert (age.sort, age.low, age.high, age.wording.most) == ("whole", 5, 17, ("oldest",))


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("count: 14-60", "count: many", "expected a number or a span"),
        ("names: person", "names: human", "no name generator"),
        ("count: 14-60", "size: 14-60", "'size' is none of"),
        ("[relation in class] pupil -> class", "[relation in class] pupil -> clas", "clas"),
        ("which class is {} in?", "which class is he in?", "needs {}"),
        ("values: 5-17", "values: 17-5", "starts after its end"),
        ("values: 24000-61000", "values: 1200-1900", "read as years"),
        ("most: oldest", "", "an attribute needs lines 'most"),
        ("which bus does {pupil} take?", "which bus does {boy} take?", "{boy}"),
        ("the class of {}", "name the class of {}", "put '?' at the end"),
        ("[relation teaches]", "[relation in class]", "'in class' is there twice"),
        ("who is the form tutor of {}?\n", "", None),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, names):
    if names is None:  # six wordings are left
        assert read(tmp_path, SCHEMA.replace(old, new, 1))
        return
    with pytest.raises(DataError) as error:
        read(tmp_path, SCHEMA.replace(old, new, 1))
    header = SCHEMA.rfind("\n[", 0, SCHEMA.index(old) + 1)
    lines = {line_of(old), SCHEMA[: header + 1].count("\n") + 1}
    assert names in str(error.value)
    assert any(f"school.txt, line {line}:" in str(error.value) for line in lines)


def test_all_problems_are_told_at_once(tmp_path):
    text = SCHEMA.replace("count: 14-60", "count: many").replace("values: 5-17", "values: old")
    with pytest.raises(DataError) as error:
        read(tmp_path, text)
    assert "14-60" not in str(error.value) and str(error.value).count("school.txt, line") == 2


def test_too_few_wordings_are_refused(tmp_path):
    with pytest.raises(DataError, match="5 wordings with < are needed"):
        read(tmp_path, "\n".join(x for x in SCHEMA.split("\n") if not x.startswith("< who")))


CHAIN = """
[relation knows room] pupil -> room
along: in class > form tutor > teaches > taught in
each: all
which rooms does {} know?
where has {} been?
what rooms did {} see?
rooms that {} knows
the rooms {} knows
< who knows {}?
< who was in {}?
< which pupils know {}?
< pupils who know {}
< the pupils that know {}
"""


def test_a_chain_leads_from_head_to_tail(tmp_path):
    before = SCHEMA.replace("[missing]", CHAIN + "[missing]")
    assert read(tmp_path, before).relations[-1].along[-1] == "taught in"
    with pytest.raises(DataError, match="starts at 'teacher', not at 'class'"):
        read(tmp_path, before.replace("in class > form tutor > teaches", "in class > teaches"))
    with pytest.raises(DataError, match="no relation that stands above"):
        read(tmp_path, before.replace("along: in class", "along: is taught"))
