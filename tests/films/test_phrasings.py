"""The file of phrasings: enough of them, well formed, and no example question among them."""

from __future__ import annotations

import random
import re

import pytest

from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.films.phrasings import SPLITS, Kind, Slot
from kgqa.films.worth import bounds_of, has_operators
from kgqa.graph.names import normalise, without_article
from kgqa.graph.operators import Operator
from kgqa.programs.program import Branch, Chain, Program

EXAMPLES = [
    "What city is the Mona Lisa in?",
    "Who wrote films starring Tom Hanks?",
    "Who did Natalie Portman play in Star Wars?",
]


@pytest.fixture(scope="module")
def kinds():
    return phrasings.read()


def test_at_least_150_kinds_with_15_phrasings_and_none_with_fewer_than_10(kinds):
    assert len({k.name for k in kinds}) == len(kinds)
    assert sum(len(k.phrasings) >= 15 for k in kinds) >= 150
    assert {k.name: len(k.phrasings) for k in kinds if len(k.phrasings) < 10} == {}


def test_no_phrasing_is_repeated_within_a_kind(kinds):
    for kind in kinds:
        normal = [normalise(p) for p in kind.phrasings]
        assert len(set(normal)) == len(normal), (
            kind.name,
            [p for p in normal if normal.count(p) > 1],
        )


def test_every_phrasing_has_the_slots_of_its_program(kinds):
    for kind in kinds:
        starts = sorted(branch.start for branch in kind.program.branches)
        for text in kind.phrasings:
            assert sorted(slot.name for slot in phrasings.slots(text)) == starts, (
                kind.name,
                text,
            )
            assert "{" not in re.sub(r"\{[a-z]+s?\d?(:[a-z]+)?\}", "", text), (kind.name, text)


def test_every_relation_of_a_program_is_in_the_graph(kinds, default):
    for kind in kinds:
        assert kind.program.relations <= default.relation_index.keys(), kind.name


def test_every_kind_has_phrasings_in_every_split_and_none_in_two(kinds):
    for kind in kinds:
        parts = [set(kind.split(s)) for s in SPLITS]
        assert all(parts), kind.name
        assert sum(len(p) for p in parts) == len(set(kind.phrasings)) == len(set().union(*parts)), (
            kind.name
        )


def test_no_phrasing_of_one_split_stands_in_another_under_another_kind(kinds):
    """The same words, whatever the forms of their slots, may serve two kinds of one split only."""
    seen = {
        s: {normalise(re.sub(r":[a-z]+\}", "}", p)) for k in kinds for p in k.split(s)}
        for s in SPLITS
    }
    assert seen["train"] & seen["test"] == set()
    assert seen["train"] & seen["dev"] == set()
    assert seen["dev"] & seen["test"] == set()


def test_of_every_ten_phrasings_the_fourth_is_dev_and_the_eighth_test():
    kind = Kind("k", Program(()), tuple("abcdefghijklmnopqrst"))
    assert kind.split("dev") == ("d", "n")
    assert kind.split("test") == ("h", "r")
    assert kind.split("train") == tuple("abcefgijklmopqst")


# -- operators -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def operators():
    return phrasings.read(phrasings.OPERATORS)


def test_at_least_150_kinds_have_operators_and_each_15_phrasings(kinds, operators):
    names = {kind.name for kind in operators}
    assert len(names) == len(operators) >= 150 and not names & {kind.name for kind in kinds}
    assert {k.name: len(k.phrasings) for k in operators if len(k.phrasings) < 15} == {}
    assert all(has_operators(kind.program) for kind in operators)
    assert not any(has_operators(kind.program) for kind in kinds)


def test_hops_and_readouts_are_over_relations_of_the_graph(operators, default):
    known = {*default.relation_index, "is a", "-is a"}
    for kind in operators:
        hops = {Operator.parse(str(hop)).relation for hop in kind.program.relations}
        hops |= {bound.attribute for bound in bounds_of(kind.program).values()}
        assert hops <= known, kind.name
        assert re.fullmatch(r"(count|verify|sum\(.+\))?", kind.program.readout), kind.name


def test_no_wording_with_an_operator_stands_in_two_splits(kinds, operators):
    """Every alternative of a line stands in for it once, and some of their combinations."""
    rng, owner = random.Random(0), {}
    for kind in [*kinds, *operators]:
        for split in SPLITS:
            for line in kind.split(split):
                said = {phrasings.say(line, rng) for _ in range(8 if "<" in line else 1)}
                for text in said:
                    text = normalise(re.sub(r":[a-z]+\}", "}", text))
                    assert owner.setdefault(text, split) == split, (kind.name, text)


def test_no_wording_with_an_operator_is_repeated_within_its_kind(operators):
    for kind in operators:
        lines = [normalise(p) for p in kind.phrasings]
        assert len(set(lines)) == len(lines), kind.name


def names_an_entity(linker, text: str, slot: str) -> bool:
    """Whether ``text`` can have been put into the slot: it names an entity of the slot's kind."""
    graph = linker.graph
    kind = re.sub(r"\d$", "", slot)
    for form in {normalise(text), without_article(normalise(text))}:
        i = graph.aliases.find(form)
        if i >= 0 and any(
            graph.kind_of(e) == kind
            for e in graph.alias_entity[graph.alias_entry[i] : graph.alias_entry[i + 1]].tolist()
        ):
            return True
    # An invented name is syllables and perhaps one word of a title, never two words of names.
    words = [w for w in normalise(text).split() if linker.speller.known(w)]
    return kind == "unknown" and len(words) < 2


def producers(kinds, split: str, question: str, linker) -> list[tuple[str, str]]:
    """Phrasings of a split that give the question when their slots are filled with names."""
    producers = []
    for kind in kinds:
        for text in kind.split(split):
            slots = [slot.name for slot in phrasings.slots(text)]
            parts = re.split(r"\{[^}]*\}", text.strip().rstrip("?.! "))
            match = re.fullmatch(
                "(.+?)".join(re.escape(p) for p in parts) + r"\s*[?.!]*", question, re.IGNORECASE
            )
            if match and all(
                names_an_entity(linker, value, slot)
                for value, slot in zip(match.groups(), slots, strict=True)
            ):
                producers.append((kind.name, text))
    return producers


@pytest.mark.parametrize("question", EXAMPLES)
def test_no_training_phrasing_gives_an_example_question(kinds, default_linker, question):
    assert producers(kinds, "train", question, default_linker) == []


def test_the_check_for_producers_would_find_one(default_linker):
    kind = Kind(
        "artwork-city",
        Program((Branch("artwork", Chain.of("exhibited at", "located in")),)),
        ("what city is {artwork} in?",),
    )
    assert producers([kind], "train", EXAMPLES[0], default_linker) == [
        ("artwork-city", "what city is {artwork} in?")
    ]


# -- parsing ---------------------------------------------------------------------------------------


def kind(tmp_path, header: str) -> Kind:
    (tmp_path / "p.txt").write_text(header + "\n", encoding="utf-8")
    return phrasings.read(tmp_path / "p.txt")[0]


def test_a_kind_that_the_graph_cannot_answer(tmp_path):
    film = Program((Branch("film", Chain()),))
    assert kind(tmp_path, "[k] film > none") == Kind("k", film, (), answerable=False)
    assert kind(tmp_path, "[k] none") == Kind("k", Program(()), (), answerable=False)
    assert kind(tmp_path, "[k] none").program.hops == 0


def test_slots_of_a_phrasing():
    assert phrasings.slots("{genres} by {person2} from {country:adj} in {film:part}") == [
        Slot("{genres}", "genre", True, ""),
        Slot("{person2}", "person2", False, ""),
        Slot("{country:adj}", "country", False, "adj"),
        Slot("{film:part}", "film", False, "part"),
    ]


def test_a_phrasing_with_another_slot_is_named_by_its_line(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text(
        "# comment\n[k] film > director\nWho directed {film}?\n\nWho directed {person}?\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r"p\.txt, line 5: expected the slots \['film'\]"):
        phrasings.read(path)


def test_a_phrasing_before_the_first_kind_is_named_by_its_line(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("# comment\nWho directed {film}?\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"p\.txt, line 2"):
        phrasings.read(path)


def test_alternatives_are_drawn_and_names_of_alternatives_filled_in(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text(
        "<film> = film|movie\n<best> = longest <film>|<film> that lasts longest\n"
        "[k] person > -director > most(run time)\nthe <best> <by|of> {person}\n",
        encoding="utf-8",
    )
    (line,) = phrasings.read(path)[0].phrasings
    expected = {
        f"the {best} {of} {{person}}"
        for film in ("film", "movie")
        for best in (f"longest {film}", f"{film} that lasts longest")
        for of in ("by", "of")
    }
    assert phrasings.variants(line) == expected
    assert phrasings.say(line) == "the longest film by {person}"
    rng = random.Random(0)
    assert {phrasings.say(line, rng) for _ in range(200)} == expected
    assert [slot.name for slot in phrasings.slots(line)] == ["person"]


@pytest.mark.parametrize(
    "lines, message",
    [
        ("[k] a ? count\nthe <film> {a}", r"line 2: no line above says what <film> stands for"),
        ("[k] a ? count\n<of {a}|of it>", r"line 2: the alternatives .* have different slots"),
        ("<x> = of {a}|of it", r"line 1: the alternatives .* have different slots"),
    ],
)
def test_alternatives_that_do_not_fit_are_named_by_their_line(tmp_path, lines, message):
    (tmp_path / "p.txt").write_text(lines, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        phrasings.read(tmp_path / "p.txt")


def test_starts_of_three_sorts(tmp_path):
    header = "[k] class:film > -is a & person > -director & at least(run time) & less(run time)"
    made = kind(tmp_path, header)
    assert made.slots == {
        "person": "person",
        "at least(run time)": "literal",
        "less(run time)": "literal2",
    }
    assert made.entities == {"class:film"}
