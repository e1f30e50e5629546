"""What a column holds, by its values and its name."""

from __future__ import annotations

import pytest

from kgqa.graph.importer.columns import Sort, boolean_words, survey
from kgqa.graph.importer.headers import Heading, kind_of, plural, singular, words_of


def read(header: str, *values: str, declared: str = "") -> tuple[Sort, list[str | None]]:
    """The sort of a column, and its values as they are read."""
    found = survey(Heading.of(header), values, declared)
    return found.sort, [found.read(value) for value in values]


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("price", ("4.50", "1e3", "-2"), ["4.50", "1e3", "-2"]),
        ("price", ("1,234.5", "12", "1,000,000"), ["1234.5", "12", "1000000"]),
        ("Preis", ("1.234,50", "12", "0,5"), ["1234.50", "12", "0.5"]),
        ("price", ("€4.50", "€ 12"), ["4.50", "12"]),
        ("weight", ("4.5 kg", "12 kg"), ["4.5", "12"]),
        ("founded", ("1990", "2001"), ["1990", "2001"]),
        ("capacity", ("1990", "2001"), ["1990.0", "2001.0"]),  # no years
    ],
)
def test_numbers_have_many_forms(header, values, expected):
    assert read(header, *values) == (Sort.NUMBER, expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("2024-03-05", "2024-03-05T10:00:00Z"), ["2024-03-05"] * 2),
        (("5.3.2024", "31.12.2023"), ["2024-03-05", "2023-12-31"]),
        (("03/31/2024", "12/01/2023"), ["2024-03-31", "2023-12-01"]),  # no month 31
        (("03/04/2024", "12/01/2023"), ["2024-04-03", "2023-01-12"]),  # the day first
        (("5 March 2024", "Dec 31, 2023"), ["2024-03-05", "2023-12-31"]),
    ],
)
def test_dates_have_many_forms(values, expected):
    assert read("when", *values) == (Sort.DATE, expected)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("postcode", ("1234", "5678")),
        ("dial", ("007", "12")),  # a zero in front
        ("size", ("4.5 kg", "12 m")),  # two units
        ("note", ("12", "twelve")),
        ("day", ("2024-02-30", "2024-02-31")),
        ("phone number", ("5551234", "5551235")),
    ],
)
def test_what_only_looks_like_a_number_is_a_text(header, values):
    assert read(header, *values)[0] is Sort.TEXT


def test_a_few_values_may_not_fit_and_those_that_say_nothing_do_not_count():
    values = ["7"] * 30 + ["n/a", "", "many"]
    sort, found = read("stock", *values)
    assert sort is Sort.NUMBER and found[-1] is None


def test_a_declared_type_counts_before_the_looks():
    assert read("code", "12", declared="string")[0] is Sort.TEXT
    assert read("code", "12", declared="int") == (Sort.NUMBER, ["12"])
    assert read("flag", "1", "0", declared="boolean") == (Sort.BOOLEAN, ["yes", "no"])


@pytest.mark.parametrize("values", [("true", "FALSE"), ("Yes", "no"), ("y", "n")])
def test_yes_and_no_have_many_forms(values):
    assert read("anything", *values) == (Sort.BOOLEAN, ["yes", "no"])


def test_one_and_zero_are_numbers_unless_the_name_asks():
    assert read("count", "1", "0")[0] is Sort.NUMBER
    assert read("is_open", "1", "0")[0] is Sort.BOOLEAN
    assert boolean_words(Heading.of("is_open")) == ("open", "not open")


@pytest.mark.parametrize(
    ("name", "words", "unit", "ending"),
    [
        ("price_eur", "price", "euros", ""),
        ("Weight (kg)", "weight", "kilograms", ""),
        ("Height [cm]", "height", "centimetres", ""),
        ("duration in minutes", "duration", "minutes", ""),
        ("price_min", "price min", "", ""),  # the smallest price, not a minute
        ("days", "days", "", ""),
        ("CustomerID", "customer", "", "id"),
        ("order_no", "order", "", "no"),
        ("id", "id", "", ""),
        ("paid", "paid", "", ""),  # no id at its end
    ],
)
def test_column_names_are_taken_apart(name, words, unit, ending):
    heading = Heading.of(name)
    assert (heading.words, heading.unit, heading.ending) == (words, unit, ending)


def test_words_of_names():
    assert words_of("HTTPServer.maxUsers") == "http server max users"
    assert kind_of("export: a/b/People.csv") == "person"
    assert kind_of("customers_2024.csv") == "customer" and kind_of("nodes.csv") == "entity"


@pytest.mark.parametrize("word", "category box person staff bus status class day".split())
def test_a_plural_leads_back(word):
    assert singular(plural(word)) == word
