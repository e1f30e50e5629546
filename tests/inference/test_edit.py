"""What is decided by hand overrides the model, and nothing else edits."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
import torch

from kgqa.edits import AFTER, Edits, FollowRelation, Span, UseEntity
from kgqa.errors import DataError
from kgqa.inference.edit import impose
from kgqa.inference.neighbours import named, neighbourhood
from kgqa.inference.pipeline import Pipeline
from kgqa.inference.reader import Together
from kgqa.inference.replay import replay
from kgqa.inference.toy import ENTITIES, TRIPLES, all_facts, toy_pipeline
from kgqa.linking.finder import Finder
from kgqa.walk.ops import MIN_RELATION
from kgqa.walk.predict import to_cpu

HANKS = "Who wrote films starring Tom Hanks?"
PADME = "Who did Natalie Portman play in Star Wars?"
STAR_WARS = {
    "film:Star Wars: Episode I – The Phantom Menace": 0.6,
    "film:Star Wars: Episode II – Attack of the Clones": 0.4,
}
ACTOR, SEISMOLOGIST = "person:Tom Hanks", "person:Tom Hanks (seismology)"
AT = HANKS.index("Tom"), HANKS.index("Tom") + len("Tom Hanks")
PORTMAN = PADME.index("Natalie"), PADME.index("Natalie") + len("Natalie Portman")
WARS = PADME.index("Star"), PADME.index("Star") + len("Star Wars")


def hanks(script):
    return script(HANKS).mention("Tom Hanks", {ACTOR: 1.0}, ["-cast member", "screenwriter"])


def padme(script):
    return (
        script(PADME)
        .mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
        .mention("Star Wars", STAR_WARS, ["character"])
    )


def labels(trace) -> set[str]:
    return {a.entity.label for a in trace.answers}


def test_a_relation_changed_at_a_hop_leads_elsewhere(script, told):
    assert labels(told(hanks(script), Edits())) == {
        "Jeff Nathanson",
        "David Self",
        "Todd Komarnicki",
    }
    trace = told(hanks(script), Edits().following(*AT, 2, "director"))
    assert labels(trace) == {"Steven Spielberg", "Sam Mendes", "Clint Eastwood"}
    assert trace.edits.follow == (FollowRelation(*AT, 2, "director"),) and trace.notes == ()


def test_a_walk_can_be_ended_early_and_made_longer(script, told):
    assert "Sully" in labels(told(hanks(script), Edits().following(*AT, 2, "")))
    longer = told(hanks(script), Edits().following(*AT, 3, "-screenwriter"))
    assert "Catch Me If You Can" in labels(longer)  # written by Jeff Nathanson
    assert longer.branches[0].stop == pytest.approx((0, 0, 0, 1))


def test_a_relation_after_the_intersection_can_be_changed(script, told):
    trace = told(padme(script), Edits().following(*AFTER, 1, "performer"))
    assert labels(trace) == {"Natalie Portman"}


def test_without_intersection_the_branches_are_united(script, told):
    with_it, without = told(padme(script), Edits()), told(padme(script), Edits(intersect=False))
    assert labels(with_it) == {"Padmé Amidala"}
    assert labels(without) == {"Padmé Amidala", "Nina Sayers", "Obi-Wan Kenobi"}
    assert {r.entity.label for r in without.intersection.rows} >= {"Nina Sayers", "Obi-Wan Kenobi"}


def test_a_union_is_the_maximum_in_the_trace_and_in_its_replay(script, told, toy):
    """Padmé is reached at 0.3 by the film and 0.8 by the actress: 0.8, where a sum would clamp to 1."""
    s = script(PADME).mention("Natalie Portman", {"person:Natalie Portman": 0.8}, ["-performer"])
    s.mention("Star Wars", {"film:Star Wars: Episode I – The Phantom Menace": 0.3}, ["character"])
    trace = told(s, Edits(intersect=False))
    both = pytest.approx({"character:Padmé Amidala": 0.8, "character:Nina Sayers": 0.8}, abs=1e-3)
    assert {a.entity.id: a.membership for a in trace.answers} == both
    assert replay(trace, toy, threshold=0.5, floor=MIN_RELATION) == both


def test_a_mention_left_out_takes_no_part(script, told):
    trace = told(padme(script), Edits().leaving_out(*WARS))
    assert labels(trace) == {"Padmé Amidala", "Nina Sayers"}
    assert [m.text for m in trace.mentions if m.used] == ["Natalie Portman"]
    both = told(padme(script), Edits().leaving_out(*WARS).leaving_out(*PORTMAN))
    assert (both.outcome, both.answers) == ("left_out", ())


def test_a_chosen_entity_is_the_only_candidate_that_the_network_reads(toy, tokenizer, new_model):
    pipeline = Pipeline(toy, new_model(toy, sharp=8.0), tokenizer)
    trace = pipeline.answer(HANKS, edits=Edits().using(*AT, SEISMOLOGIST))
    mention = next(m for m in trace.mentions if m.text == "Tom Hanks")
    assert mention.used and mention.score == pytest.approx(1.0)
    assert [(c.entity.id, c.score) for c in mention.candidates][0] == (
        SEISMOLOGIST,
        pytest.approx(1.0),
    )
    assert [s.entity.id for s in trace.branches[0].seeds] == [SEISMOLOGIST]
    assert trace.edits.use == (UseEntity(*AT, SEISMOLOGIST),)


def test_an_added_span_takes_part_and_any_entity_can_be_chosen_for_it(toy, tokenizer, new_model):
    pipeline = Pipeline(toy, new_model(toy, sharp=8.0), tokenizer)
    question = "Who made the thing in the big gallery?"
    at = question.index("big"), question.index("big") + len("big gallery")
    assert not any(m.text == "big gallery" for m in pipeline.answer(question).mentions)
    trace = pipeline.answer(question, edits=Edits().using(*at, "museum:Louvre"))
    mention = next(m for m in trace.mentions if m.text == "big gallery")
    assert mention.used and mention.candidates[0].entity.label == "Louvre"
    near = pipeline.answer("Who painted the Mona Lsa picture?", edits=Edits().adding(16, 24))
    assert any(m.used and m.candidates[0].entity.label == "Mona Lisa" for m in near.mentions)


def test_of_overlapping_spans_the_one_chosen_last_stays(toy, tokenizer, new_model):
    pipeline = Pipeline(toy, new_model(toy, sharp=8.0), tokenizer)
    edits = Edits().adding(*PORTMAN).using(*WARS, next(iter(STAR_WARS)))
    used = [m.text for m in pipeline.answer(PADME, edits=edits).mentions if m.used]
    assert used == ["Natalie Portman", "Star Wars"]


@pytest.mark.parametrize(
    "edits",
    [
        Edits(use=(UseEntity(0, 3, "no such entity"),)),
        Edits(add=(Span(3, 3),)),
        Edits(add=(Span(500, 600),)),
        Edits(add=(Span(-1, -1),)),
        Edits(follow=(FollowRelation(*AT, 9, "director"),)),
        Edits(follow=(FollowRelation(*AT, 0, "director"),)),
        Edits(follow=(FollowRelation(*AT, 1, "no such relation"),)),
        Edits(follow=(FollowRelation(0, 3, 1, "director"),)),
    ],
)
def test_a_change_that_does_not_fit_is_said_and_changes_nothing(script, told, edits):
    trace, plain = told(hanks(script), edits), told(hanks(script), Edits())
    assert trace.notes and all(note.endswith(".") for note in trace.notes)
    assert labels(trace) == labels(plain) and trace.edits == edits


@pytest.mark.parametrize(
    "edits",
    [
        Edits(intersect=False),
        Edits().leaving_out(*WARS),
        Edits().following(*PORTMAN, 1, "-cast member"),
        Edits().following(*AFTER, 1, "performer"),
    ],
)
def test_a_trace_with_changes_replays(script, told, toy, edits):
    trace = told(padme(script), edits)
    again = replay(trace, toy, threshold=0.5, floor=MIN_RELATION)
    assert again == pytest.approx({a.entity.id: a.membership for a in trace.answers}, abs=1e-4)


def test_without_changes_nothing_differs(toy, tokenizer, new_model):
    pipeline = Pipeline(toy, new_model(toy, sharp=8.0), tokenizer)
    assert replace(pipeline.answer(PADME), timings={}) == replace(
        pipeline.answer(PADME, edits=Edits()), timings={}
    )


def test_changes_travel_as_json():
    edits = (
        Edits(intersect=False)
        .using(1, 2, "a")
        .adding(3, 4)
        .leaving_out(5, 6)
        .following(7, 8, 1, "-r")
    )
    assert Edits.read(json.dumps(edits.plain())) == edits == Edits.read(edits.plain())
    assert Edits.read(None) == Edits() == Edits.read("") == Edits.read("{}")
    assert Edits().short() == {} and not Edits()
    assert edits.leaving_out(1, 2).use == () and edits.using(5, 6, "b").leave_out == ()
    assert [f.hop for f in Edits().following(1, 2, 3, "x").following(1, 2, 1, "").follow] == [1]


@pytest.mark.parametrize(
    "bad",
    [
        "[",
        "[]",
        "3",
        {"x": 1},
        {"use": 1},
        {"use": [{"start": 0}]},
        {"add": [{"start": "a", "end": 2}]},
        {"intersect": 1},
    ]
    + [
        {"add": [{"start": 0, "end": 10**9}]},
        {"add": [{"start": True, "end": 2}]},
        {"add": [{"start": 0, "end": 1}] * 13},
    ]
    + [{"use": [{"start": 0, "end": 1, "entity": "x" * 301}]}, "x" * 30_000, "[" * 10_000, {1: 2}],
)
def test_changes_that_are_not_are_refused_with_a_sentence(bad):
    with pytest.raises(DataError, match=r"\.$"):
        Edits.read(bad)


# -- finding entities, neighbours, the toy ---------------------------------------------------------


def test_entities_are_found_by_name_and_by_what_is_near(toy):
    finder = Finder(toy)
    assert [e.id for e in named(toy, finder, "tom hanks")][:1] == [ACTOR] and len(
        named(toy, finder, "tom hanks")
    ) == 3
    assert {e.label for e in named(toy, finder, "hanks")} >= {"Tom Hanks"}
    assert named(toy, finder, "Mona Lsa")[0].label == "Mona Lisa"
    assert named(toy, finder, "?!") == () == named(toy, finder, "")


def test_a_neighbourhood_lists_every_relation_and_counts_what_it_cuts(toy):
    found = neighbourhood(toy, Finder(toy), ACTOR, each=2)
    (films,) = (g for g in found.groups if g.relation == "-cast member")
    assert (films.label, films.total, len(films.entities)) == ("acted in", 4, 2)
    assert neighbourhood(toy, Finder(toy), "nobody") is None


def test_the_toy_graph_needs_its_relations(toy, default, tokenizer, new_model):
    assert toy_pipeline(Pipeline(default, new_model(default), tokenizer)).graph.num_entities == len(
        ENTITIES
    )
    assert len(
        all_facts(toy_pipeline(Pipeline(default, new_model(default), tokenizer)).graph)
    ) == len(TRIPLES)
    graph = Pipeline(toy, new_model(toy), tokenizer)
    assert toy_pipeline(graph) is not None


# -- relations imposed on the network --------------------------------------------------------------


def test_what_follows_an_imposed_relation_is_predicted_anew(
    toy, toy_linker, toy_batcher, new_model
):
    model, finder, link = new_model(toy, sharp=8.0), Finder(toy), toy_linker(HANKS)
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    s = next(i for i, p in enumerate(link.proposals) if link.span(p) == AT)
    index = toy.relation_index["-director"]
    changed = impose(batch, link, Edits().following(*AT, 1, "-director"), toy, finder, hops=3)
    with torch.inference_mode():
        free, forced = model(batch), model(changed)
    assert forced.relations[0, s, 0].exp()[index] == pytest.approx(1.0)
    assert (
        forced.relations[0, s, 1:] - free.relations[0, s, 1:]
    ).abs().max() > 1e-4  # what the decoder says next
    assert (forced.stop[0, s] - free.stop[0, s]).abs().max() > 1e-6
    others = [i for i in range(len(link.proposals)) if i != s]
    assert torch.equal(forced.relations[0, others], free.relations[0, others])
    assert torch.equal(forced.candidates, free.candidates) and torch.equal(
        forced.set_scores, free.set_scores
    )


def test_relations_can_be_imposed_after_the_intersection(toy, toy_linker, toy_batcher, new_model):
    model, link = new_model(toy, sharp=8.0), toy_linker(PADME)
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    changed = impose(
        batch, link, Edits().following(*AFTER, 1, "performer"), toy, Finder(toy), hops=3
    )
    with torch.inference_mode():
        free, forced = model(batch), model(changed)
    assert forced.after[0, 0].exp()[toy.relation_index["performer"]] == pytest.approx(1.0)
    assert (forced.after[0, 1] - free.after[0, 1]).abs().max() > 1e-4
    assert torch.equal(forced.relations, free.relations)


def test_a_change_of_one_visitor_does_not_reach_the_others_of_a_pass(
    toy, toy_linker, toy_batcher, new_model
):
    model = new_model(toy, sharp=8.0)
    together, alone = (
        Together(model, toy_batcher, join=True),
        Together(model, toy_batcher, join=False),
    )
    asked = [(HANKS, None), (HANKS, Edits().following(*AT, 1, "-director")), (PADME, None)]
    together._turn.acquire()  # all three have to wait for the same pass
    results: dict[int, tuple] = {}

    def ask(i: int) -> None:
        link, edits = toy_linker(asked[i][0]), asked[i][1]
        change = (lambda b: impose(b, link, edits, toy, Finder(toy), hops=3)) if edits else None
        results[i] = together(toy_batcher.encode(link), change)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    while len(together._waiting) < 3:
        threading.Event().wait(0.01)
    together._turn.release()
    for thread in threads:
        thread.join()
    assert together.largest == 3
    for i in (0, 2):
        expected = alone(toy_batcher.encode(toy_linker(asked[i][0])))[1].relations.exp()
        assert (results[i][1].relations[:, : expected.shape[1]].exp() - expected).abs().max() < 1e-4
    link = toy_linker(HANKS)
    s = next(i for i, p in enumerate(link.proposals) if link.span(p) == AT)
    assert results[1][1].relations[0, s, 0].exp()[toy.relation_index["-director"]] == pytest.approx(
        1.0
    )


# -- many visitors, one pass -----------------------------------------------------------------------


def test_questions_of_a_moment_share_a_pass_and_get_their_own_rows(
    toy, toy_linker, toy_batcher, new_model
):
    model = new_model(toy, sharp=8.0)
    together, alone = (
        Together(model, toy_batcher, join=True),
        Together(model, toy_batcher, join=False),
    )
    questions = [HANKS, PADME, "What city is the Mona Lisa in?", "Who directed Sully?"] * 3
    items = [toy_batcher.encode(toy_linker(q)) for q in questions]
    results: dict[int, tuple] = {}
    gate = together.forward

    def slow(batch):
        threading.Event().wait(0.05)
        return gate(batch)

    together.forward = slow
    threads = [
        threading.Thread(target=lambda i=i: results.__setitem__(i, together(items[i])))
        for i in range(len(items))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together.largest > 1
    for i, item in enumerate(items):
        expected, got = alone(item)[1], results[i][1]
        n, c = len(item.entities), max(len(e) for e in item.entities)
        assert got.sets == expected.sets
        assert got.set_scores[0, : len(got.sets[0])].exp().tolist() == pytest.approx(
            expected.set_scores[0].exp().tolist(), abs=1e-5
        )
        assert (got.candidates[:, :n, :c].exp() - expected.candidates.exp()).abs().max() < 1e-4


def test_an_error_in_a_pass_reaches_everyone_who_waits(toy, toy_linker, toy_batcher, new_model):
    together = Together(new_model(toy), toy_batcher, join=True)
    together.forward = lambda batch: 1 / 0
    with pytest.raises(ZeroDivisionError):
        together(toy_batcher.encode(toy_linker(HANKS)))
    together.forward = lambda batch: to_cpu(together.model(batch))
    assert together(toy_batcher.encode(toy_linker(HANKS)))[1].sets


# -- the trained checkpoint ------------------------------------------------------------------------


@pytest.mark.checkpoint
def test_the_checkpoint_follows_what_was_changed(pipeline):
    trace = pipeline.answer(HANKS, edits=Edits().using(*AT, SEISMOLOGIST))
    assert "Eric Roth" not in labels(trace)
    directed = pipeline.answer(HANKS, edits=Edits().following(*AT, 2, "director"))
    assert "Steven Spielberg" in labels(directed) and "Eric Roth" in labels(pipeline.answer(HANKS))
    assert len(labels(pipeline.answer(PADME, edits=Edits(intersect=False)))) > 5


@pytest.mark.checkpoint
def test_the_checkpoint_follows_on_from_what_was_changed(pipeline):
    edits = Edits().following(*AT, 1, "-director")
    before, after = (
        pipeline.answer(HANKS).branches[0],
        pipeline.answer(HANKS, edits=edits).branches[0],
    )
    assert after.hops[0].relations[0].id == "-director" and after.hops[0].relations[
        0
    ].weight == pytest.approx(1.0)
    assert [r.weight for r in after.hops[1].relations] != [
        r.weight for r in before.hops[1].relations
    ]
    assert after.seeds == before.seeds  # what the name means is read before the walk


@pytest.mark.checkpoint
def test_the_toy_graph_is_answered_by_the_checkpoint(pipeline):
    toy = toy_pipeline(pipeline)
    assert labels(toy.answer("What city is the Mona Lisa in?")) == {"Paris"}
    assert labels(toy.answer(PADME)) == {"Padmé Amidala"}
