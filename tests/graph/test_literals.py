"""Typed literals of RDF as numbers and dates."""

from __future__ import annotations

from datetime import date

from tests.graph.rdf_graphs import Built

JUNE = date(1975, 6, 20).toordinal()
#: Literals with their number, the unit of their relation, and what they are called.
NUMBERS = [
    ("5", 5, "", "5"),
    ("-2.5", -2.5, "", "-2.5"),
    ("1e3", 1000, "", "1e3"),
    ('"7"^^xsd:nonNegativeInteger', 7, "", "7"),
    ('"+7"^^xsd:unsignedByte', 7, "", "+7"),
    ('"1815"^^xsd:gYear', 1815, "year", "1815"),
    ('"-0044"^^xsd:gYear', -44, "year", "-0044"),
    ('"1815Z"^^xsd:gYear', 1815, "year", "1815Z"),
    ('"1975-06-20"^^xsd:date', JUNE, "date", "20 June 1975"),
    ('"1975-06-20Z"^^xsd:date', JUNE, "date", "20 June 1975"),
    ('"1975-06"^^xsd:gYearMonth', JUNE - 19, "date", "1975-06"),
    ('"1975-06-20T00:00:00Z"^^xsd:dateTime', JUNE, "date", "20 June 1975"),
    ('"1975-06-20T12:30:00"^^xsd:dateTime', JUNE, "date", "1975-06-20T12:30:00"),
    ('"9"^^<http://dbpedia.org/datatype/squareKilometre>', 9, "square kilometre", "9"),
]
WORDS = ['"1975"', '"P1D"^^xsd:duration', '"x"^^:own', "true", '"12:00:00"^^xsd:time']
#: Numbers and days that there are not.
ODD = [
    '"1975-02-30"^^xsd:date',
    '"-0044-03-15"^^xsd:date',
    '"NaN"^^xsd:double',
    '"five"^^xsd:integer',
    '"0000"^^xsd:gYearMonth',
]


def each(literals: list[str]) -> str:
    """A relation for each literal."""
    return "\n".join(f":a :size{chr(97 + i)} {literal} ." for i, literal in enumerate(literals))


def test_a_typed_literal_is_a_number(tmp_path):
    built = Built(tmp_path, each([literal for literal, *_ in NUMBERS]))
    head = built.graph.find("http://e.org/a")
    numbers = {label: value for label, [(_, value)] in built.numbers.items()}
    for r, (relation, expected) in enumerate(zip(built.graph.relations, NUMBERS, strict=True)):
        (tail,) = built.graph.tails(head, r)
        label = built.graph.label(int(tail))
        found = (numbers[relation.label], relation.unit, label)
        assert found == expected[1:] and relation.literal, expected[0]


def test_other_literals_are_words(tmp_path):
    built = Built(tmp_path, each(WORDS))
    assert built.numbers == {} and not [what for what in built.notes if "words alone" in what]


def test_numbers_and_days_that_there_are_not_are_words_and_counted(tmp_path):
    built = Built(tmp_path, each(ODD))
    assert built.numbers == {} and built.graph.num_triples == len(ODD)
    # NaN is a number, which cannot be compared.
    assert built.count("numbers and dates that are kept as words alone") == len(ODD) - 1


def test_a_relation_holds_one_sort(tmp_path):
    built = Built(
        tmp_path,
        ':a :born "1815"^^xsd:gYear . :b :born "1975-06-20"^^xsd:date . :c :born 7 . '
        ':a :made "1815"^^xsd:gYear . :b :made "1816"^^xsd:gYear . :c :made 1817 .',
    )
    days = [date(1815, 1, 1).toordinal(), date(1975, 6, 20).toordinal()]
    assert built.numbers == {
        "born": [("a", days[0]), ("b", days[1])],
        "made": [("a", 1815), ("b", 1816), ("c", 1817)],
    }
    note = built.notes["numbers and dates that are kept as words alone"]
    assert (note.count, note.examples) == (1, ("7",))


def test_numbers_beside_entities_are_compared_too(tmp_path):
    built = Built(tmp_path, ":a :size 5 . :b :size :large .")
    assert built.numbers == {"size": [("a", 5.0)]}
