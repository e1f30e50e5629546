"""The question writer: right answers, splits that share no entity, the same text for a seed."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from itertools import combinations

import pytest

from kgqa.films import phrasings
from kgqa.films.draws import MAX_ANSWERS
from kgqa.films.phrasings import SPLITS, Slot
from kgqa.films.topics import OPEN_CLASSES, split_of
from kgqa.films.writer import SLIPS, Writer
from kgqa.graph.names import normalise

pytestmark = pytest.mark.slow  # writing a question of each of 189 kinds for three splits


@pytest.fixture(scope="module")
def kinds():
    return {k.name: k for k in phrasings.read()}


@pytest.fixture(scope="module")
def writer(default, kinds):
    return Writer(default, list(kinds.values()))


@pytest.fixture(scope="module")
def written(writer):
    return {split: writer.write(split, 1, 3) for split in SPLITS}


@pytest.fixture(scope="module")
def edges(default):
    """{(head, relation): tails}, read edge by edge from the arrays."""
    tails = defaultdict(set)
    for e in range(default.num_entities):
        for g in range(int(default.entity_group[e]), int(default.entity_group[e + 1])):
            relation = default.relation_id(int(default.group_relation[g]))
            tails[e, relation] = set(
                default.tail[int(default.group_edge[g]) : int(default.group_edge[g + 1])].tolist()
            )
    return tails


def open_topics(default, questions) -> set[str]:
    return {
        t for q in questions for t in q.topics if default.kind_of(default.find(t)) in OPEN_CLASSES
    }


def test_nearly_every_kind_is_written_in_every_split(written, kinds):
    for split, questions in written.items():
        missing = set(kinds) - {q.kind for q in questions}
        assert len(missing) <= 0.05 * len(kinds), (split, missing)


def test_splits_share_no_entity_of_an_open_class(default, written):
    for split, questions in written.items():
        topics = open_topics(default, questions)
        assert topics and {split_of(t) for t in topics} == {split}
    for a, b in combinations(SPLITS, 2):
        assert open_topics(default, written[a]) & open_topics(default, written[b]) == set()


def test_splits_share_no_question_and_no_id(written):
    for a, b in combinations(SPLITS, 2):
        assert {q.question.lower() for q in written[a]} & {
            q.question.lower() for q in written[b]
        } == set()
        assert {q.id for q in written[a]} & {q.id for q in written[b]} == set()


def worded(text: str, phrasing: str) -> bool:
    """Whether the text is the phrasing with anything in its slots."""
    pattern = re.split(r"\{[^}]*\}", phrasing.strip().rstrip("?.! "))
    return (
        re.fullmatch("(.+?)".join(map(re.escape, pattern)), text.rstrip("?.! "), re.IGNORECASE)
        is not None
    )


def with_a_slip(phrasing: str) -> list[str]:
    """The phrasing with a slot in place of any one of its words."""
    words = phrasing.split(" ")
    return [
        " ".join([*words[:i], "{slip}", *words[i + 1 :]])
        for i, w in enumerate(words)
        if w.isalpha()
    ]


def test_a_question_is_worded_by_a_phrasing_of_its_own_split_with_a_slip_of_the_finger_at_times(
    written, kinds
):
    for split, questions in written.items():
        slips = [
            q
            for q in questions
            if not any(worded(q.question, p) for p in kinds[q.kind].split(split))
        ]
        assert len(slips) <= 2.5 * SLIPS * len(questions), split
        for q in slips:
            assert any(
                worded(q.question, slip)
                for p in kinds[q.kind].split(split)
                for slip in with_a_slip(p)
            ), q


def test_slips_occur_in_words_that_are_no_names(default, kinds):
    questions = Writer(default, [kinds["country-capital"]]).write("train", 100, 1)
    slips = [
        q
        for q in questions
        if not any(worded(q.question, p) for p in kinds["country-capital"].split("train"))
    ]
    assert 0 < len(slips) < 15


def test_answers_are_those_of_an_independent_walk(default, written, kinds, edges):
    """Sets and loops only: follow each branch without the left-out entity, intersect, follow on."""
    checked = 0
    for q in (q for questions in written.values() for q in questions):
        program = kinds[q.kind].program
        if not kinds[q.kind].answerable:
            assert q.answers == ()
            continue
        slots = [branch.start for branch in program.branches]
        topics = dict(zip(slots, (default.find(t) for t in q.topics), strict=True))
        left_out = {topics[slot] for slot in program.left_out}

        def step(entities, relation, out=left_out):
            return {t for e in entities for t in edges.get((e, relation), ())} - out

        ends = []
        for branch in program.branches:
            reached = {topics[branch.start]}
            for relation in branch.chain.relations:
                reached = step(reached, relation)
            ends.append(reached)
        result = set.intersection(*ends)
        for relation in program.after.relations:
            result = step(result, relation)
        assert {default.find(a) for a in q.answers} == result, q
        assert 0 < len(result) <= MAX_ANSWERS
        checked += 1
    assert checked > 300


def test_the_left_out_entity_is_never_an_answer(written, kinds):
    for q in (q for questions in written.values() for q in questions):
        program = kinds[q.kind].program
        for topic, branch in zip(q.topics, program.branches, strict=False):
            assert branch.start not in program.left_out or topic not in q.answers, q


def test_questions_carry_what_reports_need(written, kinds):
    for q in (q for questions in written.values() for q in questions):
        assert q.hops == kinds[q.kind].program.hops
        assert len(q.id) == 12
        assert q.question == q.question.strip() and "{" not in q.question
        assert list(q.answers) == sorted(set(q.answers))


@pytest.fixture(scope="module")
def few(default, kinds):
    return Writer(
        default,
        [
            kinds[n]
            for n in (
                "country-capital",
                "artwork-museum",
                "two-country-neighbours",
                "no-unknown-film",
                "no-chitchat",
            )
        ],
    )


def test_the_same_seed_gives_the_same_questions(default, few):
    again = Writer(default, few.kinds)
    assert (
        few.write("dev", 4, 5) == again.write("dev", 4, 5) == few.write("dev", 4, 5)
    )  # also from a warm writer


def test_another_seed_or_split_gives_others(few):
    first = few.write("train", 4, 5)
    assert first != few.write("train", 4, 6)
    assert {q.id for q in first} & {q.id for q in few.write("test", 4, 5)} == set()


def test_an_invented_name_names_nothing(default, few):
    rng = random.Random(0)
    for _ in range(50):
        assert default.aliases.find(normalise(few.wording.invented(rng))) == -1


def test_a_series_is_named_by_what_its_titles_share(default, writer):
    part = Slot("{film:part}", "film", False, "part")
    film = default.find("tt0080684")  # Star Wars: Episode V – The Empire Strikes Back
    rng = random.Random(0)
    assert {writer.wording.surface(film, rng, part) for _ in range(20)} == {"Star Wars"}
    assert (
        writer.wording.surface(default.find("tt0109830"), rng, part) == ""
    )  # Forrest Gump is no series


def test_a_slot_for_a_director_or_an_actor_holds_one(default, kinds, edges):
    """Films "by" are asked of those who mainly direct, films "with" of those who mainly act."""
    writer = Writer(
        default,
        [
            kinds[n]
            for n in ("known-director-films", "known-actor-films", "known-director-actor-films")
        ],
    )
    for q in writer.write("train", 20, 2):
        people, roles = (
            [default.find(t) for t in q.topics],
            ("-director", "-cast member", "-screenwriter"),
        )
        counts = [{r: len(edges.get((person, r), ())) for r in roles} for person in people]
        if q.kind != "known-actor-films":
            assert counts[0]["-director"] >= max(3, 0.75 * counts[0]["-cast member"]), q
        if q.kind != "known-director-films":
            assert counts[-1]["-cast member"] >= max(
                3, 2 * counts[-1]["-director"], 2 * counts[-1]["-screenwriter"]
            ), q


def test_a_title_and_a_number_are_in_the_names_that_are_asked_for(default, kinds):
    films = {
        normalise(default.label(e))
        for e in range(default.num_entities)
        if default.kind_of(e) == "film"
    }
    for q in Writer(
        default, [kinds["title-character-actor"], kinds["numbered-film-director"]]
    ).write("train", 10, 2):
        label = default.label(default.find(q.topics[0]))
        if q.kind == "numbered-film-director":
            assert re.search(r"\d{4}", label), q
        else:
            assert any(normalise(label) in film for film in films), q
