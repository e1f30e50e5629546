"""The page under load, and what sessions weigh; see ``visitors`` and ``sessions``."""

from __future__ import annotations

import pytest

from tests.hold import sessions, visitors


@pytest.mark.hold
@pytest.mark.checkpoint
def test_of_a_crowd_nobody_is_lost_and_no_answer_is_crossed():
    report = visitors.run(300)
    print(f"\n{report}")
    assert report.lost == [] and report.crossed == [] and report.answered > 100
    assert report.after < 2 * report.before + 0.1


@pytest.mark.hold
@pytest.mark.checkpoint
def test_two_thousand_sessions_stay_small():
    kilobytes, seconds = sessions.measure(2_000)
    print(f"\n{kilobytes:.1f} kB a session, {1000 * seconds:.0f} ms a visit")
    assert kilobytes < 20
