"""The pipeline: a question in, a Trace out. Thread-safe; nothing about a question is kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch

from kgqa import __version__
from kgqa import checkpoint as checkpoints
from kgqa.edits import Edits
from kgqa.graph import Graph
from kgqa.inference import edit as by_hand
from kgqa.inference.calibration import calibrated, features
from kgqa.inference.neighbours import named, neighbourhood
from kgqa.inference.paths import PathFinder
from kgqa.inference.reader import Together
from kgqa.inference.trace import TraceBuilder
from kgqa.inference.workers import Workers
from kgqa.linking import Link, Linker
from kgqa.linking.finder import Finder
from kgqa.model.batch import Batch, Batcher
from kgqa.model.network import KGQAModel
from kgqa.model.outputs import ModelOutput
from kgqa.trace import OUTCOMES, STAGES, Answer, Entity, Neighbourhood, Trace
from kgqa.walk.predict import (
    REFUSE,
    Prediction,
    Settings,
    adjacency,
    decide,
    predict_many,
    predict_one,
    to_cpu,
)

MAX_CHARACTERS = 500
MAX_BATCH = 16  # questions encoded together; more do not go faster on a CPU
MAX_PATHS = 60  # answers beyond these are listed without paths


class Pipeline:
    """Answers questions over one graph with one model."""

    def __init__(
        self, graph: Graph, model: KGQAModel, tokenizer, *, settings: Settings = Settings()
    ):
        self.graph, self.model, self.settings = graph, model.eval(), settings
        self.device = next(model.parameters()).device
        self.linker = Linker(graph)
        self.batcher = Batcher(graph, tokenizer, model.config.profile)
        self.adjacency = adjacency(graph)
        self.workers = Workers()
        self.finder = Finder(graph)
        self.read = Together(
            self.model, self.batcher
        )  # question in words and spans -> (batch, output), both on the CPU
        self.metrics: dict = {}  # what was measured of this checkpoint, for the page
        self.examples: list[
            dict
        ] = []  # questions of the checkpoint's own to offer, {"kind", "question"}
        self.linker.speller.known("")  # read the words of names now, not at the first question

    @classmethod
    def load(
        cls,
        checkpoint: str | Path = "checkpoints/films",
        *,
        device: str = "auto",
        revision: str | None = None,
        settings: Settings = Settings(),
    ) -> Pipeline:
        """From a folder or a Hub repository id. Raises :class:`kgqa.errors.KGQAError` with a sentence."""
        where, folder = (
            checkpoints.pick_device(device),
            checkpoints.locate(str(checkpoint), revision),
        )
        model, tokenizer, graph = checkpoints.load(folder, device=where)
        pipeline = cls(graph, model, tokenizer, settings=settings)
        pipeline.metrics = _metrics(folder / "metrics.json")
        pipeline.examples = _examples(folder / "examples.json")
        return pipeline

    @property
    def card(self) -> dict:
        """What the page says of model and graph."""
        graph, half = self.graph, len(self.graph.relations)
        return {
            "model": self.model.config.name,
            "graph": self.graph.name,
            "device": str(self.device),
            "entities": self.graph.num_entities,
            "triples": self.graph.num_triples,
            "sources": [asdict(source) for source in graph.sources],
            "relations": [
                {
                    "id": graph.relation_id(r),
                    "label": graph.relation_label(r),
                    "triples": graph.relations[r % half].triples,
                }
                for r in range(graph.num_relations)
                if r < half
                or not graph.relations[r % half].literal  # a literal has no inverse edges
            ],
            "kinds": self.graph.kinds,
            "metrics": self.metrics,
            "examples": self.examples,
            "hops": self.model.config.max_hops,
            "hops_after": self.model.config.max_after,
            "mentions": self.model.config.max_mentions,
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "version": __version__,
        }

    def answer(
        self, question: str, *, edits: Edits = Edits(), settings: Settings | None = None
    ) -> Trace:
        """Answer a question. Whatever the string, the result is a Trace; its ``outcome`` says how it ended.

        ``edits`` are what a person decided by hand instead of the model; the trace says which, and which did not fit.
        """
        *_, trace = self.stages(question, edits=edits, settings=settings, partial=False)
        return trace

    def stages(
        self,
        question: str,
        *,
        edits: Edits = Edits(),
        settings: Settings | None = None,
        partial: bool = True,
    ) -> Iterator[Trace]:
        """What is known of the answer as it is computed; the last trace is what :meth:`answer` returns.

        Before it come traces whose outcome is a key of ``kgqa.trace.STAGES``: one when the index has proposed spans and the
        network starts to read, one with mentions and candidates when it has read (``partial=False`` leaves them out).
        """
        settings = settings or self.settings
        if edits:  # whoever decides a step by hand wants to see what follows from it
            settings = replace(
                settings, intersect=settings.intersect and edits.intersect, refuse=False
            )
        started = time.perf_counter()
        cleaned = clean(question)
        if not cleaned:
            yield self._empty("", "empty_question")
            return
        if len(cleaned) > MAX_CHARACTERS:
            yield self._empty(cleaned[:MAX_CHARACTERS] + "…", "too_long")
            return
        link = self.linker(cleaned)
        link, notes = by_hand.proposals(link, edits, self.finder) if edits else (link, [])
        if not link.proposals:
            yield replace(self._empty(cleaned, "no_mention"), edits=edits, notes=tuple(notes))
            return
        linked = time.perf_counter()
        if partial:
            yield self._stage(cleaned, "reading", edits)
        away = time.perf_counter() - linked  # whoever looks at a stage does so on no part's account
        with torch.inference_mode():
            change = (
                (lambda batch: self._impose(batch, link, edits))
                if edits.use or edits.follow
                else None
            )
            batch, output = self.read(self.batcher.encode(link), change)
            encoded = time.perf_counter()
            if edits:
                largest = self.model.config.max_mentions
                output, more = by_hand.override(
                    output, link, edits, self.graph, self.finder, largest=largest
                )
                notes += more
            spans = output.sets[0][decide(output, 0, refuse=settings.refuse)[0]] if partial else ()
            mentions = (
                TraceBuilder(self.graph, settings.min_relation).mentions(
                    link, batch, output, 0, spans
                )
                if partial
                else ()
            )
        read = time.perf_counter()
        if partial:
            yield replace(self._stage(cleaned, "following", edits), mentions=mentions)
        resumed = time.perf_counter()
        with torch.inference_mode():
            found = predict_one(
                self.adjacency, batch, output, 0, self.model.config.answer_threshold, settings
            )
            walked = time.perf_counter()
            trace = replace(
                self._trace(link, batch, output, 0, found, settings),
                edits=edits,
                notes=tuple(notes),
            )
        ended = time.perf_counter()
        if trace.outcome == "not_in_graph" and edits.leave_out and found.refused < REFUSE:
            trace = replace(trace, outcome="left_out", message=OUTCOMES["left_out"])
        marks = {
            "link": linked - started,
            "encode": encoded - linked - away,
            "hops": walked - resumed,
            "trace": ended - walked + read - encoded,
            "total": ended - started - away - (resumed - read),
        }
        trace.timings.update({name: round(1000 * seconds, 3) for name, seconds in marks.items()})
        yield trace

    def _impose(self, batch: Batch, link: Link, edits: Edits) -> Batch:
        hops = max(self.model.config.max_hops, self.model.config.max_after)
        return by_hand.impose(batch, link, edits, self.graph, self.finder, hops=hops)

    def _stage(self, question: str, stage: str, edits: Edits) -> Trace:
        return Trace(question, stage, STAGES[stage], edits=edits, **self._stamp())

    def answer_many(
        self, questions: Sequence[str], *, settings: Settings | None = None
    ) -> list[Trace]:
        """Answer questions together: the traces that ``answer`` would give, in the order of the questions.

        Several times faster than one by one. Questions of similar length share a batch; on a CPU with several threads the
        batches run side by side. The timings of a trace are its own for link and trace, its share of the batch for the rest.
        """
        settings = settings or self.settings
        order = sorted(range(len(questions)), key=lambda i: len(str(questions[i] or "")))
        workers = self.workers.count if self.device.type == "cpu" else 1
        size = max(1, min(MAX_BATCH, -(-len(order) // workers)))
        parts = [order[low : low + size] for low in range(0, len(order), size)]
        done = self.workers.map(
            lambda part: self._answer([questions[i] for i in part], settings), parts
        )
        place = {
            i: trace
            for part, traces in zip(parts, done, strict=True)
            for i, trace in zip(part, traces, strict=True)
        }
        return [place[i] for i in range(len(questions))]

    def _answer(self, questions: Sequence[str], settings: Settings) -> list[Trace]:
        """One batch."""
        traces: dict[int, Trace] = {}
        linked: list[tuple[int, Link, float]] = []  # (place, link, seconds)
        for i, question in enumerate(questions):
            started = time.perf_counter()
            cleaned = clean(question)
            if not cleaned:
                traces[i] = self._empty("", "empty_question")
            elif len(cleaned) > MAX_CHARACTERS:
                traces[i] = self._empty(cleaned[:MAX_CHARACTERS] + "…", "too_long")
            else:
                link = self.linker(cleaned)
                if link.proposals:
                    linked.append((i, link, time.perf_counter() - started))
                else:
                    traces[i] = self._empty(cleaned, "no_mention")
        if linked:
            with torch.inference_mode():
                traces |= self._walked(linked, settings)
        return [traces[i] for i in range(len(questions))]

    def _walked(
        self, linked: list[tuple[int, Link, float]], settings: Settings
    ) -> dict[int, Trace]:
        """Encode, hops and trace of linked questions: {place: trace}."""
        traces, share = {}, 1000 / len(linked)
        marks = [time.perf_counter()]
        batch = self.batcher.collate([self.batcher.encode(link) for _, link, _ in linked])
        output = to_cpu(self.model(batch.to(self.device)))
        marks.append(time.perf_counter())
        threshold = self.model.config.answer_threshold
        found = predict_many(self.adjacency, batch, output, range(len(linked)), threshold, settings)
        marks.append(time.perf_counter())
        for b, ((i, link, seconds), prediction) in enumerate(zip(linked, found, strict=True)):
            started = time.perf_counter()
            trace = traces[i] = self._trace(link, batch, output, b, prediction, settings)
            milliseconds = {
                "link": 1000 * seconds,
                "encode": share * (marks[1] - marks[0]),
                "hops": share * (marks[2] - marks[1]),
                "trace": 1000 * (time.perf_counter() - started),
            }
            milliseconds["total"] = sum(milliseconds.values())
            trace.timings.update({name: round(value, 3) for name, value in milliseconds.items()})
        return traces

    def about(self, key: str) -> Neighbourhood | None:
        """What the graph says of the entity with this id; None if there is none."""
        return neighbourhood(self.graph, self.finder, key)

    def named(self, text: str) -> tuple[Entity, ...]:
        """Entities with this name or one like it."""
        return named(self.graph, self.finder, clean(text)[:MAX_CHARACTERS])

    def _stamp(self) -> dict:
        return {
            "model": self.model.config.name,
            "graph": self.graph.fingerprint,
            "version": __version__,
        }

    def _empty(self, question: str, outcome: str) -> Trace:
        zero = dict.fromkeys(("link", "encode", "hops", "trace", "total"), 0.0)
        return Trace(question, outcome, OUTCOMES[outcome], timings=zero, **self._stamp())

    def _trace(
        self,
        link: Link,
        batch: Batch,
        output: ModelOutput,
        b: int,
        found: Prediction,
        settings: Settings,
    ) -> Trace:
        builder = TraceBuilder(self.graph, settings.min_relation)
        mentions = builder.mentions(link, batch, output, b, found.spans)
        common = {
            "confidence": found.probability,
            "mentions": mentions,
            "excluded": float(output.exclude[b].sigmoid()),
            **self._stamp(),
        }
        if found.walk is None:
            return Trace(link.question, "not_in_graph", OUTCOMES["not_in_graph"], **common)
        walk = found.walk
        words = tuple(link.question[start:end] for start, end, _ in link.words)
        goals = found.answers if walk.after is None else walk.meeting
        branches = tuple(
            builder.branch(chain, span, output.attention[b, span], words, goals)
            for span, chain in zip(walk.spans, walk.branches, strict=True)
        )
        joint = (
            builder.intersection(walk, output.after_attention[b], words, found.answers)
            if walk.after is not None
            else None
        )
        outcome = "answered"
        if not len(found.answers):
            reached = all(len(chain.result) for chain in walk.branches)
            outcome = (
                "empty_intersection"
                if walk.after is not None and reached and not len(walk.meeting)
                else "no_path"
            )
        finder = PathFinder(self.graph, walk, settings.min_relation)
        answers = []
        largest = float(found.answers.weights[0]) if len(found.answers) else 0.0
        for i, (entity, membership) in enumerate(
            zip(found.answers.ids.tolist(), found.answers.weights.tolist(), strict=True)
        ):
            known = features(found.probability, membership, largest, len(found.spans))
            score = calibrated(known, self.model.config.calibration)
            paths = finder.paths(entity) if i < MAX_PATHS else ()
            answers.append(Answer(builder.entity(entity), score, membership, paths))
        return Trace(
            link.question,
            outcome,
            OUTCOMES[outcome],
            tuple(answers),
            branches=branches,
            intersection=joint,
            **common,
        )


def _metrics(path: Path) -> dict:
    """What ``python -m kgqa evaluate`` wrote beside the checkpoint; empty if there is nothing readable."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _examples(path: Path) -> list[dict]:
    """What training chose to show; empty if there is nothing readable."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [
            {"kind": str(e["kind"]), "question": str(e["question"])[:MAX_CHARACTERS]}
            for e in found[:12]
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def clean(question: object) -> str:
    """A single line of printable text: control characters and line breaks become spaces, lone surrogates go."""
    text = str(question or "")[: 4 * MAX_CHARACTERS]
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join("".join(c if c.isprintable() or c in "\u200d" else " " for c in text).split())
