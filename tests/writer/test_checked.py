"""Counts, yes or no, and sets within a class."""

from __future__ import annotations

import pytest

from kgqa.writer import checked
from kgqa.writer.checked import question_of
from tests.writer.test_asked import drawn, run


def test_counts_ask_how_many(desk):
    drafts = drawn(lambda: checked.count(desk))
    assert drafts
    assert all(d.program.readout == "count" for d in drafts)
    assert sum("how many" in d.text or "number" in d.text for d in drafts) > 0.8 * len(drafts)


def test_whether_is_half_the_time_no(desk):
    drafts = drawn(lambda: checked.whether(desk))
    yes = sum(bool(run(desk, d)) for d in drafts)
    assert 0.3 < yes / len(drafts) < 0.7


def test_no_is_often_said_of_what_another_relation_leads_to(desk, monkeypatch):
    """A colleague who is not the manager: who walks over any relation says yes."""
    shares = []
    for share in (0.0, 1.0):
        monkeypatch.setattr(checked, "RIVALS", share)
        denied = [d for d in drawn(lambda: checked.whether(desk)) if not run(desk, d)]
        shares.append(sum(joined(desk.graph, *d.topics) for d in denied) / len(denied))
    assert shares[1] > shares[0] + 0.1


def joined(graph, one: int, other: int) -> bool:
    """Whether any relation leads from one entity to another."""
    return any(other in graph.tails(one, r).tolist() for r in range(graph.num_relations))


def test_a_class_narrows_a_set(desk):
    drafts = drawn(lambda: checked.within_class(desk))
    assert drafts
    for draft in drafts:
        chosen = draft.topics[-1]
        assert desk.graph.kind_of(chosen) == "class"
        assert run(desk, draft) <= set(desk.classes[chosen])


@pytest.mark.parametrize(
    ("clause", "question"),
    [
        ("who work for X", "does Ann work for X?"),
        ("that wrote X", "did Ann write X?"),
        ("directed by X", "was Ann directed by X?"),
        ("in X", "is Ann in X?"),
        ("with X", "does Ann have X?"),
    ],
)
def test_a_clause_becomes_a_question(clause, question):
    assert question_of(clause, "Ann") == question
