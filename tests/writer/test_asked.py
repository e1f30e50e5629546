"""One, two and three hops."""

from __future__ import annotations

from kgqa.writer import asked


def drawn(draw, times=300):
    return [found for found in (draw() for _ in range(times)) if found is not None]


def run(desk, draft):
    return set(draft.program.run(desk.graph, draft.starts))


def test_one_hop_names_its_topic_and_has_an_answer(desk):
    drafts = drawn(lambda: asked.one_hop(desk))
    assert len(drafts) > 250
    assert all("{" not in draft.text and run(desk, draft) for draft in drafts)


def test_two_hops_reach_what_no_single_hop_reaches_mostly(desk):
    drafts = drawn(lambda: asked.two_hops(desk))
    assert drafts and {draft.program.hops for draft in drafts} == {2}
    alike = 0
    for draft in drafts:
        (topic,) = draft.topics
        single = [set(tails.tolist()) for _, tails in desk.graph.groups(topic)]
        alike += run(desk, draft) in single
    assert alike <= 0.25 * len(drafts)


def test_a_walk_back_leaves_its_start_out(desk):
    for draft in drawn(lambda: asked.two_hops(desk)):
        hops = [int(r) for r in draft.program.branches[0].chain.relations]
        if hops[1] == desk.graph.inverse(hops[0]):
            assert draft.topics[0] not in run(desk, draft)


def test_three_hops_are_nested(desk):
    drafts = drawn(lambda: asked.three_hops(desk))
    assert drafts and {draft.program.hops for draft in drafts} == {3}


def test_a_relation_is_asked_both_ways_of_one_entity(desk):
    pairs = drawn(lambda: asked.both_ways(desk))
    assert pairs
    assert all(first.topics == second.topics for first, second in pairs)
    manager = desk.graph.relation_index["manager"]
    both = [p for p in pairs if manager in p[0].program.relations and not p[1].refusal]
    assert any(run(desk, first) != run(desk, second) for first, second in both)
