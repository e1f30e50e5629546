"""``bench``: follow, pipeline, budget, build."""

from __future__ import annotations

import json
from pathlib import Path


def bench(options) -> int:
    report = {"follow": _follow, "pipeline": _pipeline, "budget": _budget, "build": _build}[
        options.what
    ](options)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def _follow(options) -> dict:
    from kgqa.bench import follow
    from kgqa.bench.picture import picture
    from kgqa.bench.targets import targets

    plan = {"limit": options.limit, "device": "cuda" if options.device == "cuda" else "cpu"}
    if options.quick:
        plan |= {
            "sizes": (100_000, 1_000_000),
            "seeds": (1,),
            "batches": (1, 32),
            "rounds": 3,
            "questions": 50,
            "limit": 3.0,
        }
    if options.sizes:
        plan["sizes"] = tuple(sorted({int(n) for n in options.sizes}))
    if options.questions is not None:
        plan["questions"] = options.questions
    if plan["device"] == "cuda":
        plan["batches"] = (1, 32, 128, 1024, 4096)
    print(
        "Three hops; medians of a whole batch. Making a graph takes a while the first time.",
        flush=True,
    )
    report = follow.measure(
        options.folder, follow.Plan(**plan), say=lambda line: print(line, flush=True)
    )
    report["targets"] = targets(report)
    for row in report["budget"]:
        print(
            f"{row['triples']:,} triples, {row['questions']} questions at 99%: mass kept by the budget p10 "
            f"{row['kept_by_budget']['p10']:.3f}, of the exact result {row['kept_in_all']['p10']:.3f}; "
            f"exact top answer among the answers in "
            f"{100 * row['top_kept']:.1f}%, heaviest in {100 * row['top_first']:.1f}%"
        )
    for row in report["growth"]:
        shown = ", ".join(f"{name} {b:.2f}" for name, b in row["exponents"].items())
        print(
            f"time grows with triples^b, {row['seeds']} seed(s), batch {row['batch']}, {row['mode']}: {shown}"
        )
    for row in report["targets"]:
        sign = ">=" if row["least"] else "<="
        print(
            f"{'met   ' if row['met'] else 'missed'}  {row['figure']}: {row['value']:,.5g} ({sign} {row['target']:g})"
        )
    if options.picture:
        Path(options.picture).write_text(picture(report), encoding="utf-8")
    return report


def _pipeline(options) -> dict:
    from kgqa.bench import pipeline

    report = pipeline.measure(
        options.checkpoint,
        questions=options.questions or 200,
        device=options.device,
        render=_page(),
    )
    for way in ("one", "together"):
        title = "one by one" if way == "one" else f"{report['together']['batch']} together"
        print(
            f"{report['questions']} dev questions {title} on {report['device']}, milliseconds a question:"
        )
        for part, row in report[way]["ms"].items():
            print(
                f"  {part:<8} p50 {row['p50']:>8.2f}   p95 {row['p95']:>8.2f}   share {100 * row['share']:>5.1f}%"
            )
        print(f"  {report[way]['questions_per_second']:.1f} questions a second")
    print(f"together / one by one: {report['throughput_ratio']:.2f} times the throughput")
    print(
        f"opened and ready in {report['open_seconds']:.2f} s; hops / encode {report['hops_of_encode']:.3f}"
    )
    return report


def _page():
    """What the page does with a trace: all views, and the drawing."""
    from kgqa.ui.handlers import VIEWS, Handlers

    draw = Handlers(lambda question: None).draw
    return lambda trace: ([str(view.render(trace)) for view in VIEWS], draw(trace))


def _budget(options) -> dict:
    from kgqa.bench import answers

    report = answers.measure(
        options.checkpoint, questions=options.questions or 1_000, device=options.device
    )
    print(
        f"{report['questions']} dev questions: the same answer set with the edge budget as without in {report['same']:.2f}%"
    )
    return report


def _build(options) -> dict:
    from kgqa.bench import building

    rows = []
    for size in sorted({int(n) for n in options.sizes or (1e6,)}):
        folder = Path(options.folder) / f"build-{size}"
        row = building.measure(
            folder, size, ntriples=options.ntriples, say=lambda line: print(line, flush=True)
        )
        rows.append(row)
        print(
            f"{row['triples']:,} triples of {row['entities']:,} entities from {row['file']} ({row['file_bytes'] / 1e6:,.0f} MB): "
            f"built in {row['build_seconds']:,.1f} s with at most {row['build_peak_bytes'] / 1e9:.2f} GB of memory, "
            f"{row['graph_bytes'] / 1e6:,.0f} MB on disk, opened in {row['open_seconds']:.3f} s"
        )
    return {"build": rows}
