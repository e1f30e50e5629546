"""What comes once an answer is shown: what it would be otherwise, its list, its file, offers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from kgqa.ui import listing
from kgqa.ui.drawing import select
from kgqa.ui.drawing.canvas import pack
from kgqa.ui.handlers import Handlers, Values, saved
from kgqa.ui.kept import Asked
from kgqa.ui.views import offers, why

log = logging.getLogger(__name__)


class Afterwards:
    """Events about what a visitor asked last.

    ``crowded`` says whether others wait: then no questions are tried for the sake of offers, and
    counterfactuals do without the network.
    """

    def __init__(self, do: Handlers, crowded: Callable[[], bool] = lambda: False):
        self.do, self.crowded = do, crowded

    def why(self, asked: Asked | None, request: gr.Request | None = None) -> Any:
        """What the answer would be otherwise, and how much of it is drawn."""
        if asked is None:
            return gr.skip()
        room = self.do.room(request)
        trace = room.kept.get(asked)
        if asked.saved and not trace.why:
            return str(why.failed(trace, "The file has no counterfactuals."))
        try:
            facts = [e.fact for e in select.select(trace).edges.values() if e.fact is not None]
            share = None if asked.saved else room.service.fidelity(trace, facts)
            if not trace.why:
                trace = room.service.why(trace, not self.crowded())
                room.kept.keep(trace)  # so that the file of the trace has them
            return str(why.render(trace, share))
        except Exception:  # the answer stands without it
            log.exception("What an answer would be otherwise could not be computed")
            return str(why.failed(trace))

    def listed(self, asked: Asked | None, request: gr.Request | None = None) -> Any:
        """The answers as a list to work with, where there are many."""
        if asked is None:
            return None
        room = self.do.room(request)
        trace = room.kept.get(asked)
        if len(trace.answers) < listing.LEAST:
            return None
        ids = [answer.entity.id for answer in trace.answers[: listing.MOST]]
        return pack(listing.listing(trace, room.service.facets(ids)))

    def save_csv(self, asked: Asked | None, request: gr.Request | None = None) -> Any:
        """All answers as a file, for the saver."""
        if asked is None:
            return gr.skip()
        room = self.do.room(request)
        trace = room.kept.get(asked)
        facets = room.service.facets([answer.entity.id for answer in trace.answers])
        return saved("answers.csv", "text/csv", listing.to_csv(trace, facets))

    def further(
        self, asked: Asked | None, before: Asked | None, request: gr.Request | None = None
    ) -> Values:
        """(questions to go on with, what was answered last); ``before``: answered before this."""
        if asked is None or asked.saved:
            return "", before if asked else None
        room = self.do.room(request)
        trace = room.kept.get(asked)
        answered = asked if trace.outcome == "answered" else before
        if self.crowded():
            return "", answered
        try:
            last = room.kept.get(before) if before not in (None, asked) else None
            return str(offers.render(trace, room.service.further(trace, last))), answered
        except Exception:
            log.exception("No questions to go on with could be made")
            return "", answered
