"""What the first answer does not need is not imported before it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = """
import sys
from kgqa import Pipeline
pipeline = Pipeline.load(sys.argv[1], device="cpu")
assert pipeline.answer("Who directed Jaws?").outcome
print(*sorted({m.split(".")[0] for m in sys.modules}))
"""


def test_an_answer_needs_neither_transformers_nor_scipy(tiny_checkpoint):
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tiny_checkpoint)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "torch" in loaded
    assert not loaded & {"transformers", "scipy", "sympy", "pandas", "gradio", "networkx"}
