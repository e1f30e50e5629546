"""The question writer of the default graph: phrasings filled with names.

Each kind's program is run on the graph to find entities for its slots and the set of answers.
Training reads (question, answers) alone, not the program and the topics. Splits share no phrasing
and no entity of an open class (film, person, character, artwork, museum, city, country, company);
closed classes such as genres and years are shared.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.films.phrasings import Kind, kind_of
from kgqa.films.topics import CHOSEN_BY_FORM, Role, Topics
from kgqa.films.wording import Wording, misspelt, restyle
from kgqa.graph import Graph
from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.questions import Question

SLIPS = 0.04  # share of questions with a slip of the finger in a word that is no name
MISSPELT = set("person film artwork character city".split())  # kinds whose names are misspelt
MAX_ANSWERS = 1_000


@dataclass(frozen=True)
class Draw:
    """Entities for the slots of a kind, and the answers."""

    topics: dict[str, int]  #: {slot: entity}, without invented names
    answers: set[int]


class Writer:
    """Writes questions over the default graph; the same seed gives the same questions."""

    def __init__(self, graph: Graph, kinds: list[Kind] | None = None):
        self.graph, self.wording = graph, Wording(graph)
        self.topics = Topics(graph, self.wording)
        self.kinds = phrasings.read() if kinds is None else kinds

    def write(self, split: str, per_kind: int, seed: int) -> list[Question]:
        """Questions of every kind for a split, shuffled.

        There are ``per_kind`` of each kind, or fewer where the graph is too small.
        """
        self._check(split)
        rng = random.Random(f"{seed}-{split}")
        questions: list[Question] = []
        for kind in self.kinds:
            texts: set[str] = set()
            for _ in range(per_kind * 6):
                if len(texts) >= per_kind:
                    break
                question = self._question(kind, split, rng, len(texts))
                if question is not None and question.question not in texts:
                    texts.add(question.question)
                    questions.append(question)
                elif not kind.program.branches and len(texts) >= 3 * len(kind.split(split)):
                    break
        rng.shuffle(questions)
        return questions

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

    def _question(self, kind: Kind, split: str, rng: random.Random, turn: int) -> Question | None:
        """The next question of a kind, or None if this draw came to nothing."""
        options = kind.split(split)
        phrasing = options[turn % len(options)]
        draw = self._draw(kind, phrasing, split, rng)
        if draw is None:
            return None
        text = self.text(f"{kind.name}|{split}|{turn}", phrasing, draw.topics, rng)
        if not text:
            return None
        key = self.graph.key
        return Question(
            hashlib.sha256(f"{kind.name}|{text}".encode()).hexdigest()[:12],
            text,
            tuple(sorted(map(key, draw.answers))),
            tuple(map(key, draw.topics.values())),
            kind.name,
            kind.program.hops,
        )

    def text(self, name: str, phrasing: str, topics: dict[str, int], rng: random.Random) -> str:
        """The phrasing with names in its slots, as somebody may type it.

        It is empty if an entity has no name of the form that its slot needs.
        """
        own = random.Random(name)  # so that other questions stay what they are
        text = misspelt(phrasing, own) if own.random() < SLIPS else phrasing
        misspell = rng.random() < 0.08
        for slot in phrasings.slots(phrasing):
            if slot.name.startswith("unknown"):
                surface = self.wording.invented(rng)
            else:
                exact = "(" in phrasing
                surface = self.wording.surface(topics[slot.name], rng, slot, exact=exact)
                if surface and misspell and kind_of(slot.name) in MISSPELT:
                    surface, misspell = misspelt(surface, rng), False
            if not surface:
                return ""
            text = text.replace(slot.text, surface, 1)
        return restyle(text, rng)

    # -- entities and answers ----------------------------------------------------------------------

    def answers(self, program: Program[str], topics: dict[str, int]) -> set[int]:
        """What the program reaches from these entities."""
        return set(program.run(self.graph, {slot: crisp([e]) for slot, e in topics.items()}))

    def _draw(self, kind: Kind, phrasing: str, split: str, rng: random.Random) -> Draw | None:
        """Entities for the slots and their answers, or None if this draw came to nothing."""
        branches = kind.program.branches
        if not kind.answerable:
            slots = [branch.start for branch in branches if branch.start != "unknown"]
            picks = [self.topics.pick(Role(kind_of(slot), split), rng) for slot in slots]
            return Draw({s: e for s, e in zip(slots, picks, strict=True) if e is not None}, set())
        forms = {s.name: s.form for s in phrasings.slots(phrasing) if s.form in CHOSEN_BY_FORM}
        roles = {branch.start: _role(branch, split, forms) for branch in branches}
        first, *others = branches
        entity = self.topics.pick(roles[first.start], rng)
        if entity is None or not self.topics.fits(entity, roles[first.start]):
            return None
        reached = self._reach(entity, first.chain)
        if not reached:
            return None
        topics = {first.start: entity}
        if others:
            target = rng.choice(sorted(reached))
        films = self._reach(entity, Chain.of("-character")) if "in" in forms.values() else set()
        for branch in others:
            options = [
                e
                for e in self._reach(target, _reverse(branch.chain))
                if e not in topics.values()
                and self.topics.fits(e, roles[branch.start])
                and (forms.get(branch.start) != "in" or e in films)
            ]
            if not options:
                return None
            topics[branch.start] = rng.choice(sorted(options))
        answers = self.answers(kind.program, topics)
        return Draw(topics, answers) if 0 < len(answers) <= MAX_ANSWERS else None

    def _reach(self, entity: int, chain: Chain) -> set[int]:
        return set(chain.walk(self.graph, crisp([entity]), {}))


def _role(branch: Branch[str], split: str, forms: dict[str, str]) -> Role:
    """The role of a slot; if nothing is followed from it, it holds a title that films share."""
    first = str(next(iter(branch.chain.relations), ""))
    form = forms.get(branch.start, "")
    return Role(kind_of(branch.start), split, first, form, shared=not first)


def _reverse(chain: Chain) -> Chain:
    """The chain that leads back."""
    relations = map(str, reversed(chain.relations))
    return Chain.of(*(r[1:] if r.startswith("-") else f"-{r}" for r in relations))
