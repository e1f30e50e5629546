"""The run as a whole: explanations first, then through follow; the best by dev is kept.

    search      programs that explain the answers, once       kgqa.training.dataset
    paths       first stage: make them likely                 kgqa.training.loss.path_marginal
    follow      last stage: walk the graph as in use          kgqa.training.loss.through_follow
    measure     dev questions, with the averaged weights      kgqa.evaluation
    finish      calibrate the best, choose examples           kgqa.training.finish

An interrupted run goes on from the last measurement, with the same batches and the same noise as
if it had not stopped.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from kgqa import files
from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint, parts, pick_device
from kgqa.errors import DataError
from kgqa.evaluation import metrics
from kgqa.evaluation.evaluator import Evaluator
from kgqa.graph import Graph
from kgqa.model.batch import Batch
from kgqa.questions import Question
from kgqa.training import finish
from kgqa.training.config import ALONE, HELD_OUT, RECENT, Schedule, TrainConfig
from kgqa.training.dataset import Example, training_set
from kgqa.training.feed import feed
from kgqa.training.learner import Learner, run_bytes
from kgqa.training.loss import not_beyond, of_the_kind, path_marginal, through_follow
from kgqa.training.masking import masked
from kgqa.training.others import Others, reread
from kgqa.training.progress import Progress
from kgqa.training.run import Run, TrainResult
from kgqa.training.start import beginning
from kgqa.training.state import DevScore, Identity, State
from kgqa.training.survey import prepare
from kgqa.training.terms import Along


def train(
    data: str | Path,
    out: str | Path,
    *,
    graph: str | Path | None = None,
    config: TrainConfig = TrainConfig(),
    name: str = "",
    device: str = "auto",
    explanations: Path | None = None,
    progress: Progress = Progress(),
) -> TrainResult:
    """Train on a folder of questions; ``out`` becomes a checkpoint. Resumes if interrupted.

    >>> train("DIR", "RUN").best.scores.hits_at_1  # doctest: +SKIP
    97.4

    Args:
        data: train.jsonl and, unless some of it are to be held out, dev.jsonl; entities.tsv and
            triples.tsv unless there is a graph.
        graph: a built graph folder.
        name: of the model; by default the folder's.
        explanations: the file that keeps them, where several runs share it.

    Raises:
        DataError: a file is missing or malformed, no question can be explained, or there is
            neither a first stage nor a checkpoint to start from.
        CheckpointError: there is no base encoder, or no checkpoint to start from.
        FileError: nothing can be written to ``out``, or it has a run that cannot go on.
    """
    run = Run(out)
    if config.start is not None and Path(config.start).resolve() == run.folder.resolve():
        raise DataError(
            f"{run.folder} cannot be trained further in its own folder; give another with --out."
        )
    if config.epochs == 0 and config.start is None:
        raise DataError("Without a first stage (--epochs 0) there must be a --start to go on from.")
    source = prepare(Path(data), run.folder, graph, config.complete, progress)
    operators = source.operators if config.operators is None else config.operators
    config = replace(config, complete=source.complete, operators=operators)
    trainer = Trainer(
        Path(data),
        source.graph,
        run,
        config,
        name=name or run.folder.name,
        device=device,
        explanations=explanations or run.explanations,
        progress=progress,
    )
    return trainer.run()


class Trainer:
    """One run in one folder."""

    def __init__(
        self,
        data: Path,
        graph: Path,
        run: Run,
        config: TrainConfig,
        *,
        name: str,
        device: str,
        explanations: Path,
        progress: Progress,
    ):
        self.started = time.perf_counter()
        self.folder, self.progress = run, progress
        train, dev = _read(data, progress)
        progress.say(f"{len(train):,} training and {len(dev):,} dev questions")
        torch.manual_seed(config.seed)
        start = beginning(config, Graph.load(graph), name)
        self.checkpoint, self.before = start.checkpoint, start.before
        self.config = config = replace(config, operators=self.checkpoint.config.operators)
        fingerprint, model = self.checkpoint.graph.fingerprint, self.checkpoint.model
        self.identity = Identity.of(config, fingerprint, model, [*train, *dev])
        self.saved = run.saved()
        if self.saved:
            self.saved.require(self.identity, model)
        run.require_room((1 if self.saved else 2) * run_bytes(model, config.frozen_layers))
        model.to(pick_device(device))
        self.training = training_set(self.checkpoint, train, data, explanations, config, progress)
        self.others: Others | None = None
        if config.others is not None:
            folder = Path(config.others)
            how: dict[str, Any] = {"workers": config.workers, "search": config.epochs != 0}
            self.others = Others.read(folder, self.checkpoint, progress, **how)
            progress.say(f"{len(self.others):,} questions about {len(self.others.trained)} others")
        self.dev = Evaluator(self.checkpoint, dev)
        self.sample = self.dev.sample(config.dev_questions)
        self.schedule = Schedule.of(config, len(self.training) + len(self.others or ()))
        further = bool(self.before) or self.schedule.first_stage == 0
        self.learner = Learner(self.checkpoint.model, config, self.schedule, further=further)

    def run(self) -> TrainResult:
        """Train to the end, or give the result of a run that has ended."""
        state = self._resume()
        result = self.folder.result()
        if state.step >= self.schedule.total and result:
            return result
        state = self._train(state)
        assert state.best is not None  # the last step is measured
        best = finish.result(self.checkpoint, state.weights, self.before)
        if self.before and self.others:
            reread(best)
        dev = Evaluator(best, self.dev.questions, items=self.dev.items)
        finish.cool(best, dev.sample(self.config.dev_questions))
        evaluation = dev()
        finish.calibrate(best, evaluation)
        return self.folder.finish(
            best,
            finish.examples(evaluation.questions, evaluation.scores),
            state.best,
            steps=self.schedule.total,
            seconds=time.perf_counter() - self.started,
        )

    def _train(self, state: State) -> State:
        """All steps that are left."""
        total, seed = self.schedule.total, self.config.seed
        started = time.perf_counter() - state.seconds
        losses = deque(state.losses, maxlen=RECENT)
        fed = self._fed(state.step, total)
        steps = self.progress.over(fed, "train", total=total, start=state.step)
        for done, (checkpoint, examples, batch) in enumerate(steps, state.step):
            torch.manual_seed(1_000_003 * seed + done)  # a resumed run draws the same numbers
            losses.append(self.step(examples, batch, done, checkpoint))
            step, loss = done + 1, sum(losses) / len(losses)
            if step % 20 == 0:
                best = state.best.score if state.best else 0
                self.progress.note(f"loss {loss:.3f} best dev {best:.1f}")
            if step % self.schedule.evaluate_every == 0 or step == total:
                seconds = time.perf_counter() - started
                state = replace(state, step=step, losses=tuple(losses), seconds=seconds)
                state = self._measure(state, loss)
        return state

    def _fed(self, start: int, end: int) -> Iterator[tuple[Checkpoint, list[Example], Batch]]:
        """The batches of these steps, of which the first may have been taken before."""
        seed, size = self.config.seed, self.config.batch_size
        if self.others is not None:
            mixed = self.others.beside(self.checkpoint, self.training, seed, size)
            for checkpoint, training, indices in islice(mixed, start, end):
                examples = [training.examples[i] for i in indices]
                yield checkpoint, examples, checkpoint.batcher.collate([e.item for e in examples])
            return
        stream = islice(self.training.stream(seed, size), start, end)
        workers = self.config.workers if self.checkpoint.device.type == "cuda" else 0
        fed = feed(self.checkpoint, self.training, stream, workers=workers)
        yield from ((self.checkpoint, examples, batch) for examples, batch in fed)

    def step(
        self,
        examples: list[Example],
        batch: Batch,
        done: int,
        checkpoint: Checkpoint | None = None,
    ) -> float:
        """Update the weights with one batch of a graph, after ``done`` others; its loss."""
        checkpoint = checkpoint or self.checkpoint
        device = self.checkpoint.device
        checkpoint.model.train()
        batch = masked(batch, examples, checkpoint, self.config)
        explanations = [example.explanations for example in examples]
        along = None
        if checkpoint.config.commits and done < self.schedule.first_stage:
            along = Along.of(explanations, checkpoint.config)
        fast = device.type == "cuda" or self.config.bfloat16
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast):
            output = checkpoint.model(batch.to(device), along and along.chains.to(device))
        if done >= self.schedule.first_stage:
            output = output.to("cpu")
            bounds: dict[str, Any] = {} if self.schedule.first_stage else ALONE
            loss = through_follow(checkpoint.graph, batch, output, examples, **bounds)
        else:
            agreement = self.schedule.agreement(done)
            loss = path_marginal(
                output,
                explanations,
                complete=self.config.complete is not False,
                sharpness=self.schedule.sharpness(done) if self.config.operators else 1.0,
                priors=[[agreement * p for p in example.priors] for example in examples],
                along=along,
            )
        loss = loss + not_beyond(output, examples)
        loss = loss + of_the_kind(checkpoint.graph, output, examples)
        self.learner.update(loss)
        return float(loss.detach())

    def _measure(self, state: State, loss: float) -> State:
        """Measure the averaged weights, and keep the state, with them if they are the best."""
        step, seconds = state.step, state.seconds
        others = None
        with self.learner.averaged():
            if self.others is not None:
                reread(self.checkpoint)
                others = self.others.measure()
            scores = metrics.summary(self.sample().scores)
            weights = parts.stored(self.checkpoint.model)
        follow = step > self.schedule.first_stage
        measured = DevScore(step, loss, round(seconds), scores, follow, others)
        better = None
        if measured.beats(state.best):
            state = replace(state, best=measured, weights=weights)
            better = finish.result(self.checkpoint, weights, before={})
        whole = replace(state, learner=self.learner.state())
        self.folder.keep(measured, whole, self.identity, self.schedule, better)
        self.progress.say(
            f"step {step}/{self.schedule.total} loss {loss:.3f} dev hits@1 {scores.hits_at_1}, "
            f"exact {scores.exact_match}, f1 {scores.f1}, resolved {scores.resolved}, "
            f"refused {scores.refused_answerable}, {seconds:.0f} s"
            + (f"; others hits@1 {others.hits_at_1}, f1 {others.f1}" if others else "")
        )
        return state

    def _resume(self) -> State:
        """Where the run in this folder is."""
        saved, schedule = self.saved, self.schedule
        if saved and saved.stages == (schedule.first_stage, schedule.total):
            state = saved.state
            self.learner.restore(state.learner, state.step)
            self.progress.say(f"Resuming at step {state.step} of {schedule.total}.")
            return replace(state, learner={})
        if saved:
            self.progress.say("The run in this folder had another length; starting anew.")
        self.folder.begin()
        return State()


def _read(data: Path, progress: Progress) -> tuple[list[Question], list[Question]]:
    """The questions of train and of dev. Without dev.jsonl some of train are held out."""
    train, dev = question_files.read(data / "train.jsonl"), []
    if files.is_file(data / "dev.jsonl"):
        dev = question_files.read(data / "dev.jsonl")
    elif len(train) > 1:
        rows = random.Random(0).sample(train, len(train))
        held_out = max(1, round(HELD_OUT * len(rows)))
        train, dev = rows[held_out:], rows[:held_out]
        progress.say(
            f"There is no dev.jsonl; held out for it: {held_out:,} of {len(rows):,} questions."
        )
    for name, rows in (("train", train), ("dev", dev)):
        if not rows:
            raise DataError(
                f"{data / name}.jsonl holds no question; training needs at least one in train and "
                "in dev."
            )
    return train, dev
