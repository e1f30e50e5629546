"""Other graphs that are trained on at the same time, so that a model learns to walk any graph.

A folder has a folder of the benchmark layout for each graph. All share the weights, and a relation
is known by its words alone (``kgqa.model.binding``), so what is learned carries over to graphs that
were never seen. Folders whose name begins with "dev-" are not trained on: they tell how well.

A file ``synonyms.tsv`` beside them has other names for the relations of the graph itself, which is
then trained on under these, too (``kgqa.graph.synonyms``).
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import torch

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint
from kgqa.errors import DataError
from kgqa.evaluation.evaluator import Evaluator
from kgqa.evaluation.metrics import Summary, summary
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.graph.synonyms import Synonyms, read_synonyms
from kgqa.model.binding import word_vectors
from kgqa.questions import Question
from kgqa.training.config import REFRESHED, REFRESHED_MAIN
from kgqa.training.dataset import TrainingSet
from kgqa.training.explanations import explain_here
from kgqa.training.progress import Progress
from kgqa.training.renaming import rename

HELD_OUT = "dev-"
SYNONYMS = "synonyms.tsv"
RENAMED = 2  # one batch of the graph under other names for so many under its own


@dataclass(frozen=True)
class Other:
    """A graph with its questions."""

    checkpoint: Checkpoint  #: the weights that are trained, over this graph
    training: TrainingSet  #: empty if it is held out
    dev: Evaluator


@dataclass(frozen=True)
class _Shown:
    """A graph as training shows it."""

    checkpoint: Checkpoint
    training: TrainingSet
    batches: int  #: in a pass
    often: int  #: batches after which the words of its relations are read again
    synonyms: Synonyms = field(default_factory=dict)  #: of which its relations get new names then


def reread(checkpoint: Checkpoint) -> None:
    """Give relations the vectors of their words as the encoder reads them now."""
    model = checkpoint.model
    vectors = word_vectors(model.encoder, checkpoint.tokenizer, model.config)
    model.relation_words.copy_(vectors)


class Others:
    """Many graphs. Those to train on come in batches; those held out are measured."""

    def __init__(self, graphs: Sequence[Other], synonyms: Synonyms | None = None):
        self.trained = [g for g in graphs if len(g.training)]
        self.held_out = [g for g in graphs if not len(g.training)]
        self.synonyms = synonyms or {}

    @classmethod
    def read(
        cls,
        folder: Path,
        start: Checkpoint,
        progress: Progress = Progress(),
        *,
        workers: int = 2,
        search: bool = True,
    ) -> Others:
        """Build, search and link every graph of a folder; what was done before is read again.

        ``search``: whether explanations are needed.

        Raises :class:`DataError` if there is none, or for names of relations that are malformed.
        """
        names = folder / SYNONYMS
        synonyms = read_synonyms(names, start.graph.relation_index) if names.is_file() else None
        folders = sorted(path.parent for path in folder.glob("*/train.jsonl"))
        if not folders:
            raise DataError(f"{folder} has no folder with train.jsonl in it.")
        context = multiprocessing.get_context("spawn")
        with context.Pool(workers, torch.set_num_threads, (1,)) as pool:
            prepared = pool.imap(partial(_prepare, search=search), folders)
            list(progress.over(prepared, "search", total=len(folders)))
        linked = progress.over(folders, "link", total=len(folders))
        return cls([_open(path, start, search=search) for path in linked], synonyms)

    def __len__(self) -> int:
        """Questions to train on, without those of the graph itself."""
        return sum(len(g.training) for g in self.trained)

    def beside(
        self, checkpoint: Checkpoint, training: TrainingSet, seed: int, size: int
    ) -> Iterator[tuple[Checkpoint, TrainingSet, list[int]]]:
        """Batches of a training set and of all graphs, for ever; the same for the same seed."""
        named = _Shown(checkpoint, training, -(-len(training) // size), REFRESHED_MAIN)
        shown = [named]
        for other in self.trained:
            batches = -(-len(other.training) // size)
            shown.append(_Shown(other.checkpoint, other.training, batches, REFRESHED))
        if self.synonyms:
            bound = checkpoint.over(checkpoint.graph)
            batches = named.batches // RENAMED
            shown.append(_Shown(bound, training, batches, REFRESHED, self.synonyms))
        streams = [s.training.stream(seed + bool(s.synonyms), size) for s in shown]
        order = [i for i, s in enumerate(shown) for _ in range(s.batches)]
        visits = [0] * len(shown)
        for epoch in count():
            rng = random.Random(f"{seed}-{epoch}")
            rng.shuffle(order)
            for i in order:
                visits[i] += 1
                if visits[i] % shown[i].often == 1:
                    if shown[i].synonyms:
                        rename(shown[i].checkpoint, shown[i].synonyms, rng)
                    reread(shown[i].checkpoint)
                yield shown[i].checkpoint, shown[i].training, next(streams[i])

    def measure(self) -> Summary:
        """The dev questions of the graphs that are held out, or else of all."""
        scores = []
        for graph in self.held_out or self.trained:
            reread(graph.checkpoint)
            scores += graph.dev().scores
        return summary(scores)


def _prepare(folder: Path, *, search: bool) -> None:
    """Build the graph and search explanations, unless both were done before."""
    if not (folder / "graph" / "graph.json").is_file():
        build_tables(folder, folder / "graph")
    if search and not folder.name.startswith(HELD_OUT):
        explain_here(_questions(folder), folder / "graph", folder / "explanations.jsonl")


def _questions(folder: Path) -> list[Question]:
    return question_files.read(folder / "train.jsonl")


def _open(folder: Path, start: Checkpoint, *, search: bool) -> Other:
    checkpoint = start.over(Graph.load(folder / "graph"))
    training = TrainingSet(())
    if not folder.name.startswith(HELD_OUT):
        questions = _questions(folder)
        file = folder / "explanations.jsonl"
        found = explain_here(questions, folder / "graph", file) if search else None
        training = TrainingSet.link(checkpoint, questions, found, agree=True)
    dev = Evaluator(checkpoint, question_files.read(folder / "dev.jsonl"))
    return Other(checkpoint, training, dev)
