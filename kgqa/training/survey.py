"""What kind of questions are these? Settings read off a sample, so that no data set needs a flag.

*Names in part*: do questions use some of a label's words ("Obama")? If such names explain questions
that have no explanation without them, the graph gets them.

*Complete answers*: are the answers the whole of what some walk reaches? If the best walks explain
them only in part, explanations that match less well are kept, too.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kgqa import files
from kgqa import questions as question_files
from kgqa.errors import DataError, FileError
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.questions import Question
from kgqa.training.config import COMPLETE, SAMPLE, WORTH
from kgqa.training.explanations import Explainer
from kgqa.training.progress import Progress


@dataclass(frozen=True)
class Source:
    """What a run walks on."""

    graph: Path  #: a graph folder
    complete: bool  #: answers are whole sets
    operators: bool  #: there are numbers to compare


def prepare(
    data: Path,
    out: Path,
    graph: str | Path | None,
    complete: bool | None,
    progress: Progress = Progress(),
) -> Source:
    """The given graph, or else one that the survey builds of the tables of ``data`` in ``out``."""
    if graph is not None:
        return Source(Path(graph), complete is not False, _numbers(Path(graph)))
    if not (data / "entities.tsv").is_file():
        raise DataError(
            f"{data} has no entities.tsv; give the graph with --graph, or a folder with "
            "entities.tsv and triples.tsv."
        )
    folder = out / "graph"
    result = survey(data, question_files.read(data / "train.jsonl"), folder)
    complete = result.complete if complete is None else complete
    progress.say(
        f"survey of the questions: {100 * result.explained:.0f}% can be explained, the best "
        f"explanation has a mean F1 of {result.best_f1:.2f}; names in part "
        f"{'' if result.part_names else 'not '}used, answers "
        f"{'' if complete else 'not '}taken as complete"
    )
    return Source(folder, complete, _numbers(folder))


def _numbers(graph: Path) -> bool:
    """Whether a graph has attributes."""
    return bool(Graph.load(graph).numbers.attributes)


@dataclass(frozen=True)
class Survey:
    """What the sample says."""

    part_names: bool
    complete: bool
    explained: float  #: share of the sampled questions with an explanation, with the names chosen
    best_f1: float  #: mean F1 of the best explanation, 0 where there is none


@dataclass(frozen=True)
class _Explained:
    share: float  #: of questions with an explanation
    f1: float  #: mean of the best


def survey(data: Path, questions: Sequence[Question], graph: Path) -> Survey:
    """Choose the settings, and build the tables of ``data`` into the folder ``graph``.

    The result is kept there as ``survey.json``, and read the next time; both are written together.
    Raises :class:`DataError` if no question has an explanation.
    """
    files.settle(graph)
    note = graph / "survey.json"
    if files.is_file(note) and files.is_file(graph / "graph.json"):
        return _read(note)
    answerable = [q for q in questions if q.answerable]
    sample = random.Random(0).sample(answerable, min(SAMPLE, len(answerable)))
    with files.replacing(graph, instead_of="*.npy") as new:
        build_tables(data, new)
        explained, part_names = _explained(new, sample), False
        if explained.share < 1 - WORTH:
            larger = new / "part-names"
            build_tables(data, larger, part_names=True)
            more = _explained(larger, sample)
            part_names = more.share >= explained.share + WORTH
            if part_names:
                explained = more
                for path in larger.iterdir():
                    path.replace(new / path.name)
            shutil.rmtree(larger)
        if sample and explained.f1 == 0:
            raise DataError(
                f"None of {len(sample)} questions of {data / 'train.jsonl'} has an explanation in "
                "the graph; check entity ids."
            )
        share, f1 = round(explained.share, 4), round(explained.f1, 4)
        result = Survey(part_names, explained.f1 >= COMPLETE, share, f1)
        files.write_text(new / note.name, files.to_json(asdict(result)))
    return result


def _read(note: Path) -> Survey:
    values = files.read_json(note)
    try:
        return Survey(**values)  # type: ignore[arg-type]
    except TypeError:
        raise FileError(
            f"{files.name_of(note)} is damaged; delete it to survey the questions again."
        ) from None


def _explained(folder: Path, questions: Sequence[Question]) -> _Explained:
    explain = Explainer(folder, complete=True, operators=_numbers(folder))
    best = [max((e.f1 for e in explain(q)), default=0.0) for q in questions]
    count = max(1, len(best))
    return _Explained(sum(b > 0 for b in best) / count, sum(best) / count)
