"""The page around hand-built traces: ``python tests/browser/fake_app.py PORT``. For looks and for tests, no model."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kgqa.trace import STAGES
from kgqa.ui.page import build_page
from kgqa.ui.service import Service
from kgqa.ui.theme import launch_options
from tests.ui import page_traces

PAUSE = 1.0  # seconds between the stages of one question, to be seen


def stages(question: str):
    """The answer; of one question also what is known before it, slowly."""
    whole = page_traces.answer(question)
    if question == page_traces.PORTMAN:
        early = replace(whole, answers=(), branches=(), intersection=None)
        yield replace(early, outcome="reading", message=STAGES["reading"], mentions=())
        time.sleep(PAUSE)
        yield replace(early, outcome="following", message=STAGES["following"])
        time.sleep(PAUSE)
    yield whole


if __name__ == "__main__":
    service = Service(
        page_traces.answer, page_traces.CARD, page_traces.about, page_traces.named, stages=stages
    )
    build_page(service).launch(
        server_name="127.0.0.1", server_port=int(sys.argv[1]), **launch_options()
    )
