"""Programs: their text, and what they reach on the toy graph, crisp and fuzzy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.films import phrasings
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder, Relation
from kgqa.programs.enumerate import MAX_EDGES, Enumerator
from kgqa.programs.operators import step
from kgqa.programs.program import Branch, Chain, Hop, Program, crisp


@pytest.fixture
def run(toy):
    """run(program, entity ids by start) -> {entity id: membership}."""

    def run(program, **starts):
        sets = {name: {toy.find(k): v for k, v in x.items()} for name, x in starts.items()}
        program = Program.parse(program) if isinstance(program, str) else program
        return {toy.key(e): v for e, v in program.run(toy, sets).items()}

    return run


HANKS = {"person:Tom Hanks": 1.0}
DICAPRIO = {"person:Leonardo DiCaprio": 1.0}
PORTMAN = {"person:Natalie Portman": 1.0}


# -- text ------------------------------------------------------------------------------------------


def test_a_program_with_everything():
    program = Program.parse(
        "person > -cast member & film > cast member => director > capital ! person, film"
    )
    assert program == Program(
        (
            Branch("person", Chain.of("-cast member")),
            Branch("film", Chain.of("cast member")),
        ),
        Chain.of("director", "capital"),
        "&",
        ("person", "film"),
    )
    assert program.hops == 3 and program.size == 4  # one on each branch, two after
    assert program.relations == {"-cast member", "cast member", "director", "capital"}


@pytest.mark.parametrize(
    "text", ["film", "film > director ! film", "a > r | b", "a > r & b > -s > t => u", ""]
)
def test_text_comes_back(text):
    assert str(Program.parse(text)) == text


def test_every_kind_of_question_comes_back():
    for kind in phrasings.read():
        assert Program.parse(str(kind.program)) == kind.program, kind.name


def test_a_weighted_hop_shows_its_weights():
    assert str(Hop((("director", 0.75), ("screenwriter", 0.25)))) == (
        "0.75 director + 0.25 screenwriter"
    )


# -- crisp -----------------------------------------------------------------------------------------


def test_hops_are_followed_in_order(run):
    assert run("artwork > exhibited at > located in", artwork={"artwork:Mona Lisa": 1.0}) == {
        "city:Paris": 1.0
    }


def test_branches_are_intersected_before_the_hops_after(run):
    program = "a > -cast member & b > -cast member => director"
    assert run(program, a=HANKS, b=DICAPRIO) == {"person:Steven Spielberg": 1.0}


def test_a_union_reaches_what_either_branch_reaches(run):
    assert run("a > -performer | b", a=PORTMAN, b=HANKS).keys() == {
        "character:Padmé Amidala",
        "character:Nina Sayers",
        "person:Tom Hanks",
    }


def test_a_start_comes_back_unless_it_is_left_out(run):
    program = "a > -cast member > cast member"
    assert run(program, a=PORTMAN).keys() == {"person:Natalie Portman", "person:Ewan McGregor"}
    assert run(program + " ! a", a=PORTMAN).keys() == {"person:Ewan McGregor"}


def test_a_start_is_left_out_after_the_intersection_too(run):
    program = "a > -cast member & b > -cast member => cast member"
    assert run(program, a=HANKS, b=DICAPRIO).keys() == {*HANKS, *DICAPRIO}
    assert run(program + " ! a", a=HANKS, b=DICAPRIO).keys() == {*DICAPRIO}


def test_without_branches_nothing_is_reached(run):
    assert run("") == {}


# -- fuzzy -----------------------------------------------------------------------------------------


def test_memberships_and_weights_multiply_and_are_clamped(toy, run):
    """Sully at 0.5: its director at 0.5 * 0.6. Portman's three films at 0.5 each sum to 1.5."""
    sully = {toy.find("film:Sully"): 0.5}
    hop = Hop((("director", 0.6), ("release year", 0.4)))
    reached = {toy.key(e): v for e, v in step(toy, sully, hop.weights).items()}
    assert reached == {"person:Clint Eastwood": pytest.approx(0.3), "year:2016": pytest.approx(0.2)}
    half = {"person:Natalie Portman": 0.5}
    assert run("a > -cast member > cast member", a=half)["person:Natalie Portman"] == 1


def test_a_stop_mixes_the_hops(run):
    chain = Chain((*Chain.of("exhibited at", "located in").hops,), (0.1, 0.3, 0.6))
    program = Program((Branch("a", chain),))
    assert run(program, a={"artwork:Mona Lisa": 1.0}) == {
        "artwork:Mona Lisa": pytest.approx(0.1),
        "museum:Louvre": pytest.approx(0.3),
        "city:Paris": pytest.approx(0.6),
    }


def test_an_uncertain_exclusion_lowers_a_membership(run):
    """Left out with probability 0.5 at a membership of 0.8: 1 - 0.4 of it stays."""
    chain = Chain.of("-cast member", "cast member")
    program = Program((Branch("a", chain),), left_out=("a",), exclude=0.5)
    assert run(program, a={"person:Natalie Portman": 0.8})["person:Natalie Portman"] == 0.6


@pytest.mark.parametrize(("sign", "expected"), [("&", 0.2), ("|", 0.7)])
def test_memberships_are_combined_by_minimum_or_maximum(run, sign, expected):
    result = run(f"a {sign} b", a={"city:Paris": 0.7}, b={"city:Paris": 0.2})
    assert result == {"city:Paris": expected}


# -- the compiled hop ------------------------------------------------------------------------------


@given(data=st.data())
def test_a_compiled_hop_reaches_what_follow_reaches(toy, data):
    entities = data.draw(st.sets(st.integers(0, toy.num_entities - 1), min_size=1, max_size=8))
    relation = data.draw(st.integers(0, toy.num_relations - 1))
    compiled = Enumerator(toy).follow(np.array(sorted(entities), dtype=np.int32), relation)
    assert compiled.tolist() == sorted(step(toy, crisp(entities), ((relation, 1.0),)))


@pytest.mark.parametrize("start", ["person:Natalie Portman", "artwork:Mona Lisa", "year:2002"])
def test_enumerated_paths_are_those_of_the_program(toy, start):
    """Each row counts what the program with these relations reaches, with the start and without."""
    answers, start = set(range(0, toy.num_entities, 2)), toy.find(start)
    enumerator = Enumerator(toy)
    with enumerator.answers(np.array(sorted(answers))):
        paths = enumerator.paths(start, 3, 10**7)
    assert len(paths.size) >= 9
    for i in range(len(paths.size)):
        branch = Branch("a", Chain.of(*paths.path(i)))
        free = Program((branch,)).run(toy, {"a": {start: 1.0}}).keys()
        without = Program((branch,), left_out=("a",)).run(toy, {"a": {start: 1.0}}).keys()
        assert (paths.size[i], paths.hits[i]) == (len(free), len(free & answers))
        counted = (paths.size_without[i], paths.hits_without[i])
        assert counted == (len(without), len(without & answers))


def test_a_compiled_hop_over_too_many_edges_reaches_nothing(tmp_path):
    builder = GraphBuilder("wide", [Relation("to", "to", "from")])
    entities = [builder.entity("e", str(i), nameable=False) for i in range(MAX_EDGES + 2)]
    for entity in entities[1:]:
        builder.triple(entities[0], "to", entity)
    for entity in entities[2:]:
        builder.triple(entities[1], "to", entity)
    builder.write(tmp_path)
    enumerator = Enumerator(Graph.load(tmp_path))
    assert len(enumerator.follow(np.array([0], dtype=np.int32), 0)) == 0
    assert len(enumerator.follow(np.array([1], dtype=np.int32), 0)) == MAX_EDGES
