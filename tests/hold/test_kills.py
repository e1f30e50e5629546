"""What writes is killed at many moments, in processes of a program of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.cases(6, 50)
def test_what_is_killed_leaves_what_was_there_or_what_is_new(cases):
    """Training has its own test of few moments (tests/training/test_killed.py)."""
    names = "save adopt build import".split() + ["train"] * (cases > 6)
    command = [sys.executable, "-m", "tests.hold.kills", "--moments", str(cases), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("killed") == len(names)
    print(done.stdout)
