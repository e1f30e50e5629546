"""The question writer of the default graph: phrasings filled with entities, answers read off the graph.

Each kind's program is walked on the graph to find entities for its slots and the set of answers. What training gets is
(question, answers); the program and the topics stay behind. Splits share no phrasing and no entity of an open class
(film, person, character, artwork, museum, city, country, company); closed classes such as genres and years are shared.
"""

from __future__ import annotations

import hashlib
import random
import re
from functools import lru_cache

import numpy as np

from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.films.phrasings import Kind, Program
from kgqa.films.wording import Wording, misspelt, restyle
from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.questions import Question

KIND_OF_SLOT = {"form": "art form"}  # slots that are not named like their kind of entity
OPEN_CLASSES = {"film", "person", "character", "artwork", "museum", "city", "country", "company"}
CHOSEN_BY_FORM = {
    "director",
    "actor",
    "title",
    "number",
    "in",
    "sculpture",
}  # forms of slots that say what may stand there
SLIPS = 0.04  # share of questions with a slip of the finger in a word that is no name
MAX_ANSWERS = 1_000


def _kind(slot: str) -> str:
    """The kind of entity that fills a slot."""
    name = slot.rstrip("123")
    return KIND_OF_SLOT.get(name, name)


def split_of(entity_id: str) -> str:
    """The split that an entity of an open class belongs to: 70% train, 15% dev, 15% test, by a hash of its id."""
    bucket = int.from_bytes(hashlib.sha256(entity_id.encode()).digest()[:4], "big") % 100
    return "train" if bucket < 70 else "dev" if bucket < 85 else "test"


class Writer:
    """Writes questions over the default graph; the same seed gives the same questions."""

    def __init__(self, graph: Graph, kinds: list[Kind] | None = None):
        self.graph, self.wording = graph, Wording(graph)
        self.kinds = phrasings.read() if kinds is None else kinds
        self._by_kind: dict[str, np.ndarray] = {
            name: np.flatnonzero(graph.kind == i) for i, name in enumerate(graph.kinds)
        }

    def write(self, split: str, per_kind: int, seed: int) -> list[Question]:
        """About ``per_kind`` questions of every kind for a split (fewer where the graph is too small), shuffled."""
        if split not in phrasings.SPLITS:
            raise DataError(
                f"No split {split!r}: questions are written for {', '.join(phrasings.SPLITS)}."
            )
        used = {
            r
            for k in self.kinds
            for _, path in k.program.branches
            for r in (*path, *k.program.after)
        }
        unknown = sorted(used - set(self.graph.relation_index))
        if unknown:
            raise DataError(
                f"The phrasings are for the default graph; {self.graph.name!r} lacks relations such as {unknown[0]!r}. "
                "Give a folder of questions with --data."
            )
        rng = random.Random(f"{seed}-{split}")
        found: list[Question] = []
        for kind in self.kinds:
            options, texts = kind.split(split), set()
            for _ in range(per_kind * 6):
                if len(texts) >= per_kind:
                    break
                question = self._one(kind, options, split, rng, len(texts))
                if question is not None and question.question not in texts:
                    texts.add(question.question)
                    found.append(question)
                elif not kind.program.branches and len(texts) >= 3 * len(options):
                    break
        rng.shuffle(found)
        return found

    def _one(
        self, kind: Kind, options: tuple[str, ...], split: str, rng: random.Random, turn: int
    ) -> Question | None:
        phrasing = options[turn % len(options)]
        forms = {
            slot: form for _, slot, _, form in phrasings.slots(phrasing) if form in CHOSEN_BY_FORM
        }
        drawn = self._draw(kind.program, split, rng, forms)
        if drawn is None:
            return None
        topics, answers = drawn
        text = phrasing
        own = random.Random(
            f"{kind.name}|{split}|{turn}"
        )  # of its own, so that other questions stay what they are
        if own.random() < SLIPS:
            text = misspelt(text, own)
        misspell = rng.random() < 0.08
        for written, slot, plural, form in phrasings.slots(phrasing):
            if slot.startswith("unknown"):
                name = self.wording.invented(rng)
            else:
                name = self.wording.surface(
                    topics[slot], rng, plural=plural, form=form, exact="(" in phrasing
                )
                if (
                    name
                    and misspell
                    and _kind(slot) in {"person", "film", "artwork", "character", "city"}
                ):
                    name, misspell = misspelt(name, rng), False
            if not name:
                return None
            text = text.replace(written, name, 1)
        text = restyle(text, rng)
        key = self.graph.key
        return Question(
            hashlib.sha256(f"{kind.name}|{text}".encode()).hexdigest()[:12],
            text,
            tuple(sorted(key(a) for a in answers)),
            tuple(key(e) for e in topics.values()),
            kind.name,
            kind.program.hops,
        )

    # -- entities and answers -------------------------------------------------------------------------------------

    def _follow(self, start: set[int], relation: str) -> set[int]:
        r = self.graph.relation_index[relation]
        return {int(t) for e in start for t in self.graph.tails(e, r)}

    def _walk(self, start: set[int], path: tuple[str, ...]) -> set[int]:
        for relation in path:
            start = self._follow(start, relation)
            if len(start) > 20_000:
                return set()
        return start

    def answers(self, program: Program, topics: dict[str, int]) -> set[int]:
        """The program's answers for these topic entities; the left-out topic never comes back on the way."""
        reached = []
        out = {topics[program.left_out]} if program.left_out else set()
        for slot, path in program.branches:
            here = {topics[slot]}
            for relation in path:
                here = self._follow(here, relation) - out
            reached.append(here)
        found = set.intersection(*reached)
        for relation in program.after:
            found = self._follow(found, relation) - out
        return found

    def _draw(
        self, program: Program, split: str, rng: random.Random, forms: dict[str, str]
    ) -> tuple[dict[str, int], set[int]] | None:
        """Topics for the slots and the answers, or None if this draw came to nothing. forms: of slots that ask for one."""
        if not program.answerable:
            return {
                s: self._pick(_kind(s), split, rng) for s, _ in program.branches if s != "unknown"
            }, set()
        (slot, path), *others = program.branches
        shared_title = not path
        entity = self._pick(
            _kind(slot),
            split,
            rng,
            path[0] if path else None,
            shared=shared_title,
            form=forms.get(slot, ""),
        )
        if entity is None or not (shared_title or self._reads_as(entity, path[0])):
            return None
        topics = {slot: entity}
        meeting = self._walk({entity}, path)
        if not meeting:
            return None
        if others:
            target = rng.choice(sorted(meeting))
            films = self._walk({entity}, ("-character",)) if "in" in forms.values() else set()
            for other, steps in others:
                back = tuple(self._flip(r) for r in reversed(steps))
                kind = _kind(other)
                options = [
                    e
                    for e in self._walk({target}, back)
                    if e not in topics.values()
                    and self.graph.kind_of(e) == kind
                    and self._in_split(e, split)
                    and self._reads_as(e, steps[0])
                    and self._has_form(e, forms.get(other, ""))
                    and (forms.get(other) != "in" or e in films)
                ]
                if not options:
                    return None
                topics[other] = rng.choice(sorted(options))
        answers = self.answers(program, topics)
        return (topics, answers) if 0 < len(answers) <= MAX_ANSWERS else None

    def _flip(self, relation: str) -> str:
        return relation[1:] if relation.startswith("-") else "-" + relation

    def _in_split(self, entity: int, split: str) -> bool:
        return (
            self.graph.kind_of(entity) not in OPEN_CLASSES
            or split_of(self.graph.key(entity)) == split
        )

    @lru_cache(maxsize=256)  # noqa: B019 - one writer lives for one run
    def _pool(
        self, kind: str, split: str, relation: str | None, shared: bool, form: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """Entities of a kind that have a relation (and a form), and their popularity weights."""
        graph = self.graph
        pool = [int(e) for e in self._by_kind.get(kind, ()) if self._in_split(int(e), split)]
        if relation is not None:
            r = graph.relation_index[relation]
            pool = [e for e in pool if len(graph.tails(e, r))]
        if shared:
            films = {
                e: sum(
                    graph.kind_of(o) == kind
                    for o in self.wording.first_of(normalise(graph.label(e)))
                )
                for e in pool
            }
            pool = [e for e in pool if films[e] > 1]
        pool = [e for e in pool if self._has_form(e, form)]
        ids = np.array(pool, dtype=np.int64)
        return ids, np.sqrt(graph.degree[ids].astype(float)) if len(ids) else ids

    def _pick(
        self,
        kind: str,
        split: str,
        rng: random.Random,
        relation: str | None = None,
        *,
        shared: bool = False,
        form: str = "",
    ) -> int | None:
        """An entity of a kind: half the time in proportion to the root of its degree, else any."""
        ids, weight = self._pool(kind, split, relation, shared, form)
        if not len(ids):
            return None
        if rng.random() < 0.5:
            return int(ids[rng.randrange(len(ids))])
        return int(rng.choices(ids.tolist(), weight.tolist())[0])

    def _has_form(self, entity: int, form: str) -> bool:
        """Whether a slot with this form may hold the entity."""
        if form not in CHOSEN_BY_FORM or form == "in":  # "in" is about two slots, see _draw
            return True
        label = self.graph.label(entity)
        if form == "sculpture":
            return any(
                self.graph.label(f) == "sculpture" for f in self._follow({entity}, "art form")
            )
        if form == "title":
            return any(
                self.graph.kind_of(o) == "film" for o in self.wording.first_of(normalise(label))
            )
        if form == "number":
            return bool(re.search(r"\b(1[6-9]|20)\d\d\b", label))
        directed, acted, wrote = (
            len(self.graph.tails(entity, self.graph.relation_index[r]))
            for r in ("-director", "-cast member", "-screenwriter")
        )
        if form == "director":  # directors are often seen in documentaries, which list them as cast
            return directed >= 3 and directed >= 0.75 * acted
        return acted >= 3 and acted >= 2 * directed and acted >= 2 * wrote

    @lru_cache(maxsize=200_000)  # noqa: B019
    def _reads_as(self, entity: int, relation: str) -> bool:
        """Whether a person would take the label to mean this entity when asking for this relation: of the entities
        of the same kind with that label and that relation, it is the best connected."""
        graph, r = self.graph, self.graph.relation_index[relation]
        same = [
            e
            for e in self.wording.first_of(normalise(graph.label(entity)))
            if graph.kind[e] == graph.kind[entity]
            and normalise(graph.label(e)) == normalise(graph.label(entity))
            and len(graph.tails(e, r))
        ]
        best = sorted(same, key=lambda e: (-int(graph.degree[e]), e))
        return not best or best[0] == entity
