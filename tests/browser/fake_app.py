"""The page around hand-built traces: ``python tests/browser/fake_app.py [--plain] PORT``. No model.

``--plain``: as of a model without operators.

Questions of :mod:`tests.ui.operator_traces` go through the pipeline with a scripted model.

Asked "go on", as programs ask, it lets the stages of :data:`page_traces.PORTMAN` go on.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kgqa.edits import Edits
from kgqa.trace import STAGES, Trace
from kgqa.ui.page import build_page
from kgqa.ui.service import Service
from kgqa.ui.theme import launch_options
from tests.ui import figures, operator_traces, page_traces

GO_ON = "go on"
turns = threading.Semaphore(0)


def answer(question: str, edits: Edits = Edits()) -> Trace:
    if question == GO_ON:
        turns.release()
    return traced(question, edits)


def traced(question: str, edits: Edits = Edits()) -> Trace:
    known = operator_traces if question in operator_traces.WRITE else page_traces
    return known.answer(question, edits)


def stages(question: str) -> Iterator[Trace]:
    """The answer; of one question also what is known before it, each until told to go on."""
    whole = traced(question)
    if question == page_traces.PORTMAN:
        early = replace(whole, answers=(), branches=(), intersection=None)
        yield replace(early, outcome="reading", message=STAGES["reading"], mentions=())
        turns.acquire()
        yield replace(early, outcome="following", message=STAGES["following"])
        turns.acquire()
    yield whole


if __name__ == "__main__":
    offers = {} if "--plain" in sys.argv else operator_traces.offers()
    service = Service(
        answer,
        replace(page_traces.CARD, **offers),
        neighbourhood=page_traces.about,
        search=page_traces.search,
        complete=page_traces.complete,
        facets=page_traces.facets,
        further=page_traces.further,
        stages=stages,
        figure=figures.drawn(),
    )
    build_page(service).launch(
        server_name="127.0.0.1", server_port=int(sys.argv[-1]), **launch_options()
    )
