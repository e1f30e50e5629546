"""Questions that must be refused: nothing that the graph holds, no wording in two splits."""

from __future__ import annotations

import random
import re
from itertools import combinations

import pytest

from kgqa.errors import DataError
from kgqa.films import phrasings, refusable
from kgqa.films.phrasings import SPLITS
from kgqa.films.refusable import FRAMES, Ask, Attribute, Refusable
from kgqa.films.refusals import UNKNOWN, Refusals
from kgqa.films.topics import OPEN_CLASSES, split_of
from kgqa.graph.names import normalise

pytestmark = pytest.mark.slow  # writing questions of each kind for three splits

#: At least so many missing attributes of each kind of entity.
ATTRIBUTES = {"film": 60, "person": 60, "country": 40, "city": 30, "artwork": 25, "museum": 20}
ATTRIBUTES |= dict.fromkeys(["character", "company", "genre", "language", "year"], 15)
ATTRIBUTES |= dict.fromkeys(["currency", "continent"], 10)
#: Other words for what the graph holds, by kind of entity.
HELD = {
    "film": "director|filmmaker|writer|screenwriter|screenplay|cast|actors|stars|actor|genre|"
    "language|country|year|release|release date|release year|studio|production company|"
    "content rating|age rating|runtime|run time|length|duration|box office|gross|takings|"
    "oscars|academy awards|number of academy awards|characters|performers|roles",
    "person": "films|movies|filmography|roles|characters|co-stars|directors|scripts|screenplays|"
    "paintings|works|sculptures|genres",
    "character": "actor|performer|film|movie|films|movies",
    "artwork": "creator|artist|painter|sculptor|museum|gallery|year|date|art form|city|country",
    "museum": "city|country|artworks|works|paintings|artists|location|place",
    "city": "country|population|inhabitants|museums|continent|currency|language",
    "country": "capital|continent|neighbours|borders|language|languages|official language|"
    "currency|money|population|inhabitants|area|size|cities|largest city|museums|films|artists",
    "company": "films|movies",
    "genre": "films|movies|actors|directors",
    "language": "countries|films|movies",
    "year": "films|movies|artworks|directors|actors",
    "currency": "countries",
    "continent": "countries|capitals|currencies|languages|population|area",
}


@pytest.fixture(scope="module")
def table() -> Refusable:
    return refusable.read()


@pytest.fixture(scope="module")
def refusals(default) -> Refusals:
    return Refusals(default)


@pytest.fixture(scope="module")
def written(refusals):
    return {split: refusals.write(split, 25, 3) for split in SPLITS}


def plain(text: str) -> str:
    """A wording without the forms of its slots."""
    return normalise(re.sub(r":[a-z]+\}", "}", text)) or text


def all_wordings(table: Refusable, split: str) -> list[str]:
    kinds = (*table.attributes, *table.wordings)
    return [plain(ask.text) for kind in kinds for ask in table.own(kind, split)]


# -- the file --------------------------------------------------------------------------------------


def test_there_are_enough_attributes_and_each_has_wordings_of_its_own(table):
    for kind, least in ATTRIBUTES.items():
        attributes = table.attributes[f"missing-{kind}"]
        assert len(attributes) >= least, kind
        assert all(a.nouns and a.wordings for a in attributes), kind
        nouns = [noun for a in attributes for noun in a.nouns]
        assert len(set(nouns)) == len(nouns), [n for n in nouns if nouns.count(n) > 1]
    assert table.attributes.keys() == {f"missing-{kind}" for kind in ATTRIBUTES}


def test_there_are_enough_wordings_of_what_the_model_cannot_do(table):
    assert len(table.wordings["not-possible"]) >= 150
    assert len(table.wordings["not-a-question"]) >= 80
    assert len(table.wordings["missing-superlative"]) >= 80
    assert all(len(table.frames[name]) >= 20 for name in FRAMES.values())


def test_no_wording_occurs_twice_and_splits_share_none(table):
    for split in SPLITS:
        texts = all_wordings(table, split)
        assert len(set(texts)) == len(texts), [t for t in texts if texts.count(t) > 1]
    for a, b in combinations(SPLITS, 2):
        assert set(all_wordings(table, a)) & set(all_wordings(table, b)) == set()


def test_a_tenth_of_the_attributes_is_held_out_for_dev_and_a_tenth_for_test(table):
    for kind, attributes in table.attributes.items():
        for i, attribute in enumerate(attributes):
            home = {3: "dev", 7: "test"}.get(i % 10, "train")
            for split in SPLITS:
                nouns = {noun for noun, _ in table.framed(kind, split)}
                assert (nouns >= set(attribute.nouns)) == (split == home), (kind, attribute)
                own = {ask.text for ask in table.own(kind, split)}
                if home != "train":
                    assert bool(own & set(attribute.wordings)) == (split == home), attribute


def test_no_attribute_is_one_that_the_graph_holds(default, table):
    held = {kind: set(map(normalise, words.split("|"))) for kind, words in HELD.items()}
    for entity in range(default.num_entities):
        if default.kind_of(entity) in held:
            names = {default.relation_id(r) for r, _ in default.groups(entity)}
            held[default.kind_of(entity)] |= {normalise(n) for n in names if n[0] != "-"}
    for kind, attributes in table.attributes.items():
        nouns = {normalise(n) for a in attributes if not a.without for n in a.nouns}
        assert nouns & held[table.slot[kind]] == set(), kind


def test_no_wording_is_one_of_a_question_that_the_graph_answers(table):
    answered = {plain(p) for k in phrasings.read() if k.answerable for p in k.phrasings}
    framed = {
        plain(frame.replace("{noun}", noun.lstrip("@+")).replace("{x}", f"{{{slot}}}"))
        for kind, slot in table.slot.items()
        for split in SPLITS
        for noun, without in table.framed(kind, split)
        for frame in table.frames[FRAMES.get(noun[0], "thing")]
        if not without  # else it depends on the entity
    }
    own = {
        plain(ask.text)
        for kind in (*table.attributes, *table.wordings)
        for split in SPLITS
        for ask in table.own(kind, split)
        if not ask.without
    }
    assert own & answered == set()
    assert framed & answered == set()


def test_every_slot_is_one_of_a_kind_of_entity(default, table):
    for kind in (*table.attributes, *table.wordings):
        for ask in table.wordings.get(kind) or [x for s in SPLITS for x in table.own(kind, s)]:
            slots = phrasings.slots(ask.text)
            assert "{" not in re.sub(r"\{[a-z]+\d?(:[a-z]+)?\}", "", ask.text), ask
            assert {phrasings.kind_of(s.name) for s in slots} <= set(default.kinds), ask
            assert len({s.name for s in slots}) == len(slots), ask
            if kind in table.slot:
                assert [s.name for s in slots] == [table.slot[kind]], ask
            if ask.relation or ask.without:
                assert {ask.relation, ask.without} - {""} <= default.relation_index.keys()


def test_a_line_without_a_header_is_named(tmp_path):
    path = tmp_path / "r.txt"
    path.write_text("# nothing\nwho asks {film}\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2"):
        refusable.read(path)
    path.write_text("[Not A Kind]\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        refusable.read(path)


def test_the_parts_of_a_line_and_a_header(tmp_path):
    path = tmp_path / "r.txt"
    path.write_text(
        "[missing-person] person\nnationality, @boss ! home country | what is {person} | a {person}"
        "\n[other] person > -creator ! sport\nwhy {person}\n",
        encoding="utf-8",
    )
    table = refusable.read(path)
    expected = Attribute(
        ("nationality", "@boss"), ("what is {person}", "a {person}"), "home country"
    )
    assert table.attributes["missing-person"] == [expected]
    assert table.wordings["other"] == [Ask("why {person}", "-creator", "sport")]


# -- the questions ---------------------------------------------------------------------------------


def test_every_kind_is_written_in_every_split_and_has_no_answer(refusals, written):
    for questions in written.values():
        assert {q.kind for q in questions} == set(refusals.kinds)
        for q in questions:
            assert not q.answerable and q.hops == 0
            beyond = q.kind in ("not-possible", "not-a-question")
            assert q.refusal == ("model" if beyond else "graph"), q


def test_every_slot_is_filled(table, written):
    for q in (q for questions in written.values() for q in questions):
        assert "{" not in q.question and q.question.strip() == q.question != "", q
        assert not any(f"<{word}>" in q.question.lower() for word in table.words), q


def test_splits_share_no_entity_of_an_open_class_and_no_question(default, written):
    for split, questions in written.items():
        topics = {t for q in questions for t in q.topics}
        opened = {t for t in topics if default.kind_of(default.find(t)) in OPEN_CLASSES}
        assert opened and {split_of(t) for t in opened} == {split}
    for a, b in combinations(SPLITS, 2):
        assert {q.id for q in written[a]} & {q.id for q in written[b]} == set()


def test_no_wording_stands_in_phrasings_in_another_split(default, refusals):
    table = Refusable({}, {}, {}, {"k": [Ask("Is {film} boring?")] * 10}, {}, {})
    home = next(
        s
        for k in phrasings.read()
        for s in SPLITS
        if any(plain(p) == plain("Is {film} boring?") for p in k.split(s))
    )
    writer = Refusals(default, refusals.writer, table)
    for split in SPLITS:
        assert bool(writer.write(split, {"k": 1}, 1)) == (split == home)


def test_the_same_seed_gives_the_same_questions(default, refusals):
    counts = {"missing-film": 5, UNKNOWN: 5, "missing-pair": 5}
    again = Refusals(default)
    assert refusals.write("dev", counts, 5) == again.write("dev", counts, 5)
    assert refusals.write("dev", counts, 5) != refusals.write("dev", counts, 6)
    assert len(refusals.write("dev", counts, 5)) == 15


def test_a_split_or_kind_that_there_is_not_is_an_error(refusals):
    with pytest.raises(DataError, match="holidays"):
        refusals.write("holidays", 1, 1)
    with pytest.raises(DataError, match="missing-planet"):
        refusals.write("dev", {"missing-planet": 1}, 1)


def test_who_has_the_relation_is_not_asked_about(default, refusals):
    """Every artist of the graph has a home country, so none is left to ask."""
    ask = Ask("what nationality does {person} have", "-creator")
    for without, some in (("", True), ("home country", False)):
        asks = [Ask(ask.text, ask.relation, without)] * 10
        writer = Refusals(default, refusals.writer, Refusable({}, {}, {}, {"k": asks}, {}, {}))
        assert bool(writer.write("train", {"k": 3}, 1)) == some


def test_a_second_name_is_often_linked_to_the_first(default, refusals):
    asks = [Ask("what did {person:actor} wear on the set of {film}")] * 10
    writer = Refusals(default, refusals.writer, Refusable({}, {}, {}, {"k": asks}, {}, {}))
    questions = writer.write("train", {"k": 60}, 1)
    linked = 0
    for q in questions:
        person, film = map(default.find, q.topics)
        linked += any(film in tails.tolist() for _, tails in default.groups(person))
    assert 0.3 < linked / len(questions) < 0.9


# -- unknown names ---------------------------------------------------------------------------------


def test_unknown_names_are_unknown(default, refusals):
    rng = random.Random(0)
    for split in SPLITS:
        for kind in refusals.refusable.unknown:
            names = {refusals.names.write(kind, split, rng) for _ in range(15)}
            assert len(names) > 10
            for name in names:
                assert default.aliases.find(normalise(name)) == -1, name
                assert name == " ".join(name.split()) != "" and not set("{}<>") & set(name), name
                assert not refusals.names.known(name)


def test_a_slip_of_a_known_name_is_no_unknown_name(refusals):
    assert refusals.names.known("The Matrix") and refusals.names.known("Mattrix")
    assert refusals.names.known("the matrix", "film")
    assert not refusals.names.known("The Matrix", "person")
    assert not refusals.names.known("The Matrix Resurrections")


def test_most_unknown_names_of_films_hold_a_known_name(default_linker, refusals):
    rng = random.Random(1)
    names = [refusals.names.write("film", "train", rng) for _ in range(60)]
    assert sum(bool(default_linker(name).proposals) for name in names) > 40


def test_a_bare_surname_is_known_as_a_person_alone(default, default_linker, refusals):
    rng = random.Random(2)
    names = [refusals.names.write("film", "train", rng, bare=True) for _ in range(100)]
    bare = [n for n in names if default.aliases.find(normalise(n)) >= 0]
    assert len(bare) > 5
    for name in bare:
        alias = default.aliases.find(normalise(name))
        kinds = {default.kind_of(e) for e, _ in default.entries(alias)}
        assert "person" in kinds and not kinds & {"film", "character"}, name
