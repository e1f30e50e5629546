"""kill -9 at many moments of everything that writes; what is left opens and answers.

    python -m tests.hold.kills --moments 50 [save adopt build import report train]

Each moment has a process of its own, which is killed before one of its calls that change the disk,
or, every third time, by the clock. Then the folder must hold what was there before, or all of what
is new; doing it again, undisturbed, must give what it gives where nobody was killed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors import safe_open

from kgqa import questions as question_files
from kgqa.checkpoint import Checkpoint, adopt
from kgqa.cli.common import write_report
from kgqa.files import settle
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.importer import build_tables
from kgqa.inference import Pipeline
from kgqa.model import base
from kgqa.training import TrainConfig, loop, train
from tests.dying import CALLS, killed
from tests.models import tiny_encoder, tiny_model
from tests.toy import toy_builder, toy_questions
from tests.training.preparing import OPTIONS, in_process

ROOT = Path(__file__).parent.parent.parent
#: Two steps, each measured, then the mean with the weights before.
SHORT = {"batch_size": 12, "epochs": 1, "follow_epochs": 1, "evaluate_every": 1}
ORDER = ["before", "between", "after"]  #: what a folder is, the later the process was killed


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
            "report": Action(
                lambda folder: write_report(folder / "metrics.json", {"old": 1}),
                lambda folder: write_report(folder / "metrics.json", {"new": [*range(10_000)]}),
                lambda folder: json.loads((folder / "metrics.json").read_text(encoding="utf-8")),
            ),
            "train": Action(lambda folder: folder.mkdir(), self._train, self.run),
        }

    def _checkpoint(self, folder: Path, seed: int, *, graph: Path | None = None) -> None:
        model = tiny_model(self.toy, seed=seed, sharp=8.0)
        Checkpoint(model, self.tokenizer, self.toy).save(folder, graph=str(graph or self.graph))

    def _adopt(self, folder: Path) -> None:
        adopt(folder, Graph.load(self.place / "larger"))

    def _train(self, folder: Path) -> None:
        """In a process of its own, where nothing has to be put back."""
        loop.explain = in_process
        loop.time = _NoClock()
        base.base_encoder = lambda: base.BaseEncoder(tiny_encoder(), self.tokenizer)
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
        settle(folder)
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


def moments(calls: list[str], duration: float, count: int, chance: random.Random) -> list[dict]:
    """When to kill: before the swap and late among the moves; then anywhere, a third by the clock.

    Where each file moved to its place alone, the second would find some old and some new.
    """
    swap = calls.index("rename" if "rename" in calls else "replace") + 1
    moved = max(i for i, name in enumerate(calls, 1) if name in ("rename", "replace"))
    timed = count // 3
    spread = count - timed - 2
    places = [swap, max(moved, swap + 1)]
    places += [1 + (len(calls) - 1) * i // max(spread - 1, 1) for i in range(spread)]
    by_clock = [{"seconds": chance.uniform(0, duration)} for _ in range(timed)]
    return [{"last": place} for place in sorted(places)] + by_clock


def try_action(name: str, action: Action, place: Path, count: int, seed: int = 0) -> str:
    """Kill it at many moments; raises AssertionError at the first that leaves a mixture."""
    chance, folder, kinds = random.Random(f"{name}-{seed}"), place / name, []
    act = partial(_act, action, folder)
    action.prepare(folder)
    before = action.look(folder)
    started = time.perf_counter()
    calls = killed(act)
    duration = time.perf_counter() - started
    assert calls, f"{name} was killed though nobody did"
    after = action.look(folder)
    assert after != before, name
    for where in moments(calls, duration, count, chance):
        shutil.rmtree(folder)
        action.prepare(folder)
        killed(act, **where)
        left = action.look(folder)
        kinds.append("before" if left == before else "between" if left != after else "after")
        # Between the two is a run alone: after a measurement it is a whole checkpoint, too.
        assert kinds[-1] != "between" or name == "train", (name, where)
        assert killed(act), (name, where)
        assert action.look(folder) == after, (name, where)
    by_call = [ORDER.index(kind) for kind in kinds[: count - count // 3]]
    assert by_call == sorted(by_call), f"{name}: what was new is gone again: {kinds}"
    tally = {kind: kinds.count(kind) for kind in ORDER}
    return f"{name}: killed {count} times over {len(calls)} calls ({' '.join(CALLS)}): {tally}"


def _act(action: Action, folder: Path) -> None:
    torch.manual_seed(0)
    action.act(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="save adopt build import report train")
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
