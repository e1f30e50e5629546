"""Which shape a sheet has: facts, an edge list, pairs, numbers, or a table of records.

A header row is known by its words, by cells that are unlike those below them (words over numbers,
lower case over capitals), and by the width of the sheet: three columns without any of that are
facts, as "Paris, capital of, France".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kgqa.graph.importer.columns import Sort, is_nothing, survey
from kgqa.graph.importer.headers import KEYS, Heading, kind_of, words_of
from kgqa.graph.importer.reading import Sheet

#: Columns that say where an edge starts, and where it then ends.
ENDS = {
    **{"head": "tail", "subject": "object", "source": "target", "src": "dst", "from": "to"},
    **{"start": "end", "s": "o", "h": "t", "subj": "obj", "node1": "node2", "node 1": "node 2"},
    **{"entity1": "entity2", "entity 1": "entity 2", "source node": "target node"},
    **{"from node": "to node", "start node": "end node", "head entity": "tail entity"},
    **{"source name": "target name", "arg1": "arg2", "origin": "destination"},
}
RELATIONS = (
    *("relation", "predicate", "relationship", "rel", "edge type", "relation type", "type", "p"),
    *("edge", "r", "property", "label", "edge label", "relationship type", "interaction", "verb"),
    *("link", "kind", "name", "relation name", "predicate label"),
)
NAMES = ("name", "title", "label", "full name", "display name", "caption")
DESCRIPTIONS = ("description", "desc", "summary", "abstract", "about", "bio", "definition")
ALIASES = (
    *("alias", "aliases", "also known as", "aka", "alt label", "alt labels", "other names"),
    *(
        "synonym",
        "synonyms",
        "nickname",
        "alternative names",
        "alternative name",
        "alternate names",
    ),
)
KINDS = ("kind", "type", "class", "category", "label", "labels", "group")
_COMMON = frozenset(
    "id key code name title label date time price cost amount quantity qty email phone address city"
    " country status type kind category description notes value number year age total created url"
    " gender population area size weight height first last company department manager"
    " salary".split()
)
_LISTS = re.compile(r"entit|nodes?\b|vertices|labels?\b")
_LOWER, _HIGHER = re.compile(r"[a-zà-ÿ][a-zà-ÿ0-9_ ]*"), re.compile(r"[A-ZÀ-Ý0-9\"(]")


class Shape(StrEnum):
    """The shapes of a sheet."""

    TRIPLES = "facts"  # head, relation, tail
    PAIRS = "pairs"  # two columns, whose relation is the file's name
    NUMBERS = "numbers"  # id, attribute, value
    ENTITIES = "entities"  # id, label, description, kind, without names of columns
    RECORDS = "records"


@dataclass(frozen=True)
class Form:
    """The shape of a sheet, and where its parts are."""

    shape: Shape
    header: bool
    head: int = 0  #: columns of the facts
    relation: int | None = None
    tail: int = 0
    more: tuple[int, ...] = ()  #: columns of the facts that are none of these


def form_of(sheet: Sheet, *, beside_facts: bool = False) -> Form:
    """The form of a sheet; ``beside_facts``: another file has facts, so this may list entities."""
    width, header = sheet.width, has_header(sheet)
    if header:
        return _edges(sheet) or Form(Shape.RECORDS, True)
    if beside_facts and 2 <= width <= 4 and (width != 3 or _LISTS.search(words_of(sheet.stem))):
        return Form(Shape.ENTITIES, False)
    if width == 3:
        rows = [row for row in sheet.sample if len(row) == 3]
        measured = survey(Heading(""), [row[2] for row in rows]).sort in (Sort.NUMBER, Sort.DATE)
        few = len({row[1] for row in rows}) <= max(len(rows) // 2, 1)
        return Form(Shape.NUMBERS if measured and few else Shape.TRIPLES, False, 0, 1, 2)
    if width == 2:
        return Form(Shape.PAIRS, False, 0, None, 1)
    return Form(Shape.RECORDS, False)


def _edges(sheet: Sheet) -> Form | None:
    """The form of a sheet whose columns are named as the ends of edges; None if none are."""
    names = [words_of(name) for name in sheet.sample[0]]
    bare = [" ".join(w for w in name.split() if w not in KEYS) or name for name in names]
    for first, second in ENDS.items():
        if first not in bare or second not in bare:
            continue
        head, tail = bare.index(first), bare.index(second)
        rest = [i for i in range(len(names)) if i not in (head, tail)]
        relation = next((names.index(w) for w in RELATIONS if w in names), None)
        more = tuple(i for i in rest if i != relation)
        if relation is None and len(more) > 1 and names[0].split()[-1:] == ["id"]:
            return None  # records that go from one place to another: flights
        values = [row[tail] for row in sheet.sample[1:] if len(row) > tail]
        if relation is not None and len(values) > 1 and not more:
            sort = survey(Heading(""), values).sort
            ids = {row[head] for row in sheet.sample[1:] if len(row) > head}
            if sort in (Sort.NUMBER, Sort.DATE) and not ids & set(values):
                all_new = not any(map(str.isdigit, ids))
                if all_new:
                    return Form(Shape.NUMBERS, True, head, relation, tail)
        shape = Shape.PAIRS if relation is None else Shape.TRIPLES
        return Form(shape, True, head, relation, tail, more)
    if names in (["id", "attribute", "value"], ["entity", "attribute", "value"]):
        return Form(Shape.NUMBERS, True, 0, 1, 2)
    return None


def has_header(sheet: Sheet) -> bool:
    """Whether the first row names the columns."""
    first, *rest = sheet.sample
    rest = [row for row in rest if len(row) == len(first)]
    cells = first[1:] if not first[0] and len(first) > 1 else first  # an index has no name
    names = [words_of(name) for name in cells]
    blank = names.count("")
    names = [name for name in names if name]
    if len(set(names)) < len(names) or (blank and (len(first) < 4 or blank > len(names))):
        return False
    if any(survey(Heading(""), [name]).sort in (Sort.NUMBER, Sort.DATE) for name in cells):
        return False
    if any(first_end in names and last in names for first_end, last in ENDS.items()):
        return True
    kind = kind_of(sheet.name)
    known = [_is_known(name, kind) for name in names]
    if len(first) != 3 and any(known):
        return True
    if known[0] or sum(known) * 2 > len(known):
        return True
    if len(first) > 3:
        return True
    return _unlike_the_rest(first, rest)


def _is_known(name: str, kind: str) -> bool:
    """Whether words are those of a column rather than of a row."""
    words = name.split()
    return (
        words[-1] in KEYS
        or name in (*NAMES, *DESCRIPTIONS, *ALIASES, kind)
        or (words[-1] in _COMMON and (len(words) == 1 or "_" in name or words[0] in _COMMON))
        or name == f"{kind} name"
    )


def _unlike_the_rest(first: list[str], rest: list[list[str]]) -> bool:
    """Whether words stand over numbers, or lower case over capitals in each column of texts."""
    if not rest:
        return False
    lower = []
    for place, name in enumerate(first):
        below = [row[place] for row in rest if not is_nothing(row[place])]
        sort = survey(Heading(""), below).sort
        if sort in (Sort.NUMBER, Sort.DATE) and (len(first) != 3 or place < 2):
            return True
        if sort is Sort.TEXT:
            capital = sum(map(bool, map(_HIGHER.match, below)))
            lower.append(bool(_LOWER.fullmatch(name)) and capital > 0.8 * len(below))
    return bool(lower) and all(lower)
