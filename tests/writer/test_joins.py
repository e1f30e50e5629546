"""Questions about two sets."""

from __future__ import annotations

from kgqa.writer import joins
from kgqa.writer.joins import _opening as opening
from tests.writer.test_asked import drawn, run


def ends(desk, draft):
    return [
        set(b.chain.walk(desk.graph, draft.starts[b.start], {})) for b in draft.program.branches
    ]


def test_an_intersection_is_smaller_than_its_first_set(desk):
    drafts = [d for d in drawn(lambda: joins.both(desk)) if d.kind == "and"]
    assert drafts
    for draft in drafts:
        first, second = ends(desk, draft)
        assert run(desk, draft) == first & second != first


def test_a_difference_takes_something_away(desk):
    drafts = drawn(lambda: joins.without(desk), 1500)
    assert drafts
    for draft in drafts:
        first, second = ends(desk, draft)
        assert run(desk, draft) == first - second and first & second


def test_either_of_two_sets_has_more_than_each(desk):
    drafts = drawn(lambda: joins.either(desk))
    assert drafts
    for draft in drafts:
        first, second = ends(desk, draft)
        assert run(desk, draft) == first | second
        assert first - second and second - first
        assert " or " in draft.text


def test_questions_about_a_subject_have_an_opening_in_common():
    assert opening("who works for {}?") == opening("who lives in {}?") == "who"
    assert opening("which people work for {}?") == "which people"
    assert opening("who does {} work for?") == ""
    assert opening("what film did {} write?") == ""
    assert opening("who is it that works for {}?") == ""
