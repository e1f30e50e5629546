"""The search on the toy graph: the right program is found from question and answers alone."""

from __future__ import annotations

import numpy as np
import pytest

from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.search import KEEP, MAX_EXPLANATIONS, Searcher


@pytest.fixture(scope="module")
def searcher(toy) -> Searcher:
    return Searcher(toy)


@pytest.fixture
def explain(toy, toy_linker, searcher):
    """explain(question, keys of answers) -> (link, explanations)."""

    def run(question, answers):
        link = toy_linker(question)
        return link, searcher(link, {toy.find(a) for a in answers})

    return run


@pytest.fixture
def programs(toy, explain):
    """programs(question, keys of answers) -> {program in words: explanation}, best first.

    A start is written as its words in the question and the key of the entity.
    """

    def run(question, answers):
        link, explanations = explain(question, answers)
        return {in_words(toy, link, e): e for e in explanations}

    return run


def in_words(toy, link, explanation: Explanation) -> str:
    def chain(numbers):
        return [toy.relation_id(r) for r in numbers.relations]

    branches = []
    for branch in explanation.program.branches:
        proposal = link.proposals[branch.start.span]
        entity = toy.key(proposal.entities[branch.start.candidate])
        branches.append(" > ".join([f"{link.text(proposal)} = {entity}", *chain(branch.chain)]))
    after = "".join(f" => {relation}" for relation in chain(explanation.program.after))
    return " & ".join(sorted(branches)) + after


MONA_LISA = "Mona Lisa = artwork:Mona Lisa"
PORTMAN = "Natalie Portman = person:Natalie Portman"
HANKS = "Tom Hanks = person:Tom Hanks > -cast member"
STAR_WARS = "Star Wars = film:Star Wars: Episode"
PADME = ("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"])


@pytest.mark.parametrize(
    ("question", "answers", "program"),
    [
        (
            "Who painted the Mona Lisa?",
            ["person:Leonardo da Vinci"],
            f"{MONA_LISA} > creator",
        ),
        (
            "What did Clint Eastwood direct?",
            ["film:Sully", "film:J. Edgar"],
            "Clint Eastwood = person:Clint Eastwood > -director",
        ),
        (
            "What city is the Mona Lisa in?",
            ["city:Paris"],
            f"{MONA_LISA} > exhibited at > located in",
        ),
        (
            "What country is the Mona Lisa in?",
            ["country:France"],
            f"{MONA_LISA} > exhibited at > located in > located in",
        ),
        # Portman alone played two characters, each film alone has two; together they name one.
        (*PADME, f"{PORTMAN} > -performer & {STAR_WARS} I – The Phantom Menace > character"),
        (*PADME, f"{PORTMAN} > -performer & {STAR_WARS} II – Attack of the Clones > character"),
        # The film is an end point of no hops, among the films of its year.
        (
            "What is the 2008 film Paris?",
            ["film:Paris"],
            "2008 = year:2008 > -release year & Paris = film:Paris",
        ),
    ],
)
def test_the_right_program_is_among_the_best(programs, question, answers, program):
    explanations = programs(question, answers)
    assert explanations[program].f1 > 0.999
    assert next(iter(explanations.values())).f1 == 1.0


def test_the_right_namesake_is_among_the_candidates_that_explain(programs):
    explanations = programs("What does Tom Hanks study?", ["field:theology"])
    best = [program for program, e in explanations.items() if e.f1 > 0.999]
    assert "Tom Hanks = person:Tom Hanks (theology) > field of work" in best
    assert all(p.startswith("Tom Hanks = person:Tom Hanks (theology)") for p in best)


@pytest.mark.parametrize(
    ("answers", "exclude"),
    [
        (["person:Ewan McGregor"], True),
        (["person:Ewan McGregor", "person:Natalie Portman"], False),
    ],
)
def test_the_mention_itself_is_left_out_unless_it_is_an_answer(programs, answers, exclude):
    explanation = programs("Who acted alongside Natalie Portman?", answers)[
        f"{PORTMAN} > -cast member > cast member"
    ]
    assert (explanation.exclude, explanation.f1) == (exclude, 1.0)


def test_leaving_out_is_not_claimed_where_it_makes_no_difference(programs):
    explanations = programs("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"])
    assert explanations[f"{MONA_LISA} > creator"].exclude is None


def test_a_hop_after_a_pair(programs):
    """Eastwood directed a film with each of them, too: two hops of each give F1 2/3."""
    explanations = programs(
        "Who directed the film with Tom Hanks and Leonardo DiCaprio?", ["person:Steven Spielberg"]
    )
    dicaprio = "Leonardo DiCaprio = person:Leonardo DiCaprio > -cast member"
    assert explanations[f"{dicaprio} & {HANKS} => director"].f1 > 0.999
    assert all(e.program.after.hops for e in explanations.values() if e.f1 > 0.999)


def test_three_mentions(programs):
    """No two of Hanks, Spielberg and 2002 name one film."""
    explanations = programs(
        "the 2002 film with Tom Hanks by Steven Spielberg", ["film:Catch Me If You Can"]
    )
    spielberg = "Steven Spielberg = person:Steven Spielberg > -director"
    assert explanations[f"2002 = year:2002 > -release year & {spielberg} & {HANKS}"].f1 > 0.999
    best = [e for e in explanations.values() if e.f1 > 0.999]
    assert min(len(e.program.branches) for e in best) == 3


def test_no_answers_are_explained_by_no_mentions(explain):
    assert explain("What is Tom Hanks's favourite colour?", [])[1] == [Explanation.of()]


def test_answers_out_of_reach_have_no_explanation(explain):
    assert explain("What city is the Mona Lisa in?", ["field:theology"])[1] == []
    assert explain("hello there", ["city:Paris"])[1] == []


def test_the_program_of_an_explanation_has_its_f1(toy, explain):
    cases = [
        ("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"]),
        ("Who acted alongside Tom Hanks?", ["person:Leonardo DiCaprio"]),
        (
            "Who directed the film with Tom Hanks and Leonardo DiCaprio?",
            ["person:Steven Spielberg"],
        ),
        ("What city is the Mona Lisa in?", ["city:Paris", "country:France"]),
        ("Who acted alongside Natalie Portman?", ["person:Ewan McGregor"]),
        ("the 2002 film with Tom Hanks by Steven Spielberg", ["film:Catch Me If You Can"]),
        ("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"]),
    ]
    checked = 0
    for question, keys in cases:
        link, explanations = explain(question, keys)
        answers = {toy.find(k) for k in keys}
        for e in explanations:
            reached = e.program.run(toy, e.starts(toy, link)).keys()
            f1 = 2 * len(reached & answers) / (len(reached) + len(answers))
            assert e.f1 == pytest.approx(f1, abs=1e-3), (question, str(e.program))
            checked += 1
    assert checked > 10


def test_mentions_of_one_explanation_do_not_overlap(toy, explain):
    link, explanations = explain(*PADME)
    for e in explanations:
        spans = [link.proposals[b.start.span] for b in e.program.branches]
        assert not any(a.overlaps(b) for i, a in enumerate(spans) for b in spans[:i])


def test_explanations_are_good_best_first_and_few(explain):
    _, explanations = explain("What city is the Mona Lisa in?", ["city:Paris"])
    scores = [e.f1 for e in explanations]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= KEEP * max(scores) and len(explanations) <= MAX_EXPLANATIONS


def test_a_search_leaves_nothing_behind(toy, toy_linker, explain, searcher):
    first = explain("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"])[1]
    explain("What city is the Mona Lisa in?", ["city:Paris"])
    assert explain("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"])[1] == first
    with searcher.enumerator.answers(np.array([], dtype=np.int64)) as answer:
        assert not answer.any()


def test_incomplete_answers_are_explained_by_what_covers_most_of_them(toy, toy_linker):
    """Three of Hanks' films are listed: all of his explain them if answers may be incomplete."""
    link = toy_linker("films with Tom Hanks")
    films = {toy.find(k) for k in ("film:Sully", "film:The Terminal", "film:Road to Perdition")}
    explanations = Searcher(toy, complete=False)(link, films)
    assert HANKS in {in_words(toy, link, e) for e in explanations}


def test_the_default_graph_explains_the_examples(default, default_linker):
    searcher = Searcher(default)
    (paris,) = (e.id for e in default["Paris"] if e.description == "capital of France")
    for question, key in {PADME[0]: PADME[1][0], "What city is the Mona Lisa in?": paris}.items():
        best, *_ = searcher(default_linker(question), {default.find(key)})
        assert best.f1 == 1.0, question


def test_a_depth_that_costs_too_much_is_left_out_for_all_candidates(toy, toy_linker):
    """Without an allowance one hop is enumerated, to the painter, but not two, to the city."""
    link, search = toy_linker("What city is the Mona Lisa in?"), Searcher(toy, max_work=0)
    assert not search(link, {toy.find("city:Paris")})
    explanations = search(link, {toy.find("person:Leonardo da Vinci")})
    assert explanations and all(e.program.hops <= 1 for e in explanations)


def test_without_an_allowance_no_sets_meet(toy, toy_linker, searcher):
    link = toy_linker("Who did Natalie Portman play in Star Wars?")
    answers = {toy.find("character:Padmé Amidala")}
    assert any(len(e.program.branches) > 1 for e in searcher(link, answers))
    alone = Searcher(toy, max_intersections=0)(link, answers)
    assert all(len(e.program.branches) == 1 for e in alone)


def test_topics_are_mentions_of_one_candidate(toy, searcher):
    (best, *_) = searcher.between([toy.find("artwork:Mona Lisa")], {toy.find("city:Paris")})
    assert best.f1 == 1 and best.program.branches[0].start == Seed(0, 0)
