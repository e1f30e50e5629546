"""The question writer of the default graph: phrasings filled with names.

Each kind's program is run on the graph to find entities for its slots and the set of answers.
Training reads (question, answers) alone, not the program and the topics. Splits share no phrasing
and no entity of an open class (film, person, character, artwork, museum, city, country, company);
closed classes such as genres and years are shared.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.films.draws import Draw, Draws
from kgqa.films.operator_draws import Members, OperatorDraw
from kgqa.films.phrasings import Kind, kind_of
from kgqa.films.topics import Topics
from kgqa.films.wording import Wording
from kgqa.films.worth import bounds_of, has_operators
from kgqa.graph import Graph
from kgqa.graph.operators import Operator
from kgqa.questions import Question
from kgqa.writer.slips import misspelt, restyle

SLIPS = 0.04  # share of questions with a slip of the finger in a word that is no name
MISSPELT = set("person film artwork character city".split())  # kinds whose names are misspelt
TRIES = {False: 6, True: 20}  # draws for each question wanted, without and with operators
#: Of the questions of a kind, for a kind with operators: these are more, and alike. Training sees
#: more of them than they are measured by.
SHARE = {"train": 0.5, "dev": 0.25, "test": 0.25}
#: Yes-or-no questions to train on, for one other: so little is learned from one bit, and walking
#: over any relation between the two is right half the time.
CHECKED = 3
#: Kinds and lines of ``phrasings.txt`` that say of what operators answer that there is no answer,
#: or a set.
ANSWERED_NOW = frozenset(
    [
        *"no-superlative-person no-superlative-genre no-yesno-film no-yesno-place".split(),
        *"count-actor-films count-director-films".split(),
        "How many countries are there in the world?",
        "What is the highest-grossing film of all time?",
        "Which is the smallest country in the world?",
        "What is the largest city in {country}?",
    ]
)
_HOW_MANY = re.compile(r"\bhow many\b(?!.*\band (who|which|what)\b)", re.IGNORECASE)


class Writer:
    """Writes questions over the default graph; the same seed gives the same questions."""

    def __init__(self, graph: Graph, kinds: Sequence[Kind] | None = None):
        """``kinds``: unless given, those of ``phrasings.txt`` and of ``operators.txt``.

        The latter are for graphs that have all their relations and classes, and left out for
        others.
        """
        self.graph, self.wording = graph, Wording(graph)
        self.topics = Topics(graph, self.wording)
        self._draws, self._members = Draws(graph, self.topics), Members(graph)
        self._fixed: dict[str, Draw | None] = {}  # of kinds whose phrasings have no slots
        self.kinds = phrasings.read() if kinds is None else kinds  #: without ``operators.txt``
        more = phrasings.read(phrasings.OPERATORS) if kinds is None else []
        self.operators = more if all(map(self._suits, more)) else []  #: of ``operators.txt``

    def write(
        self, split: str, per_kind: int, seed: int, *, revise: bool | None = None
    ) -> list[Question]:
        """Questions of every kind for a split, shuffled.

        There are ``per_kind`` of each kind, a share of that of the kinds of ``operators.txt``,
        and fewer where the graph is too small. The others are the same, in the same order, with
        and without these, but for ``revise`` (by default where there are operators): then "how
        many" is answered by a number, and kinds that operators answer otherwise are left out.
        """
        self._check(split)
        revise = bool(self.operators) if revise is None else revise
        plain = self._write(self.kinds, split, per_kind, random.Random(f"{seed}-{split}"), revise)
        rng = random.Random(f"{seed}-{split}-operators")
        more = self._write(
            self.operators, split, max(1, round(per_kind * SHARE[split])), rng, False
        )
        parts = [iter(plain), iter(more)]
        order = [0] * len(plain) + [1] * len(more)
        rng.shuffle(order)
        return [next(parts[i]) for i in order]

    def _write(
        self,
        kinds: Sequence[Kind],
        split: str,
        per_kind: int,
        rng: random.Random,
        revise: bool,
    ) -> list[Question]:
        questions: list[Question] = []
        stale: set[str] = set()
        for kind in kinds:
            texts: set[str] = set()
            options = kind.split(split)
            checked = split == "train" and kind.program.readout == "verify"
            wanted = per_kind * (CHECKED if checked else 1)
            for _ in range(wanted * TRIES[has_operators(kind.program)]):
                if len(texts) >= wanted:
                    break
                phrasing = options[len(texts) % len(options)]
                question = self._question(kind, phrasing, split, rng, len(texts), revise)
                if question is not None and question.question not in texts:
                    texts.add(question.question)
                    questions.append(question)
                    if {kind.name, phrasing} & ANSWERED_NOW:
                        stale.add(question.id)
                elif not kind.program.branches and len(texts) >= 3 * len(options):
                    break
        rng.shuffle(questions)
        return [q for q in questions if not (revise and q.id in stale)]

    def _suits(self, kind: Kind) -> bool:
        """Whether the graph has what the program of a kind with operators starts from and takes."""
        relations = {Operator.parse(str(hop)).relation for hop in kind.program.relations}
        relations |= {bound.attribute for bound in bounds_of(kind.program).values()}
        return relations <= self.graph.relation_index.keys() and len(
            self.graph.find_all(kind.entities)
        ) == len(kind.entities)

    def _check(self, split: str) -> None:
        if split not in phrasings.SPLITS:
            raise DataError(
                f"No split {split!r}: questions are written for {', '.join(phrasings.SPLITS)}."
            )
        used = {relation for kind in self.kinds for relation in kind.program.relations}
        unknown = sorted(map(str, used - self.graph.relation_index.keys()))
        if unknown:
            raise DataError(
                f"The phrasings are for the default graph; {self.graph.name!r} lacks relations "
                f"such as {unknown[0]!r}. Give a folder of questions with --data."
            )

    def _question(
        self,
        kind: Kind,
        line: str,
        split: str,
        rng: random.Random,
        turn: int,
        revise: bool,
    ) -> Question | None:
        """The next question of a kind by a line of its, or None if this draw came to nothing."""
        phrasing = phrasings.say(line, rng) if phrasings.has_alternatives(line) else line
        draw = self._draw(kind, phrasing, split, rng)
        if draw is None:
            return None
        name = f"{kind.name}|{split}|{turn}"
        text = self.text(name, phrasing, draw.topics, rng, draw.literals)
        if not text:
            return None
        key = self.graph.key
        question = Question(
            hashlib.sha256(f"{kind.name}|{text}".encode()).hexdigest()[:12],
            text,
            tuple(sorted(map(key, draw.answers))),
            tuple(map(key, (*draw.topics.values(), *draw.named))),
            kind.name,
            kind.program.hops,
            draw.value,
        )
        return self._counted(question, phrasing, draw) if revise else question

    def _counted(self, question: Question, phrasing: str, draw: Draw) -> Question:
        """A number in place of a set of entities, if the phrasing asks how many they are."""
        kinds = {self.graph.kind_of(entity) for entity in draw.answers}
        if not draw.answers or "value" in kinds or not _HOW_MANY.search(phrasing):
            return question
        return replace(question, answers=(), value=float(len(draw.answers)))

    def _draw(self, kind: Kind, phrasing: str, split: str, rng: random.Random) -> Draw | None:
        """What the question is about, or None if this draw came to nothing."""
        if not has_operators(kind.program):
            return self._draws.draw(kind, phrasing, split, rng)
        if kind.name in self._fixed:
            return self._fixed[kind.name]
        draw = OperatorDraw(self.topics, self._members, kind, phrasing, rng).result(split)
        if not kind.slots:
            self._fixed[kind.name] = draw
        return draw

    def text(
        self,
        name: str,
        phrasing: str,
        topics: Mapping[str, int],
        rng: random.Random,
        literals: Mapping[str, str] | None = None,
    ) -> str:
        """The phrasing with names (``topics``) and literals in its slots, as somebody may type it.

        It is empty if an entity has no name of the form that its slot needs.
        """
        own = random.Random(name)  # so that other questions stay what they are
        text = misspelt(phrasing, own) if own.random() < SLIPS else phrasing
        misspell = rng.random() < 0.08
        for slot in phrasings.slots(phrasing):
            if slot.name.startswith("unknown"):
                surface = self.wording.invented(rng)
            elif literals and slot.name in literals:
                surface = literals[slot.name]
            else:
                exact = "(" in phrasing
                surface = self.wording.surface(topics[slot.name], rng, slot, exact=exact)
                if surface and misspell and kind_of(slot.name) in MISSPELT:
                    surface, misspell = misspelt(surface, rng), False
            if not surface:
                return ""
            text = text.replace(slot.text, surface, 1)
        return restyle(text, rng)
