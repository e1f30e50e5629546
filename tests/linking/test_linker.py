"""Mentions that are proposed for the questions everybody tries, and for what nobody should type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.names import ALIAS_KINDS, KIND
from kgqa.linking import Linker
from kgqa.linking.linker import MAX_CANDIDATES, MAX_SPANS, MAX_WORDS


def proposed(linker, question: str) -> dict[str, list[str]]:
    """{text of the span: keys of its candidates}."""
    link = linker(question)
    return {
        link.text(p): [linker.graph.key(e) for e in p.entities if e < linker.graph.num_entities]
        for p in link.proposals
    }


def kinds(linker, question: str) -> dict[str, set[str]]:
    link = linker(question)
    return {link.text(p): {ALIAS_KINDS[k] for k in p.alias_kinds} for p in link.proposals}


# -- the three example questions, on the default graph ---------------------------------------------


def test_mona_lisa_is_the_painting_or_the_film(default_linker, default):
    spans = proposed(default_linker, "What city is the Mona Lisa in?")
    assert {default.kind_of(default.find(k)) for k in spans["Mona Lisa"]} == {"artwork", "film"}
    assert "artwork:Mona Lisa (Leonardo da Vinci)" in spans["Mona Lisa"]


def test_tom_hanks_is_the_actor_first_and_two_namesakes(default_linker, default):
    spans = proposed(default_linker, "Who wrote films starring Tom Hanks?")
    assert len(spans["Tom Hanks"]) == 3
    assert spans["Tom Hanks"][0] == "person:Tom Hanks"  # best connected first
    assert all(default.label(default.find(k)) == "Tom Hanks" for k in spans["Tom Hanks"])
    assert "person:Colin Hanks" in spans["Hanks"]  # a surname that is shared


def test_star_wars_is_every_episode_of_the_table(default_linker, default):
    spans = proposed(default_linker, "Who did Natalie Portman play in Star Wars?")
    assert spans["Natalie Portman"] == ["person:Natalie Portman"]
    titles = {default.label(default.find(k)) for k in spans["Star Wars"]}
    assert len([t for t in titles if t.startswith("Star Wars: Episode")]) == 6
    assert all(t.startswith("Star Wars") for t in titles)


def test_a_misspelt_name_is_corrected_and_marked_as_such(default_linker):
    spans = proposed(default_linker, "films by Steven Speilberg")
    assert spans["Steven Speilberg"] == ["person:Steven Spielberg"]
    assert kinds(default_linker, "films by Steven Speilberg")["Steven Speilberg"] == {"misspelling"}


def test_a_correct_name_is_not_marked_as_misspelt(default_linker):
    for text in ("films by Steven Spielberg", "What city is the Mona Lisa in?"):
        assert all("misspelling" not in k for k in kinds(default_linker, text).values())


@pytest.mark.parametrize(
    "question",
    [
        "What is Tom Hanks's first film?",
        "What is Tom Hanks’s first film?",
        "What was Tom Hanks' first film?",
    ],
)
def test_a_possessive_is_no_part_of_the_mention(default_linker, question):
    assert proposed(default_linker, question)["Tom Hanks"][0] == "person:Tom Hanks"


def test_an_apostrophe_that_belongs_to_the_name_stays(default_linker, default):
    spans = proposed(default_linker, "Who directed Ocean's Eleven?")
    assert {default.label(default.find(k)) for k in spans["Ocean's Eleven"]} == {"Ocean's Eleven"}


def test_a_title_by_a_numeral_instead_of_part_two(default_linker):
    texts = (
        "Who directed The Godfather 2?",
        "Who directed The Godfather Part 2?",
        "Who directed the godfather part ii?",
    )
    for question in texts:
        longest = max(
            proposed(default_linker, question).values(), key=lambda keys: "tt0071562" in keys
        )
        assert longest == ["tt0071562"], question  # The Godfather Part II on IMDb


@pytest.mark.parametrize(
    "question", ["Who directed Godfather 2?", "Who directed Godfather Part 2?"]
)
def test_a_title_without_its_article_and_by_a_numeral(default_linker, question):
    assert ["tt0071562"] in proposed(default_linker, question).values()


# -- on the toy graph, where all is known ----------------------------------------------------------


def test_spans_overlap_and_nest_freely(toy_linker):
    link = toy_linker("Who is in Star Wars: Episode I – The Phantom Menace?")
    spans = {link.text(p): p for p in link.proposals}
    assert {"Star Wars", "The Phantom Menace", "Star Wars: Episode I – The Phantom Menace"} <= set(
        spans
    )
    whole = spans["Star Wars: Episode I – The Phantom Menace"]
    assert whole.overlaps(spans["Star Wars"]) and spans["Star Wars"].overlaps(whole)
    assert not spans["Star Wars"].overlaps(spans["The Phantom Menace"])
    assert whole.overlaps(whole)


def test_paris_is_a_city_and_a_film(toy_linker):
    assert sorted(proposed(toy_linker, "is Paris nice")["Paris"]) == ["city:Paris", "film:Paris"]


def test_candidates_come_by_faithfulness_of_the_alias_then_by_degree(toy_linker, toy):
    link = toy_linker("Tom Hanks")
    (proposal,) = link.proposals
    assert toy.key(proposal.entities[0]) == "person:Tom Hanks"
    keys = [
        (k, -int(toy.degree[e]), e)
        for e, k in zip(proposal.entities, proposal.alias_kinds, strict=True)
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("MONA LISA", "artwork:Mona Lisa", "label"),
        ("la gioconda", "artwork:Mona Lisa", "other name"),
        ("Padme Amidala", "character:Padmé Amidala", "label"),
        ("PADMÉ AMIDALA", "character:Padmé Amidala", "label"),
        (
            "Ce\u0301dric Klapisch",
            "person:Cédric Klapisch",
            "label",
        ),  # decomposed, as some systems type it
        ("Obi-Wan Kenobi", "character:Obi-Wan Kenobi", "label"),
        ("Obiwan Kenobi", "character:Obi-Wan Kenobi", "spelling"),
        ("Terminal", "film:The Terminal", "without article"),
        ("French", "country:France", "adjective"),
        ("Natlie Portman", "person:Natalie Portman", "misspelling"),
        ("Natalie Portmann", "person:Natalie Portman", "misspelling"),
        ("Sully’s", "film:Sully", "label"),
    ],
)
def test_ways_of_writing_a_name(toy_linker, text, key, kind):
    link = toy_linker(f"what about {text} now")
    matches = {
        (toy_linker.graph.key(e), ALIAS_KINDS[k])
        for p in link.proposals
        for e, k in zip(p.entities, p.alias_kinds, strict=True)
    }
    assert (key, kind) in matches


def test_a_word_that_occurs_in_names_is_never_corrected(toy_linker):
    """ "Menace" occurs in a title; "Tom Menace" is not turned into another name."""
    assert proposed(toy_linker, "Tom Menace") == {}


def test_short_words_and_numbers_are_not_corrected(toy_linker):
    assert (
        proposed(toy_linker, "Tim Hinks in 2003") == {}
    )  # too short to be sure; and 2003 is not 2002


# -- bounds ----------------------------------------------------------------------------------------

ODD = [
    *"? ?!…—()[]{} 🎬🎥🍿 ___ \x00 \x00\x01\x1b[31m \u202e\u200b\ufeff \ud800".split(" "),
    *"東京タワー Москва العربية א 𝕿𝖍𝖊 ﬁ İstanbul ǅ".split(" "),
    *("", " ", "\n\t", "' '' ’", "%s %d {0}", "भारत में", "a\u0301" * 50),
]


@pytest.mark.parametrize("question", ODD, ids=[repr(q)[:30] for q in ODD])
def test_odd_strings_never_raise_and_spans_lie_inside(toy_linker, question):
    link = toy_linker(question)
    for p in link.proposals:
        start, end = link.span(p)
        assert 0 <= start < end <= len(question)


@pytest.mark.parametrize(
    "question",
    ["", " ", "?!…—", "🎬🎥🍿", "\x00\x01", "Ωμέγα καὶ ἄλφα", "भारत", "'", "&" * 10, "_" * 30],
)
def test_nothing_is_proposed_where_there_is_no_name(toy_linker, question):
    assert toy_linker(question).proposals == ()


def test_twenty_thousand_characters(toy_linker):
    link = toy_linker("who directed Sully and " * 900)  # 20,700 characters
    assert len(link.proposals) <= MAX_SPANS
    assert "Sully" in {link.text(p) for p in link.proposals}
    assert toy_linker("x" * 20_000).proposals == ()
    assert toy_linker("z " * 10_000).proposals == ()


@given(st.text(max_size=80))
def test_any_text_gives_bounded_proposals(toy_linker, text):
    link = toy_linker(text)
    assert len(link.proposals) <= MAX_SPANS
    for p in link.proposals:
        assert 0 <= p.first <= p.last < min(len(link.words), p.first + MAX_WORDS)
        assert 0 < len(p.entities) == len(p.alias_kinds) <= MAX_CANDIDATES
        assert len(set(p.entities)) == len(p.entities)


def test_the_caps_are_respected_and_the_longest_spans_stay(default):
    capped = Linker(default, max_spans=3, max_candidates=4)
    question = "Star Wars and Natalie Portman and Tom Hanks and Paris and Star Trek"
    link = capped(question)
    assert len(link.proposals) == 3
    assert all(
        p.last > p.first for p in link.proposals
    )  # two words each; "Paris", "Star", "Hanks" gave way
    assert all(len(p.entities) <= 4 for p in link.proposals)
    assert len(Linker(default)("Star Wars").proposals[0].entities) <= MAX_CANDIDATES


def test_a_cut_list_keeps_the_best_connected_whatever_their_alias(default):
    def star_wars(linker):
        link = linker("Star Wars")
        return next(p.entities for p in link.proposals if link.text(p) == "Star Wars")

    all_of, few = (
        star_wars(Linker(default, max_candidates=1_000)),
        star_wars(Linker(default, max_candidates=2)),
    )
    assert len(all_of) >= 7 and len(few) == 2
    assert all_of[0] == few[0]  # the most faithful
    assert max(all_of, key=lambda e: default.degree[e]) in few


def test_a_name_of_more_words_than_the_cap_is_not_proposed(builder, tmp_path):
    from kgqa.graph import Graph

    label = " ".join(f"word{chr(97 + i)}" for i in range(MAX_WORDS + 1))
    builder.entity("film", label)
    builder.write(tmp_path)
    linker = Linker(Graph.load(tmp_path))
    assert label not in proposed(linker, label)


def test_the_alias_kind_of_a_proposal_is_the_most_faithful_one(toy_linker):
    link = toy_linker("Mona Lisa's smile")
    (proposal,) = link.proposals
    assert proposal.alias_kinds == (KIND["label"],)
