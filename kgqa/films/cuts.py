"""Copies of the default graph as other graphs are: without classes, and under other names.

Where "films" names a class, "who directed the films written by ..." is a class and a writer that
meet, and a hop from there. Elsewhere it is two hops from the writer. A model that is to answer over
any graph needs both. So a copy lacks classes, some relations, which are asked about in vain, and
its relations have one of the names of ``synonyms.tsv``.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kgqa import files, questions
from kgqa.films import build, phrasings
from kgqa.films.classes import IS_A
from kgqa.films.relations import relations
from kgqa.films.worth import bounds_of
from kgqa.graph import Graph, Relation
from kgqa.graph.operators import Operator
from kgqa.graph.synonyms import read_synonyms, renamed
from kgqa.programs.program import Program
from kgqa.questions import Question

LEFT_OUT = 3  #: relations that a copy lacks
#: Relations that a copy may lack: what they tell is told by no other.
MAY_LACK = (
    *("genre", "original language", "country of origin", "production company", "content rating"),
    *("run time", "box office", "Academy Awards won", "currency", "official language", "area"),
    *("population", "art form", "continent", "field of work"),
)
IN_VAIN = 0.25  #: share of the questions about them that are asked
MISSING = "missing relation"  #: the kind of a question about a relation that was left out
SYNONYMS = Path(__file__).parent / "synonyms.tsv"


def write_cut(rows: Iterable[tuple[str, Sequence[Question]]], folder: Path, seed: int) -> int:
    """Write a copy and its questions, whole or not at all; returns how many there are.

    ``rows``: (split, questions over the default graph) of each file. The same seed gives the same
    copy.
    """
    rng = random.Random(f"cut-{seed}")
    lacks = frozenset(rng.sample(MAY_LACK, LEFT_OUT))
    count = 0
    with files.replacing(folder) as new:
        build.build(new / "graph", relations=_relations_of(rng, lacks), classes=False)
        for split, asked in rows:
            rows_kept = kept(asked, lacks, seed)
            questions.write(new / f"{split}.jsonl", rows_kept)
            count += len(rows_kept)
    return count


def kept(asked: Sequence[Question], lacks: frozenset[str], seed: int) -> list[Question]:
    """The questions as a copy answers them that lacks classes and some relations."""
    rng = random.Random(f"kept-{seed}")
    kinds = [*phrasings.read(), *phrasings.read(phrasings.OPERATORS)]
    used = {kind.name: _relations(kind.program) for kind in kinds}
    return [q for question in asked if (q := _over(question, used, lacks, rng)) is not None]


def _relations_of(rng: random.Random, lacks: frozenset[str]) -> list[Relation]:
    """The relations of a copy; it keeps their ids."""
    every = relations()
    synonyms = read_synonyms(SYNONYMS, {relation.id for relation in every})
    has = [relation for relation in every if relation.id not in {*lacks, IS_A}]
    return [renamed(relation, synonyms, rng) for relation in has]


def _relations(program: Program[str]) -> set[str]:
    """The ids of the relations and attributes that a program takes."""
    names = [*map(str, program.relations), *(b.attribute for b in bounds_of(program).values())]
    if program.readout.startswith("sum("):
        names.append(program.readout.removeprefix("sum(").removesuffix(")"))
    return {Operator.parse(name).relation.removeprefix("-") for name in names}


def _over(
    question: Question, used: dict[str, set[str]], lacks: frozenset[str], rng: random.Random
) -> Question | None:
    """The question as the copy answers it; None if it is not asked."""
    if any(id_.startswith("class:") for id_ in (*question.topics, *question.answers)):
        return None
    if question.refusal or not used.get(question.kind, set()) & lacks:
        return question
    if rng.random() >= IN_VAIN:
        return None
    return replace(question, answers=(), value=None, kind=MISSING, hops=0, refusal="graph")


def cut_questions(graph: Graph, seed: int, per_kind: int) -> list[tuple[str, list[Question]]]:
    """Questions over the default graph for a copy, train and dev."""
    from kgqa.films.refusals import Refusals
    from kgqa.films.writer import Writer

    found = []
    writer = Writer(graph)
    for split, count in (("train", per_kind), ("dev", 1)):
        rows = writer.write(split, count, seed)
        found.append((split, rows + Refusals(graph, writer).write(split, count, seed)))
    return found
