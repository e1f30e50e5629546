"""Questions about numbers."""

from __future__ import annotations

from kgqa.writer import measured
from tests.writer.test_asked import drawn, run


def salaries(desk, entities):
    salary = desk.graph.relation_index["salary"]
    return dict(zip(entities, desk.graph.numbers.of(salary, list(entities)).tolist(), strict=True))


def test_an_extreme_is_one_of_several(desk):
    drafts = drawn(lambda: measured.extreme(desk))
    assert any("highest" in d.text or "best" in d.text for d in drafts)
    for draft in drafts:
        assert 0 < len(run(desk, draft)) <= measured.MAX_TIED


def test_a_bound_holds_for_some_and_not_for_all(desk):
    drafts = drawn(lambda: measured.bound(desk))
    assert drafts
    for draft in drafts:
        first = draft.program.branches[0]
        everyone = set(first.chain.walk(desk.graph, draft.starts[first.start], {}))
        assert set() < run(desk, draft) < everyone


def test_of_two_one_is_ahead(desk):
    drafts = drawn(lambda: measured.compare(desk))
    assert drafts
    for draft in drafts:
        (winner,) = run(desk, draft)
        numbers = salaries(desk, draft.topics)
        (loser,) = set(draft.topics) - {winner}
        assert numbers[winner] != numbers[loser]
        more = any(w in draft.text for w in ("higher", "better", "larger", "greater", "bigger"))
        assert (numbers[winner] > numbers[loser]) == more, draft.text


def test_a_sum_adds_all_numbers_of_a_set(desk):
    drafts = drawn(lambda: measured.total(desk))
    assert drafts
    for draft in drafts:
        found = run(desk, draft)
        total = draft.program.read(desk.graph, found)
        assert total == sum(salaries(desk, sorted(found)).values())
