"""Normal forms, and the other names that a title implies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.names import ALIAS_KINDS, KIND, normalise, parts, variants, without_article, words


def forms(label: str, *, title: bool = True) -> dict[str, str]:
    found: dict[str, int] = {}
    for form, kind in variants(label, title=title):
        found[form] = min(kind, found.get(form, kind))
    return {form: ALIAS_KINDS[kind] for form, kind in found.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amélie", "amelie"),
        ("AMÉLIE", "amelie"),
        ("Ame\u0301lie", "amelie"),  # decomposed
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Straße", "strasse"),
        ("Ocean's Eleven", "oceans eleven"),
        ("Ocean’s Eleven", "oceans eleven"),
        ("Hawai`i", "hawaii"),
        ("Thelma & Louise", "thelma and louise"),
        ("Thelma and Louise", "thelma and louise"),
        ("Spider-Man", "spider man"),
        ("  What?  ", "what"),
        ("Se7en", "se7en"),
        ("snake_case", "snake case"),
        ("東京", "東京"),
        ("", ""),
        ("?!… — ()", ""),
        ("🎬🎥", ""),
    ],
)
def test_normal_form(text, expected):
    assert normalise(text) == expected


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_and_never_raises(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()


@given(st.text(max_size=60))
def test_words_lie_in_the_text_in_order(text):
    last = 0
    for start, end, normal in words(text):
        assert last <= start < end <= len(text)
        assert normal and " " not in normal
        last = end


def test_words_keep_their_place():
    assert words("Who is J.R.?") == [(0, 3, "who"), (4, 6, "is"), (7, 8, "j"), (9, 10, "r")]


def test_a_leading_article_is_dropped_but_not_the_whole_name():
    assert without_article("the godfather") == "godfather"
    assert without_article("la strada") == "strada"
    assert without_article("the") == "the"
    assert without_article("theory") == "theory"


def test_a_title_in_parts_may_be_called_by_each_part():
    found = forms("Star Wars: Episode V – The Empire Strikes Back")
    assert found["star wars"] == "part of title"
    assert found["the empire strikes back"] == "part of title"
    assert (
        found["empire strikes back"] == "part of title"
    )  # article dropped, no better than the part it comes from
    assert found["star wars the empire strikes back"] == "part of title"
    assert found["star wars episode 5 the empire strikes back"] == "numeral"


def test_roman_arabic_and_spelt_numerals_stand_for_each_other():
    found = forms("The Godfather Part II")
    assert found["the godfather part 2"] == "numeral"
    assert found["the godfather 2"] == "numeral"
    assert found["godfather part ii"] == "without article"
    assert forms("Rocky III")["rocky 3"] == "numeral"
    assert forms("Toy Story 3")["toy story three"] == "numeral"
    assert forms("Toy Story 3")["toy story iii"] == "numeral"


def test_article_and_numeral_may_change_together():
    found = forms("The Godfather Part II")
    assert "godfather part 2" in found
    assert "godfather 2" in found


def test_a_single_letter_is_not_a_numeral():
    assert "malcolm 10" not in forms("Malcolm X")
    assert "apollo 5" not in forms("Apollo V")


def test_the_label_itself_is_not_among_its_variants():
    for label in ("Star Wars", "The Godfather: Part II", "Jackie Brown", "J. J. Abrams"):
        assert normalise(label) not in forms(label)


def test_a_hyphen_inside_a_word_is_no_separator():
    found = forms("Spider-Man")
    assert "spider" not in found and "man" not in found
    assert found["spiderman"] == "spelling"


def test_initials_may_be_written_together():
    assert forms("J. J. Abrams", title=False)["jj abrams"] == "spelling"


def test_people_have_no_parts():
    assert forms("Mary: Queen of Scots", title=False) == {}


def test_alias_kinds_are_ordered_and_indexed():
    assert KIND["label"] == 0 and KIND["misspelling"] == len(ALIAS_KINDS) - 1
    assert [ALIAS_KINDS[i] for i in KIND.values()] == list(KIND)


def test_parts_of_a_name_are_its_runs_its_middle_left_out_and_its_initials():
    found = {form: ALIAS_KINDS[kind] for form, kind in parts("Harry S. Truman")}
    runs = dict.fromkeys(("harry", "harry s", "harry truman", "s truman", "truman"), "part of name")
    assert found == runs | {"hst": "initials"}


def test_small_words_do_not_begin_or_end_a_part_and_have_no_initial():
    found = dict(parts("University of Southern California"))
    assert "usc" in found and "university of southern" in found and "southern california" in found
    assert not {"of", "university of", "of southern"} & set(found)


def test_single_words_and_sentences_have_no_parts():
    assert (
        not list(parts("Paris"))
        and not list(parts("a b c d e f g h i j"))
        and not list(parts("?!"))
    )
