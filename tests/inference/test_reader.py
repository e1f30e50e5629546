"""Visitors of one moment share a pass of the network, and each gets their own rows."""

from __future__ import annotations

import threading

import pytest

from kgqa.edits import Edits
from kgqa.inference.reader import Reader
from kgqa.model.outputs import Reading
from tests.toy import HANKS, PADME

AT = HANKS.index("Tom"), HANKS.index("Tom") + len("Tom Hanks")


def ask_at_once(reader: Reader, asked: list) -> dict[int, Reading]:
    """The readings of visitors, (link, edits), who all wait for the same pass."""
    readings: dict[int, Reading] = {}

    def ask(i: int) -> None:
        readings[i] = reader.read_one(*asked[i])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(asked))]
    with reader._turn:
        for thread in threads:
            thread.start()
        while len(reader._waiting) < len(asked):
            threading.Event().wait(0.01)
    for thread in threads:
        thread.join()
    return readings


def test_questions_of_a_moment_share_a_pass_and_get_their_own_rows(toy_linker, new_checkpoint):
    checkpoint = new_checkpoint(sharp=8.0)
    shared, alone = Reader(checkpoint, share=True), Reader(checkpoint, share=False)
    questions = [HANKS, PADME, "What city is the Mona Lisa in?", "Who directed Sully?"] * 3
    links = [toy_linker(question) for question in questions]
    readings = ask_at_once(shared, [(link, Edits()) for link in links])
    assert shared.largest == len(links)
    for i, link in enumerate(links):
        expected, got = alone.read_one(link).output, readings[i].output
        n, c = len(link.proposals), max(len(p.entities) for p in link.proposals)
        assert readings[i].links == (link,) and got.sets == expected.sets
        assert got.set_scores[0, : len(got.sets[0])].exp().tolist() == pytest.approx(
            expected.set_scores[0].exp().tolist(), abs=1e-5
        )
        assert (got.candidates[:, :n, :c].exp() - expected.candidates.exp()).abs().max() < 1e-4


def test_an_error_in_a_pass_reaches_everyone_who_waits(toy_linker, new_checkpoint):
    reader = Reader(new_checkpoint(), share=True)
    forward, reader.forward = reader.forward, lambda batch: 1 / 0
    with pytest.raises(ZeroDivisionError):
        reader.read_one(toy_linker(HANKS))
    reader.forward = forward
    assert reader.read_one(toy_linker(HANKS)).output.sets


def test_an_edit_of_one_visitor_does_not_reach_the_others_of_a_pass(
    toy, toy_linker, new_checkpoint
):
    checkpoint = new_checkpoint(sharp=8.0)
    shared, alone = Reader(checkpoint, share=True), Reader(checkpoint, share=False)
    edits = Edits().following(*AT, 1, "-director")
    hanks, padme = toy_linker(HANKS), toy_linker(PADME)
    readings = ask_at_once(shared, [(hanks, Edits()), (hanks, edits), (padme, Edits())])
    assert shared.largest == 3
    for i, link in ((0, hanks), (2, padme)):
        expected = alone.read_one(link).output.relations.exp()
        relations = readings[i].output.relations[:, : expected.shape[1]].exp()
        assert (relations - expected).abs().max() < 1e-4
    s = next(i for i, p in enumerate(hanks.proposals) if hanks.span(p) == AT)
    first_hop = readings[1].output.relations[0, s, 0].exp()
    assert first_hop[toy.relation_index["-director"]] == pytest.approx(1.0)
