"""Answer questions over a graph. The whole of it, in reading order:

    link    which words may name an entity     str         -> Link        kgqa.linking
    read    one forward pass of the network    list[Link]  -> Reading     kgqa.model
    walk    follow and intersect               Reading     -> Prediction  kgqa.walk
    trace   tensors to plain values            Prediction  -> Trace       kgqa.inference.trace

A question that cannot be answered is an outcome of its trace, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.graph import Graph
from kgqa.graph.given import open_graph
from kgqa.inference import edit
from kgqa.inference.mentions import mentions
from kgqa.inference.reader import Reader
from kgqa.inference.recent import Recent
from kgqa.inference.stopwatch import Stopwatch
from kgqa.inference.trace import build_trace, closed_trace
from kgqa.inference.why import with_counterfactuals
from kgqa.inference.workers import Workers
from kgqa.linking import Link, Linker
from kgqa.linking.completer import Completer
from kgqa.linking.finder import Finder
from kgqa.model.features import STOP_WORDS
from kgqa.text import without_zero_width
from kgqa.trace import Completion, Entity, Trace
from kgqa.walk import Settings, predict
from kgqa.walk.predict import decide

MAX_CHARACTERS = 500
MAX_BATCH = 16  # on two cores, larger batches are no faster


class Pipeline:
    """One model over one graph. Read-only after construction; threads may share it.

    >>> pipeline = Pipeline.load("checkpoints/films")
    >>> pipeline.answer("Who directed Jaws?").best.entity.label
    'Steven Spielberg'
    """

    def __init__(self, checkpoint: Checkpoint, *, settings: Settings = Settings()):
        self.checkpoint, self.settings = checkpoint, settings
        self.graph = checkpoint.graph
        self.linker, self.finder = Linker(checkpoint.graph), Finder(checkpoint.graph)
        self.completer = Completer(checkpoint.graph, STOP_WORDS)
        self.reader = Reader(checkpoint)
        self.workers, self.recent = Workers(), Recent()

    @classmethod
    def load(
        cls,
        checkpoint: str | Path = "checkpoints/films",
        *,
        device: str = "auto",
        revision: str | None = None,
        settings: Settings = Settings(),
        verify: bool = False,
        graph: Graph | str | Path | Sequence[str | Path] | None = None,
    ) -> Pipeline:
        """As :meth:`kgqa.checkpoint.Checkpoint.load`, and over ``graph`` where one is given.

        ``graph``: one that is open; a folder that holds one; or files, of which one is built. If
        it is not the checkpoint's own, the weights are used as they are: ``checkpoint.unseen``.
        """
        if graph is not None and not isinstance(graph, Graph):
            graph = open_graph(graph, verify=verify)
        opened = Checkpoint.load(checkpoint, device=device, revision=revision, verify=verify)
        if graph is not None and graph.fingerprint != opened.config.graph_fingerprint:
            opened = opened.over(graph)
        return cls(opened, settings=settings)

    def answer(
        self, question: str, *, edits: Edits = Edits(), settings: Settings | None = None
    ) -> Trace:
        """Answer a question; ``edits`` override single decisions of the model.

        Whatever the string, the result is a trace; its ``outcome`` says how the question ended.
        """
        *_, trace = self.stages(question, edits=edits, settings=settings)
        return trace

    def stages(
        self, question: str, *, edits: Edits = Edits(), settings: Settings | None = None
    ) -> Iterator[Trace]:
        """Yield partial traces as parts are computed, then the trace that :meth:`answer` returns.

        The outcome of a trace before the last one is a key of :data:`kgqa.trace.STAGES`.
        """
        watch, settings = Stopwatch(), edit.edit_settings(settings or self.settings, edits)
        with watch("link"):
            link, problem = self.link(question)
            linked = edit.edit_link(link, edits, self.finder)
            link, notes = linked.link, linked.notes
        if problem and not link.proposals:
            trace = closed_trace(self.checkpoint, link, problem, edits, notes)
            yield replace(trace, timings=watch.timings())
            return
        yield closed_trace(self.checkpoint, link, "reading", edits)
        with watch("encode"):
            read = self.reader.read_one(link, edits)
            self.recent.keep(link, edits, read)
            edited = edit.edit_reading(read, edits, self.graph)
            reading, notes = edited.reading, (*notes, *edited.notes)
        with watch("trace"):
            spans = decide(reading, 0, refuse=settings.refuse).spans
            proposed = mentions(self.graph, reading, 0, spans)
        yield replace(closed_trace(self.checkpoint, link, "following", edits), mentions=proposed)
        with watch("hops"):
            (prediction,) = predict(self.graph, reading, settings)
        with watch("trace"):
            trace = build_trace(self.checkpoint, reading, 0, prediction, settings, edits, proposed)
        yield replace(trace, notes=notes, timings=watch.timings())

    def answer_many(
        self, questions: Sequence[str], *, settings: Settings | None = None
    ) -> list[Trace]:
        """The traces that :meth:`answer` gives, several times faster.

        Questions of similar length share a pass of the network, and on a CPU the passes run side by
        side. A trace's timings are its own for link and trace, and its share of the rest.
        """
        settings = settings or self.settings
        order = sorted(range(len(questions)), key=lambda i: len(str(questions[i] or "")))
        workers = self.workers.count if self.checkpoint.device.type == "cpu" else 1
        size = max(1, min(MAX_BATCH, -(-len(order) // workers)))
        parts = [order[low : low + size] for low in range(0, len(order), size)]
        answered = self.workers.map(
            lambda part: self._answer_batch([questions[i] for i in part], settings), parts
        )
        traces = {
            i: trace
            for part, batch in zip(parts, answered, strict=True)
            for i, trace in zip(part, batch, strict=True)
        }
        return [traces[i] for i in range(len(questions))]

    def _answer_batch(self, questions: Sequence[str], settings: Settings) -> list[Trace]:
        """Traces of questions that share a pass."""
        traces: dict[int, Trace] = {}
        links: list[Link] = []
        watches = [Stopwatch() for _ in questions]
        positions: list[int] = []  # of the questions that the network reads
        for i, question in enumerate(questions):
            with watches[i]("link"):
                link, problem = self.link(question)
            if problem:
                trace = closed_trace(self.checkpoint, link, problem)
                traces[i] = replace(trace, timings=watches[i].timings())
            else:
                links.append(link)
                positions.append(i)
        if links:
            shared = Stopwatch()
            with shared("encode", share=1 / len(links)):
                reading = self.reader.read(links)
            with shared("hops", share=1 / len(links)):
                predictions = predict(self.graph, reading, settings)
            for b, (i, prediction) in enumerate(zip(positions, predictions, strict=True)):
                with watches[i]("trace"):
                    trace = build_trace(self.checkpoint, reading, b, prediction, settings)
                traces[i] = replace(trace, timings=(watches[i] + shared).timings())
        return [traces[i] for i in range(len(questions))]

    def link(self, question: str) -> tuple[Link, str]:
        """The question with its proposed mentions, and its outcome; "" if the network reads it."""
        text = clean(question)
        if not text:
            return Link("", (), ()), "empty_question"
        if len(text) > MAX_CHARACTERS:
            return Link(text[:MAX_CHARACTERS] + "…", (), ()), "too_long"
        link = self.linker(text)
        return link, "" if link.proposals else "no_mention"

    def why(self, trace: Trace, *, network: bool = True) -> Trace:
        """A trace of :meth:`answer` with two or three counterfactuals: :mod:`kgqa.inference.why`.

        ``network``: whether the network may be run for them; else those that need only a walk.
        """
        return with_counterfactuals(self, trace, network=network)

    def named(self, text: str, limit: int = 8) -> tuple[Entity, ...]:
        """Entities with this name or one like it, nearest first."""
        return self.finder.named(clean(text)[:MAX_CHARACTERS], limit=limit)

    def complete(self, text: str, limit: int = 8) -> list[Completion]:
        """Names that the end of ``text``, what stands before a caret, may become; no model."""
        return self.completer(str(text)[-MAX_CHARACTERS:], limit)


def clean(question: object) -> str:
    """One line of printable text: controls and line breaks become spaces.

    Lone surrogates and characters without width go: "J\\u200baws" is "Jaws".
    """
    text = str(question or "")[: 4 * MAX_CHARACTERS]
    text = without_zero_width(text.encode("utf-8", "ignore").decode("utf-8"))
    return " ".join("".join(c if c.isprintable() or c in "\u200d" else " " for c in text).split())
