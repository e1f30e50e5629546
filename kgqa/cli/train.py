"""``train``: a checkpoint from a folder of questions."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgqa.cli.common import CHECKPOINT, Commands, add_command, add_device
from kgqa.cli.data import WORDINGS, write
from kgqa.text import printable

if TYPE_CHECKING:
    from kgqa.training import TrainConfig

BASE = "base"  #: as --start: the base encoder, which knows no graph


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "train",
        "Train from (question, answers); resumes if interrupted.",
        run,
        "--out runs/films",
        "--data DIR --out RUN   # a folder of the benchmark layout",
        "--graph DIR --out RUN  # without questions: they are written, in words that can be edited",
        "--feedback FILE --start checkpoints/films --out RUN  # what people said of its answers",
    )
    text = "what people said of answers (see kgqa serve --feedback), beside written questions"
    parser.add_argument("--feedback", metavar="FILE", help=text)
    parser.add_argument("--seed", type=int, default=0)
    add_training(parser)


def add_training(parser: argparse.ArgumentParser) -> None:
    """The arguments that ``benchmark`` has, too."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="train.jsonl and dev.jsonl (without it, a tenth of train is held out), with "
        "entities.tsv and triples.tsv unless --graph is given; default: questions written for the "
        "graph, in the words of RUN/wordings.txt",
    )
    text = "a built graph folder; default: the default graph"
    parser.add_argument("--graph", metavar="DIR", help=text)
    parser.add_argument("--out", required=True, metavar="RUN")
    parser.add_argument("--name", help="name of the model; default: the folder's")
    text = "train this checkpoint further; base: the base encoder. Default of train for a graph of "
    text += f"your own: {CHECKPOINT}, which can walk any; else base"
    parser.add_argument("--start", metavar="CHECKPOINT", help=text)
    text = "a folder of other graphs with questions, trained on at the same time"
    parser.add_argument("--others", metavar="DIR", help=text)
    text = "passes with the path-marginal loss; 0 with --start: none, and nothing is searched"
    parser.add_argument("--epochs", type=float, help=text)
    text = "passes through follow, at the end"
    parser.add_argument("--follow-epochs", type=float, help=text)
    parser.add_argument("--batch-size", type=int)
    text = "compute in bfloat16 on a CPU, too: faster on those that have instructions for it"
    parser.add_argument("--bfloat16", action="store_true", default=None, help=text)
    parser.add_argument("--evaluate-every", type=int, metavar="STEPS")
    text = "processes that search for explanations, and that feed a GPU; default: 2"
    parser.add_argument("--workers", type=int, help=text)
    parser.add_argument(
        "--incomplete-answers",
        action=argparse.BooleanOptionalAction,
        help="whether answers in the data are often incomplete (questions of the web); by default "
        "a sample of them tells",
    )
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Train, and print the best dev scores."""
    from kgqa.cli.progress import Bars
    from kgqa.training import TrainConfig, train

    out = Path(options.out)
    config = TrainConfig(seed=options.seed, **overrides(options))
    if options.start is None and (start := shipped(options)) is not None:
        print(f"starts from {start} (--start {BASE}: from the base encoder)", flush=True)
        config = replace(config, start=start)
    if options.feedback:
        data, graph, config = taught(options, out, config)
    else:
        data, graph = folders(options.data, options.graph, out)
    result = train(
        data,
        out,
        graph=graph,
        config=config,
        name=options.name or "",
        device=options.device,
        progress=Bars(),
    )
    best = result.best
    print(
        f"best dev: hits@1 {best.scores.hits_at_1}, exact {best.scores.exact_match}, "
        f"f1 {best.scores.f1} at step {best.step}, in {printable(result.folder)}"
    )
    return 0


def shipped(options: argparse.Namespace) -> str | None:
    """The shipped weights for a graph of one's own: they know how to walk any; None without them.

    The default graph, which they are of, is trained from the base encoder.
    """
    own = options.data if options.graph is None else options.graph
    there = Path(CHECKPOINT) / "config.json"
    default = options.graph and Path(options.graph).resolve() == (there.parent / "graph").resolve()
    return CHECKPOINT if own and not default and there.is_file() else None


def taught(
    options: argparse.Namespace, out: Path, config: TrainConfig
) -> tuple[Path, Path | None, TrainConfig]:
    """The same for a run that learns from what people said: its questions are in ``out``/data."""
    from kgqa.checkpoint import graph_of
    from kgqa.cli.feedback import mix
    from kgqa.training.run import Run

    Run(out)  # refused before anything is written
    graph = Path(options.graph) if options.graph else graph_of(config.start or CHECKPOINT)
    config = mix(options.feedback, out / "data", graph=graph, data=options.data, config=config)
    return out / "data", graph, config


def overrides(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of TrainConfig that the arguments set."""
    names = "epochs follow_epochs batch_size evaluate_every start others workers bfloat16".split()
    values = {name: getattr(options, name) for name in names}
    if options.incomplete_answers is not None:
        values["complete"] = not options.incomplete_answers
    if values["start"] == BASE:
        values["start"] = None
    return {name: value for name, value in values.items() if value is not None}


def folders(data: str | None, graph: str | None, out: Path) -> tuple[Path, Path | None]:
    """The folder of questions, by default written for the graph, and the graph that was given."""
    from kgqa import files
    from kgqa.training.run import Run

    Run(out)  # refused before questions are written and anything is opened
    if data is not None:
        return Path(data), Path(graph) if graph else None
    folder, default = out / "data", Path(graph or f"{CHECKPOINT}/graph")
    files.settle(folder)
    if not (folder / "train.jsonl").is_file():
        write(default, folder, out / WORDINGS)
    return folder, default
