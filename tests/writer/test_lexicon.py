"""The lexicon of common relations: whole, found by names, the same both ways."""

from __future__ import annotations

from kgqa.writer.lexicon import entries, entry_of

TYPES = set("person place organisation work thing time number any".split())


def test_every_entry_has_known_types():
    for entry in entries().values():
        assert {entry.heads, entry.tails} <= TYPES


def test_no_direction_has_a_wording_of_the_other():
    """But for relations that are the same both ways, such as spouse and border."""
    for name, entry in entries().items():
        both = set(entry.forward) & set(entry.inverse)
        assert not both or entry.heads == entry.tails, (name, both)


def test_an_entry_is_found_by_any_of_its_names():
    employer = entry_of("works_for")
    assert employer is entry_of("employer") and employer is entry_of("is employed by")
    turned = entry_of("employees")
    assert turned.forward == employer.inverse
    assert "which {tail} does {} work for?" in employer.forward
    assert "which {head} does {} work for?" in turned.inverse
    assert (turned.heads, turned.tails) == (employer.tails, employer.heads)


def test_the_last_word_alone_is_a_guess():
    assert entry_of("regional manager").exact is False
    assert entry_of("manager").exact is True
    assert entry_of("zorb") is None


def test_a_name_of_two_meanings_is_read_as_what_it_leads_to():
    """It says what somebody founded, or when something was."""
    assert entry_of("founded").tails != "time" and entry_of("founded").heads == "person"
    dated = entry_of("founded", measured=True)
    assert dated.tails == "time" and "when was {} founded?" in dated.forward
