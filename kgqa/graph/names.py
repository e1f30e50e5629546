"""Names: the normal form under which words and labels meet, and the other names that a label implies.

The alias index only *proposes* what words could stand for; which proposal is meant is the model's to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: How an alias relates to the label, most faithful first. The index in this tuple is stored with every alias and is a
#: feature of the entity resolver.
ALIAS_KINDS = (
    "label",  # the label itself, up to case, accents and punctuation
    "other name",  # a known other name ("La Gioconda", "USA", "comedies")
    "without article",  # "Godfather" for "The Godfather"
    "part of title",  # before or after a colon or dash: "Star Wars", "The Empire Strikes Back"
    "numeral",  # "Part II" / "Part 2" / "two"
    "spelling",  # initials and hyphens joined or split: "JJ Abrams", "Spiderman"
    "adjective",  # "French" for France
    "surname",  # "Hitchcock"
    "joint name",  # "Coen brothers"
    "part of name",  # some of the label's words: "Obama", "Luther King", "Harry Truman" for "Harry S. Truman"
    "initials",  # "USC" for "University of Southern California"
    "misspelling",  # proposed when a question is read, never stored
)
KIND = {name: i for i, name in enumerate(ALIAS_KINDS)}

_FOLD = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ŋ": "n",
        "&": " and ",
        "’": "'",
        "‘": "'",
        "ʻ": "'",
        "`": "'",
        "´": "'",
    }
)
_LETTER = r"(?:[^\W_][\u0300-\u036f]*)"  # with its combining accents
_WORD = re.compile(rf"{_LETTER}+(?:['’‘ʻ`´]{_LETTER}+)*['’]?|&", re.UNICODE)
_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_SPELT = {
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
}
_SEPARATOR = re.compile(r"\s*(?::|\s[–—-]\s|\s/\s)\s*")


def fold(text: str) -> str:
    """Lower case without accents; letters without a decomposition by a small table."""
    text = unicodedata.normalize(
        "NFKD", text.casefold().translate(_FOLD)
    ).casefold()  # "𝓐" is "A" only now
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_FOLD)


def words(text: str) -> list[tuple[int, int, str]]:
    """(start, end, normal form) of each word, by position in ``text``; apostrophes inside a word are dropped."""
    found = []
    for match in _WORD.finditer(text):
        normal = re.sub(r"[^\w]+", "", fold(match.group())).replace("_", "")
        if normal:
            found.append((match.start(), match.end(), normal))
    return found


def normalise(text: str) -> str:
    """The normal form: folded words joined by single spaces. Punctuation and symbols alone give ""."""
    return " ".join(w for _, _, w in words(text))


def without_article(normal: str) -> str:
    first, _, rest = normal.partition(" ")
    return (
        rest
        if rest and first in {"the", "a", "an", "le", "la", "les", "el", "il", "der", "die", "das"}
        else normal
    )


def _numbered(form: str) -> set[str]:
    """The same title with its numbers written otherwise: "godfather part ii" -> "godfather part 2", "godfather 2", ..."""
    found, tokens = set(), form.split()
    if len(tokens) < 2:
        return found
    for table in ({}, _ROMAN, {v: k for k, v in _ROMAN.items()}, _SPELT):
        changed = [tokens[0], *(table.get(t, t) for t in tokens[1:])]
        if len(tokens) == 2 and tokens[1] in {"v", "x"}:
            continue
        found.add(" ".join(changed))
        numeral = changed[-1] in _ROMAN or changed[-1] in _SPELT or changed[-1] in _SPELT.values()
        if (
            numeral
            and len(changed) > 2
            and changed[-2] in {"part", "episode", "chapter", "vol", "volume"}
        ):
            found.add(" ".join([*changed[:-2], changed[-1]]))
    return found - {form}


def variants(label: str, *, title: bool) -> Iterator[tuple[str, int]]:
    """Other normal forms implied by a label, each with its alias kind; ``title`` says that the label is a title of a work.

    >>> sorted(set(v for v, _ in variants("Star Wars: Episode II – Attack of the Clones", title=True)))[:2]
    ['attack of the clones', 'episode 2 attack of the clones']
    """
    normal = normalise(label)
    forms = [(normal, KIND["label"])]
    if title:
        parts = [p for p in _SEPARATOR.split(label) if normalise(p)]
        for i in range(1, len(parts)):
            forms.append((normalise(" ".join(parts[:i])), KIND["part of title"]))
            forms.append((normalise(" ".join(parts[i:])), KIND["part of title"]))
        if (
            len(parts) > 2
        ):  # "Star Wars: The Empire Strikes Back" for "Star Wars: Episode V – The Empire ..."
            forms.append((normalise(f"{parts[0]} {parts[-1]}"), KIND["part of title"]))
            forms += [(normalise(f"{parts[0]} {p}"), KIND["part of title"]) for p in parts[1:-1]]
    for form, kind in forms:
        if form != normal:
            yield form, kind
        short = without_article(form)
        if title and short != form and len(short) > 2:
            yield short, max(kind, KIND["without article"])
        if title:
            for numbered in sorted({v for one in {form, short} for v in _numbered(one)}):
                yield numbered, KIND["numeral"]
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", normal)  # "j j abrams" -> "jj abrams"
    if joined != normal:
        yield joined, KIND["spelling"]
    if "-" in label:
        for glue in ("", " "):
            yield normalise(re.sub(r"(?<=\w)-(?=\w)", glue, label)), KIND["spelling"]


_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "de",
        "for",
        "from",
        "in",
        "la",
        "le",
        "of",
        "on",
        "or",
        "the",
        "to",
        "van",
        "von",
        "with",
    ]
)
MAX_PART_WORDS = 8  # labels of more words are sentences; their parts are not names


def parts(label: str) -> Iterator[tuple[str, int]]:
    """Forms that leave words of a label out, each with its alias kind; for graphs whose questions use such forms.

    Every run of the label's words that does not begin or end in a small word, the label without single letters inside
    ("Harry S. Truman"), and its initials if there are at least two.

    >>> sorted(v for v, _ in parts("Harry S. Truman"))
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
