"""Wordings for any graph, from its relations' words alone: how people ask by the shape of a name.

A common relation has wordings of its own in ``lexicon.txt``, in people's words; patterns by the
shape of the name (``patterns.txt``) follow. Class words and question words come from what stands
at the sides of a relation, never from names of entities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.writer.bounds import bound_clauses
from kgqa.writer.english import article, plural, singular, verb_of
from kgqa.writer.lexicon import Entry, entry_of
from kgqa.writer.shape import Form, Shape, label_words, name_of
from kgqa.writer.sides import VAGUE, Side, Sides
from kgqa.writer.types import NUMBER, PERSON, PLACE, TIME
from kgqa.writer.unlike import unlike
from kgqa.writer.wordings import Wording, Wordings, is_wording

PATH = Path(__file__).with_name("patterns.txt")
_CONDITION = re.compile(r"\[(-?)([a-z]+)\] ")
_SLOT = re.compile(r"\{(\w+)\}")
_MEASURE = frozenset("cost weigh measure earn pay hold last run sell".split())
MOST_LINES = 48  #: of one direction
MOST_SAME = 5  #: nouns that mean the same


@lru_cache(1)
def patterns() -> dict[str, tuple[str, ...]]:
    """The lines of ``patterns.txt`` by header: "noun forward"."""
    found: dict[str, list[str]] = {}
    header = ""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            header = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(header, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def generic_wordings(graph: Graph) -> Wordings:
    """Wordings of all relations of a graph, and words for its kinds and classes."""
    entries = [
        entry_of(name_of(relation), measured=relation.literal or graph.numbers.has(i))
        for i, relation in enumerate(graph.relations)
    ]
    given, words = {}, {}
    for i, entry in enumerate(entries):
        if entry is not None and entry.words:
            words[i, entry.swapped] = entry.words[0]
        for tail in (False, True):
            if entry is not None and (kind := entry.type_of(tail)) not in ("", "any", "thing"):
                given[i, tail] = kind
    sides = Sides(graph, given, words)
    found = [_Generic(graph, sides, i, entries[i]).wording() for i in range(len(graph.relations))]
    kinds = _kinds(graph)
    for entry in entries:
        if entry is not None and entry.words:
            name = entry.words[0][0]
            kinds[name] = tuple(dict.fromkeys((*kinds.get(name, ()), *entry.words)))
    return Wordings({w.relation: w for w in unlike(sides, found)}, kinds)


def _kinds(graph: Graph) -> dict[str, tuple[tuple[str, str], ...]]:
    """Singular and plural of the kinds that say something, and of the classes."""
    names = [kind for kind in graph.kinds if kind.lower() not in VAGUE]
    if graph.classes.relation is not None:
        names += map(graph.label, graph.classes.largest)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name in dict.fromkeys(names):
        word = normalise(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " "))
        if word and not set("[],;") & set(name):
            found[name] = ((singular(word), plural(singular(word))),)
    return found


@dataclass(frozen=True)
class _Generic:
    """The wording of one relation."""

    graph: Graph
    sides: Sides
    i: int
    entry: Entry | None

    def wording(self) -> Wording:
        relation, (head, tail) = self.graph.relations[self.i], self.sides.all[self.i]
        number = self.graph.numbers.has(self.i) or relation.literal
        shape = self.sides.shapes[self.i]
        if number and shape.form is Form.VERB and shape.verb and shape.verb.base not in _MEASURE:
            if tail.type == TIME and shape.past:  # "founded": when it was
                shape = Shape(Form.PARTICIPLE, verb=shape.verb, past=True)
            else:
                shape = Shape(Form.NOUN, " ".join(label_words(name_of(relation))), plural=True)
        entry = self.entry if self.entry is not None and self.entry.suits(head, tail) else None
        forward, inverse = [], []
        if entry is not None and (entry.exact or shape.form is Form.NOUN):
            forward += _worded(entry.forward, head, tail)
            inverse += _worded(entry.inverse, head, tail)
        for turn, one in enumerate(_readings(shape, entry)):
            forward += _share(_patterned(one, False, head, tail), turn)
            inverse += _share(_patterned(one, True, head, tail), turn)
        given = [q for q in (relation.question,) if q.count("{}") == 1]
        back = [q for q in (relation.inverse_question,) if q.count("{}") == 1]
        wording = Wording(
            relation.id,
            _distinct([*map(_lower, given), *forward]),
            () if relation.literal else _distinct([*map(_lower, back), *inverse]),
        )
        return self._measured(wording, entry) if number else wording

    def _measured(self, wording: Wording, entry: Entry | None) -> Wording:
        """With the words of an attribute's extremes and bounds."""
        relation = self.graph.relations[self.i]
        most = (*_own(relation.most), *(entry.most if entry else ()))
        least = (*_own(relation.least), *(entry.least if entry else ()))
        more, less = (bound_clauses(name_of(relation), relation.unit, x) for x in (True, False))
        return replace(
            wording,
            most=tuple(dict.fromkeys(most)),
            least=tuple(dict.fromkeys(least)),
            more=(*(entry.more if entry else ()), *filter(_is_clause, more)),
            less=(*(entry.less if entry else ()), *filter(_is_clause, less)),
        )


def _is_clause(clause: str) -> bool:
    return clause.count("{}") == 1 and ";" not in clause and clause == " ".join(clause.split())


def _own(word: str) -> tuple[str, ...]:
    """The graph's own word for an extreme; none if a file of wordings cannot hold it."""
    return (word,) if word and word == " ".join(word.split()) and ";" not in word else ()


def _readings(shape: Shape, entry: Entry | None) -> list[Shape]:
    """The shape of the name, and those of nouns that mean the same and of what an agent does."""
    swapped = entry.swapped if entry is not None else False
    found = [shape]
    if shape.form is Form.VERB and shape.swapped and shape.past:
        found.append(replace(shape, past=False))  # "owned by": owns, or owned
    for noun in entry.same if entry is not None else ():
        found.append(Shape(Form.NOUN, noun, swapped=swapped))
    idiom = shape.form is Form.PREPOSITION and shape.noun and entry is not None and entry.exact
    if len(found) > 1 and (shape.adjective or idiom):
        found = found[1:]
    found = list(dict.fromkeys(found))[: 1 + MOST_SAME]
    verb = _agent_verb(shape.noun) if shape.form is Form.NOUN and entry is None else ""
    if verb:
        found.append(Shape(Form.VERB, verb=verb_of(verb), past=True, swapped=not shape.swapped))
    return found


def _share(lines: list[str], turn: int) -> list[str]:
    """All patterns of the first reading, every third of the others, and their phrases."""
    if turn == 0:
        return lines
    return [x for i, x in enumerate(lines) if i % 3 == turn % 3 or not x.endswith("?")]


def _agent_verb(noun: str) -> str:
    """What an agent does: "supply" of "supplier"; empty for other nouns."""
    from kgqa.writer.english import forms

    last = singular(noun.split(" ")[-1])
    for ending in ("er", "or"):
        stem = last.removesuffix(ending)
        if stem != last and len(noun.split(" ")) == 1:
            for base in (stem + "e", stem, stem[:-1], stem.removesuffix("i") + "y"):
                verb = forms(base)
                if verb is not None and verb.base == base and len(base) > 3:
                    return base
    return ""


def _patterned(shape: Shape, inverse: bool, head: Side, tail: Side) -> list[str]:
    """The patterns of a shape for one direction of the graph's relation."""
    asked = head if inverse else tail
    name = "inverse" if inverse != shape.swapped else "forward"
    form = Form.PARTICIPLE if shape.form is Form.PREPOSITION else shape.form
    slots, traits = _slots(shape, asked), _traits(shape, asked)
    lines = []
    for line in patterns()[f"{form.value} {name}"]:
        text = line
        while match := _CONDITION.match(text):
            if (match[2] in traits) == bool(match[1]):
                break
            text = text[match.end() :]
        if match is None and not (asked.vague and "{T" in text and text.endswith("?")):
            lines.append(_tidy(_SLOT.sub(lambda m: slots[m[1]], text)))
    return lines


def _traits(shape: Shape, asked: Side) -> set[str]:
    """The conditions of patterns that hold."""
    kind = asked.type if asked.type in (PERSON, PLACE, TIME, NUMBER) else "thing"
    traits = {kind, "many" if shape.plural else "one", "then" if shape.past else "now"}
    return traits | ({"p"} if shape.preposition else set())


def _slots(shape: Shape, asked: Side) -> dict[str, str]:
    single, several = asked.words
    verb, past, person = shape.verb, shape.past, asked.type == PERSON
    noun = shape.noun
    slots = {"N": noun, "N1": singular(noun), "T": single, "Ts": several, "Ven": ""}
    slots |= {"who": "who" if person else "what", "whom": "whom" if person else "what"}
    slots |= {"p": shape.preposition, "an": article(single)}
    slots |= {"does": "did" if past else "does", "is": "was" if past else "is"}
    slots["are"] = "were" if past else "are"
    if verb is not None:
        slots |= {"V": verb.base, "Vs": verb.third, "Ved": verb.past, "Ven": verb.participle}
        slots |= {"Ving": verb.ing, "tells": verb.past if past else verb.third}
        slots["tell"] = verb.past if past else verb.base
    return slots


def _worded(lines: tuple[str, ...], head: Side, tail: Side) -> list[str]:
    """Lines of the lexicon with class words."""
    words = {"head": head.words[0], "heads": head.words[1]}
    words |= {"tail": tail.words[0], "tails": tail.words[1]}
    found = []
    for line in lines:
        vague = ("{head" in line and head.vague) or ("{tail" in line and tail.vague)
        if not (vague and line.endswith("?")):
            found.append(_tidy(_SLOT.sub(lambda m: words[m[1]], line)))
    return found


def _tidy(text: str) -> str:
    """One space between words, and none before a mark."""
    return re.sub(r"\s+([?:])", r"\1", " ".join(text.split()))


def _lower(question: str) -> str:
    """A question of the graph's own with a small letter at its start."""
    return question[0].lower() + question[1:]


def _distinct(lines: list[str]) -> tuple[str, ...]:
    return tuple(filter(is_wording, dict.fromkeys(lines)))[:MOST_LINES]
