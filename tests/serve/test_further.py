"""Offers of further questions: only such as are answered as the graph holds, from the trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.edits import Edits
from kgqa.serve import further
from kgqa.serve.further import Further
from kgqa.trace import (
    Answer,
    Branch,
    Candidate,
    EntityWeight,
    Hop,
    Mention,
    RelationWeight,
    Trace,
)


class Oracle:
    """A stand-in for the pipeline that answers the questions it is told to, as the graph does."""

    def __init__(self, graph, right=lambda question: True):
        self.graph, self.right, self.asked = graph, right, []

    def answer_many(self, questions):
        self.asked += questions
        return [self._answer(question) for question in questions]

    def _answer(self, question: str) -> Trace:
        graph = self.graph
        for e in range(graph.num_entities):
            for r, tails in graph.groups(e):
                half = len(graph.relations)
                asked = graph.relations[r % half].ask(graph.label(e), inverse=r >= half)
                if asked == question and self.right(question):
                    entities = map(graph.entity, tails.tolist())
                    return Trace(question, "answered", "", tuple(map(_answer, entities)))
        return Trace(question, "not_in_graph", "")


def _answer(entity) -> Answer:
    return Answer(entity, 0.9, 1.0, ())


def _trace(graph, question: str, name: str, relation: str, outcome: str = "answered") -> Trace:
    """As if the model had followed one relation from the entity called ``name``."""
    (entity, *_) = graph[name]
    start = question.find(name)
    mention = Mention(start, start + len(name), name, 0.9, outcome == "answered", ())
    mention = replace(mention, candidates=(Candidate(entity, 1.0, "label"),))
    if outcome != "answered":
        return Trace(question, outcome, "", mentions=(mention,))
    tails = graph.tails(graph.find(entity.id), graph.relation_index[relation])
    reached = [graph.entity(t) for t in tails.tolist()]
    hop = Hop(
        (RelationWeight(relation, relation, 1.0),),
        (),
        tuple(EntityWeight(e, 1.0) for e in reached),
        0,
        0.0,
    )
    branch = Branch(0, (EntityWeight(entity, 1.0),), (hop,), (0.0, 1.0), len(reached))
    answers = tuple(map(_answer, reached))
    return Trace(question, outcome, "", answers, mentions=(mention,), branches=(branch,))


@pytest.fixture
def jaws(toy):
    return _trace(toy, "Who directed Sully?", "Sully", "director")


def test_after_an_answer_first_back_over_the_same_relation_then_others(toy, jaws):
    offers = Further(Oracle(toy))(jaws)
    assert offers.why == "next" and len(offers.questions) == further.MOST
    assert offers.questions[0] == "What is the directed of Clint Eastwood?"  # the toy has no more
    assert any("Sully" in question for question in offers.questions)


def test_only_what_the_model_answers_as_the_graph_holds_is_offered(toy, jaws):
    def cast(question):
        return "cast member" in question

    oracle = Oracle(toy, cast)
    assert all(map(cast, Further(oracle)(jaws).questions)) and oracle.asked
    assert len(oracle.asked) <= further.TRIED
    assert Further(Oracle(toy, lambda question: False))(jaws).questions == ()


def test_what_was_tried_for_one_answer_is_not_asked_again_for_another(toy, jaws, monkeypatch):
    oracle = Oracle(toy)
    offers = Further(oracle)
    first, asked = offers(jaws), len(oracle.asked)
    assert offers(replace(jaws, question="Who made Sully?")) == first
    assert len(oracle.asked) == asked <= further.BATCH
    monkeypatch.setattr(further, "TRIALS", 0)
    offers(replace(jaws, question="Sully, who made it?"))
    offers(replace(jaws, question="By whom is Sully?"))
    assert len(oracle.asked) > asked  # the memory is bounded


def test_an_answer_with_one_entity_more_or_less_is_not_right(toy, jaws):
    class Short(Oracle):
        def _answer(self, question):
            trace = super()._answer(question)
            return replace(trace, answers=trace.answers[1:])

    assert Further(Short(toy))(jaws).questions == ()


def test_the_question_itself_is_not_offered(toy):
    trace = _trace(toy, "What is the director of Sully?", "Sully", "director")
    questions = Further(Oracle(toy))(replace(trace, branches=())).questions
    assert questions and "What is the director of Sully?" not in questions


def test_after_a_refusal_what_the_graph_holds_of_the_names(toy):
    trace = _trace(toy, "Who composed the music of Sully?", "Sully", "", "not_in_graph")
    offers = Further(Oracle(toy), ["Who directed Jaws?"])(trace)
    assert offers.why == "instead" and all("Sully" in q for q in offers.questions)
    lost = Trace("Who won?", "no_mention", "")
    assert Further(Oracle(toy), ["Who directed Jaws?"])(lost).questions == ("Who directed Jaws?",)
    assert Further(Oracle(toy))(lost).questions == ()


def test_a_question_that_stands_on_the_one_before_is_offered_in_full(toy, jaws):
    after = Trace("and the screenwriter?", "no_mention", "")
    offers = Further(Oracle(toy))(after, jaws)
    assert offers.why == "meant" and offers.questions[0] == "What is the screenwriter of Sully?"
    assert Further(Oracle(toy))(after).why == "instead"  # nothing was asked before
    other = _trace(toy, "and The Terminal?", "The Terminal", "", "not_in_graph")
    offers = Further(Oracle(toy))(other, jaws)
    assert offers.why == "meant" and "What is the director of The Terminal?" in offers.questions


def test_a_question_with_a_name_of_its_own_is_left_alone(toy, jaws):
    own = _trace(toy, "Who is the director of J. Edgar?", "J. Edgar", "director")
    assert Further(Oracle(toy))(own, jaws).why == "next"


def test_an_entity_chosen_by_hand_is_the_one_asked_about(toy):
    first, second = toy["Paris"][:2]
    trace = _trace(toy, "Where is Paris?", "Paris", "", "not_in_graph")
    both = tuple(Candidate(e, 0.5, "label") for e in (first, second))
    mention = replace(trace.mentions[0], candidates=both)
    edits = Edits().using(mention.start, mention.end, second.id)
    chosen = further._named(replace(trace, mentions=(mention,), edits=edits), unused=True)
    assert chosen == [second]


def test_a_small_word_is_not_taken_for_a_name_that_is_written_like_it(toy):
    trace = _trace(toy, "Who sang in paris?", "Paris", "", "not_in_graph")
    small = replace(trace.mentions[0], text="paris")
    assert further._named(replace(trace, mentions=(small,)), unused=True) == []
    assert further._named(trace, unused=True) == [toy["Paris"][0]]


def test_offers_are_kept_and_bounded(toy, jaws, monkeypatch):
    oracle = Oracle(toy)
    offers = Further(oracle)
    first, asked = offers(jaws), len(oracle.asked)
    assert offers(jaws) == first and len(oracle.asked) == asked
    monkeypatch.setattr(further, "KEPT", 2)
    for i in range(5):
        offers(Trace(f"Who won {i}?", "no_mention", ""))
    assert len(offers._kept) <= 2
