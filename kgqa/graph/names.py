"""Names: the normal form in which words and labels meet, and other names that a label implies.

The alias index only *proposes* what words could stand for; the model decides which proposal is
meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kgqa.text import ZERO_WIDTH

#: How an alias relates to the label, most faithful first. Every alias is stored with its position
#: in this tuple, which is a feature of the entity resolver.
ALIAS_KINDS = (
    "label",  # the label itself, up to case, accents and punctuation
    "other name",  # another name from the source: "La Gioconda", "USA", "comedies"
    "without article",  # "Godfather" for "The Godfather"
    "part of title",  # before or after a colon or dash: "Star Wars", "The Empire Strikes Back"
    "numeral",  # "Part II", "Part 2", "two"
    "spelling",  # initials and hyphens joined or split: "JJ Abrams", "Spiderman"
    "adjective",  # "French" for France
    "surname",  # "Hitchcock"
    "joint name",  # "Coen brothers"
    "part of name",  # some words of the label: "Obama", "Harry Truman" for "Harry S. Truman"
    "initials",  # "USC" for "University of Southern California"
    "misspelling",  # proposed when a question is read, never stored
    # never stored either: how a literal bounds the numbers meant (``kgqa.graph.numbers``)
    *("in", "less", "more", "at least", "at most"),
)
KIND = {name: i for i, name in enumerate(ALIAS_KINDS)}

_FOLD = str.maketrans(
    dict(zip("łøđðı’‘ʻ`´", "loddi'''''", strict=True))
    | {"þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ŋ": "n", "&": " and "}
)
_LETTER = rf"(?:[^\W_][\u0300-\u036f{ZERO_WIDTH}\u200d]*)"  # with accents and what has no width
_WORD = re.compile(rf"{_LETTER}+(?:['’‘ʻ`´]{_LETTER}+)*['’]?|&", re.UNICODE)
_SEPARATOR = re.compile(r"\s*(?::|\s[–—-]\s|\s/\s)\s*")
_ARTICLES = frozenset("the a an le la les el il der die das".split())
_DIGITS = [str(n) for n in range(2, 11)]
_ROMAN = dict(zip("ii iii iv v vi vii viii ix x".split(), _DIGITS, strict=True))
_SPELT = dict(zip(_DIGITS, "two three four five six seven eight nine ten".split(), strict=True))
_PARTS = frozenset("part episode chapter vol volume".split())
#: Kinds of persons, by the words of a table's or a class's name.
PEOPLE = frozenset(
    "staff employee person people human user member worker personnel contact teacher player"
    " student agent colleague author customer client patient doctor nurse actor artist director"
    " driver passenger guest adviser advisor manager rider singer musician painter writer"
    " professor pupil parent child voter candidate politician scientist researcher volunteer"
    " donor borrower tenant athlete coach soldier officer composer engineer lawyer judge"
    " visitor applicant participant".split()
)
#: Those that may as well be firms, whose names are not first name and surname.
OR_FIRMS = frozenset("customer client agent contact donor tenant borrower participant user".split())
_PARTICLES = frozenset(
    "van von der den de da di du la le del della dos ter ten zu bin ibn al el".split()
)
_TITLES = frozenset("dr prof mr mrs ms miss sir dame lord lady king queen saint st".split())
_SMALL = frozenset("a an and at by de for from in la le of on or the to van von with".split())
#: What stands behind the name of a firm.
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:(?:&|and)\s+)?(?:Ltd|Limited|Inc|Incorporated|Corp|Corporation|Co|Company|LLC|LLP|"
    r"PLC|plc|Plc|GmbH|AG|KG|KGaA|SE|SAS|SARL|S\.?A|S\.?[àa]\.?r\.?l|S\.?r\.?l|S\.?p\.?A|B\.?V|"
    r"N\.?V|AB|AS|A/S|ApS|Oyj?|Pty|Pvt|Lda|S\.?L)\.?$"
)
MAX_PART_WORDS = 8  # longer labels are sentences, whose parts are no names


def fold(text: str) -> str:
    """Lower case without accents; letters that do not decompose go by a small table."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD))
    text = text.casefold()  # once more: "𝓐" is "A" only after it was decomposed
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_FOLD)


def words(text: str) -> list[tuple[int, int, str]]:
    """(start, end, normal form) of each word of ``text``; apostrophes within words are dropped."""
    spans = []
    for match in _WORD.finditer(text):
        normal = re.sub(r"[^\w]+", "", fold(match.group())).replace("_", "")
        if normal:
            spans.append((match.start(), match.end(), normal))
    return spans


def normalise(text: str) -> str:
    """The normal form: folded words joined by single spaces; "" for punctuation alone."""
    return " ".join(w for _, _, w in words(text))


def without_article(normal: str) -> str:
    """The normal form without an article in front."""
    first, _, rest = normal.partition(" ")
    return rest if rest and first in _ARTICLES else normal


def _numbered(form: str) -> set[str]:
    """The same title with its numbers written otherwise.

    "godfather part ii" gives "godfather part 2", "godfather 2", ...
    """
    forms: set[str] = set()
    tokens = form.split()
    if len(tokens) < 2 or (len(tokens) == 2 and tokens[1] in {"v", "x"}):  # a letter, not a number
        return forms
    for table in ({}, _ROMAN, {v: k for k, v in _ROMAN.items()}, _SPELT):
        changed = [tokens[0], *(table.get(t, t) for t in tokens[1:])]
        forms.add(" ".join(changed))
        numeral = changed[-1] in _ROMAN or changed[-1] in _SPELT or changed[-1] in _SPELT.values()
        if numeral and len(changed) > 2 and changed[-2] in _PARTS:
            forms.add(" ".join([*changed[:-2], changed[-1]]))
    return forms - {form}


def variants(label: str, *, title: bool) -> Iterator[tuple[str, int]]:
    """(normal form, alias kind) of other names that a label implies.

    ``title`` says that the label is the title of a work.

    >>> label = "Star Wars: Episode II – Attack of the Clones"
    >>> sorted({form for form, _ in variants(label, title=True)})[:2]
    ['attack of the clones', 'episode 2 attack of the clones']
    """
    normal = normalise(label)
    forms = [(normal, KIND["label"])]
    if title:
        forms += [(form, KIND["part of title"]) for form in _parts_of_title(label)]
    for form, kind in forms:
        if form != normal:
            yield form, kind
        short = without_article(form)
        if title and short != form and len(short) > 2:
            yield short, max(kind, KIND["without article"])
        if title:
            for numbered in sorted(_numbered(form) | _numbered(short)):
                yield numbered, KIND["numeral"]
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", normal)  # "j j abrams" -> "jj abrams"
    if joined != normal:
        yield joined, KIND["spelling"]
    if "-" in label:
        for glue in ("", " "):
            yield normalise(re.sub(r"(?<=\w)-(?=\w)", glue, label)), KIND["spelling"]


def _parts_of_title(label: str) -> Iterator[str]:
    """Normal forms of what stands before and after each colon or dash of a title."""
    parts = [part for part in _SEPARATOR.split(label) if normalise(part)]
    for i in range(1, len(parts)):
        yield normalise(" ".join(parts[:i]))
        yield normalise(" ".join(parts[i:]))
    if len(parts) > 2:  # "Star Wars: The Empire Strikes Back" of "Star Wars: Episode V – The ..."
        yield normalise(f"{parts[0]} {parts[-1]}")
        for part in parts[1:-1]:
            yield normalise(f"{parts[0]} {part}")


def firm(label: str) -> str:
    """The normal form of a firm's name without its legal form; empty if it has none.

    >>> firm("Harrogate Pottery Ltd."), firm("Haas GmbH & Co. KG"), firm("Boston")
    ('harrogate pottery', 'haas', '')
    """
    short = label.strip()
    while (shorter := _LEGAL_FORM.sub("", short)) != short:
        short = shorter
    form = normalise(short)
    names = len(form) > 2 and form not in _ARTICLES
    return form if names and short != label.strip() else ""


def of_person(label: str) -> Iterator[tuple[str, int]]:
    """(normal form, alias kind) of what a person is called for short.

    >>> list(of_person("Ann-Marie van der Berg"))
    [('ann', 9), ('van der berg', 7), ('berg', 7)]
    """
    tokens = normalise(label).split()
    if not 2 <= len(tokens) <= MAX_PART_WORDS or tokens[0] in _SMALL:
        return
    if len(tokens[0]) > 1 and tokens[0] not in _TITLES:
        yield tokens[0], KIND["part of name"]
    first = len(tokens) - 1
    while first > 1 and tokens[first - 1] in _PARTICLES:
        first -= 1
    for start in dict.fromkeys((first, len(tokens) - 1)):
        if len(name := " ".join(tokens[start:])) > 1:
            yield name, KIND["surname"]


def short_names(label: str, kind: str) -> Iterator[tuple[str, int]]:
    """(normal form, alias kind) of what an entity of a kind is called for short.

    A firm without its legal form; a person by first name or surname.
    """
    if short := firm(label):
        yield short, KIND["part of name"]
    if (PEOPLE - OR_FIRMS).intersection(kind.split()):
        yield from of_person(label)


def parts(label: str) -> Iterator[tuple[str, int]]:
    """(normal form, alias kind) of names that leave out words of a label.

    For graphs whose questions use such names: every run of the label's words that neither begins
    nor ends in a small word, the label without single letters inside ("Harry S. Truman"), and its
    initials if there are at least two.

    >>> sorted(form for form, _ in parts("Harry S. Truman"))
    ['harry', 'harry s', 'harry truman', 'hst', 's truman', 'truman']
    """
    tokens = normalise(label).split()
    if not 2 <= len(tokens) <= MAX_PART_WORDS:
        return
    kind = KIND["part of name"]
    for first in range(len(tokens)):
        for last in range(first, len(tokens)):
            run = tokens[first : last + 1]
            whole = len(run) == len(tokens)
            if not whole and not {run[0], run[-1]} & _SMALL and len("".join(run)) > 1:
                yield " ".join(run), kind
    middle = [t for i, t in enumerate(tokens) if len(t) > 1 or i in (0, len(tokens) - 1)]
    if len(middle) not in (len(tokens), 1):
        yield " ".join(middle), kind
    initials = "".join(t[0] for t in tokens if t not in _SMALL)
    if len(initials) > 1:
        yield initials, KIND["initials"]
