"""What a person decides overrides the model, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.edits import AFTER, Edits, FollowRelation, Span, UseEntity
from kgqa.inference.edit import impose
from kgqa.inference.replay import replay
from kgqa.inference.toy import toy_pipeline
from kgqa.walk.ops import MIN_RELATION
from tests.script import STAR_WARS, hanks, labels, padme
from tests.toy import HANKS, PADME

AT = HANKS.index("Tom"), HANKS.index("Tom") + len("Tom Hanks")
MONA = "What city is the Mona Lisa in?"
LISA = MONA.index("Mona"), MONA.index("Mona") + len("Mona Lisa")
PORTMAN = PADME.index("Natalie"), PADME.index("Natalie") + len("Natalie Portman")
WARS = PADME.index("Star"), PADME.index("Star") + len("Star Wars")
SEISMOLOGIST = "person:Tom Hanks (seismology)"


def test_a_relation_changed_at_a_hop_leads_elsewhere(script, trace_of):
    assert labels(trace_of(hanks(script), Edits())) == {
        "Jeff Nathanson",
        "David Self",
        "Todd Komarnicki",
    }
    trace = trace_of(hanks(script), Edits().following(*AT, 2, "director"))
    assert labels(trace) == {"Steven Spielberg", "Sam Mendes", "Clint Eastwood"}
    assert trace.edits.follow == (FollowRelation(*AT, 2, "director"),) and trace.notes == ()


def test_a_walk_can_be_ended_early_and_made_longer(script, trace_of):
    assert "Sully" in labels(trace_of(hanks(script), Edits().following(*AT, 2, "")))
    longer = trace_of(hanks(script), Edits().following(*AT, 3, "-screenwriter"))
    assert "Catch Me If You Can" in labels(longer)  # written by Jeff Nathanson
    assert longer.branches[0].stop == pytest.approx((0, 0, 0, 1))


def test_a_relation_after_the_intersection_can_be_changed(script, trace_of):
    trace = trace_of(padme(script), Edits().following(*AFTER, 1, "performer"))
    assert labels(trace) == {"Natalie Portman"}


def test_without_intersection_the_branches_are_united(script, trace_of):
    with_it, without = (
        trace_of(padme(script), Edits()),
        trace_of(padme(script), Edits(intersect=False)),
    )
    assert labels(with_it) == {"Padmé Amidala"}
    assert labels(without) == {"Padmé Amidala", "Nina Sayers", "Obi-Wan Kenobi"}
    assert {r.entity.label for r in without.intersection.rows} >= {"Nina Sayers", "Obi-Wan Kenobi"}


def test_a_union_is_the_maximum_in_the_trace_and_in_its_replay(script, trace_of, toy):
    """The film reaches Padmé at 0.3, the actress at 0.8: 0.8, where a sum would be clamped to 1."""
    s = script(PADME).mention("Natalie Portman", {"person:Natalie Portman": 0.8}, ["-performer"])
    s.mention("Star Wars", {"film:Star Wars: Episode I – The Phantom Menace": 0.3}, ["character"])
    trace = trace_of(s, Edits(intersect=False))
    both = pytest.approx({"character:Padmé Amidala": 0.8, "character:Nina Sayers": 0.8}, abs=1e-3)
    assert {a.entity.id: a.membership for a in trace.answers} == both
    assert replay(trace, toy, threshold=0.5, min_relation=MIN_RELATION) == both


def test_a_mention_left_out_takes_no_part(script, trace_of):
    trace = trace_of(padme(script), Edits().leaving_out(*WARS))
    assert labels(trace) == {"Padmé Amidala", "Nina Sayers"}
    assert [m.text for m in trace.mentions if m.used] == ["Natalie Portman"]
    both = trace_of(padme(script), Edits().leaving_out(*WARS).leaving_out(*PORTMAN))
    assert (both.outcome, both.answers) == ("left_out", ())


def test_a_chosen_entity_is_the_only_candidate_that_the_network_reads(new_pipeline):
    pipeline = new_pipeline()
    trace = pipeline.answer(HANKS, edits=Edits().using(*AT, SEISMOLOGIST))
    mention = next(m for m in trace.mentions if m.text == "Tom Hanks")
    assert mention.used and mention.score == pytest.approx(1.0)
    assert [(c.entity.id, c.score) for c in mention.candidates][0] == (
        SEISMOLOGIST,
        pytest.approx(1.0),
    )
    assert [s.entity.id for s in trace.branches[0].seeds] == [SEISMOLOGIST]
    assert trace.edits.use == (UseEntity(*AT, SEISMOLOGIST),)


def test_an_added_span_takes_part_and_any_entity_can_be_chosen_for_it(new_pipeline):
    pipeline = new_pipeline()
    question = "Who made the thing in the big gallery?"
    at = question.index("big"), question.index("big") + len("big gallery")
    assert not any(m.text == "big gallery" for m in pipeline.answer(question).mentions)
    trace = pipeline.answer(question, edits=Edits().using(*at, "museum:Louvre"))
    mention = next(m for m in trace.mentions if m.text == "big gallery")
    assert mention.used and mention.candidates[0].entity.label == "Louvre"
    near = pipeline.answer("Who painted the Mona Lsa picture?", edits=Edits().adding(16, 24))
    assert any(m.used and m.candidates[0].entity.label == "Mona Lisa" for m in near.mentions)


def test_of_overlapping_spans_the_one_chosen_last_stays(new_pipeline):
    pipeline = new_pipeline()
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
def test_a_change_that_does_not_fit_is_said_and_changes_nothing(script, trace_of, edits):
    trace, plain = trace_of(hanks(script), edits), trace_of(hanks(script), Edits())
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
def test_a_trace_with_changes_replays(script, trace_of, toy, edits):
    trace = trace_of(padme(script), edits)
    again = replay(trace, toy, threshold=0.5, min_relation=MIN_RELATION)
    assert again == pytest.approx({a.entity.id: a.membership for a in trace.answers}, abs=1e-4)


def test_without_changes_nothing_differs(new_pipeline):
    pipeline = new_pipeline()
    assert replace(pipeline.answer(PADME), timings={}) == replace(
        pipeline.answer(PADME, edits=Edits()), timings={}
    )


def test_what_follows_an_imposed_relation_is_predicted_anew(toy, toy_linker, new_checkpoint):
    checkpoint, link = new_checkpoint(sharp=8.0), toy_linker(HANKS)
    model, batch = checkpoint.model, checkpoint.batcher([link])
    s = next(i for i, p in enumerate(link.proposals) if link.span(p) == AT)
    index = toy.relation_index["-director"]
    changed = impose(batch, link, Edits().following(*AT, 1, "-director"), checkpoint)
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


def test_relations_can_be_imposed_after_the_intersection(toy, toy_linker, new_checkpoint):
    checkpoint, link = new_checkpoint(sharp=8.0), toy_linker(PADME)
    model, batch = checkpoint.model, checkpoint.batcher([link])
    changed = impose(batch, link, Edits().following(*AFTER, 1, "performer"), checkpoint)
    with torch.inference_mode():
        free, forced = model(batch), model(changed)
    assert forced.after[0, 0].exp()[toy.relation_index["performer"]] == pytest.approx(1.0)
    assert (forced.after[0, 1] - free.after[0, 1]).abs().max() > 1e-4
    assert torch.equal(forced.relations, free.relations)


# -- the trained checkpoint ------------------------------------------------------------------------


@pytest.mark.checkpoint
def test_the_checkpoint_follows_what_was_changed(pipeline):
    trace = pipeline.answer(HANKS, edits=Edits().using(*AT, SEISMOLOGIST))
    assert "Eric Roth" not in labels(trace) and "Eric Roth" in labels(pipeline.answer(HANKS))
    beside = pipeline.answer(MONA, edits=Edits().following(*LISA, 2, "-exhibited at"))
    assert "The Raft of the Medusa" in labels(beside) and labels(pipeline.answer(MONA)) == {"Paris"}
    assert len(labels(pipeline.answer(PADME, edits=Edits(intersect=False)))) > 5


@pytest.mark.checkpoint
def test_the_checkpoint_follows_on_from_what_was_changed(pipeline):
    edits = Edits().following(*LISA, 1, "creator")
    before, after = (
        pipeline.answer(MONA).branches[0],
        pipeline.answer(MONA, edits=edits).branches[0],
    )
    assert after.hops[0].relations[0].id == "creator" and after.hops[0].relations[
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
