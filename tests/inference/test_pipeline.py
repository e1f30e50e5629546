"""The pipeline: whatever the string, a Trace; what a script says on the toy graph, and what the trained model says."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import fields, is_dataclass, replace

import pytest

from kgqa.inference.pipeline import MAX_CHARACTERS, Pipeline, clean
from kgqa.trace import OUTCOMES, STAGES, Trace
from kgqa.walk.predict import Settings

PADME = "Who did Natalie Portman play in Star Wars?"
STAR_WARS = {
    "film:Star Wars: Episode I – The Phantom Menace": 0.6,
    "film:Star Wars: Episode II – Attack of the Clones": 0.4,
}


@pytest.fixture(scope="module")
def tiny(toy, tokenizer, new_model) -> Pipeline:
    """A random model that always tries to answer."""
    return Pipeline(toy, new_model(toy, sharp=8.0), tokenizer, settings=Settings(refuse=False))


def padme(script):
    return (
        script(PADME)
        .mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
        .mention("Star Wars", STAR_WARS, ["character"])
    )


# -- stages -----------------------------------------------------------------------------------------


def test_stages_end_in_the_answer_and_show_mentions_before(tiny):
    reading, following, done = tiny.stages(PADME)
    assert (reading.outcome, following.outcome) == tuple(STAGES) and done.outcome in OUTCOMES
    assert reading.mentions == () and following.mentions == done.mentions and not following.answers
    assert replace(done, timings={}) == replace(tiny.answer(PADME), timings={})
    assert [t.outcome for t in tiny.stages("")] == ["empty_question"]
    assert [t.outcome for t in tiny.stages("?!")] == ["no_mention"]


def test_whoever_looks_at_a_stage_does_so_on_no_parts_account(tiny):
    for trace in tiny.stages(PADME):
        time.sleep(0.2 if trace.outcome in STAGES else 0)
    assert trace.timings["total"] < 200
    assert sum(v for k, v in trace.timings.items() if k != "total") == pytest.approx(
        trace.timings["total"], abs=5
    )


# -- outcomes, scripted ----------------------------------------------------------------------------


def test_two_branches_meet_in_padme(script, told):
    trace = told(padme(script))
    assert trace.outcome == "answered"
    assert [a.entity.label for a in trace.answers] == ["Padmé Amidala"]
    assert trace.answers[0].membership == pytest.approx(1.0, abs=1e-5)
    assert [m.text for m in trace.mentions if m.used] == ["Natalie Portman", "Star Wars"]
    assert [trace.mentions[b.mention].text for b in trace.branches] == [
        "Natalie Portman",
        "Star Wars",
    ]
    row, *others = trace.intersection.rows  # the others are in one branch alone
    assert all(other.minimum == 0 < max(other.memberships) for other in others)
    assert (row.entity.label, row.minimum) == ("Padmé Amidala", min(row.memberships))
    assert trace.intersection.stop[0] == pytest.approx(1.0) and trace.intersection.hops == ()


def test_every_answer_is_explained_from_each_mention(script, told):
    trace = told(padme(script))
    first, second = trace.answers[0].paths
    assert [(f.head.label, f.relation, f.tail.label) for f in first.facts] == [
        ("Padmé Amidala", "performed by", "Natalie Portman")
    ]
    # The likelier of the two films carried more.
    assert [(f.head.label, f.relation) for f in second.facts] == [
        ("Star Wars: Episode I – The Phantom Menace", "character")
    ]


def test_a_path_of_two_hops_is_a_chain(script, told):
    s = script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, ["exhibited at", "located in"]
    )
    trace = told(s)
    assert [a.entity.label for a in trace.answers] == ["Paris"] and trace.intersection is None
    (path,) = trace.answers[0].paths
    expected = [("Mona Lisa", "exhibited at", "Louvre"), ("Louvre", "located in", "Paris")]
    assert [(f.head.label, f.relation, f.tail.label) for f in path.facts] == expected
    (branch,) = trace.branches
    assert [h.relations[0].id for h in branch.hops] == ["exhibited at", "located in"]
    assert [[e.entity.label for e in h.entities] for h in branch.hops] == [["Louvre"], ["Paris"]]
    assert [(f.head.label, f.tail.label) for f in branch.hops[1].facts] == [("Louvre", "Paris")]
    assert branch.reached >= 1 and branch.stop == pytest.approx((0, 0, 1, 0), abs=1e-5)


def test_a_literal_is_an_answer_with_its_fact(script, told):
    s = script("How long is Sully?").mention("Sully", {"film:Sully": 1.0}, ["run time"])
    trace = told(s)
    assert [a.entity.label for a in trace.answers] == ["96 minutes"]
    assert [(f.head.label, f.relation) for f in trace.answers[0].paths[0].facts] == [
        ("Sully", "run time")
    ]


def test_hops_after_the_intersection_are_in_the_trace(script, told):
    s = script("Who directed the film with Tom Hanks and Leonardo DiCaprio?")
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 1.0}, ["-cast member"]).after(
        ["director"]
    )
    trace = told(s)
    assert [a.entity.label for a in trace.answers] == ["Steven Spielberg"]
    assert [r.entity.label for r in trace.intersection.rows if r.minimum > 0] == [
        "Catch Me If You Can"
    ]
    assert "The Terminal" in [
        r.entity.label for r in trace.intersection.rows
    ]  # one branch alone reaches it: minimum 0
    assert [h.relations[0].id for h in trace.intersection.hops] == ["director"]
    assert all(
        [f.tail.label for f in p.facts][-1] == "Steven Spielberg" and len(p.facts) == 2
        for p in trace.answers[0].paths
    )


def test_refusing_is_an_outcome(script, told):
    trace = told(padme(script).refuse())
    assert (trace.outcome, trace.answers, trace.branches) == ("not_in_graph", (), ())
    assert trace.mentions and not any(m.used for m in trace.mentions)
    assert trace.confidence == pytest.approx(1.0)


def test_paths_that_meet_nowhere_are_an_outcome(script, told):
    s = (
        script(PADME)
        .mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
        .mention("Star Wars", STAR_WARS, ["director"])
    )
    trace = told(s)
    assert (trace.outcome, trace.answers) == ("empty_intersection", ())
    assert len(trace.branches) == 2 and trace.intersection.omitted == 0
    assert all(row.minimum == 0 < max(row.memberships) for row in trace.intersection.rows)


def test_a_path_that_leads_nowhere_is_an_outcome(script, told):
    trace = told(
        script("Who is Tom Cruise?").mention("Tom Cruise", {"person:Tom Cruise": 1.0}, ["capital"])
    )
    assert (trace.outcome, trace.answers) == ("no_path", ())
    assert [len(h.entities) for h in trace.branches[0].hops] == [0]


def test_excluded_mentions_are_reported(script, told):
    s = script("Who acted alongside Natalie Portman?").mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-cast member", "cast member"]
    )
    assert {a.entity.label for a in told(s).answers} == {"Natalie Portman", "Ewan McGregor"}
    trace = told(s.exclude(1.0))
    assert trace.excluded == pytest.approx(1.0, abs=1e-4)
    assert {a.entity.label for a in trace.answers} == {"Ewan McGregor"}


def test_candidates_are_listed_best_first_with_how_the_words_match(script, told):
    trace = told(padme(script))
    mention = next(m for m in trace.mentions if m.text == "Star Wars")
    assert [c.score for c in mention.candidates] == pytest.approx([0.6, 0.4], abs=1e-5)
    assert {c.alias for c in mention.candidates} == {"part of title"}
    assert PADME[mention.start : mention.end] == mention.text


def test_answers_come_best_first_and_above_the_threshold(script, told):
    s = script("What city is the Mona Lisa in?")
    s.mention(
        "Mona Lisa",
        {"artwork:Mona Lisa": 1.0},
        [{"exhibited at": 0.5, "creator": 0.3, "-director": 0.2}],
    )
    trace = told(s)
    assert [(a.entity.label, round(a.membership, 3)) for a in trace.answers] == [
        ("Louvre", 0.5),
        ("Leonardo da Vinci", 0.3),
    ]
    assert trace.answers[0].score > trace.answers[1].score


# -- anything may be typed -------------------------------------------------------------------------

BAD = [
    None,
    "",
    "   ",
    "\n\t\r",
    "?",
    "...",
    "🎬🎥",
    "\x00",
    "a\x00b",
    "\u202e\u200f",
    "\ud800",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{0} %s $(ls)",
    "Tom Hanks" * 60,
    "Tom Hanks " * 40,
    "x" * 20_000,
    " " * 20_000 + "Tom Hanks",
    "東京はどこ",
    "كم عمر",
    "भारत",
    "Ω",
    "e\u0301" * 100,
    "Star Wars Paris Tom Hanks Sully Louvre " * 12,
    "-1",
    "nan",
    "😀Tom Hanks😀",
    "TOM HANKS",
    "tom   hanks",
    "Tom\nHanks",
    42,
    3.5,
    b"Paris",
    ["Paris"],
]


@pytest.mark.parametrize("question", BAD, ids=[repr(q)[:24] for q in BAD])
def test_whatever_is_typed_has_an_outcome_and_the_next_question_works(tiny, question):
    trace = tiny.answer(question)
    assert isinstance(trace, Trace) and trace.outcome in OUTCOMES
    assert trace.message == OUTCOMES[trace.outcome]
    assert (trace.outcome == "answered") == bool(trace.answers)
    json.dumps(trace.to_dict(), allow_nan=False).encode("utf-8")
    assert any(m.text == "Louvre" for m in tiny.answer("Where is the Louvre?").mentions)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("", "empty_question"),
        (" \n ", "empty_question"),
        (None, "empty_question"),
        ("\x00\x07", "empty_question"),
        ("\ud800", "empty_question"),
        ("?!", "no_mention"),
        ("hello there", "no_mention"),
        ("🎬", "no_mention"),
        ("x" * 501, "too_long"),
        ("Paris " * 100, "too_long"),
    ],
)
def test_questions_that_need_no_model(tiny, question, outcome):
    trace = tiny.answer(question)
    assert (trace.outcome, trace.answers, trace.branches) == (outcome, (), ())
    assert set(trace.timings) == {"link", "encode", "hops", "trace", "total"}
    assert trace.graph == tiny.graph.fingerprint and trace.model == "tiny" and trace.version


def test_the_limit_is_500_characters_after_cleaning(tiny):
    assert tiny.answer("Paris" + "?" * (MAX_CHARACTERS - 5)).outcome != "too_long"
    assert tiny.answer("  Paris" + " " * 600).outcome != "too_long"
    assert tiny.answer("Paris" + "?" * (MAX_CHARACTERS - 4)).outcome == "too_long"


def test_cleaning_makes_one_printable_line():
    assert clean("  Tom\n\tHanks\x00 ") == "Tom Hanks"
    assert clean("a\u202eb") == "a b"
    assert clean("\ud800Paris") == "Paris"
    assert clean("👩\u200d🎤") == "👩\u200d🎤"  # joined emoji stay joined


# -- what a trace may hold -------------------------------------------------------------------------

QUESTIONS = [
    PADME,
    "Who directed the film with Tom Hanks and Leonardo DiCaprio?",
    "What city is the Mona Lisa in?",
    "Tom Hanks",
    "the 2002 film with Tom Hanks by Steven Spielberg",
    "Who directed Sully?",
    "Paris",
    "hello",
]
PLAIN = (str, int, float, bool, type(None))


def plain(value) -> bool:
    if is_dataclass(value):
        return all(plain(getattr(value, f.name)) for f in fields(value))
    if isinstance(value, dict):
        return all(type(k) is str and plain(v) for k, v in value.items())
    if isinstance(value, tuple):
        return all(plain(v) for v in value)
    return type(value) in PLAIN


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_trace_holds_plain_values_alone(tiny, question):
    trace = tiny.answer(question)
    assert plain(trace)
    assert json.loads(json.dumps(trace.to_dict(), allow_nan=False))["question"] == question


def test_the_json_object_has_the_documented_keys(script, told):
    row = told(padme(script)).to_dict()
    assert set(row) == {
        "question",
        "edits",
        "notes",
        "outcome",
        "message",
        "answers",
        "confidence",
        "excluded",
        "mentions",
        "branches",
        "intersection",
        "timings",
        "model",
        "graph",
        "version",
    }
    entity = {"id", "label", "description", "kind"}
    assert set(row["mentions"][0]) == {"start", "end", "text", "score", "used", "candidates"}
    assert set(row["mentions"][0]["candidates"][0]) == entity | {"score", "alias"}
    assert set(row["branches"][0]) == {"mention", "seeds", "hops", "stop", "reached"}
    assert set(row["branches"][0]["seeds"][0]) == entity | {"membership"}
    assert set(row["branches"][0]["hops"][0]) == {
        "relations",
        "words",
        "entities",
        "omitted",
        "dropped",
        "facts",
    }
    assert set(row["branches"][0]["hops"][0]["relations"][0]) == {"id", "label", "weight"}
    assert set(row["intersection"]) == {"rows", "omitted", "hops", "stop"}
    assert set(row["intersection"]["rows"][0]) == entity | {"memberships", "minimum"}
    assert set(row["answers"][0]) == entity | {"score", "membership", "paths"}
    assert set(row["answers"][0]["paths"][0]) == {"mention", "facts"}
    assert set(row["answers"][0]["paths"][0]["facts"][0]) == set(["head", "relation", "tail", "sentence"])
    assert set(row["timings"]) == {"link", "encode", "hops", "trace", "total"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_numbers_of_a_trace_keep_their_bounds(tiny, question):
    trace = tiny.answer(question)
    assert 0 <= trace.confidence <= 1 and 0 <= trace.excluded <= 1
    for mention in trace.mentions:
        assert 0 <= mention.score <= 1
        assert sum(c.score for c in mention.candidates) == pytest.approx(1, abs=1e-4)
        assert [c.score for c in mention.candidates] == sorted(
            (c.score for c in mention.candidates), reverse=True
        )
        assert trace.question[mention.start : mention.end] == mention.text
    for branch in trace.branches:
        assert trace.mentions[branch.mention].used
        assert sum(branch.stop) == pytest.approx(1, abs=1e-4)
        for hop in branch.hops:
            assert all(0 <= e.membership <= 1 for e in hop.entities) and hop.omitted >= 0
            assert sum(a for _, a in hop.words) <= 1.01
            assert [r.weight for r in hop.relations] == sorted(
                (r.weight for r in hop.relations), reverse=True
            )
    for answer in trace.answers:
        assert 0 <= answer.membership <= 1 and 0 <= answer.score <= 1
    if trace.intersection is not None:
        for row in trace.intersection.rows:
            assert row.minimum == pytest.approx(min(row.memberships))
            assert len(row.memberships) == len(trace.branches)


@pytest.mark.parametrize("question", QUESTIONS)
def test_paths_are_facts_of_the_graph_from_a_seed_to_the_answer(tiny, question):
    graph, trace = tiny.graph, tiny.answer(question)
    words = {r.label: i for i, r in enumerate(graph.relations)}
    for answer in trace.answers:
        for path in answer.paths:
            seeds = {
                s.entity.id for b in trace.branches if b.mention == path.mention for s in b.seeds
            }
            for fact in path.facts:
                head, tail = graph.index_of[fact.head.id], graph.index_of[fact.tail.id]
                assert tail in graph.tails(head, words[fact.relation])
            ends = {answer.entity.id}
            for fact in reversed(path.facts):
                one, other = fact.head.id, fact.tail.id
                assert ends & {one, other}
                ends = {one, other} if {one, other} == ends else ({one, other} - ends or {one})
            assert ends & seeds, (answer.entity, path)


def test_each_thread_gets_its_own_trace(tiny):
    expected = {q: tiny.answer(q) for q in QUESTIONS}
    wrong: list[str] = []

    def ask(questions):
        for question in questions * 5:
            if replace(tiny.answer(question), timings={}) != replace(
                expected[question], timings={}
            ):
                wrong.append(question)

    threads = [
        threading.Thread(target=ask, args=(part,)) for part in (QUESTIONS[::2], QUESTIONS[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_settings_of_one_question_do_not_stay(tiny):
    before = tiny.answer(PADME)
    other = tiny.answer(PADME, settings=Settings(refuse=False, max_hops=0))
    assert all(b.hops == () for b in other.branches) and other.branches
    assert replace(tiny.answer(PADME), timings={}) == replace(before, timings={})


def test_a_pipeline_opens_from_a_folder(tiny_checkpoint):
    opened = Pipeline.load(tiny_checkpoint, device="cpu")
    assert opened.answer("Where is the Louvre?").outcome in OUTCOMES
    card = opened.card
    assert (
        card["model"] == "tiny"
        and card["graph"] == "toy"
        and card["entities"] == opened.graph.num_entities
    )
    assert card["sources"][0]["licence"] == "CC0 1.0"


# -- the trained checkpoint ------------------------------------------------------------------------


@pytest.mark.checkpoint
def test_the_mona_lisa_is_in_paris(pipeline):
    trace = pipeline.answer("What city is the Mona Lisa in?")
    assert [a.entity.label for a in trace.answers] == ["Paris"]
    assert trace.answers[0].entity.kind == "city"
    (path,) = trace.answers[0].paths
    assert [f.relation for f in path.facts] == ["exhibited at", "located in"]
    assert path.facts[0].head.kind == "artwork"  # the painting and not the film of 1986


@pytest.mark.checkpoint
def test_the_writers_of_tom_hanks_films(pipeline):
    trace = pipeline.answer("Who wrote films starring Tom Hanks?")
    names = {a.entity.label for a in trace.answers}
    assert len(names) >= 10 and "Eric Roth" in names
    (mention,) = (m for m in trace.mentions if m.used)
    assert mention.text == "Tom Hanks"
    assert [c.entity.label for c in mention.candidates] == ["Tom Hanks"] * 3
    assert "actor" in mention.candidates[0].entity.description


@pytest.mark.checkpoint
def test_natalie_portman_plays_padme_in_star_wars(pipeline):
    trace = pipeline.answer(PADME)
    assert [a.entity.label for a in trace.answers] == ["Padmé Amidala"]
    assert {trace.mentions[b.mention].text for b in trace.branches} == {
        "Natalie Portman",
        "Star Wars",
    }
    assert len(trace.answers[0].paths) == 2


@pytest.mark.checkpoint
@pytest.mark.parametrize("question", BAD, ids=[repr(q)[:24] for q in BAD])
def test_the_trained_model_stands_any_input(pipeline, question):
    assert pipeline.answer(question).outcome in OUTCOMES
