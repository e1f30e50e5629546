"""What kind of questions are these? Two settings read off a sample of (question, answers), so that no data set needs a flag.

*Part names*: do questions use some of a label's words ("Obama")? If such names lead to an explanation of questions that have
none without them, the graph gets them. *Complete answers*: are the answers the whole of what some walk reaches? If the best
walks explain them only in part, explanations that match less well are kept, too.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.linking import Linker
from kgqa.programs.search import Searcher
from kgqa.questions import Question

SAMPLE = 200
WORTH = 0.02  # share of questions that part names must explain in addition
COMPLETE = 0.95  # mean F1 of the best explanations from which on answers count as complete


@dataclass(frozen=True)
class Survey:
    part_names: bool
    complete: bool
    explained: float  #: share of sampled questions with an explanation, with the names chosen
    best_f1: float  #: mean F1 of the best explanation, 0 where there is none


def survey(data: Path, questions: list[Question], graph: Path) -> Survey:
    """Choose the settings, and build ``data``'s tables into the folder ``graph`` with the names chosen.

    Kept beside the graph as ``survey.json``, and read from there the next time. Raises :class:`DataError` if no answer of the
    questions is an entity of the tables.
    """
    note = graph / "survey.json"
    if note.is_file() and (graph / "graph.json").is_file():
        return Survey(**json.loads(note.read_text(encoding="utf-8")))
    asked = [q for q in questions if q.answers]
    asked = random.Random(0).sample(asked, min(SAMPLE, len(asked)))
    build_tables(data, graph)
    share, f1 = _explained(Graph.load(graph), asked)
    parts = False
    if share < 1 - WORTH:
        more = graph.with_name(graph.name + "-part-names")
        build_tables(data, more, part_names=True)
        share_more, f1_more = _explained(Graph.load(more), asked)
        if share_more >= share + WORTH:
            parts, share, f1 = True, share_more, f1_more
            _replace(graph, more)
        else:
            _remove(more)
    if asked and f1 == 0:
        raise DataError(
            f"None of {len(asked)} questions of {data / 'train.jsonl'} has an explanation in the graph; check entity ids."
        )
    found = Survey(parts, f1 >= COMPLETE, round(share, 4), round(f1, 4))
    note.write_text(json.dumps(asdict(found)) + "\n", encoding="utf-8")
    return found


def _explained(graph: Graph, questions: list[Question]) -> tuple[float, float]:
    """(share with an explanation, mean F1 of the best)."""
    linker, search = Linker(graph), Searcher(graph)
    best = []
    for question in questions:
        answers = graph.find_all(question.answers)
        found = search(linker(question.question), answers) if answers else []
        best.append(max((e.f1 for e in found), default=0.0))
    return sum(b > 0 for b in best) / max(1, len(best)), sum(best) / max(1, len(best))


def _replace(old: Path, new: Path) -> None:
    _remove(old)
    new.rename(old)


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
