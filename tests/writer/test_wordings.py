"""Files of wordings: what is read, what is refused with its line, and the way there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.errors import DataError
from kgqa.writer import Wording, Wordings, read_wordings, write_wordings
from kgqa.writer.wordings import sections, wording_of

TEXT = """# people and places
[works for]
who does {} work for?
the employer of {}
does {} work for {}?
  < who   works for {}?
< people who work for {}

[population]
how many people live in {}?
most: largest; most populous
least: smallest
more: with more than {} people
[kind city]
words: city, cities; town, towns
"""


@pytest.fixture
def file(tmp_path):
    def write(text: str):
        path = tmp_path / "wordings.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_relation_has_questions_phrases_and_checks_in_both_directions(file):
    works = read_wordings(file(TEXT))["works for"]
    assert works.questions() == ["who does {} work for?"]
    assert works.phrases() == ["the employer of {}"]
    assert works.checks() == ["does {} work for {}?"]
    assert works.questions(inverse=True) == ["who works for {}?"]  # spaces are one
    assert works.phrases(inverse=True) == ["people who work for {}"]
    assert works.checks(inverse=True) == []


def test_adjectives_bounds_and_words_of_kinds_are_read(file):
    wordings = read_wordings(file(TEXT))
    population = wordings["population"]
    assert population.most == ("largest", "most populous")
    assert population.least == ("smallest",)
    assert population.more == ("with more than {} people",)
    assert wordings.kinds == {"city": (("city", "cities"), ("town", "towns"))}
    assert list(wordings) == ["works for", "population"]


def test_sections_of_the_same_relation_are_one(file):
    wordings = read_wordings(file("[a]\nwho {}?\n[a]\nwho {}?\n< what {}?\nmost: best\n"))
    assert wordings["a"] == Wording("a", ("who {}?",), ("what {}?",), most=("best",))


def test_a_relation_may_be_named_like_a_header(file):
    wordings = read_wordings(file("[relation kind of]\nwhat is {}?\n[kind of]\nwords: a, b\n"))
    assert list(wordings) == ["kind of"]
    assert wordings.kinds == {"of": (("a", "b"),)}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("who is {}?\n", 1, "header"),
        ("[a]\nwho is it?\n", 2, "needs {}"),
        ("[a]\nthe {} of {}\n", 2, "too often"),
        ("[a]\nis {} {} {}?\n", 2, "too often"),
        ("[a]\nmore and more: words\n", 2, "no setting"),
        ("[kind a]\nwords: city\n", 2, "comma"),
        ("[kind a]\nwho is {}?\n", 2, "words:"),
        ("\n[\n", 2, "brackets"),
        ("[a] b -> c\n", 1, "behind"),
        ('[relation "a]\n', 1, "name"),
    ],
)
def test_a_malformed_line_is_named(file, text, line, words):
    with pytest.raises(DataError, match=f"wordings.txt, line {line}:.*{words}"):
        read_wordings(file(text))


def test_other_settings_are_for_other_readers(file):
    (section,) = sections(file("[relation a] x -> y\neach: 1-3\nalso: {} b\nwho {}?\n"))
    wording, settings = wording_of(section, section.name()[1], ["also"])
    assert section.rest == "x -> y"
    assert wording.forward == ("who {}?",)
    assert settings == {"each": (2, "1-3"), "also": (3, "{} b")}


names = st.text(min_size=1).filter(lambda s: s.encode("utf-8", "ignore").decode() == s)
lines = st.sampled_from(["who {}?", "the a of {}", "is {} b {}?", "{}'s a"])
items = st.lists(st.sampled_from(["oldest", "most {}", "a b"]), unique=True).map(tuple)


@given(
    st.dictionaries(
        names,
        st.tuples(*[st.lists(lines, unique=True).map(tuple)] * 2, *[items] * 4),
        max_size=3,
    ),
    st.dictionaries(names, st.just((("a b", "c"),)), max_size=2),
)
def test_what_is_written_is_read_back(tmp_path_factory, relations, kinds):
    path = tmp_path_factory.mktemp("wordings") / "w.txt"
    before = Wordings({id: Wording(id, *parts) for id, parts in relations.items()}, kinds)
    write_wordings(path, before, comment="one\ntwo [three]")
    after = read_wordings(path)
    assert after.relations == before.relations
    assert list(after) == list(before)
    assert after.kinds == before.kinds
