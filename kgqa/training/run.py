"""What a run folder holds, and the writing of it.

config.json, model.safetensors, ...   the best checkpoint so far (``kgqa.checkpoint``)
examples.json                         questions for the page to offer
graph/                                the graph, where it was built for this run
explanations.jsonl                    of the training questions (``kgqa.training.explanations``)
log.jsonl                             a line for each measurement of the dev questions
resume.safetensors                    the run at the last measurement (``kgqa.training.state``)
summary.json                          the result, once the run has ended

All files of a measurement replace those of the one before together (``kgqa.files.replacing``), and
so do all files of the end, so that they belong together whenever the run is killed. The run goes on
and is finished from resume.safetensors alone, never from the checkpoint beside it, which may be
finished already.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kgqa import files
from kgqa.checkpoint import Checkpoint
from kgqa.errors import FileError
from kgqa.training import state as states
from kgqa.training.config import Schedule
from kgqa.training.state import DevScore, Identity, Saved, State

PROBE = 2**20  #: bytes that are written and removed before any work is done


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
    """A run folder, made if it is not there.

    Raises :class:`FileError` if nothing can be written there.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        with files.replacing(self.folder) as new:
            files.write_file(new / "probe", lambda path: path.write_bytes(b"\0" * PROBE))
            (new / "probe").unlink()
        self.explanations = self.folder / "explanations.jsonl"
        self._summary, self._log = self.folder / "summary.json", self.folder / "log.jsonl"

    def require_room(self, size: int) -> None:
        """Raises :class:`FileError` if the disk has no room for ``size`` bytes."""
        free = shutil.disk_usage(self.folder).free
        if free < size:
            raise FileError(
                f"{files.name_of(self.folder)} needs {size / 1e6:,.0f} MB, and its disk has "
                f"{free / 1e6:,.0f} MB left; nothing was trained."
            )

    def saved(self) -> Saved | None:
        """The last measurement. Raises :class:`FileError` if it is damaged."""
        return states.read(self.folder / "resume.safetensors")

    def begin(self) -> None:
        """Remove what another run said of itself; its checkpoint stays until there is a better."""
        for path in (self._summary, self._log):
            path.unlink(missing_ok=True)

    def keep(
        self,
        measured: DevScore,
        state: State,
        identity: Identity,
        schedule: Schedule,
        better: Checkpoint | None,
    ) -> None:
        """Write a measurement: a line of the log, the state, and the checkpoint if it is better."""
        with files.replacing(self.folder) as new:
            if better is not None:
                self._save(better, new)
            rows = [row for row in self._rows() if row["step"] < measured.step]
            lines = [json.dumps(row) + "\n" for row in (*rows, measured.to_dict())]
            files.write_text(new / self._log.name, "".join(lines))
            states.write(new / "resume.safetensors", state, identity, schedule)

    def finish(
        self,
        checkpoint: Checkpoint,
        examples: Sequence[Example],
        best: DevScore,
        *,
        steps: int,
        seconds: float,
    ) -> TrainResult:
        """Write the checkpoint that is left, questions to offer, and the summary."""
        values = {**best.to_dict(), "steps": steps, "seconds": round(seconds)}
        with files.replacing(self.folder) as new:
            self._save(checkpoint, new)
            files.write_text(new / "examples.json", files.to_json([asdict(e) for e in examples]))
            files.write_text(new / self._summary.name, files.to_json(values))
        return self._read(values)

    def result(self) -> TrainResult | None:
        """The result of a run that has ended."""
        if not files.is_file(self._summary):
            return None
        try:
            return self._read(files.read_json(self._summary))
        except (FileError, KeyError, TypeError, ValueError):
            name = files.name_of(self._summary)
            raise FileError(f"{name} is damaged; delete it to have the run end again.") from None

    def _save(self, checkpoint: Checkpoint, new: Path) -> None:
        """It names the graph's folder unless the run has its own graph."""
        own = files.is_file(self.folder / "graph" / "graph.json")
        elsewhere = Path(checkpoint.graph.folder).resolve()
        checkpoint.save(new, graph="graph" if own else str(elsewhere))

    def _rows(self) -> list[dict]:
        """The whole lines of the log; versions before could leave half a line."""
        rows = []
        lines = self._log.read_bytes().splitlines() if files.is_file(self._log) else []
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and isinstance(row.get("step"), int):
                rows.append(row)
        return rows

    def _read(self, values) -> TrainResult:
        best = DevScore.from_dict(values)
        return TrainResult(self.folder, best, values["steps"], values["seconds"])
