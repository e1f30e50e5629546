"""kill -9 at many moments of everything that writes; what is left opens and answers.

    python -m tests.hold.kills --moments 50 [save adopt build import train]

Each moment has a process of its own, which is killed before one of its calls that change the disk,
or, every third time, by the clock. Then the folder must hold what was there before, or all of what
is new; doing it again, undisturbed, must give what it gives where nobody was killed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint, adopt
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.importer import build_tables
from kgqa.inference import Pipeline
from kgqa.model import base
from kgqa.training import TrainConfig, loop, train
from tests.dying import CALLS, dying
from tests.models import tiny_encoder, tiny_model
from tests.toy import toy_builder, toy_questions
from tests.training.preparing import OPTIONS, in_process

FORK = multiprocessing.get_context("fork")
ROOT = Path(__file__).parent.parent.parent
#: Two steps, each measured, then the mean with the weights before.
SHORT = {"batch_size": 12, "epochs": 1, "follow_epochs": 1, "evaluate_every": 1}


@dataclass(frozen=True)
class Action:
    """Something that writes."""

    prepare: Callable[[Path], object]  #: what is there before
    act: Callable[[Path], object]
    look: Callable[[Path], object]  #: opens the folder, asks it, and says which it is


class Actions:
    """All that writes, on the toy graph with a random encoder."""

    def __init__(self, place: Path):
        from transformers import PreTrainedTokenizerFast

        films = ROOT / "checkpoints" / "films"
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(str(films))
        self.place, self.graph = place, place / "graph"
        builder().write(self.graph)
        builder("One More").write(place / "larger")
        self.toy = Graph.load(self.graph)
        self._checkpoint(place / "start", 0)
        for split, rows in zip(("train", "dev"), toy_questions(), strict=True):
            question_files.write(place / "data" / f"{split}.jsonl", rows)
        (place / "tables").mkdir()
        (place / "tables" / "entities.tsv").write_text("a\tAnn\nb\tBob\n", encoding="utf-8")
        (place / "tables" / "triples.tsv").write_text("a\tknows\tb\n", encoding="utf-8")
        loop.explain = in_process
        loop.time = _NoClock()
        base.base_encoder = lambda: base.BaseEncoder(tiny_encoder(), self.tokenizer)

    def all(self) -> dict[str, Action]:
        return {
            "save": Action(
                lambda folder: self._checkpoint(folder, 1),
                lambda folder: self._checkpoint(folder, 2),
                lambda folder: self.answer(folder),
            ),
            "adopt": Action(
                lambda folder: self._checkpoint(folder, 1, graph=self.place / "larger"),
                self._adopt,
                self.answer_with_either,
            ),
            "build": Action(
                lambda folder: builder().write(folder),
                lambda folder: builder("One More").write(folder),
                lambda folder: Graph.load(folder, verify=True).fingerprint,
            ),
            "import": Action(
                lambda folder: builder().write(folder),
                lambda folder: build_tables(self.place / "tables", folder),
                lambda folder: Graph.load(folder, verify=True).fingerprint,
            ),
            "train": Action(lambda folder: folder.mkdir(), self._train, self.run),
        }

    def _checkpoint(self, folder: Path, seed: int, *, graph: Path | None = None) -> None:
        model = tiny_model(self.toy, seed=seed, sharp=8.0)
        Checkpoint(model, self.tokenizer, self.toy).save(folder, graph=str(graph or self.graph))

    def _adopt(self, folder: Path) -> None:
        adopt(folder, Graph.load(self.place / "larger"))

    def _train(self, folder: Path) -> None:
        config = TrainConfig(**{**vars(OPTIONS), **SHORT, "start": str(self.place / "start")})
        options = {"graph": self.graph, "config": config, "device": "cpu"}
        train(self.place / "data", folder, name="run", **options)

    def answer(self, folder: Path, graph: Graph | None = None) -> str:
        opened = Checkpoint.load(folder, device="cpu", graph=graph)
        trace = Pipeline(opened).answer("Who directed Sully?")
        return json.dumps([trace.outcome, [a.id for a in trace.answers], _content(folder)])

    def answer_with_either(self, folder: Path) -> str:
        """config.json names the larger graph: it opens once that one is adopted."""
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        old = values["model"]["graph_fingerprint"] == self.toy.fingerprint
        return self.answer(folder, self.toy if old else None)

    def run(self, folder: Path) -> str:
        """Of a run that was killed: nothing, or a checkpoint that opens."""
        from kgqa import files

        files.settle(folder)
        whole = (folder / "config.json").is_file()
        assert whole or not (folder / "resume.safetensors").exists()
        return self.answer(folder) if whole else ""


class _NoClock:
    """Runs that differ in seconds alone are the same."""

    perf_counter = staticmethod(lambda: 0.0)


def builder(more: str = "") -> GraphBuilder:
    made = toy_builder()
    if more:
        made.entity("film", more)
    return made


def _content(folder: Path) -> dict[str, int]:
    """A checksum of each file; safetensors keeps notes in no order, so the state has its own."""
    whole = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name[0] != "."]
    values = {p.name: hash(p.read_bytes()) for p in whole}  # what lay aside is in nobody's way
    if "resume.safetensors" in values:
        with safe_open(folder / "resume.safetensors", "pt") as file:
            values["resume.safetensors"] = hash(file.metadata()["digest"])
    return values


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _child(action: Action, folder: Path, last: int, count: Path | None) -> None:
    torch.manual_seed(0)
    with dying(last, _kill) as calls:
        action.act(folder)
    if count:
        count.write_text(str(len(calls)))


def killed(action: Action, folder: Path, *, last: int = 0, seconds: float = 0.0) -> int | None:
    """The exit code of a process that acts, and is killed before a call or after some time."""
    process = FORK.Process(target=_child, args=(action, folder, last, None))
    process.start()
    if seconds:
        process.join(seconds)
        process.kill()
    process.join()
    return process.exitcode


def try_action(name: str, action: Action, place: Path, moments: int, seed: int) -> str:
    """Kill it at all moments; raises AssertionError at the first that leaves a mixture."""
    chance, folder = random.Random(f"{name}-{seed}"), place / name
    action.prepare(folder)
    before = action.look(folder)
    started, count = time.perf_counter(), place / "count"
    process = FORK.Process(target=_child, args=(action, folder, 0, count))
    process.start()
    process.join()
    duration, calls = time.perf_counter() - started, int(count.read_text())
    assert process.exitcode == 0, name
    after = action.look(folder)
    assert after != before, name
    tally = {"before": 0, "between": 0, "after": 0}
    for moment in range(moments):
        shutil.rmtree(folder)
        action.prepare(folder)
        if moment % 3 == 2:
            where = {"seconds": chance.uniform(0, duration)}
        else:
            where = {"last": chance.randint(1, calls)}
        killed(action, folder, **where)
        left = action.look(folder)
        kind = "before" if left == before else "after" if left == after else "between"
        # Between the two is a run alone: after a measurement it is a whole checkpoint, too.
        assert kind != "between" or name == "train", (name, where)
        tally[kind] += 1
        assert killed(action, folder) == 0, (name, where)
        assert action.look(folder) == after, (name, where)
    return f"{name}: killed {moments} times over {calls} calls ({' '.join(CALLS)}): {tally}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="save adopt build import train")
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        actions = Actions(Path(place)).all()
        for name in options.names or actions:
            print(
                try_action(name, actions[name], Path(place), options.moments, options.seed),
                flush=True,
            )


if __name__ == "__main__":
    main()
