"""Who has most of something."""

from __future__ import annotations

from kgqa.writer import ranked
from tests.writer.test_asked import drawn, run


def test_the_most_edges_are_counted_and_few_share_them(desk):
    drafts = drawn(lambda: ranked.most(desk))
    assert drafts
    for draft in drafts:
        found = run(desk, draft)
        assert 0 < len(found) <= ranked.MAX_TIED
        assert "{" not in draft.text and "most" in draft.text or "number" in draft.text


def test_who_manages_the_most_is_said_by_the_verb_or_the_noun(desk):
    texts = {d.text for d in drawn(lambda: ranked.most(desk), 1500)}
    assert any("most employees" in text for text in texts)
