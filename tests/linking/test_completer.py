"""Names are completed as one types: which, in which order, and with how much work."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.graph.strings import Strings
from kgqa.linking import completer
from kgqa.linking.completer import Completer

SILENT = frozenset(["the", "who", "did", "in"])
IMAGE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def complete(toy) -> Completer:
    return Completer(toy, SILENT)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory) -> Graph:
    """Three thousand people whose names begin alike, one of whom is better known."""
    builder = GraphBuilder("crowd", [Relation("knows", "knows", "is known by")])
    known = builder.entity("person", "Ann Zuber")
    for i in range(3_000):
        other = builder.entity("person", f"Ann Able {i}")
        if i < 50:
            builder.triple(known, "knows", other)
    for label in (IMAGE, "\u202eAnn\u202c evil", "Łódź", "北京", 'Ångström\'s "x"'):
        builder.entity("thing", label)
    folder = tmp_path_factory.mktemp("crowd")
    builder.write(folder)
    return Graph.load(folder)


def labels(found) -> list[str]:
    return [completion.entity.label for completion in found]


def test_the_last_words_are_completed_where_the_name_begins(complete):
    (found, *_) = complete("Who did Natalie Por")
    assert (found.entity.label, found.start) == ("Natalie Portman", 8)
    assert labels(complete("in the Mona L")) == ["Mona Lisa"]
    assert complete("in the Mona L")[0].start == 7


@pytest.mark.parametrize("text", ["padme ami", "PADMÉ AMI", "Padme\u0301 ami", "padmé  ami"])
def test_case_accents_and_spaces_do_not_matter(complete, text):
    assert labels(complete(text)) == ["Padmé Amidala"]


def test_namesakes_are_told_apart_and_said_to_share_their_name(complete):
    people = [c for c in complete("tom hanks") if c.entity.label == "Tom Hanks"]
    assert len(people) == 3 and all(c.shared for c in people)
    assert len({c.entity.id for c in people}) == 3
    assert not complete("natalie")[0].shared


def test_small_words_single_letters_and_whole_questions_begin_no_name(complete):
    for text in ("", " ", "n", "the", "who did the", "Who directed Sully?", "Sully! ", "???"):
        assert complete(text) == [], text
    assert labels(complete("the term")) == ["The Terminal"]


def test_a_space_ends_a_word(complete):
    assert "Paris" in labels(complete("pari")) and "Paris" in labels(complete("paris"))
    assert "Paris" not in labels(complete("pari "))


def test_what_the_words_are_comes_first_then_the_best_connected(complete, crowd):
    assert labels(complete("paris"))[:2] == ["Paris", "Paris"]
    assert labels(Completer(crowd)("ann"))[0] == "Ann Zuber"
    assert labels(Completer(crowd)("ann able 7"))[0] == "Ann Able 7"


def test_numbers_and_classes_are_no_names(complete):
    assert all(c.entity.kind not in ("value", "class") for c in complete("20"))


def test_names_of_other_letters(crowd):
    complete = Completer(crowd)
    assert labels(complete("lodz")) == ["Łódź"] == labels(complete("Łód"))
    assert labels(complete("北")) == ["北京"]
    assert labels(complete("angstroms x")) == ['Ångström\'s "x"']
    assert labels(complete("img sr")) == [IMAGE]  # as it is: the page shows it as text


def test_the_work_is_bounded_however_many_names_begin_so(crowd, monkeypatch):
    read: list[int] = []

    class Counted(Strings):
        def bytes_at(self, i):
            read.append(i)
            return super().bytes_at(i)

    monkeypatch.setattr(completer, "LOOKED", 64)
    complete = Completer(crowd)
    crowd.aliases = Counted(crowd.aliases.text, crowd.aliases.offset)
    text = "who knows the very well known ann able"
    found = complete(text)
    assert len(found) == 8
    searches = 2 * completer.WORDS + 8  # two for each beginning, one for each name that is found
    assert len(read) <= searches * (len(crowd.aliases).bit_length() + 2)
    before = len(read)
    complete("x " * 250 + text)
    assert len(read) - before <= len(crowd.aliases).bit_length() * searches + 2 * searches
    assert len(complete("ann", limit=3)) == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_whatever_is_typed_the_place_is_in_the_text(complete, text):
    found = complete(text)
    assert len(found) <= 8 and len({c.entity.id for c in found}) == len(found)
    assert all(0 <= c.start < len(text) for c in found)
