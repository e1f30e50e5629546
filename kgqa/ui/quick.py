"""Import Gradio in half the time.

Whenever Gradio defines a component it parses the component's source and compares the file of types
(.pyi) beside it, for editors; of its own components these files are part of its package. Here they
are taken for components without a source, which Gradio leaves alone.
"""

from __future__ import annotations

import inspect
import sys
import threading
from types import ModuleType
from typing import Any

_turn = threading.Lock()


def gradio() -> ModuleType:
    """The module, imported if it was not yet."""
    with _turn:
        if "gradio" in sys.modules:
            return sys.modules["gradio"]
        usual = inspect.getfile

        def getfile(object: Any) -> str:
            if isinstance(object, type) and object.__module__.startswith("gradio."):
                raise OSError("The types of Gradio's own components are written already.")
            return usual(object)

        inspect.getfile = getfile  # what Gradio asks for a component's source
        try:
            import gradio

            return gradio
        finally:
            inspect.getfile = usual
