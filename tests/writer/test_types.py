"""What nouns and labels name."""

from __future__ import annotations

import pytest

from kgqa.writer.types import type_of_labels, type_of_noun, type_of_subject


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("film director", "person"),
        ("children", "person"),
        ("beekeepers", "person"),
        ("place of worship", "place"),
        ("cities", "place"),
        ("order", "thing"),
        ("river", "place"),
        ("container", ""),
        ("zorb", ""),
    ],
)
def test_nouns_have_types(noun, kind):
    assert type_of_noun(noun) == kind


def test_labels_are_years_dates_or_numbers():
    assert type_of_labels(["1999", "2004"]) == "time"
    assert type_of_labels(["20 June 1975", "1975-06-20", "May 2001"]) == "time"
    assert type_of_labels(["12", "3,400 km", "$5"]) == "number"
    assert type_of_labels(["12", "Paris"]) == ""
    assert type_of_labels([]) == ""


def test_some_verbs_have_persons_for_subjects():
    assert type_of_subject("teach") == "person"
    assert type_of_subject("contain") == ""
