"""Where what people say of answers is kept: one file a graph, in the layout of train.jsonl."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import feedback as kept
from kgqa.errors import DataError
from kgqa.feedback import Entry, FeedbackFile
from kgqa.files import name_of
from kgqa.graph.numbers import written
from kgqa.questions import to_row
from kgqa.text import json_line, plain

if TYPE_CHECKING:
    from kgqa.graph import Graph
    from kgqa.inference import Pipeline
    from kgqa.trace import Entity, Trace
    from kgqa.ui.said import Feedback, Verdict

FOLDER = Path("~/.kgqa/feedback")
ON_THE_WAY = 40  #: entities of a walk whose numbers a typed number may be
_ODD = re.compile(r"[^\w]+")


def own_file(graph: Graph) -> Path:
    """The person's own file about a graph; ids of another graph mean something else."""
    name = _ODD.sub("-", plain(graph.name, 40)).strip("-").lower() or "graph"
    return FOLDER.expanduser() / f"{name}-{graph.fingerprint[:8]}.jsonl"


def keeper(
    pipeline: Pipeline, place: str, *, alone: bool, checkpoint: str = "", graph: str = ""
) -> Feedback:
    """Keeps what people say of a pipeline's answers.

    Args:
        place: the file; empty: the person's own.
        alone: whether the page is for one person.
        checkpoint: what to train further; ``graph``: and over which folder, if not its own.

    Raises :class:`DataError` or FileError if the file is there and cannot be read.
    """
    from kgqa.ui.said import Feedback, Said

    file = FeedbackFile(place or own_file(pipeline.graph))
    file.entries()  # refused before the page is served

    def keep(trace: Trace, verdict: Verdict, instead: Collection[str] | None) -> str:
        new = entry_of(pipeline, trace, verdict)
        file.add(new, instead_of=lambda old: instead is None or old.id in instead)
        return new.id

    def entries() -> list[Said]:
        return [Said(e.id, e.question.question, e.said, e.answer) for e in file.entries()]

    def export() -> str:
        return "".join(json_line(to_row(q)) + "\n" for q in kept.lessons(file.entries()))

    command = f"python -m kgqa train --feedback {shlex.quote(str(file.path))}"
    command += f" --start {shlex.quote(checkpoint)}" if checkpoint else ""
    command += f" --graph {shlex.quote(graph)}" if graph else ""
    command += " --out runs/taught"
    return Feedback(keep, file.remove, entries, export, name_of(file.path), command, alone)


def entry_of(pipeline: Pipeline, trace: Trace, verdict: Verdict) -> Entry:
    """What is kept of a verdict. Raises :class:`DataError` for what the graph does not know."""
    graph, question = pipeline.graph, trace.question
    if verdict.said == kept.WRONG:
        return kept.entry(question, kept.WRONG, graph=graph.fingerprint)
    entities: list[Entity]
    value, refusal = verdict.value, ""
    if verdict.said == kept.SHOULD:
        entities = [_known(graph, id) for id in verdict.entities]
        refusal = "graph" if verdict.none else ""
        number = _on_the_way(graph, trace, value) if isinstance(value, float) else None
        if number is not None:
            entities, value = [number], None
    elif trace.value is not None:
        entities, value = [], trace.value.number
        value = bool(value) if trace.value.kind == "yes_no" else value
    else:
        entities = [answer.entity for answer in trace.answers]
        refusal = "" if entities else "model" if trace.outcome == "not_possible" else "graph"
    return kept.entry(
        question,
        verdict.said,
        [entity.id for entity in entities],
        value=value,
        refusal=refusal,
        names=[plain(entity.label) for entity in entities[: kept.NAMES]],
        graph=graph.fingerprint,
    )


def _known(graph: Graph, id: str) -> Entity:
    """Raises :class:`DataError` if there is none of this id."""
    place = graph.find(id)
    if place is None:
        raise DataError(f"The graph has no entity {plain(id, 80)!r}.")
    return graph.entity(place)


def _on_the_way(graph: Graph, trace: Trace, number: float) -> Entity | None:
    """The one value that reads like this number, of an entity on the walk; None if there is none.

    A number that a fact tells is an entity, while one that was counted is none.
    """
    passed = [seed.entity.id for branch in trace.branches for seed in branch.seeds]
    hops = [hop for branch in trace.branches for hop in branch.hops]
    passed += [reached.entity.id for hop in hops for reached in hop.entities]
    passed += [m.candidates[0].entity.id for m in trace.mentions if m.used and m.candidates]
    texts = {written(number), written(number, "year")}
    found = {
        entity.id: entity
        for id in list(dict.fromkeys(passed))[:ON_THE_WAY]
        if (about := graph.neighbourhood(id)) is not None
        for group in about.groups
        for entity in group.entities
        if entity.kind == "value" and entity.label.split(" ")[0] in texts
    }
    return next(iter(found.values())) if len(found) == 1 else None
