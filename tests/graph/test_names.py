"""Normal forms, and the other names that a title implies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.names import (
    ALIAS_KINDS,
    KIND,
    firm,
    normalise,
    of_person,
    parts,
    variants,
    without_article,
    words,
)
from kgqa.graph.numbers import COMPARE


def forms(label: str, *, title: bool = True) -> dict[str, str]:
    kinds: dict[str, int] = {}
    for form, kind in variants(label, title=title):
        kinds[form] = min(kind, kinds.get(form, kind))
    return {form: ALIAS_KINDS[kind] for form, kind in kinds.items()}


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
    names = forms("Star Wars: Episode V – The Empire Strikes Back")
    assert names["star wars"] == "part of title"
    assert names["the empire strikes back"] == "part of title"
    assert (
        names["empire strikes back"] == "part of title"
    )  # article dropped, no better than the part it comes from
    assert names["star wars the empire strikes back"] == "part of title"
    assert names["star wars episode 5 the empire strikes back"] == "numeral"


def test_roman_arabic_and_spelt_numerals_stand_for_each_other():
    names = forms("The Godfather Part II")
    assert names["the godfather part 2"] == "numeral"
    assert names["the godfather 2"] == "numeral"
    assert names["godfather part ii"] == "without article"
    assert forms("Rocky III")["rocky 3"] == "numeral"
    assert forms("Toy Story 3")["toy story three"] == "numeral"
    assert forms("Toy Story 3")["toy story iii"] == "numeral"


def test_article_and_numeral_may_change_together():
    names = forms("The Godfather Part II")
    assert "godfather part 2" in names
    assert "godfather 2" in names


def test_a_single_letter_is_not_a_numeral():
    assert "malcolm 10" not in forms("Malcolm X")
    assert "apollo 5" not in forms("Apollo V")


def test_the_label_itself_is_not_among_its_variants():
    for label in ("Star Wars", "The Godfather: Part II", "Jackie Brown", "J. J. Abrams"):
        assert normalise(label) not in forms(label)


def test_a_hyphen_inside_a_word_is_no_separator():
    names = forms("Spider-Man")
    assert "spider" not in names and "man" not in names
    assert names["spiderman"] == "spelling"


def test_initials_may_be_written_together():
    assert forms("J. J. Abrams", title=False)["jj abrams"] == "spelling"


def test_people_have_no_parts():
    assert forms("Mary: Queen of Scots", title=False) == {}


def test_alias_kinds_are_ordered_and_indexed():
    assert KIND["label"] == 0 and KIND["misspelling"] == len(ALIAS_KINDS) - len(COMPARE) - 1
    assert ALIAS_KINDS[-len(COMPARE) :] == COMPARE
    assert [ALIAS_KINDS[i] for i in KIND.values()] == list(KIND)


def test_parts_of_a_name_are_its_runs_its_middle_left_out_and_its_initials():
    names = {form: ALIAS_KINDS[kind] for form, kind in parts("Harry S. Truman")}
    runs = dict.fromkeys(("harry", "harry s", "harry truman", "s truman", "truman"), "part of name")
    assert names == runs | {"hst": "initials"}


def test_small_words_do_not_begin_or_end_a_part_and_have_no_initial():
    names = dict(parts("University of Southern California"))
    assert "usc" in names and "university of southern" in names and "southern california" in names
    assert not {"of", "university of", "of southern"} & set(names)


def test_single_words_and_sentences_have_no_parts():
    assert (
        not list(parts("Paris"))
        and not list(parts("a b c d e f g h i j"))
        and not list(parts("?!"))
    )


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Harrogate Pottery Ltd", "harrogate pottery"),
        ("Acme, Inc.", "acme"),
        ("Solingen Stahlwerk GmbH & Co. KG", "solingen stahlwerk"),
        ("Bottega Legno S.r.l.", "bottega legno"),
        ("Van Dijk B.V.", "van dijk"),
        ("Tiffany & Co.", "tiffany"),
        ("Boston", ""),
        ("Ltd", ""),
        ("The Company", ""),
        ("go as", ""),
    ],
)
def test_a_firm_is_known_without_its_legal_form(label, short):
    assert firm(label) == short


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Callum Strachan", {"callum": "part of name", "strachan": "surname"}),
        ("Anna van der Berg", {"anna", "van der berg", "berg"}),
        ("Dr. Anna Lee", {"lee"}),
        ("J. R. Smith", {"smith"}),
        ("The Tent Doctor", set()),
        ("Madonna", set()),
    ],
)
def test_what_a_person_is_called_for_short(label, expected):
    found = {form: ALIAS_KINDS[kind] for form, kind in of_person(label)}
    assert found == expected if isinstance(expected, dict) else set(found) == expected
