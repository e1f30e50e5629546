"""The walk on the toy graph, with distributions set by hand, so every membership is known."""

from __future__ import annotations

import pytest
import torch

from kgqa.walk import Settings
from kgqa.walk.ops import Frontier
from kgqa.walk.predict import committed
from kgqa.walk.walk import MIN_SEED, Asked, seeds_of, walk_many
from tests import script as script_of
from tests.script import mona_lisa
from tests.toy import PADME


@pytest.fixture(scope="module")
def graph(toy):
    return toy


def run(graph, s, **changes):
    asked = [Asked(0, s.spans)]
    (walk,) = walk_many(graph, s.batch(), s.output(), asked, Settings(**changes))
    return walk


def weights(toy, frontier: Frontier, floor: float = 1e-3) -> dict[str, float]:
    return {toy.key(e): w for e, w in frontier.top(len(frontier)) if w > floor}


#: Both films of the ambiguous title are as likely.
STAR_WARS = dict.fromkeys(script_of.STAR_WARS, 0.5)


def padme(script):
    return script_of.padme(script, STAR_WARS)


def test_two_hops_from_the_mona_lisa_reach_paris(graph, toy, script):
    s = mona_lisa(script)
    walk = run(graph, s)
    assert weights(toy, walk.branches[0].hops[0].reached) == {"museum:Louvre": pytest.approx(1)}
    assert weights(toy, walk.result) == {"city:Paris": pytest.approx(1)}
    assert walk.after is None and walk.combined is walk.result


def test_hops_beyond_the_stop_are_not_computed(graph, script):
    s = mona_lisa(script)
    assert len(run(graph, s).branches[0].hops) == 2  # of three


def test_the_stop_mixes_the_hops(graph, toy, script):
    s = script("What city is the Mona Lisa in?")
    s.mention(
        "Mona Lisa",
        {"artwork:Mona Lisa": 1.0},
        ["exhibited at", "located in"],
        stop=[0.1, 0.2, 0.7],
    )
    expected = {"artwork:Mona Lisa": 0.1, "museum:Louvre": 0.2, "city:Paris": 0.7}
    assert weights(toy, run(graph, s).result) == {
        k: pytest.approx(v, abs=1e-5) for k, v in expected.items()
    }


def test_a_hop_is_weighted_by_its_relations(graph, toy, script):
    s = script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, [{"exhibited at": 0.7, "creator": 0.3}]
    )
    expected = {
        "museum:Louvre": pytest.approx(0.7, abs=1e-5),
        "person:Leonardo da Vinci": pytest.approx(0.3, abs=1e-5),
    }
    assert weights(toy, run(graph, s).result) == expected


def test_light_relations_are_not_followed(graph, toy, script):
    s = script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, [{"exhibited at": 0.99, "creator": 0.01}]
    )
    assert set(weights(toy, run(graph, s).result)) == {"museum:Louvre"}
    assert set(weights(toy, run(graph, s, min_relation=0.0).result)) == {
        "museum:Louvre",
        "person:Leonardo da Vinci",
    }


def test_the_intersection_settles_an_ambiguous_title(graph, toy, script):
    walk = run(graph, padme(script))
    portman, film = (weights(toy, b.result) for b in walk.branches)
    assert portman == {
        "character:Padmé Amidala": pytest.approx(1),
        "character:Nina Sayers": pytest.approx(1),
    }
    # Two films at 0.5 each have both characters: 0.5 + 0.5.
    assert film == {
        "character:Padmé Amidala": pytest.approx(1),
        "character:Obi-Wan Kenobi": pytest.approx(1),
    }
    assert weights(toy, walk.combined) == {"character:Padmé Amidala": pytest.approx(1)}
    assert weights(toy, walk.result) == {"character:Padmé Amidala": pytest.approx(1)}


def test_without_intersection_the_branches_are_united(graph, toy, script):
    walk = run(graph, padme(script), intersect=False)
    names = {"character:Padmé Amidala", "character:Nina Sayers", "character:Obi-Wan Kenobi"}
    assert weights(toy, walk.result) == {n: pytest.approx(1) for n in names}


def test_a_union_takes_the_larger_membership(graph, toy, script):
    s = script(PADME).mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
    s.mention("Star Wars", {"film:Star Wars: Episode I – The Phantom Menace": 0.3}, ["character"])
    assert weights(toy, run(graph, s, intersect=False).result) == {
        "character:Padmé Amidala": pytest.approx(1),
        "character:Nina Sayers": pytest.approx(1),
        "character:Obi-Wan Kenobi": pytest.approx(0.3),
    }


def test_the_minimum_bounds_a_doubtful_branch(graph, toy, script):
    s = script(PADME).mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
    s.mention("Star Wars", {"film:Star Wars: Episode I – The Phantom Menace": 0.3}, ["character"])
    assert weights(toy, run(graph, s).result) == {"character:Padmé Amidala": pytest.approx(0.3)}


def test_hops_follow_the_intersection(graph, toy, script):
    """Spielberg and Eastwood each directed Hanks and DiCaprio; only one film has both."""
    s = script("Who directed the film with Tom Hanks and Leonardo DiCaprio?")
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 1.0}, ["-cast member"]).after(
        ["director"]
    )
    walk = run(graph, s)
    assert weights(toy, walk.combined) == {"film:Catch Me If You Can": pytest.approx(1)}
    assert weights(toy, walk.result) == {"person:Steven Spielberg": pytest.approx(1)}
    assert [len(b.hops) for b in walk.branches] == [1, 1] and len(walk.after.hops) == 1


def test_three_mentions_meet_in_one_film(graph, toy, script):
    """Any two of Hanks, Spielberg and 2002 share two films; all three share one."""
    s = script("the 2002 film with Tom Hanks by Steven Spielberg")
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    s.mention("Steven Spielberg", {"person:Steven Spielberg": 1.0}, ["-director"])
    pair = run(graph, s)
    assert set(weights(toy, pair.result)) == {"film:Catch Me If You Can", "film:The Terminal"}
    s.mention("2002", {"year:2002": 1.0}, ["-release year"])
    assert set(weights(toy, run(graph, s).result)) == {"film:Catch Me If You Can"}


def test_paths_that_meet_nowhere_give_nothing(graph, script):
    s = (
        script(PADME)
        .mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
        .mention("Star Wars", STAR_WARS, ["director"])
    )
    walk = run(graph, s)
    assert all(len(b.result) for b in walk.branches) and len(walk.combined) == 0
    assert len(committed(walk.result, 0.5)) == 0


def test_excluded_seeds_do_not_come_back(graph, toy, script):
    s = script("Who acted alongside Natalie Portman?").mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-cast member", "cast member"]
    )
    both = {
        "person:Natalie Portman": pytest.approx(1, abs=1e-5),
        "person:Ewan McGregor": pytest.approx(1, abs=1e-5),
    }
    assert weights(toy, run(graph, s).result) == both
    assert weights(toy, run(graph, s.exclude(1.0)).result) == {
        "person:Ewan McGregor": pytest.approx(1)
    }


def test_exclusion_is_as_strong_as_its_probability_and_the_seed(graph, toy, script):
    """Portman is reached at 1, a seed at 0.8, excluded at 0.5: 1 * (1 - 0.5 * 0.8) = 0.6."""
    s = script("Who acted alongside Natalie Portman?")
    s.mention(
        "Natalie Portman", {"person:Natalie Portman": 0.8}, ["-cast member", "cast member"]
    ).exclude(0.5)
    # 0.8 at the seed; three films of hers at 0.8 each sum to 2.4, clamped to 1.
    assert weights(toy, run(graph, s).result)["person:Natalie Portman"] == pytest.approx(
        0.6, abs=1e-4
    )


def test_all_seeds_are_excluded_after_an_intersection(graph, toy, script):
    s = script("Who else was in the film with Tom Hanks and Leonardo DiCaprio?")
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 1.0}, ["-cast member"]).after(
        ["cast member"]
    )
    assert set(weights(toy, run(graph, s).result)) == {
        "person:Tom Hanks",
        "person:Leonardo DiCaprio",
    }
    assert weights(toy, run(graph, s.exclude(1.0)).result) == {}


def test_the_hop_limit_takes_the_stop_along(graph, toy, script):
    s = script("What city is the Mona Lisa in?")
    s.mention(
        "Mona Lisa",
        {"artwork:Mona Lisa": 1.0},
        ["exhibited at", "located in"],
        stop=[0.1, 0.3, 0.6],
    )
    walk = run(graph, s, max_hops=1)
    assert len(walk.branches[0].hops) == 1
    # 0.1 and 0.3 of what is left, 0.4
    expected = {
        "museum:Louvre": pytest.approx(0.75, abs=1e-4),
        "artwork:Mona Lisa": pytest.approx(0.25, abs=1e-4),
    }
    assert weights(toy, walk.result) == expected


def test_the_budget_of_a_walk_is_reported_by_its_hop(graph, script):
    s = script("Who acted alongside Natalie Portman?").mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-cast member"]
    )
    walk = run(graph, s, budget=2)  # her three films are one group of three edges
    assert len(walk.branches[0].hops[0].reached) == 2
    assert walk.branches[0].hops[0].dropped == pytest.approx(1.0)
    assert run(graph, s).branches[0].hops[0].dropped == 0.0


def test_unlikely_candidates_are_no_seeds(script, toy):
    s = script("Who is Tom Hanks?").mention(
        "Tom Hanks",
        {"person:Tom Hanks": 1 - MIN_SEED / 2, "person:Tom Hanks (theology)": MIN_SEED / 2},
        [],
    )
    seeds = seeds_of(toy, s.batch(), s.output(), torch.tensor([0]), torch.tensor(s.spans[:1]))
    assert [toy.key(e) for e in seeds.ids.tolist()] == ["person:Tom Hanks"]


def test_memberships_never_exceed_one(graph, script):
    s = script("Who acted alongside Natalie Portman?").mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-cast member", "cast member"]
    )
    for chain in run(graph, s).branches:
        assert float(chain.result.weights.max()) <= 1.0
        assert all(float(hop.reached.weights.max()) <= 1.0 for hop in chain.hops)


# -- the answer set --------------------------------------------------------------------------------


def frontier(*values: float) -> Frontier:
    return Frontier(torch.arange(len(values)), torch.tensor(values))


def test_the_answer_set_is_a_share_of_the_best_heaviest_first():
    answers = committed(frontier(0.3, 0.8, 0.41, 0.39), 0.5)
    assert answers.ids.tolist() == [1, 2]  # half of 0.8 is 0.4


def test_a_membership_on_the_threshold_is_in():
    assert committed(frontier(0.25, 0.5), 0.5).ids.tolist() == [1, 0]


def test_equal_memberships_keep_the_order_of_ids():
    assert committed(frontier(0.5, 0.5, 0.5), 0.5).ids.tolist() == [0, 1, 2]


@pytest.mark.parametrize("values", [(), (0.0, 0.0), (5e-5, 1e-6)])
def test_hardly_anything_is_nothing(values):
    assert len(committed(frontier(*values), 0.5)) == 0
