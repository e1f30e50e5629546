"""Questions that must be refused."""

from __future__ import annotations

import pytest

from kgqa.writer.refused import TYPES, Refused, attributes, read, stems
from tests.writer.test_asked import drawn


@pytest.fixture
def refused(desk):
    return Refused(desk, ("what is {employee}'s shoe size?", "what is the moon of {planet}?"))


def test_there_are_three_hundred_attributes_of_every_type():
    assert set(attributes()) == set(TYPES)
    assert sum(map(len, attributes().values())) >= 300
    for lines in read().values():
        assert len(set(lines)) == len(lines)


def test_attributes_that_the_graph_has_are_not_asked_for(refused):
    nouns = {a.noun for found in refused.lacking.values() for a in found}
    assert "blood type" in nouns
    assert "salary" not in nouns
    assert not any("manager" in noun for noun in nouns)
    assert stems("worksFor") == {"work"}


def test_refused_questions_have_no_program(refused):
    for draw in (refused.attribute, refused.fact, refused.name, refused.impossible):
        drafts = drawn(draw, 100)
        assert drafts
        assert all(d.refusal and not d.program.branches for d in drafts)


def test_a_fact_that_is_asked_for_in_vain_is_not_there(desk, refused, monkeypatch):
    """Cities have no manager, and a head of all has none either."""
    manager = desk.graph.relation_index["manager"]
    monkeypatch.setattr(desk, "relation", lambda: manager)
    monkeypatch.setattr(refused, "_entity", lambda: desk.pick(desk.rng.choice(desk.relations)))
    drafts = drawn(refused.fact, 200)
    assert drafts
    assert not any(len(desk.graph.tails(d.topics[0], manager)) for d in drafts)


def test_kinds_in_questions_become_names(desk, refused):
    refused.missing = ["what is {employee}'s shoe size?"]
    (draft, *_) = drawn(refused.asked, 5)
    (topic,) = draft.topics
    assert desk.graph.kind_of(topic) == "employee" and "{" not in draft.text
    refused.missing = ["what is the moon of {planet}?"]  # the graph has no planets
    assert refused.asked() is None
