"""``bench``: how fast, and what speed costs."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from kgqa.cli.common import Commands, add_checkpoint, add_command, write_report
from kgqa.files import write_text


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "bench",
        "Measure: follow against published formulations, the pipeline's parts, the start of the "
        "app, what the edge budget costs, the build, or whether corrections help.",
        run,
        "follow --quick",
        "pipeline",
        "start",
    )
    kinds = ["follow", "pipeline", "start", "budget", "build", "feedback"]
    parser.add_argument("what", choices=kinds)
    parser.add_argument("--json", metavar="FILE", help="write the report there")
    text = "pipeline: 200; budget: 1,000; follow: 200 for the edge budget"
    parser.add_argument("--questions", type=int, metavar="N", help=text)
    text = "start: how often the app is started; default 3"
    parser.add_argument("--runs", type=int, default=3, metavar="N", help=text)
    text = "follow: 1e5 and 1e6 triples, one seed, in under a minute"
    parser.add_argument("--quick", action="store_true", help=text)
    text = "triples; follow: default 1e5 1e6 1e7; build: 1e6"
    parser.add_argument("--sizes", type=float, nargs="+", metavar="N", help=text)
    text = "build: from N-Triples in .gz instead of .tsv"
    parser.add_argument("--ntriples", action="store_true", help=text)
    text = "follow, build, feedback: where synthetic graphs are kept"
    parser.add_argument("--folder", default="runs/bench", help=text)
    text = "follow: peers that take longer are left out; default 90, or 3 with --quick"
    parser.add_argument("--limit", type=float, metavar="SECONDS", help=text)
    text = "follow: write an SVG of time against size"
    parser.add_argument("--picture", metavar="FILE", help=text)
    add_checkpoint(parser)


def run(options: argparse.Namespace) -> int:
    """Measure one thing, print it, and write its report."""
    what = {"follow": _follow, "pipeline": _pipeline, "budget": _budget, "build": _build}
    what |= {"feedback": _feedback, "start": _start}
    report = what[options.what](options)
    if options.json:
        write_report(options.json, report)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _follow(options: argparse.Namespace) -> dict:
    from kgqa.bench import follow
    from kgqa.bench.picture import picture

    plan = follow.QUICK if options.quick else follow.Plan()
    if options.device == "cuda":
        plan = replace(plan, device="cuda", batches=follow.CUDA_BATCHES)
    if options.sizes:
        plan = replace(plan, sizes=tuple(sorted({int(n) for n in options.sizes})))
    if options.questions is not None:
        plan = replace(plan, questions=options.questions)
    if options.limit is not None:
        plan = replace(plan, limit=options.limit)
    _say("Three hops; medians of a whole batch. Making a graph takes a while the first time.")
    report = follow.measure(options.folder, plan, say=_say)
    for line in report.lines():
        print(line)
    if options.picture:
        write_text(options.picture, picture(report))
    return report.to_dict()


def _pipeline(options: argparse.Namespace) -> dict:
    from kgqa.bench import pipeline
    from kgqa.ui.handlers import VIEWS, drawn

    report = pipeline.measure(
        options.checkpoint,
        questions=options.questions or 200,
        device=options.device,
        render=lambda trace: ([str(view.render(trace)) for view in VIEWS], drawn(trace)),
    )
    ways = {"one by one": report.one, f"{report.together.batch} together": report.together}
    for title, way in ways.items():
        print(
            f"{report.questions} dev questions {title} on {report.device}, milliseconds a question:"
        )
        for part, row in way.ms.items():
            share = f"share {100 * row.share:>5.1f}%"
            print(f"  {part:<8} p50 {row.p50:>8.2f}   p95 {row.p95:>8.2f}   {share}")
        print(f"  {way.questions_per_second:.1f} questions a second")
    print(f"together / one by one: {report.throughput_ratio:.2f} times the throughput")
    opened = f"opened and ready in {report.open_seconds:.2f} s"
    print(f"{opened}; hops / encode {report.hops_of_encode:.3f}")
    return report.to_dict()


def _start(options: argparse.Namespace) -> dict:
    from kgqa.bench import start

    report = start.measure(options.checkpoint, runs=max(options.runs, 1), say=_say)
    print(f"Medians of {report.runs} starts, seconds since the start (of the processor):")
    for name, moment in {
        "everything is imported": report.imported,
        "the checkpoint is open": report.loaded,
        "app: the page is sent": report.page,
        "app: the first answer": report.answered,
    }.items():
        print(f"  {name:<24}{moment.seconds:>8.2f}  ({moment.cpu_seconds:.2f})")
    return report.to_dict()


def _budget(options: argparse.Namespace) -> dict:
    from kgqa.bench import answers

    report = answers.measure(
        options.checkpoint, questions=options.questions or 1_000, device=options.device
    )
    print(
        f"{report.questions} dev questions: the same answer set with the edge budget as without "
        f"in {report.same:.2f}%"
    )
    return asdict(report)


def _build(options: argparse.Namespace) -> dict:
    from kgqa.bench import building

    rows = []
    for size in sorted({int(n) for n in options.sizes or (1e6,)}):
        folder = Path(options.folder) / f"build-{size}"
        row = building.measure(folder, size, ntriples=options.ntriples, say=_say)
        rows.append(asdict(row))
        print(
            f"{row.triples:,} triples of {row.entities:,} entities from {row.file} "
            f"({row.file_bytes / 1e6:,.0f} MB): built in {row.build_seconds:,.1f} s with at most "
            f"{row.build_peak_bytes / 1e9:.2f} GB of memory, {row.graph_bytes / 1e6:,.0f} MB on "
            f"disk, opened in {row.open_seconds:.3f} s"
        )
    return {"build": rows}


def _feedback(options: argparse.Namespace) -> dict:
    from kgqa.bench import feedback
    from kgqa.cli.main import main

    report = feedback.measure(options.checkpoint, Path(options.folder), main)
    for state, scores in report.items():
        print(f"{state:<22}" + "".join(f"  {name} {hits}" for name, hits in scores.items()))
    return report
