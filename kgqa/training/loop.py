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

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint, parts, pick_device
from kgqa.errors import DataError
from kgqa.evaluation import metrics
from kgqa.evaluation.evaluator import Evaluator
from kgqa.graph import Graph
from kgqa.model.base import new_model
from kgqa.model.batch import Batch
from kgqa.questions import Question
from kgqa.training import finish
from kgqa.training.config import RECENT, Schedule, TrainConfig
from kgqa.training.dataset import Example, TrainingSet, explain
from kgqa.training.feed import feed
from kgqa.training.learner import Learner, run_bytes
from kgqa.training.loss import not_beyond, path_marginal, through_follow
from kgqa.training.progress import Progress
from kgqa.training.run import Run, TrainResult
from kgqa.training.state import DevScore, Identity, State
from kgqa.training.survey import prepare


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
        data: train.jsonl and dev.jsonl; entities.tsv and triples.tsv unless there is a graph.
        graph: a built graph folder.
        name: of the model; by default the folder's.
        explanations: the file that keeps them, where several runs share it.

    Raises:
        DataError: a file is missing or malformed, or no question can be explained.
        CheckpointError: there is no base encoder, or no checkpoint to start from.
        FileError: nothing can be written to ``out``, or it has a run that cannot go on.
    """
    run = Run(out)
    if config.start is not None and Path(config.start).resolve() == run.folder.resolve():
        raise DataError(
            f"{run.folder} cannot be trained further in its own folder; give another with --out."
        )
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
        train, dev = _read(data / "train.jsonl"), _read(data / "dev.jsonl")
        progress.say(f"{len(train):,} training and {len(dev):,} dev questions")
        torch.manual_seed(config.seed)
        self.checkpoint = _beginning(config, Graph.load(graph), name)
        self.config = config = replace(config, operators=self.checkpoint.config.operators)
        self.before = _copy(self.checkpoint) if config.start is not None else {}
        fingerprint, model = self.checkpoint.graph.fingerprint, self.checkpoint.model
        self.identity = Identity.of(config, fingerprint, model, [*train, *dev])
        self.saved = run.saved()
        if self.saved:
            self.saved.require(self.identity, model)
        run.require_room((1 if self.saved else 2) * run_bytes(model, config.frozen_layers))
        explained = explain(
            train,
            graph,
            explanations,
            workers=config.workers,
            complete=config.complete is not False,
            operators=self.checkpoint.config.operators,
            progress=progress,
        )
        usable = sum(map(bool, explained))
        if not usable:
            raise DataError(
                f"None of the {len(train)} questions of {data / 'train.jsonl'} has an explanation "
                "in the graph; check entity ids."
            )
        share = 100 * usable / len(train)
        progress.say(f"{usable:,} questions have an explanation ({share:.1f}%)")
        model.to(pick_device(device))
        self.training = TrainingSet.link(
            self.checkpoint,
            train,
            explained,
            progress,
            workers=config.workers,
            agree=config.operators is True,
        )
        self.dev = Evaluator(self.checkpoint, dev)
        self.sample = self.dev.sample(config.dev_questions)
        self.schedule = Schedule.of(config, len(self.training))
        self.learner = Learner(self.checkpoint.model, config, self.schedule)

    def run(self) -> TrainResult:
        """Train to the end, or give the result of a run that has ended."""
        state = self._resume()
        result = self.folder.result()
        if state.step >= self.schedule.total and result:
            return result
        state = self._train(state)
        assert state.best is not None  # the last step is measured
        best = finish.result(self.checkpoint, state.weights, self.before)
        evaluation = Evaluator(best, self.dev.questions, items=self.dev.items)()
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
        stream = islice(self.training.stream(seed, self.config.batch_size), state.step, total)
        workers = self.config.workers if self.checkpoint.device.type == "cuda" else 0
        fed = feed(self.checkpoint, self.training, stream, workers=workers)
        steps = self.progress.over(fed, "train", total=total, start=state.step)
        for done, (examples, batch) in enumerate(steps, state.step):
            torch.manual_seed(1_000_003 * seed + done)  # a resumed run draws the same numbers
            losses.append(self.step(examples, batch, done))
            step, loss = done + 1, sum(losses) / len(losses)
            if step % 20 == 0:
                best = state.best.score if state.best else 0
                self.progress.note(f"loss {loss:.3f} best dev {best:.1f}")
            if step % self.schedule.evaluate_every == 0 or step == total:
                seconds = time.perf_counter() - started
                state = replace(state, step=step, losses=tuple(losses), seconds=seconds)
                state = self._measure(state, loss)
        return state

    def step(self, examples: list[Example], batch: Batch, done: int) -> float:
        """Update the model with one batch, after ``done`` others; its loss."""
        checkpoint, device = self.checkpoint, self.checkpoint.device
        checkpoint.model.train()
        batch = self.masked(batch, examples)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            output = checkpoint.model(batch.to(device))
        if done >= self.schedule.first_stage:
            output = output.to("cpu")
            loss = through_follow(checkpoint.graph, batch, output, examples)
        else:
            agreement = self.schedule.agreement(done)
            loss = path_marginal(
                output,
                [example.explanations for example in examples],
                complete=self.config.complete is not False,
                sharpness=self.schedule.sharpness(done) if self.config.operators else 1.0,
                priors=[[agreement * p for p in example.priors] for example in examples],
            )
        loss = loss + not_beyond(output, examples)
        self.learner.update(loss)
        return float(loss.detach())

    def masked(self, batch: Batch, examples: Sequence[Example]) -> Batch:
        """The batch with a few word pieces, and some names, replaced by the mask token."""
        words = batch.word_mask.shape[1]
        hidden = torch.rand(batch.input_ids.shape) < self.config.mask_tokens
        share = self.config.mask_names if self.config.operators else 0.0
        for i in (torch.rand(len(examples)) < share).nonzero().flatten().tolist():
            for first, last in examples[i].names(self.checkpoint.graph.num_entities):
                place = batch.word_of_token[i]
                hidden[i] |= (place >= first) & (place <= last)
        hidden &= batch.word_of_token < words
        mask = self.checkpoint.tokenizer.mask_token_id
        return replace(batch, input_ids=batch.input_ids.masked_fill(hidden, mask))

    def _measure(self, state: State, loss: float) -> State:
        """Measure the averaged weights, and keep the state, with them if they are the best."""
        step, seconds = state.step, state.seconds
        with self.learner.averaged():
            scores = metrics.summary(self.sample().scores)
            weights = parts.stored(self.checkpoint.model)
        follow = step > self.schedule.first_stage
        measured = DevScore(step, loss, round(seconds), scores, follow)
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


def _read(file: Path) -> list[Question]:
    rows = question_files.read(file)
    if not rows:
        raise DataError(
            f"{file} holds no question; training needs at least one in train and in dev."
        )
    return rows


def _copy(checkpoint: Checkpoint) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in checkpoint.model.state_dict().items()}


def _beginning(config: TrainConfig, graph: Graph, name: str) -> Checkpoint:
    """A new model on the base encoder, or a checkpoint of this graph to train further."""
    start = config.start
    if start is None:
        new = new_model(graph, name, operators=config.operators is True)
        return Checkpoint(new.model, new.tokenizer, graph)
    checkpoint = Checkpoint.load(start, device="cpu")
    if checkpoint.graph.fingerprint != graph.fingerprint:
        raise DataError(
            f"{start} was trained on another graph ({checkpoint.graph.name}); only a checkpoint of "
            "this graph can go on."
        )
    checkpoint.model.config = replace(checkpoint.config, name=name)
    return checkpoint
