"""A saved trace is read again whole, and what is damaged or does not fit is refused in words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa import saved
from kgqa.errors import DataError
from kgqa.trace import OUTCOMES
from tests.ui import operator_traces
from tests.ui import page_traces as traces

SHOWN = [
    *(traces.mona_lisa(), traces.hanks(), traces.portman(), traces.many(), traces.hostile()),
    *(traces.nothing(outcome) for outcome in OUTCOMES if outcome != "answered"),
    *(operator_traces.answer(question) for question in operator_traces.WRITE),
]


def text(trace) -> str:
    return json.dumps(trace.to_dict(), ensure_ascii=False)


def changed(path: str, value: object) -> str:
    """The text of a trace with one value changed; ``path``: "mentions 0 start"."""
    whole = traces.portman().to_dict()
    *way, last = [int(step) if step.isdigit() else step for step in path.split()]
    place = whole
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(whole)


@pytest.mark.parametrize("trace", SHOWN, ids=lambda trace: trace.question[:30] or trace.outcome)
def test_what_was_saved_is_read_again(trace):
    again = saved.read(text(trace))
    known = {name[:40]: ms for name, ms in trace.to_dict()["timings"].items()}
    assert again.to_dict() == {**trace.to_dict(), "timings": known}
    assert str(again) == str(saved.read(text(again)))


def test_what_another_version_wrote_is_read_as_far_as_it_is_known():
    whole = traces.portman().to_dict()
    del whole["why"], whole["united"]
    whole["from the future"] = {"a": [1]}
    assert saved.read(json.dumps(whole)).to_dict() == traces.portman().to_dict()


@pytest.mark.parametrize(
    "damaged, words",
    [
        ("", "damaged: it is not JSON"),
        ('{"question": "Who', "damaged: it is not JSON"),
        ("[" * 100_000, "damaged: it is not JSON"),
        (text(traces.portman())[:-40], "damaged: it is not JSON"),
        ('{"question": NaN}', "damaged: it is not JSON"),
        (" " * (saved.MOST + 1), "at most 0.9 are read"),
        ("[]", "the trace is not an object"),
        ("{}", "“question” is missing in the trace"),
        (changed("outcome", "won"), "the outcome “won” is not known"),
        (changed("question", 7), "“question” is 7"),
        (changed("question", "x" * 2_001), "more than 2,000 characters"),
        (changed("confidence", 1.5), "“confidence” is 1.5"),
        (changed("confidence", True), "“confidence” is True"),
        (changed("mentions 0 start", -1), "a mention lies outside"),
        (changed("mentions 0 end", 10**6), "a mention lies outside"),
        (changed("mentions 0 end", 2**70), "“end” is"),
        (changed("mentions 0 candidates", {}), "“candidates” is not a list"),
        (changed("branches 0 mention", 9), "a branch or path has no mention"),
        (changed("branches 0 mention", 1), "two branches have the same mention"),
        (changed("branches 0 seeds", []), "a branch starts nowhere"),
        (changed("branches 0 hops 0 relations", []), "a hop follows nothing"),
        (changed("branches 0 hops 0 words", [["a"]]), "has not 2 parts"),
        (changed("branches 0", None), "“branches” is missing"),
        (changed("intersection rows 0 memberships", [0.5]), "does not fit the branches"),
        (changed("answers 0 paths 0 mention", -1), "a branch or path has no mention"),
        (changed("edits", {"use": [{"start": 0}]}), "needs start, end, entity"),
        (changed("edits", "[[["), "not JSON"),
    ],
)
def test_what_is_damaged_is_refused_in_a_sentence(damaged, words):
    with pytest.raises(DataError, match=".") as refused:
        saved.read(damaged)
    assert words in str(refused.value) and len(str(refused.value)) < 200


_VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    *(st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.none())),
)


@given(data=st.data(), value=_VALUES)
def test_whatever_is_changed_it_is_read_or_refused_and_never_an_error(data, value):
    whole = traces.portman().to_dict()
    place: dict | list = whole
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[key] = value
            break
        place = inner
    try:
        saved.read(json.dumps(whole)).to_dict()
    except DataError as error:
        assert str(error)
