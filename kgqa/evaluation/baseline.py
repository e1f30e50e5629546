"""The popularity baseline: from the right entity, follow the commonest relation, whatever is asked.

It shows how much of a score comes from the graph alone. A relation can be common in three ways: by
its triples in the graph, by how often it leads from a training topic to an answer, and by how often
it does so among the training topics that have it. The best of the three is the baseline. Of the
entities reached, the best connected is the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kgqa.graph import Graph
from kgqa.questions import Question

RARE = 5  # added to the count of a relation's topics: those of few topics do not come first


def popularity(
    graph: Graph, train: Sequence[Question], questions: Sequence[Question]
) -> dict[str, float]:
    """Hits@1 in percent by each way to rank relations; gold topics are read, also in training."""
    leads, topics = _training(graph, train)
    half = len(graph.relations)
    rankings: dict[str, Mapping[int, float]] = {
        "triples in the graph": {
            r: graph.relations[r % half].triples for r in range(graph.num_relations)
        },
        "leads to an answer in train": leads,
        "share that leads to an answer in train": {
            r: leads[r] / (topics[r] + RARE) for r in topics
        },
    }
    return {name: _hits(graph, ranking, questions) for name, ranking in rankings.items()}


def _training(graph: Graph, train: Sequence[Question]) -> tuple[Counter[int], Counter[int]]:
    """How often each relation leads from a topic to an answer, and how many topics have it."""
    leads: Counter[int] = Counter()
    topics: Counter[int] = Counter()
    for question in train:
        answers = graph.find_all(question.answers)
        for relation, tails in _leaving(graph, question):
            topics[relation] += 1
            leads[relation] += bool(answers.intersection(tails.tolist()))
    return leads, topics


def _leaving(graph: Graph, question: Question) -> Iterator[tuple[int, np.ndarray]]:
    """The relations that leave a question's topics, with their tails."""
    for topic in question.topics:
        entity = graph.find(topic)
        if entity is not None:
            yield from graph.groups(entity)


def _hits(graph: Graph, ranking: Mapping[int, float], questions: Sequence[Question]) -> float:
    right = 0
    for question in questions:
        options = [(ranking.get(r, 0), -r, tails) for r, tails in _leaving(graph, question)]
        if options:
            tails = max(options, key=lambda option: option[:2])[2]
            best = max(tails.tolist(), key=lambda e: (int(graph.degree[e]), -e))
            right += best in graph.find_all(question.answers)
    return round(100 * right / max(1, len(questions)), 2)
