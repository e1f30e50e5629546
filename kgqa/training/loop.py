"""The training loop: path-marginal first, the last stage through follow; keeps the best by dev, resumes after an interruption.

A run folder holds the best checkpoint so far (as ``kgqa.checkpoint`` writes it), ``explanations.jsonl``, ``log.jsonl`` and
``resume.safetensors`` (weights and optimiser state of the last save; no pickle).
"""

from __future__ import annotations

import json
import random
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint
from kgqa.errors import DataError
from kgqa.evaluation import metrics
from kgqa.evaluation.calibration import fit_calibration
from kgqa.evaluation.evaluator import Evaluator
from kgqa.graph import Graph
from kgqa.linking import Linker
from kgqa.model.base import new_model
from kgqa.model.batch import Batch, Encoded
from kgqa.questions import Question
from kgqa.training.dataset import batches, explanations
from kgqa.training.loss import path_marginal, through_follow

STEPS = 400  # of the first stage, at least ...
MAX_EPOCHS = 8  # ... unless that takes more passes than this
GO_ON = 0.5  # of the learning rates, for what starts from a trained checkpoint; and its share in the weights that are kept


@dataclass(frozen=True)
class TrainConfig:
    """Options of a run. Lengths are in passes over the training questions."""

    epochs: float | None = (
        None  #: path-marginal passes; None: one, more if that is less than STEPS steps
    )
    follow_epochs: float | None = (
        None  #: passes through follow, at the end; None: an eighth of the first stage
    )
    batch_size: int = 32
    head_rate: float = 1e-3
    encoder_rate: float = 5e-5
    warm_up: float = 0.06  #: share of all steps
    clip: float = 1.0
    average: float = (
        0.99  #: decay of the running average of weights, which is what is measured and kept
    )
    mask_tokens: float = (
        0.06  #: share of word pieces hidden in training, so that no single word is relied on
    )
    frozen_layers: int = 3  #: of the encoder's six; embeddings are frozen too
    evaluate_every: int | None = None  #: steps; None: eight times in the run
    dev_questions: int = 1_000  #: of dev, for choosing the best; calibration uses all
    seed: int = 0
    start: str | None = (
        None  #: checkpoint to go on from, with rates times GO_ON; None: the base encoder
    )
    complete: bool = True  #: answers are complete sets; False for questions of the web
    workers: int = 2


def example_questions(
    questions: list[Question], scores: list[metrics.Score], limit: int = 8
) -> list[dict]:
    """Questions for the page to offer, as ``{"kind", "question"}``: answered exactly, short, of as many kinds as there are."""
    kinds: dict[str, list[Question]] = {}
    for question, score in sorted(
        zip(questions, scores, strict=True), key=lambda pair: len(pair[0].question)
    ):
        if score.answerable and score.exact_match == 1:
            kind = question.kind or (
                f"{question.hops} hop{'s' * (question.hops > 1)}" if question.hops else ""
            )
            kinds.setdefault(kind, []).append(question)
    found: list[dict] = []
    for rank in range(limit):
        for kind, members in kinds.items():
            step = max(1, len(members) // limit)
            if rank * step < len(members) and len(found) < limit:
                found.append({"kind": kind, "question": members[rank * step].question})
    return found


class Trainer:
    """One run in one folder."""

    def __init__(
        self,
        graph_folder: Path,
        data: Path,
        out: Path,
        options: TrainConfig,
        device: torch.device,
        *,
        name: str,
        progress,
        say,
        explanations_file: Path | None = None,
    ):
        self.started = time.perf_counter()
        torch.manual_seed(options.seed)
        self.options, self.device, self.out, self.progress, self.say = (
            options,
            device,
            out,
            progress,
            say,
        )
        self.graph = Graph.load(graph_folder)
        train = question_files.read(data / "train.jsonl")
        dev = question_files.read(data / "dev.jsonl")
        for split, rows in (("train", train), ("dev", dev)):
            if not rows:
                raise DataError(
                    f"{data / f'{split}.jsonl'} holds no question; training needs at least one in train and in dev."
                )
        say(
            f"{len(train):,} training and {len(dev):,} dev questions; searching explanations (once)"
        )
        found = explanations(
            train,
            graph_folder,
            explanations_file or out / "explanations.jsonl",
            workers=options.workers,
            complete=options.complete,
            progress=lambda rows: progress(rows, total=len(train), desc="search"),
        )
        usable = [i for i, e in enumerate(found) if e]
        if not usable:
            raise DataError(
                f"None of the {len(train)} questions of {data / 'train.jsonl'} has an explanation in the graph; check entity ids."
            )
        say(
            f"{len(usable):,} questions have an explanation ({100 * len(usable) / len(train):.1f}%)"
        )
        if options.start is None:
            new = new_model(self.graph, name)
            self.checkpoint = Checkpoint(new.model, new.tokenizer, self.graph)
        else:
            self.checkpoint = self._trained(options.start, name)
        self.model = self.checkpoint.model.to(device)
        self.tokenizer, self.batcher = self.checkpoint.tokenizer, self.checkpoint.batcher
        linker = Linker(self.graph)
        self.items: list[Encoded] = [
            self.batcher.encode(linker(train[i].question)) for i in progress(usable, desc="link")
        ]
        self.explanations = [found[i] for i in usable]
        self.answers = [
            torch.tensor(sorted(self.graph.find_all(train[i].answers)), dtype=torch.long)
            for i in usable
        ]
        self.evaluator = Evaluator(self.checkpoint, dev)
        small = random.Random(0).sample(range(len(dev)), min(options.dev_questions, len(dev)))
        self.quick = Evaluator(
            self.checkpoint,
            [dev[i] for i in small],
            items=[self.evaluator.items[i] for i in small],
        )
        per_epoch = max(1, len(self.items) // options.batch_size)
        epochs = (
            min(MAX_EPOCHS, max(1, STEPS / per_epoch)) if options.epochs is None else options.epochs
        )
        self.first_stage = round(epochs * per_epoch)
        follow = epochs / 8 if options.follow_epochs is None else options.follow_epochs
        self.total = self.first_stage + round(follow * per_epoch)
        self.evaluate_every = options.evaluate_every or max(20, -(-self.total // 8))
        self._freeze()

    def _trained(self, start: str, name: str) -> Checkpoint:
        """A checkpoint to be trained further on this graph."""
        checkpoint = Checkpoint.load(start, device="cpu")
        if checkpoint.graph.fingerprint != self.graph.fingerprint:
            raise DataError(
                f"{start} was trained on another graph ({checkpoint.graph.name}); only a "
                "checkpoint of this graph can go on."
            )
        checkpoint.model.config = replace(checkpoint.config, name=name)
        return checkpoint

    def _freeze(self) -> None:
        transformer = self.model.encoder.transformer
        transformer.embeddings.requires_grad_(False)
        for layer in transformer.encoder.layer[: self.options.frozen_layers]:
            layer.requires_grad_(False)
        encoder = [p for p in transformer.parameters() if p.requires_grad]
        chosen = {id(p) for p in encoder}
        heads = [p for p in self.model.parameters() if p.requires_grad and id(p) not in chosen]
        self.parameters = encoder + heads
        self.average = [p.detach().clone() for p in self.parameters]
        scale = GO_ON if self.options.start else 1.0
        rates = scale * self.options.encoder_rate, scale * self.options.head_rate
        self.optimizer = torch.optim.AdamW(
            [{"params": encoder, "lr": rates[0]}, {"params": heads, "lr": rates[1]}],
            weight_decay=0.01,
        )
        warm = max(1, round(self.options.warm_up * self.total))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer,
            lambda step: min(
                (step + 1) / warm, max(0.02, (self.total - step) / max(1, self.total - warm))
            ),
        )

    def run(self) -> dict:
        """Train to the end; returns the best dev summary, kept as ``summary.json``."""
        step, best = self._resume()
        done = self.out / "summary.json"
        if step >= self.total and done.is_file():
            return json.loads(done.read_text(encoding="utf-8"))
        started, losses = time.perf_counter(), []
        bar = self.progress(None, total=self.total, initial=step, desc="train")
        for indices in self._stream(step):
            if step >= self.total:
                break
            torch.manual_seed(
                1_000_003 * self.options.seed + step
            )  # a resumed run goes on as if it had not stopped
            loss = self._step(indices, follow=step >= self.first_stage)
            losses.append(loss)
            step += 1
            bar.update(1)
            if step % 20 == 0:
                bar.set_postfix_str(
                    f"loss {sum(losses[-100:]) / len(losses[-100:]):.3f} best dev {best.get('score', 0):.1f}"
                )
            if step % self.evaluate_every == 0 or step == self.total:
                best = self._evaluate(
                    step,
                    best,
                    sum(losses[-100:]) / len(losses[-100:]),
                    time.perf_counter() - started,
                )
        bar.close()
        if self.options.start is not None:
            self._mix(self.options.start)
        self._calibrate()
        seconds = round(time.perf_counter() - self.started)
        summary = {
            **best,
            "steps": self.total,
            "seconds": seconds,
        }  # search, linking, training and dev of this call
        done.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
        return summary

    def _stream(self, skip: int):
        """Batches of indices for ever, reproducible from the seed; the first ``skip`` are passed over."""
        epoch = 0
        lengths = [len(item.tokens) for item in self.items]
        while True:
            rng = random.Random(f"{self.options.seed}-{epoch}")
            order = list(range(len(self.items)))
            rng.shuffle(order)
            made = list(batches(order, self.options.batch_size, lengths))
            rng.shuffle(made)
            for indices in made:
                if skip > 0:
                    skip -= 1
                    continue
                yield indices
            epoch += 1

    def _step(self, indices: list[int], *, follow: bool) -> float:
        self.model.train()
        batch = self._masked(self.batcher.collate([self.items[i] for i in indices]))
        with torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"
        ):
            output = self.model(batch.to(self.device))
        if follow:
            loss = through_follow(
                self.graph, batch, output.to("cpu"), [self.answers[i] for i in indices]
            )
        else:
            loss = path_marginal(
                output, [self.explanations[i] for i in indices], complete=self.options.complete
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.options.clip)
        self.optimizer.step()
        done = self.schedule.last_epoch
        self.schedule.step()
        with torch.no_grad():
            torch._foreach_lerp_(
                self.average,
                self.parameters,
                1 - min(self.options.average, (1 + done) / (10 + done)),
            )
        return float(loss.detach())

    @contextmanager
    def averaged(self):
        """Inside, the model has the averaged weights."""
        own = [p.detach().clone() for p in self.parameters]
        with torch.no_grad():
            torch._foreach_copy_(self.parameters, self.average)
        try:
            yield self.model
        finally:
            with torch.no_grad():
                torch._foreach_copy_(self.parameters, own)

    def _masked(self, batch: Batch) -> Batch:
        """The batch with a few word pieces replaced by the mask token."""
        inside = batch.word_of_token < batch.word_mask.shape[1]
        hidden = (torch.rand(batch.input_ids.shape) < self.options.mask_tokens) & inside
        return replace(
            batch, input_ids=batch.input_ids.masked_fill(hidden, self.tokenizer.mask_token_id)
        )

    def _evaluate(self, step: int, best: dict, loss: float, seconds: float) -> dict:
        with self.averaged():
            found = metrics.summary(self.quick().scores)
        value = (found["hits_at_1"] + found["f1"]) / 2
        row = {
            "step": step,
            "loss": round(loss, 4),
            "seconds": round(seconds),
            "score": round(value, 2),
            **found,
        }
        shown = ", ".join(
            f"{k} {found[k]}"
            for k in ("hits_at_1", "exact_match", "f1", "resolved", "refused_answerable")
        )
        self.say(f"step {step}/{self.total} loss {loss:.3f} dev {shown}, {seconds:.0f} s")
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        # Only the stage through follow counts in the end; until then the best of the first stage is kept.
        follow = step > self.first_stage
        if value > best.get("score", -1) or (follow and not best.get("follow")):
            best = {**row, "follow": follow}
            with self.averaged():
                self._keep(self.checkpoint)
        self._save(step, best)
        return best

    def _keep(self, checkpoint: Checkpoint) -> None:
        """Write the checkpoint; it points to the graph's folder, unless the run folder holds the graph itself."""
        own = (self.out / "graph" / "graph.json").is_file()
        checkpoint.save(self.out, graph="graph" if own else str(Path(self.graph.folder).resolve()))

    def _save(self, step: int, best: dict) -> None:
        tensors = {
            f"model.{k}": v.detach().cpu().contiguous() for k, v in self.model.state_dict().items()
        }
        tensors |= {f"average.{i}": v.cpu() for i, v in enumerate(self.average)}
        for i, state in self.optimizer.state_dict()["state"].items():
            tensors |= {
                f"optimizer.{i}.{k}": v.detach().cpu().contiguous() for k, v in state.items()
            }
        temporary = self.out / "resume.tmp"
        save_file(
            tensors,
            temporary,
            metadata={"step": str(step), "best": json.dumps(best), "total": str(self.total)},
        )
        temporary.replace(self.out / "resume.safetensors")

    def _resume(self) -> tuple[int, dict]:
        path = self.out / "resume.safetensors"
        if not path.is_file():
            return 0, {}
        from safetensors import safe_open

        with safe_open(path, "pt") as file:
            notes = file.metadata()
        if int(notes["total"]) != self.total:
            self.say("The run in this folder had another length; starting anew.")
            return 0, {}
        tensors = load_file(path)
        self.model.load_state_dict(
            {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
        )
        self.average = [tensors[f"average.{i}"].to(self.device) for i in range(len(self.average))]
        state = self.optimizer.state_dict()
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, i, key = name.split(".", 2)
                state["state"].setdefault(int(i), {})[key] = value
        self.optimizer.load_state_dict(state)
        step = int(notes["step"])
        for _ in range(step):
            self.schedule.step()
        self.say(f"Resuming at step {step} of {self.total}.")
        return step, json.loads(notes["best"])

    def _mix(self, start: str) -> None:
        """Keep the mean of the weights before and after: what was learned is kept with less of what was forgotten.

        Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", with a mixing coefficient of 1/2.
        """
        before = self._trained(start, self.checkpoint.config.name)
        after = Checkpoint.load(self.out, device="cpu", graph=self.graph)
        weights = before.model.state_dict().values(), after.model.state_dict().values()
        with torch.no_grad():
            for old, new in zip(*weights, strict=True):
                if new.is_floating_point():
                    new.lerp_(old, GO_ON)
        self._keep(after)

    def _calibrate(self) -> None:
        """With the best checkpoint, on dev: fit the calibration of answer probabilities, and choose questions to show."""
        best = Checkpoint.load(self.out, device=self.device, graph=self.graph)
        evaluation = Evaluator(best, self.evaluator.questions, items=self.evaluator.items)()
        shown = example_questions(evaluation.questions, evaluation.scores)
        text = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
        (self.out / "examples.json").write_text(text, encoding="utf-8")
        right = [c for _, c in evaluation.confidence]
        if any(right) and not all(right):
            calibration = fit_calibration(evaluation.confidence)
            best.model.config = replace(best.config, calibration=calibration)
            self._keep(best)
