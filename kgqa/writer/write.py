"""Questions for any graph: drawn in groups, answered by their programs, split into train and dev.

    written = write_questions(graph, generic_wordings(graph))

The groups and their shares are ``GROUPS``. Training reads (question, answers) alone. Train and dev
share no wording of a relation that has enough of them, and no entity of a relation that many have.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass

from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.questions import Question
from kgqa.text import plain
from kgqa.writer import asked, checked, joins, measured, ranked
from kgqa.writer.described import Draft
from kgqa.writer.desk import MAX_ANSWERS, Desk
from kgqa.writer.names import Names
from kgqa.writer.refused import Refused
from kgqa.writer.slips import misspelt, restyle, tokenised
from kgqa.writer.wordings import Wordings

PER_RELATION = 150  #: questions for each directed relation, of all groups together
FEWEST, MOST = 400, 20_000  #: questions of a graph, for train
DEV_SHARE = 0.12  #: dev questions for a train question
SLIPS = 0.03  #: share of questions with a slip of the finger in a word that is no name
TOKENISED = 0.05  #: share of questions whose marks stand apart from the words
_TRIES = 12  #: draws for each question wanted
#: Shares of the groups: of those that come to nothing in a graph the others take over.
GROUPS: dict[str, float] = {
    "one hop": 0.23,
    "both ways": 0.06,
    "two hops": 0.16,
    "three hops": 0.09,
    "and": 0.12,
    "or": 0.02,
    "but not": 0.02,
    "count": 0.06,
    "yes or no": 0.07,
    "class": 0.04,
    "extreme": 0.05,
    "most": 0.02,
    "bound": 0.05,
    "compare": 0.02,
    "sum": 0.01,
    "missing attribute": 0.05,
    "missing fact": 0.03,
    "unknown name": 0.03,
    "missing": 0.03,
    "impossible": 0.03,
}


@dataclass(frozen=True)
class Written:
    """Questions in two splits."""

    train: list[Question]
    dev: list[Question]


def write_questions(
    graph: Graph,
    wordings: Wordings,
    *,
    per_relation: int = PER_RELATION,
    fewest: int = FEWEST,
    seed: int = 0,
    missing: tuple[str, ...] = (),
) -> Written:
    """Questions in the words of ``wordings``; the same seed gives the same ones.

    ``per_relation`` questions for each direction of a relation that has wordings, of all groups
    together, at least ``fewest`` and at most MOST. ``missing``: questions that the graph cannot
    answer, where {kind} is an entity of that kind. Raises :class:`DataError` if the wordings are of
    relations that the graph lacks.
    """
    unknown = [r for r in wordings if r not in graph.relation_index]
    if unknown:
        raise DataError(
            f"The wordings are for another graph: {plain(graph.name)!r} has no relation "
            f"{plain(unknown[0])!r}."
        )
    names = Names(graph)
    train, dev = (Desk(graph, wordings, names, split, seed) for split in ("train", "dev"))
    if not train.relations:
        raise DataError("No relation of the graph has wordings and entities with names.")
    count = min(MOST, max(fewest, per_relation * len(train.relations)))
    first = _Writer(train, missing).write(count, frozenset())
    texts = frozenset(question.question.lower() for question in first)
    held_out = _Writer(dev, missing).write(round(DEV_SHARE * count), texts)
    return Written(first, held_out)


class _Writer:
    """Writes one split."""

    def __init__(self, desk: Desk, missing: tuple[str, ...]):
        self.desk = desk
        refused = Refused(desk, missing)
        self.draws: dict[str, Callable[[], Draft | None]] = {
            "both ways": self._both_ways,
            "two hops": lambda: asked.two_hops(desk),
            "three hops": lambda: asked.three_hops(desk),
            "and": lambda: joins.both(desk),
            "or": lambda: joins.either(desk),
            "but not": lambda: joins.without(desk),
            "count": lambda: checked.count(desk),
            "yes or no": lambda: checked.whether(desk),
            "class": lambda: checked.within_class(desk),
            "extreme": lambda: measured.extreme(desk),
            "most": lambda: ranked.most(desk),
            "bound": lambda: measured.bound(desk),
            "compare": lambda: measured.compare(desk),
            "sum": lambda: measured.total(desk),
            "missing attribute": refused.attribute,
            "missing fact": refused.fact,
            "unknown name": refused.name,
            "missing": refused.asked,
            "impossible": refused.impossible,
            "one hop": self._one_hop,
        }
        self._turn = 0
        self._other: Draft | None = None

    def write(self, count: int, taken: frozenset[str]) -> list[Question]:
        """``count`` questions, shuffled, none of ``taken``; fewer where the graph is small."""
        found: dict[str, Question] = {}
        for group in sorted(GROUPS, key=lambda g: g == "one hop"):  # one hop fills what is left
            share = GROUPS[group] * count
            wanted = round(share) if group != "one hop" else max(round(share), count - len(found))
            self._group(group, wanted, found, taken)
        questions = list(found.values())
        random.Random(f"{self.desk.split}-{count}").shuffle(questions)
        return questions

    def _group(
        self, group: str, wanted: int, found: dict[str, Question], taken: frozenset[str]
    ) -> None:
        """Add up to ``wanted`` questions of a group to those that were found."""
        done = 0
        for turn in range(_TRIES * wanted):
            if done == wanted or (turn > 60 and turn > 30 * (done + 1)):
                break
            draft = self.draws[group]()
            question = None if draft is None else self._question(draft)
            if question is None or question.question.lower() in taken:
                continue
            if question.question.lower() not in found:
                found[question.question.lower()] = question
                done += 1

    def _one_hop(self) -> Draft | None:
        """One hop over each relation in turn."""
        relations = self.desk.relations
        self._turn += 1
        return asked.one_hop(self.desk, relations[self._turn % len(relations)])

    def _both_ways(self) -> Draft | None:
        """A relation asked of an entity that is its head and its tail, one way, then the other."""
        if self._other is not None:
            draft, self._other = self._other, None
            return draft
        pair = asked.both_ways(self.desk)
        if pair is None:
            return None
        first, self._other = pair
        return first

    def _question(self, draft: Draft) -> Question | None:
        """With its answer; None if there is none, or too much of it."""
        graph, rng = self.desk.graph, self.desk.rng
        answers: set[int] = set()
        value: float | bool | None = None
        if not draft.refusal:
            answers = set(draft.program.run(graph, draft.starts))
            value = draft.program.read(graph, answers)
            if value is None and not 0 < len(answers) <= MAX_ANSWERS:
                return None
            answers = answers if value is None else set()
        text = misspelt(draft.text, rng) if rng.random() < SLIPS else draft.text
        text = " ".join(restyle(text, rng).split())
        text = tokenised(text) if rng.random() < TOKENISED else text
        if not text:
            return None
        digest = hashlib.sha256(f"{draft.kind}|{text}".encode()).hexdigest()[:12]
        return Question(
            digest,
            text,
            tuple(sorted(map(graph.key, answers))),
            tuple(map(graph.key, draft.topics)),
            draft.kind,
            draft.program.hops,
            value,
            draft.refusal,
        )
