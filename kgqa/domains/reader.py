"""Read schemas: text files that a person writes and a person can mend.

    # A school.                                  the title
    [kind teacher]
    words: teacher, teachers; member of staff, members of staff
    names: person                                a name generator, or a list: = 5A; 5B; 6A
    count: 8-20                                  entities of a small and of a usual graph
    [relation taught by] pupil -> teacher
    also: teacher; has teacher                   how other graphs call it
    reversed: teaches; pupils                    ... that store it the other way round
    each: 1-3                                    tails of a head; "all" of those along a chain
    back: 1                                      heads of a tail at most; unlimited if not said
    symmetric: yes                               a fact holds in both directions ("married to")
    along: in class > -taught                    tails are among those the chain leads to
    who teaches {}?                              five wordings or more, two phrases among them
    < the pupils of {}                           five or more from tail to head, likewise
    [attribute age] pupil
    values: 11-18                                or 1.5-9.0, year 1950-2020, date 1990-2020
    unit: years                                  optional
    most: oldest                                 adjectives of its extremes
    least: youngest
    how old is {}?                               three wordings or more, one phrase among them
    [missing]                                    eight or more that a graph cannot answer
    what is the phone number of {pupil}?

Wordings are those of ``kgqa.writer.wordings``. A relation of a chain stands above the one that it
is for. All that is wrong with a file is told at once, by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from kgqa.domains import fields
from kgqa.domains.domain import Attribute, Domain, DomainRelation, Kind
from kgqa.errors import DataError
from kgqa.writer.wordings import SLOT, Section, Wording, pairs_of, sections, split, wording_of

SCHEMAS = Path(__file__).parent / "schemas"
#: Wordings that each direction needs at least, and phrases among them.
NEEDED = {"relation": (5, 2), "attribute": (3, 1)}
MISSING = 8
TOLD = 30  #: problems in one message
PROPERTIES = {
    "kind": "words names count",
    "relation": "also reversed each back symmetric along",
    "attribute": "also values unit",
}
#: First words of a request, which is no phrase and nests in nothing.
_REQUESTS = frozenset("name list show tell give find who what which where when how whose".split())
_KINDS = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class _Part:
    """A section with its properties."""

    section: Section
    what: str  #: "kind", "relation", "attribute" or "missing"
    name: str
    wording: Wording
    properties: dict[str, tuple[int, str]]  #: {name: (line, value)}

    def get(self, name: str, default: str | None = None) -> tuple[str, str]:
        """(value, place) of a property. Raises :class:`DataError` if it is needed and missing."""
        if name in self.properties:
            number, value = self.properties[name]
            return value, self.section.place(number)
        if default is None:
            raise DataError(f"{self.section.place()}: a line '{name}: ...' is missing.")
        return default, self.section.place()

    def of(self, name: str) -> tuple[str, ...]:
        """The items of a list that need not be there."""
        return split(self.get(name, "")[0])


def read_domain(path: str | Path) -> Domain:
    """The domain of a file. Raises :class:`DataError` that names the wrong lines."""
    path = Path(path)
    problems: list[str] = []
    parts: list[_Part] = []
    found = sections(path)
    for section in found:
        try:
            parts.append(_part(section))
        except DataError as error:
            problems.append(str(error))
    with path.open(encoding="utf-8") as file:
        title = file.readline().strip()
    if not title.startswith("# "):
        problems.append(f"{path.name}, line 1: expected a title, # A school.")
    schema = _Reading(parts, problems).domain(path.stem, title.removeprefix("#").strip())
    if problems:
        more = [f"... and {len(problems) - TOLD} more."] if len(problems) > TOLD else []
        raise DataError("\n".join(problems[:TOLD] + more))
    return schema


def domains() -> tuple[Domain, ...]:
    """All domains of the folder of schemas, by name."""
    return tuple(read_domain(path) for path in sorted(SCHEMAS.glob("*.txt")))


def _part(section: Section) -> _Part:
    if section.title == "missing":
        return _Part(section, "missing", "", Wording(""), {})
    what, name = section.name()
    if not what:
        raise DataError(
            f"{section.place()}: expected [kind ...], [relation ...], [attribute ...], [missing]."
        )
    wording, properties = wording_of(section, name)
    known = PROPERTIES[what].split()
    for key, (number, _) in properties.items():
        if key not in known:
            raise DataError(f"{section.place(number)}: {key!r} is none of {', '.join(known)}.")
    if what == "kind" and (wording.forward or wording.inverse):
        raise DataError(f"{section.place()}: a kind has no wordings.")
    return _Part(section, what, name, wording, properties)


class _Reading:
    """Sections to values; what is wrong with one joins the problems."""

    def __init__(self, parts: list[_Part], problems: list[str]):
        self.parts, self.problems = parts, problems
        self.names = {part.name for part in parts if part.what == "kind"}
        self.kinds: list[Kind] = []
        self.relations: dict[str, DomainRelation] = {}
        self.attributes: dict[str, Attribute] = {}
        self.missing: list[str] = []

    def domain(self, name: str, title: str) -> Domain:
        """The domain of all sections that are as they should be."""
        seen: set[tuple[bool, str]] = set()
        for part in self.parts:
            key = part.what == "kind", part.name
            try:
                if part.name and key in seen:
                    raise DataError(f"{part.section.place()}: {part.name!r} is there twice.")
                seen.add(key)
                getattr(self, f"_{part.what}")(part)
            except DataError as error:
                self.problems.append(str(error))
        if not self.missing or not self.relations:
            self.problems.append(f"{name}.txt: it needs a [relation ...] and a [missing].")
        return Domain(
            name,
            title,
            tuple(self.kinds),
            tuple(self.relations.values()),
            tuple(self.attributes.values()),
            tuple(self.missing),
        )

    def _kind(self, part: _Part) -> None:
        words = tuple(pairs_of(*part.get("words")))
        names, fixed = fields.names(*part.get("names"))
        low, high = fields.span(*part.get("count"))
        if low < 1 or not words:
            raise DataError(f"{part.section.place()}: it needs words, and one entity at least.")
        self.kinds.append(Kind(part.name, words, names, fixed, low, high))

    def _relation(self, part: _Part) -> None:
        head, arrow, tail = map(str.strip, part.section.rest.partition("->"))
        if not arrow or not {head, tail} <= self.names:
            raise self._unlike(part, "[relation NAME] KIND -> KIND")
        symmetric = fields.yes(*part.get("symmetric", "no"))
        if symmetric and (part.wording.inverse or head != tail):
            raise DataError(
                f"{part.section.place()}: a symmetric relation has the same kind at both ends, and "
                "no lines with '<'."
            )
        self._check(part, inverse=False)
        if not symmetric:
            self._check(part, inverse=True)
        along = tuple(hop.strip() for hop in part.get("along", "")[0].split(">") if hop.strip())
        every = part.get("each", "1")[0] == "all"
        if every and not along:
            raise DataError(f"{part.get('each')[1]}: 'each: all' needs a line 'along: ...'.")
        low, high = (0, 10**6) if every else fields.span(*part.get("each", "1"))
        back = fields.span(*part.get("back", "0"))[1]
        relation = DomainRelation(
            name=part.name,
            head=head,
            tail=tail,
            also=part.of("also"),
            reversed=part.of("reversed"),
            low=low,
            high=high,
            back=back,
            symmetric=symmetric,
            along=along,
            wording=part.wording,
        )
        self._check_chain(part, relation)
        self.relations[part.name] = relation

    def _attribute(self, part: _Part) -> None:
        if part.section.rest not in self.names:
            raise self._unlike(part, "[attribute NAME] KIND")
        self._check(part, inverse=False)
        sort, low, high, digits = fields.values(*part.get("values"))
        wording = replace(
            part.wording,
            most=fields.adjectives(part.wording.most),
            least=fields.adjectives(part.wording.least),
        )
        if part.wording.inverse or not wording.most or not wording.least:
            raise DataError(
                f"{part.section.place()}: an attribute needs lines 'most: ...' and "
                "'least: ...', and none with '<'."
            )
        self.attributes[part.name] = Attribute(
            name=part.name,
            kind=part.section.rest,
            also=part.of("also"),
            sort=sort,
            low=low,
            high=high,
            digits=digits,
            unit=part.get("unit", "")[0],
            wording=wording,
        )

    def _missing(self, part: _Part) -> None:
        for number, line in part.section.lines:
            slots = _KINDS.findall(line)
            if not slots or not set(slots) <= self.names:
                raise DataError(
                    f"{part.section.place(number)}: expected a question with a kind of "
                    f"{', '.join(sorted(self.names))} in braces, found {line!r}."
                )
            self.missing.append(line)
        if len(part.section.lines) < MISSING:
            raise DataError(f"{part.section.place()}: {MISSING} questions or more are needed.")

    def _unlike(self, part: _Part, form: str) -> DataError:
        return DataError(
            f"{part.section.place()}: expected {form}, with kinds of "
            f"{', '.join(sorted(self.names))}; found {part.section.rest!r}."
        )

    def _check(self, part: _Part, *, inverse: bool) -> None:
        """Raise :class:`DataError` unless there are enough wordings, and phrases among them."""
        wording = part.wording
        phrases = len(wording.phrases(inverse))
        for line in wording.phrases(inverse):
            if line.split(" ")[0].lower() in _REQUESTS:
                raise DataError(
                    f"{part.section.place()}: a phrase names what is asked for; put '?' at the "
                    f"end of a question or request: {line!r}."
                )
        one_slot = [line for line in wording.lines(inverse) if line.count(SLOT) == 1]
        wordings, of_them = NEEDED[part.what]
        if len(one_slot) < wordings or phrases < of_them:
            raise DataError(
                f"{part.section.place()}: {wordings} wordings {'with < ' if inverse else ''}"
                f"are needed, {of_them} of them phrases, without '?' at their end; "
                f"there are {len(one_slot)} and {phrases}."
            )

    def _check_chain(self, part: _Part, relation: DomainRelation) -> None:
        """Raise :class:`DataError` unless its chain leads from the head to the tail."""
        place, here = part.get("along", "")[1], relation.head
        for hop in relation.along:
            step = self.relations.get(hop.removeprefix("-"))
            if step is None:
                raise DataError(f"{place}: {hop!r} is no relation that stands above.")
            start, end = (step.tail, step.head) if hop[0] == "-" else (step.head, step.tail)
            if start != here:
                raise DataError(f"{place}: {hop!r} starts at {start!r}, not at {here!r}.")
            here = end
        if relation.along and here != relation.tail:
            raise DataError(f"{place}: the chain ends at {here!r}, not at {relation.tail!r}.")
