"""What writes is killed at many moments; ``kills`` says what of."""

from __future__ import annotations

import pytest

from tests.hold.kills import Actions, try_action

NAMES = "save adopt build import report".split()


@pytest.fixture(scope="module")
def actions(tmp_path_factory):
    return Actions(tmp_path_factory.mktemp("kills")).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.cases(2, 50)
def test_what_is_killed_leaves_what_was_there_or_what_is_new(actions, name, tmp_path, cases):
    """The two moments of the short form are those where most can be wrong."""
    print(try_action(name, actions[name], tmp_path, cases))


@pytest.mark.hold
@pytest.mark.parametrize("cases", [10])
def test_a_run_that_is_killed_leaves_nothing_or_a_checkpoint(actions, tmp_path, cases):
    """With few moments, since each trains twice; tests/training/test_killed.py tries them all."""
    print(try_action("train", actions["train"], tmp_path, cases))


def test_all_that_writes_is_tried(actions):
    assert sorted(actions) == sorted([*NAMES, "train"])
