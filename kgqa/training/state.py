"""resume.safetensors: all that an interrupted run goes on with, and is finished with. No pickle.

Its tensors are those of the learner ("model.", "average.", "optimizer.") and the best weights so
far ("best.") as a checkpoint stores them. Its notes have a SHA-256 of all else in the file, so that
damage is noticed, and say which run it is of, so that no other run goes on with it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from kgqa import files
from kgqa.errors import FileError
from kgqa.evaluation.metrics import Summary
from kgqa.model.network import KGQAModel
from kgqa.questions import Question
from kgqa.training.config import Schedule, TrainConfig

ANEW = "Delete it to start anew."
_BEST = "best."


@dataclass(frozen=True)
class DevScore:
    """A measurement of the dev questions."""

    step: int
    loss: float  #: mean of the last steps
    seconds: int  #: of training so far
    scores: Summary
    follow: bool  #: measured in the last stage, through follow
    others: Summary | None = None  #: of graphs that are trained on at the same time, held out

    @property
    def score(self) -> float:
        """What the best is chosen by: the mean of Hits@1 and F1, in percent, over both if two."""
        measured = [s for s in (self.scores, self.others) if s is not None]
        return sum((s.hits_at_1 or 0.0) + (s.f1 or 0.0) for s in measured) / (2 * len(measured))

    def beats(self, best: DevScore | None) -> bool:
        """Only the last stage counts in the end; until it begins, the first does."""
        if best is None or (self.follow and not best.follow):
            return True
        return self.score > round(best.score, 2)

    def to_dict(self) -> dict:
        """The JSON of log.jsonl and summary.json."""
        own = {"step": self.step, "loss": round(self.loss, 4), "seconds": self.seconds}
        scores = {"score": round(self.score, 2), **asdict(self.scores)}
        others = {"others": asdict(self.others)} if self.others else {}
        return {**own, **scores, "follow": self.follow, **others}

    @classmethod
    def from_dict(cls, values: dict) -> DevScore:
        scores = Summary(**{f.name: values[f.name] for f in fields(Summary)})
        own = {k: values[k] for k in ("step", "loss", "seconds", "follow")}
        others = Summary(**values["others"]) if values.get("others") else None
        return cls(scores=scores, others=others, **own)


@dataclass(frozen=True)
class Identity:
    """What a run computes, but for its length; only a run of the same identity goes on."""

    questions: str  #: a digest of all of train and dev
    graph: str  #: its fingerprint
    beginning: str  #: a digest of the weights before the first step
    options: TrainConfig  #: without those that set the length or the place

    @classmethod
    def of(
        cls, config: TrainConfig, graph: str, model: KGQAModel, questions: Sequence[Question]
    ) -> Identity:
        """``model``: before the first step."""
        options = replace(config, epochs=None, follow_epochs=None, start=None, workers=0)
        asked = files.digest([[q.question, q.answers, q.value, q.refusal] for q in questions])
        return cls(asked, graph, _digest({}, model.state_dict()), options)

    def to_dict(self) -> dict:
        """Every part by the name that an error gives it."""
        names = {"questions": self.questions, "graph": self.graph}
        return {**names, "weights before the first step": self.beginning, **asdict(self.options)}


@dataclass(frozen=True)
class State:
    """Where a run is."""

    step: int = 0
    best: DevScore | None = None
    weights: dict[str, Tensor] = field(default_factory=dict)  #: of the best, as they are stored
    losses: tuple[float, ...] = ()  #: of the last steps
    seconds: float = 0.0  #: of training so far
    learner: dict[str, Tensor] = field(default_factory=dict)  #: see Learner.state


def write(path: Path, state: State, identity: Identity, schedule: Schedule) -> None:
    """Raises OSError."""
    values = {
        "step": state.step,
        "best": state.best.to_dict() if state.best else None,
        "losses": state.losses,
        "seconds": state.seconds,
        "stages": [schedule.first_stage, schedule.total],
        "identity": identity.to_dict(),
    }
    tensors = state.learner | {_BEST + name: value for name, value in state.weights.items()}
    notes = {"run": json.dumps(values)}
    notes["digest"] = _digest(notes, tensors)
    try:
        save_file(tensors, path, metadata=notes)
    except SafetensorError as error:  # which is how it reports a full disk
        raise OSError(str(error)) from None


@dataclass(frozen=True)
class Saved:
    """What a file holds, before it is known to fit the run."""

    path: Path
    state: State
    stages: tuple[int, int]
    identity: dict  #: see Identity.to_dict

    def require(self, identity: Identity, model: KGQAModel) -> None:
        """Raises :class:`FileError` if it is of another run."""
        name, saved = files.name_of(self.path), self.state.learner
        shapes = {f"model.{k}": v.shape for k, v in model.state_dict().items()}
        other = {k: v.shape for k, v in saved.items() if k.startswith("model.")}
        if shapes != other:
            raise FileError(f"{name} is of a model of another size; this run cannot go on. {ANEW}")
        now = json.loads(json.dumps(identity.to_dict()))
        differ = [k for k in now | self.identity if now.get(k) != self.identity.get(k)]
        if differ:
            parts = ", ".join(_difference(k, self.identity.get(k), now.get(k)) for k in differ)
            raise FileError(
                f"{name} is of a run that differs from this one ({parts}). Repeat that run to go "
                f"on. {ANEW}"
            )


def read(path: Path) -> Saved | None:
    """None if there is no file. Raises :class:`FileError` for one that is damaged."""
    if not os.path.lexists(path):
        return None
    name = files.name_of(path)
    if not files.is_file(path):
        raise FileError(f"{name} is not a plain file; this run cannot go on. {ANEW}")
    try:
        with safe_open(path, "pt") as file:
            notes = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, RuntimeError, MemoryError) as error:
        raise FileError(f"{name} is damaged ({files.reason(error)}). {ANEW}") from None
    digest = notes.pop("digest", None)
    if digest is None or "run" not in notes:
        raise FileError(f"{name} has no checksum, as those of earlier versions. {ANEW}")
    if digest != _digest(notes, tensors):
        raise FileError(f"{name} is damaged (its checksum does not match). {ANEW}")
    values = json.loads(notes["run"])
    state = State(
        values["step"],
        DevScore.from_dict(values["best"]) if values["best"] else None,
        {k.removeprefix(_BEST): v for k, v in tensors.items() if k.startswith(_BEST)},
        tuple(values["losses"]),
        values["seconds"],
        {k: v for k, v in tensors.items() if not k.startswith(_BEST)},
    )
    first_stage, total = values["stages"]
    return Saved(path, state, (first_stage, total), values["identity"])


def _difference(name: str, there: object, now: object) -> str:
    """Digests are not shown."""
    if all(isinstance(value, str | None) for value in (there, now)):
        return f"other {name}"
    return f"{name} {there} there, {now} now"


def _digest(notes: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    """The SHA-256 of notes and tensors."""
    total = hashlib.sha256(json.dumps(notes, sort_keys=True).encode())
    for name in sorted(tensors):
        value = tensors[name].detach().cpu().contiguous()
        total.update(f"\n{name} {value.dtype} {tuple(value.shape)}\n".encode())
        total.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return total.hexdigest()
