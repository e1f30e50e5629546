"""Why is an answer wrong, and what could be reached at best? Both read gold topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kgqa.evaluation.evaluator import Answered, Evaluator
from kgqa.graph import Graph
from kgqa.linking import Link
from kgqa.programs.search import Searcher
from kgqa.questions import Question
from kgqa.walk import Settings

ERRORS = {
    "facts": "no walk of up to three hops from the topic explains the answers "
    "(facts or answers are missing or wrong)",
    "unlinked": "the topic is not among the candidates",
    "entity": "another entity was chosen",
    "refused": "no answer was given",
    "set": "the set reached holds right answers, but another entity is ranked first",
    "path": "right entity, but another relation or number of hops",
}


@dataclass(frozen=True)
class Wrong:
    """A question whose first answer is not a gold answer."""

    question: Question
    error: str  #: key of ERRORS
    chosen: tuple[str, ...]  #: labels of the entities taken for topics
    answers: tuple[str, ...]  #: labels of the first answers given
    gold: tuple[str, ...]  #: labels of the first gold answers


@dataclass(frozen=True)
class Ceiling:
    """What walks of up to three hops from the gold topics reach, in percent of the answerable."""

    reachable: float  #: some walk explains the answers with an F1 above 0.3
    exact: float  #: one reaches exactly them
    f1: float  #: mean of the best


def ceiling(graph: Graph, questions: Sequence[Question]) -> Ceiling:
    """The best that a model could do on these questions."""
    searcher = Searcher(graph, complete=False)
    best = [_best_f1(searcher, question) for question in questions if question.answers]
    n = max(1, len(best))
    return Ceiling(
        reachable=round(100 * sum(f1 > 0 for f1 in best) / n, 2),
        exact=round(100 * sum(f1 > 0.999 for f1 in best) / n, 2),
        f1=round(100 * sum(best) / n, 2),
    )


def _best_f1(searcher: Searcher, question: Question) -> float:
    """F1 of the best walk from the gold topics."""
    answers = searcher.graph.find_all(question.answers)
    ids = [searcher.graph.find(topic) for topic in question.topics]
    topics = [topic for topic in ids if topic is not None]
    if not (answers and topics):
        return 0.0
    return max((e.f1 for e in searcher.between(topics, answers)), default=0.0)


def diagnose(evaluator: Evaluator, settings: Settings = Settings()) -> dict[str, list[Wrong]]:
    """Wrongly answered questions by kind of error, the commonest first."""
    graph = evaluator.checkpoint.graph
    searcher = Searcher(graph, complete=False)
    errors: dict[str, list[Wrong]] = defaultdict(list)
    for i, answered in enumerate(evaluator(settings=settings).answered):
        if answered.score.answerable and answered.score.hits_at_1 < 1:
            error = _error(searcher, evaluator, i, answered)
            question, link = evaluator.questions[i], evaluator.items[i].link
            chosen = tuple(_called(graph, link, topic) for topic in answered.topics)
            answers = tuple(map(graph.label, answered.answers))
            gold = tuple(graph.label(e) for e in sorted(evaluator.gold[i])[:5] if e >= 0)
            if question.value is not None:
                gold = (str(question.value),)
            errors[error].append(Wrong(question, error, chosen, answers, gold))
    return dict(sorted(errors.items(), key=lambda item: -len(item[1])))


def _called(graph: Graph, link: Link, candidate: int) -> str:
    """An entity by its label, and a literal by what it bounds: "in release year"."""
    bound = link.range_of(candidate, graph.num_entities)
    if bound is None:
        return graph.label(candidate)
    return f"{bound.compare} {graph.relation_label(bound.relation)}"


def _error(searcher: Searcher, evaluator: Evaluator, i: int, answered: Answered) -> str:
    topics, proposals = evaluator.topics[i] or set(), evaluator.items[i].link.proposals
    if topics and _best_f1(searcher, evaluator.questions[i]) == 0:
        return "facts"
    if topics - {entity for p in proposals for entity in p.entities}:
        return "unlinked"
    if answered.score.resolved == 0:
        return "entity"
    if answered.score.refused:
        return "refused"
    return "set" if answered.score.f1 > 0 else "path"
