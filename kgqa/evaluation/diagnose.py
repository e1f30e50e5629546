"""Why was a question answered wrongly, and what could be reached at best? Both read gold topics; neither is used in training."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kgqa.evaluation.evaluator import Evaluator
from kgqa.evaluation.metrics import Score
from kgqa.graph import Graph
from kgqa.programs.search import Searcher
from kgqa.questions import Question
from kgqa.walk import Settings

ERRORS = {
    "facts": "no walk of up to three hops from the topic explains the answers (facts or answers are missing or wrong)",
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


def ceiling(graph: Graph, questions: list[Question], *, progress=iter) -> dict[str, float]:
    """What walks of up to three hops from the gold topics reach at best, in percent of the answerable questions.

    ``reachable``: some walk explains the answers with an F1 above 0.3; ``exact``: one reaches exactly them; ``f1``: mean of
    the best.
    """
    searcher = Searcher(graph, complete=False)
    best = [
        _best(graph, searcher, question) for question in progress(questions) if question.answers
    ]
    n = max(1, len(best))
    return {
        "reachable": round(100 * sum(b > 0 for b in best) / n, 2),
        "exact": round(100 * sum(b > 0.999 for b in best) / n, 2),
        "f1": round(100 * sum(best) / n, 2),
    }


def _best(graph: Graph, searcher: Searcher, question: Question) -> float:
    answers = graph.find_all(question.answers)
    topics = [t for t in map(graph.find, question.topics) if t is not None]
    if not (answers and topics):
        return 0.0
    return max((e.f1 for e in searcher.between(topics, answers)), default=0.0)


def diagnose(evaluator: Evaluator, settings: Settings = Settings()) -> dict[str, list[Wrong]]:
    """Wrongly answered questions by kind of error, the commonest first."""
    graph = evaluator.checkpoint.graph
    searcher = Searcher(graph, complete=False)
    errors: dict[str, list[Wrong]] = defaultdict(list)
    evaluation = evaluator(settings=settings)
    for i, (answered, question) in enumerate(
        zip(evaluation.answered, evaluation.questions, strict=True)
    ):
        score = answered.score
        if score.answerable and score.hits_at_1 < 1:
            error = _error(graph, searcher, evaluator, i, score)
            gold = tuple(graph.label(e) for e in sorted(evaluator.gold[i])[:5] if e >= 0)
            chosen = tuple(map(graph.label, answered.topics))
            answers = tuple(map(graph.label, answered.answers))
            errors[error].append(Wrong(question, error, chosen, answers, gold))
    return dict(sorted(errors.items(), key=lambda item: -len(item[1])))


def _error(graph: Graph, searcher: Searcher, evaluator: Evaluator, i: int, score: Score) -> str:
    question, topics = evaluator.questions[i], evaluator.topics[i] or set()
    if topics and _best(graph, searcher, question) == 0:
        return "facts"
    if topics - {e for p in evaluator.items[i].link.proposals for e in p.entities}:
        return "unlinked"
    if score.resolved == 0:
        return "entity"
    if score.refused:
        return "refused"
    return "set" if score.f1 > 0 else "path"
