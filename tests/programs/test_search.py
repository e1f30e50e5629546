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


def read(toy, link, explanation: Explanation):
    """({(mention, entity, path)}, relations after) in words."""
    branches = set()
    for branch in explanation.program.branches:
        proposal = link.proposals[branch.start.span]
        entity = toy.key(proposal.entities[branch.start.candidate])
        relations = tuple(map(toy.relation_id, branch.chain.relations))
        branches.add((link.text(proposal), entity, relations))
    return branches, tuple(map(toy.relation_id, explanation.program.after.relations))


def best(toy, link, found) -> list:
    return [read(toy, link, e) for e in found if e.f1 > 0.999]


def test_one_hop(toy, explain):
    link, found = explain("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"])
    assert ({("Mona Lisa", "artwork:Mona Lisa", ("creator",))}, ()) in best(toy, link, found)
    assert found[0].f1 == 1.0


def test_one_hop_backwards(toy, explain):
    link, found = explain("What did Clint Eastwood direct?", ["film:Sully", "film:J. Edgar"])
    assert ({("Clint Eastwood", "person:Clint Eastwood", ("-director",))}, ()) in best(
        toy, link, found
    )


def test_two_hops(toy, explain):
    link, found = explain("What city is the Mona Lisa in?", ["city:Paris"])
    assert ({("Mona Lisa", "artwork:Mona Lisa", ("exhibited at", "located in"))}, ()) in best(
        toy, link, found
    )


def test_three_hops(toy, explain):
    link, found = explain("What country is the Mona Lisa in?", ["country:France"])
    assert (
        {("Mona Lisa", "artwork:Mona Lisa", ("exhibited at", "located in", "located in"))},
        (),
    ) in best(toy, link, found)


def test_the_right_namesake_is_among_the_candidates_that_explain(toy, explain):
    link, found = explain("What does Tom Hanks study?", ["field:theology"])
    assert ({("Tom Hanks", "person:Tom Hanks (theology)", ("field of work",))}, ()) in best(
        toy, link, found
    )
    assert {entity for steps, _ in best(toy, link, found) for _, entity, _ in steps} == {
        "person:Tom Hanks (theology)"
    }


def test_the_mention_itself_is_left_out(toy, explain):
    link, found = explain("Who acted alongside Natalie Portman?", ["person:Ewan McGregor"])
    wanted = [
        e
        for e in found
        if read(toy, link, e)
        == ({("Natalie Portman", "person:Natalie Portman", ("-cast member", "cast member"))}, ())
    ]
    assert [(e.exclude, e.f1) for e in wanted] == [(True, 1.0)]


def test_leaving_out_is_not_claimed_where_it_makes_no_difference(toy, explain):
    link, found = explain("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"])
    assert all(
        e.exclude is None
        for e in found
        if read(toy, link, e)[0] == {("Mona Lisa", "artwork:Mona Lisa", ("creator",))}
    )


def test_leaving_out_would_be_wrong_where_the_mention_is_an_answer(toy, explain):
    link, found = explain(
        "Who was in a film with Natalie Portman?",
        ["person:Ewan McGregor", "person:Natalie Portman"],
    )
    wanted = [
        e
        for e in found
        if read(toy, link, e)[0]
        == {("Natalie Portman", "person:Natalie Portman", ("-cast member", "cast member"))}
    ]
    assert [(e.exclude, e.f1) for e in wanted] == [(False, 1.0)]


def test_a_pair_of_mentions(toy, explain):
    """Portman alone played two characters, each film alone has two; together they name one."""
    link, found = explain("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"])
    for film in (
        "film:Star Wars: Episode I – The Phantom Menace",
        "film:Star Wars: Episode II – Attack of the Clones",
    ):
        wanted = {
            ("Natalie Portman", "person:Natalie Portman", ("-performer",)),
            ("Star Wars", film, ("character",)),
        }
        assert (wanted, ()) in best(toy, link, found)


def test_a_hop_after_a_pair(toy, explain):
    """Eastwood directed a film with each of them, too: two hops of each give F1 2/3."""
    link, found = explain(
        "Who directed the film with Tom Hanks and Leonardo DiCaprio?", ["person:Steven Spielberg"]
    )
    wanted = {
        ("Tom Hanks", "person:Tom Hanks", ("-cast member",)),
        ("Leonardo DiCaprio", "person:Leonardo DiCaprio", ("-cast member",)),
    }
    assert (wanted, ("director",)) in best(toy, link, found)
    assert all(e.program.after.hops for e in found if e.f1 > 0.999)


def test_three_mentions(toy, explain):
    """No two of Hanks, Spielberg and 2002 name one film."""
    link, found = explain(
        "the 2002 film with Tom Hanks by Steven Spielberg", ["film:Catch Me If You Can"]
    )
    wanted = {
        ("2002", "year:2002", ("-release year",)),
        ("Tom Hanks", "person:Tom Hanks", ("-cast member",)),
        ("Steven Spielberg", "person:Steven Spielberg", ("-director",)),
    }
    assert (wanted, ()) in best(toy, link, found)
    assert min(len(e.program.branches) for e in found if e.f1 > 0.999) == 3


def test_the_name_alone_settled_by_another_mention(toy, explain):
    """ "the 2008 film Paris": the film is an end point of no hops, among the films of its year."""
    link, found = explain("What is the 2008 film Paris?", ["film:Paris"])
    assert ({("Paris", "film:Paris", ()), ("2008", "year:2008", ("-release year",))}, ()) in best(
        toy, link, found
    )


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
        link, found = explain(question, keys)
        answers = {toy.find(k) for k in keys}
        for e in found:
            reached = e.program.run(toy, e.starts(link)).keys()
            f1 = 2 * len(reached & answers) / (len(reached) + len(answers))
            assert e.f1 == pytest.approx(f1, abs=1e-3), (question, str(e.program))
            checked += 1
    assert checked > 10


def test_mentions_of_one_explanation_do_not_overlap(toy, explain):
    link, found = explain("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"])
    for e in found:
        spans = [link.proposals[b.start.span] for b in e.program.branches]
        assert not any(a.overlaps(b) for i, a in enumerate(spans) for b in spans[:i])


def test_explanations_are_good_best_first_and_few(explain):
    _, found = explain("What city is the Mona Lisa in?", ["city:Paris"])
    scores = [e.f1 for e in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= KEEP * max(scores) and len(found) <= MAX_EXPLANATIONS


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
    found = Searcher(toy, complete=False)(link, films)
    assert any(
        read(toy, link, e)[0] == {("Tom Hanks", "person:Tom Hanks", ("-cast member",))}
        for e in found
    )


def test_the_default_graph_explains_the_examples(default, default_linker):
    searcher = Searcher(default)
    cases = {
        "Who did Natalie Portman play in Star Wars?": ["character:Padmé Amidala"],
        "What city is the Mona Lisa in?": [
            k
            for k in map(default.key, range(default.num_entities))
            if k.startswith("gn:")
            and default.label(default.find(k)) == "Paris"
            and default.entity(default.find(k)).description == "capital of France"
        ],
    }
    for question, keys in cases.items():
        found = searcher(default_linker(question), {default.find(k) for k in keys})
        assert found and found[0].f1 == 1.0, question


def test_a_depth_that_costs_too_much_is_left_out_for_all_candidates(toy, toy_linker):
    """Without an allowance one hop is enumerated, to the painter, but not two, to the city."""
    link, search = toy_linker("What city is the Mona Lisa in?"), Searcher(toy, max_work=0)
    assert not search(link, {toy.find("city:Paris")})
    found = search(link, {toy.find("person:Leonardo da Vinci")})
    assert found and all(len(b.chain.hops) <= 1 for e in found for b in e.program.branches)


def test_without_an_allowance_no_sets_meet(toy, toy_linker, searcher):
    link = toy_linker("Who did Natalie Portman play in Star Wars?")
    answers = {toy.find("character:Padmé Amidala")}
    assert any(len(e.program.branches) > 1 for e in searcher(link, answers))
    alone = Searcher(toy, max_meetings=0)(link, answers)
    assert all(len(e.program.branches) == 1 for e in alone)


def test_topics_are_mentions_of_one_candidate(toy, searcher):
    (best, *_) = searcher.between([toy.find("artwork:Mona Lisa")], {toy.find("city:Paris")})
    assert best.f1 == 1 and best.program.branches[0].start == Seed(0, 0)
