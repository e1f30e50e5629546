"""The popularity baseline: the right entity is given, and the commonest relation is followed whatever the question says.

It shows what of a score is the graph's doing rather than the model's. Three ways to call a relation common are tried, and the
best of them is the baseline: by its triples in the graph, by how often it leads from a training topic to an answer, and by how
often it does so among the training topics that have it. Of the entities reached, the best connected is the answer.
"""

from __future__ import annotations

from collections import Counter

from kgqa.graph import Graph
from kgqa.questions import Question


def popularity(graph: Graph, train: list[Question], questions: list[Question]) -> dict[str, float]:
    """Hits@1 in percent by the way to rank relations; gold topics are read, of training questions too."""
    triples: Counter[int] = Counter()
    half = len(graph.relations)
    for r, relation in enumerate(graph.relations):
        triples[r] = triples[r + half] = relation.triples
    leads, has = Counter(), Counter()
    for question in train:
        answers = graph.find_all(question.answers)
        for topic in map(graph.find, question.topics):
            for r, tails in graph.groups(topic) if topic is not None else ():
                has[r] += 1
                leads[r] += bool(answers.intersection(tails.tolist()))
    rankings = {
        "triples in the graph": triples,
        "leads to an answer in train": leads,
        "share that leads to an answer in train": {r: leads[r] / (has[r] + 5) for r in has},
    }
    return {name: _hits(graph, ranking, questions) for name, ranking in rankings.items()}


def _hits(graph: Graph, ranking: dict[int, float], questions: list[Question]) -> float:
    right = 0
    for question in questions:
        options = [
            (ranking.get(r, 0), -r, tails)
            for topic in map(graph.find, question.topics)
            for r, tails in (graph.groups(topic) if topic is not None else ())
        ]
        if options:
            tails = max(options, key=lambda option: option[:2])[2]
            best = max(tails.tolist(), key=lambda e: (int(graph.degree[e]), -e))
            right += best in graph.find_all(question.answers)
    return round(100 * right / max(1, len(questions)), 2)
