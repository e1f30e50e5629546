"""Visitors of one moment share a pass of the network, and each gets their own rows."""

from __future__ import annotations

import threading

import pytest

from kgqa.edits import Edits
from kgqa.inference.edit import impose
from kgqa.inference.reader import Together
from kgqa.linking.finder import Finder
from kgqa.walk.predict import to_cpu
from tests.toy import HANKS, PADME

AT = HANKS.index("Tom"), HANKS.index("Tom") + len("Tom Hanks")


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
