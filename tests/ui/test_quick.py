"""Gradio is imported without what only editors need, and is the same afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import inspect
from kgqa.ui import quick
before, read = inspect.getfile, []
inspect.getfile = lambda thing: read.append(thing) or before(thing)
usual = inspect.getfile
gradio = quick.gradio()
assert inspect.getfile is usual
assert quick.gradio() is gradio
components = [t for t in read if isinstance(t, type) and t.__module__.startswith("gradio.")]
print(len(components), gradio.Textbox(label="a").label, hasattr(gradio.Button, "click"))
print(before(gradio.Textbox))
"""


def test_no_component_of_gradio_is_looked_up_and_all_work():
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, path = done.stdout.splitlines()
    assert first == "0 a True"
    assert path.endswith("textbox.py")
