"""The pipeline: a question in, a Trace out. Thread-safe; nothing about a question is kept."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import torch

from kgqa import __version__
from kgqa.changes import Changes
from kgqa.data.batch import Batcher
from kgqa.datatypes import OUTCOMES, Answer, Entity, Neighbourhood, Trace
from kgqa.graph import Graph
from kgqa.inference import changes as by_hand
from kgqa.inference.calibrate import calibrated, features
from kgqa.inference.neighbours import named, neighbourhood
from kgqa.inference.paths import PathFinder
from kgqa.inference.predict import REFUSE, Prediction, Settings, adjacency, predict_one
from kgqa.inference.together import Together
from kgqa.inference.trace import TraceBuilder
from kgqa.linking import Link, Linker
from kgqa.linking.search import Finder
from kgqa.model import checkpoint as checkpoints
from kgqa.model.network import KGQAModel

MAX_CHARACTERS = 500
MAX_PATHS = 60  # answers beyond these are listed without paths


class Pipeline:
    """Answers questions over one graph with one model."""

    def __init__(self, graph: Graph, model: KGQAModel, tokenizer, *, settings: Settings = Settings()):
        self.graph, self.model, self.settings = graph, model.eval(), settings
        self.device = next(model.parameters()).device
        self.linker = Linker(graph)
        self.batcher = Batcher(graph, tokenizer)
        self.adjacency = adjacency(graph)
        self.finder = Finder(graph)
        self.read = Together(self.model, self.batcher)  # question in words and spans -> (batch, output), both on the CPU
        self.metrics: dict = {}  # what was measured of this checkpoint, for the page
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
        where, folder = checkpoints.pick_device(device), checkpoints.locate(str(checkpoint), revision)
        model, tokenizer, graph = checkpoints.load(folder, device=where)
        pipeline = cls(graph, model, tokenizer, settings=settings)
        pipeline.metrics = _metrics(folder / "metrics.json")
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
            "sources": self.graph.meta.get("sources", []),
            "relations": [
                {"id": graph.relation_id(r), "label": graph.relation_label(r), "triples": graph.relations[r % half]["triples"]}
                for r in range(graph.num_relations)
                if r < half or not graph.relations[r % half]["literal"]  # a literal has no inverse edges
            ],
            "kinds": self.graph.kinds,
            "metrics": self.metrics,
            "hops": self.model.config.max_hops,
            "hops_after": self.model.config.max_after,
            "mentions": self.model.config.max_mentions,
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "version": __version__,
        }

    def answer(self, question: str, *, changes: Changes = Changes(), settings: Settings | None = None) -> Trace:
        """Answer a question. Whatever the string, the result is a Trace; its ``outcome`` says how it ended.

        ``changes`` are what a person decided by hand instead of the model; the trace says which, and which did not fit.
        """
        settings = settings or self.settings
        if not changes.intersect:
            settings = replace(settings, intersect=False)
        started = time.perf_counter()
        cleaned = clean(question)
        if not cleaned:
            return self._empty("", "empty_question")
        if len(cleaned) > MAX_CHARACTERS:
            return self._empty(cleaned[:MAX_CHARACTERS] + "…", "too_long")
        link = self.linker(cleaned)
        link, notes = by_hand.proposals(link, changes, self.finder) if changes else (link, [])
        if not link.proposals:
            return replace(self._empty(cleaned, "no_mention"), changes=changes, notes=tuple(notes))
        linked = time.perf_counter()
        with torch.inference_mode():
            change = (lambda batch: by_hand.restrict(batch, link, changes, self.finder)) if changes.use else None
            batch, output = self.read(self.batcher.encode(link), change)
            encoded = time.perf_counter()
            if changes:
                largest = self.model.config.max_mentions
                output, more = by_hand.override(output, link, changes, self.graph, self.finder, largest=largest)
                notes += more
            found = predict_one(self.adjacency, batch, output, 0, self.model.config.answer_threshold, settings)
            walked = time.perf_counter()
            trace = replace(self._trace(link, batch, output, found, settings), changes=changes, notes=tuple(notes))
        ended = time.perf_counter()
        if trace.outcome == "not_in_graph" and changes.leave_out and found.refused < REFUSE:
            trace = replace(trace, outcome="left_out", message=OUTCOMES["left_out"])
        marks = {
            "link": linked - started,
            "encode": encoded - linked,
            "hops": walked - encoded,
            "trace": ended - walked,
            "total": ended - started,
        }
        trace.timings.update({name: round(1000 * seconds, 3) for name, seconds in marks.items()})
        return trace

    def about(self, key: str) -> Neighbourhood | None:
        """What the graph says of the entity with this id; None if there is none."""
        return neighbourhood(self.graph, self.finder, key)

    def named(self, text: str) -> tuple[Entity, ...]:
        """Entities with this name or one like it."""
        return named(self.graph, self.finder, clean(text)[:MAX_CHARACTERS])

    def _stamp(self) -> dict:
        return {"model": self.model.config.name, "graph": self.graph.fingerprint, "version": __version__}

    def _empty(self, question: str, outcome: str) -> Trace:
        zero = dict.fromkeys(("link", "encode", "hops", "trace", "total"), 0.0)
        return Trace(question, outcome, OUTCOMES[outcome], timings=zero, **self._stamp())

    def _trace(self, link: Link, batch, output, found: Prediction, settings: Settings) -> Trace:
        builder = TraceBuilder(self.graph, settings.min_relation)
        mentions = builder.mentions(link, batch, output, 0, found.spans)
        common = {
            "confidence": found.probability,
            "mentions": mentions,
            "excluded": float(output.exclude[0].sigmoid()),
            **self._stamp(),
        }
        if found.walk is None:
            return Trace(link.question, "not_in_graph", OUTCOMES["not_in_graph"], **common)
        walk = found.walk
        words = tuple(link.question[start:end] for start, end, _ in link.words)
        goals = found.answers if walk.after is None else walk.meeting
        branches = tuple(
            builder.branch(chain, span, output.attention[0, span], words, goals)
            for span, chain in zip(walk.spans, walk.branches, strict=True)
        )
        joint = builder.intersection(walk, output.after_attention[0], words, found.answers) if walk.after is not None else None
        outcome = "answered"
        if not len(found.answers):
            reached = all(len(chain.result) for chain in walk.branches)
            outcome = "empty_intersection" if walk.after is not None and reached and not len(walk.meeting) else "no_path"
        finder = PathFinder(self.graph, walk, settings.min_relation)
        answers = []
        largest = float(found.answers.weights[0]) if len(found.answers) else 0.0
        for i, (entity, membership) in enumerate(zip(found.answers.ids.tolist(), found.answers.weights.tolist(), strict=True)):
            known = features(found.probability, membership, largest, len(found.spans))
            score = calibrated(known, self.model.config.calibration)
            paths = finder.paths(entity) if i < MAX_PATHS else ()
            answers.append(Answer(builder.entity(entity), score, membership, paths))
        return Trace(link.question, outcome, OUTCOMES[outcome], tuple(answers), branches=branches, intersection=joint, **common)


def _metrics(path: Path) -> dict:
    """What ``python -m kgqa evaluate`` wrote beside the checkpoint; empty if there is nothing readable."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def clean(question: object) -> str:
    """A single line of printable text: control characters and line breaks become spaces, lone surrogates go."""
    text = str(question or "")[: 4 * MAX_CHARACTERS]
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join("".join(c if c.isprintable() or c in "\u200d" else " " for c in text).split())
