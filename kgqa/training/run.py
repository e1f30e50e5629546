"""What a run folder holds, and the writing of it.

config.json, model.safetensors, ...   the best checkpoint so far (``kgqa.checkpoint``)
examples.json                         questions for the page to offer
graph/                                the graph, where it was built for this run
explanations.jsonl                    of the training questions (``kgqa.training.dataset``)
log.jsonl                             a line for each measurement of the dev questions
resume.safetensors                    weights and optimiser at the last measurement; no pickle
summary.json                          the result, once the run has ended
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.metrics import Summary


@dataclass(frozen=True)
class DevScore:
    """A measurement of the dev questions."""

    step: int
    loss: float  #: mean of the last steps
    seconds: int  #: of training so far
    scores: Summary
    follow: bool  #: measured in the last stage, through follow

    @property
    def score(self) -> float:
        """What the best is chosen by: the mean of Hits@1 and F1, in percent."""
        return ((self.scores.hits_at_1 or 0.0) + (self.scores.f1 or 0.0)) / 2

    def beats(self, best: DevScore | None) -> bool:
        """Only the last stage counts in the end; until it begins, the first does."""
        if best is None or (self.follow and not best.follow):
            return True
        return self.score > round(best.score, 2)

    def to_dict(self) -> dict:
        """The JSON of log.jsonl and summary.json."""
        own = {"step": self.step, "loss": round(self.loss, 4), "seconds": self.seconds}
        scores = {"score": round(self.score, 2), **asdict(self.scores)}
        return {**own, **scores, "follow": self.follow}

    @classmethod
    def from_dict(cls, values: dict) -> DevScore:
        scores = Summary(**{f.name: values[f.name] for f in fields(Summary)})
        own = {k: values[k] for k in ("step", "loss", "seconds", "follow")}
        return cls(scores=scores, **own)


@dataclass(frozen=True)
class State:
    """Where an interrupted run goes on."""

    step: int
    total: int  #: steps of the run
    best: DevScore | None
    tensors: dict[str, Tensor]  #: of the learner; see Learner.state


@dataclass(frozen=True)
class Example:
    """A question for the page to offer."""

    kind: str
    question: str


@dataclass(frozen=True)
class TrainResult:
    """What came of a run."""

    folder: Path  #: a checkpoint
    best: DevScore  #: of the checkpoint that was kept
    steps: int
    seconds: int  #: search, linking, training and measuring in the call that ended the run


class Run:
    """A run folder, made if it is not there."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.explanations = self.folder / "explanations.jsonl"
        self._resume = self.folder / "resume.safetensors"
        self._summary = self.folder / "summary.json"

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write the checkpoint; it names the graph's folder unless the run has its own graph."""
        own = (self.folder / "graph" / "graph.json").is_file()
        elsewhere = Path(checkpoint.graph.folder).resolve()
        checkpoint.save(self.folder, graph="graph" if own else str(elsewhere))

    def kept(self, checkpoint: Checkpoint) -> Checkpoint:
        """The best checkpoint so far, on the device and the graph of another."""
        return Checkpoint.load(self.folder, device=checkpoint.device, graph=checkpoint.graph)

    def log(self, measured: DevScore) -> None:
        """Add a line to log.jsonl."""
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(measured.to_dict()) + "\n")

    def save(self, state: State) -> None:
        """Write what :meth:`resume` reads."""
        best = json.dumps(state.best.to_dict() if state.best else {})
        notes = {"step": str(state.step), "best": best, "total": str(state.total)}
        temporary = self._resume.with_suffix(".tmp")
        save_file(state.tensors, temporary, metadata=notes)
        temporary.replace(self._resume)

    def resume(self) -> State | None:
        """The last state that was saved."""
        if not self._resume.is_file():
            return None
        with safe_open(self._resume, "pt") as file:
            notes = file.metadata()
        values = json.loads(notes["best"])
        best = DevScore.from_dict(values) if values else None
        return State(int(notes["step"]), int(notes["total"]), best, load_file(self._resume))

    def show(self, examples: Sequence[Example]) -> None:
        """Write examples.json."""
        rows = [asdict(example) for example in examples]
        write(self.folder / "examples.json", json.dumps(rows, indent=1, ensure_ascii=False) + "\n")

    def finish(self, best: DevScore, *, steps: int, seconds: float) -> TrainResult:
        """Write summary.json."""
        values = {**best.to_dict(), "steps": steps, "seconds": round(seconds)}
        write(self._summary, json.dumps(values, indent=1) + "\n")
        return self._read(values)

    def result(self) -> TrainResult | None:
        """The result of a run that has ended."""
        if not self._summary.is_file():
            return None
        return self._read(json.loads(self._summary.read_text(encoding="utf-8")))

    def _read(self, values: dict) -> TrainResult:
        best = DevScore.from_dict(values)
        return TrainResult(self.folder, best, values["steps"], values["seconds"])


def write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)
