"""How people type: slips of the finger, lost accents, no question mark, names that mean nothing."""

from __future__ import annotations

import random
import re

from kgqa.graph.names import fold

_SYLLABLES = (
    "bor ven tal mik dra zu phel or quin sta lo gri wex ham ny ka ro mund el vish tor bla skei no "
    "pra uth jor fen"
).split()


_MARK = re.compile(r"(?<=\w)('s\b|[?!,](?=\s|\Z))")


def coined(rng: random.Random) -> str:
    """A word of two or three syllables that means nothing."""
    return "".join(rng.sample(_SYLLABLES, rng.choice([2, 2, 3]))).title()


def strip_accents(text: str) -> str:
    """The text with plain letters."""
    return "".join(
        c if c.isascii() else (fold(c) if c.islower() else fold(c).title()) for c in text
    )


def misspelt(name: str, rng: random.Random) -> str:
    """A slip of the finger in a longer word: a letter doubled, dropped, swapped or changed."""
    parts = name.split(" ")
    long = [i for i, w in enumerate(parts) if len(w) >= 5 and w.isalpha()]
    if not long:
        return name
    i = rng.choice(long)
    word, at = parts[i], rng.randrange(1, len(parts[i]) - 1)
    slip, after = rng.choice(["drop", "double", "swap", "change"]), word[at + 1 :]
    if slip == "drop":
        middle = ""
    elif slip == "double":
        middle = word[at] * 2
    elif slip == "swap":
        middle, after = word[at + 1] + word[at], word[at + 2 :]
    else:
        middle = rng.choice("aeiou" if word[at] in "aeiou" else "bcdlmnprst")
    parts[i] = word[:at] + middle + after
    return " ".join(parts)


def restyle(text: str, rng: random.Random) -> str:
    """Ways of typing: all lower case, no final mark, a question mark too many or none."""
    roll = rng.random()
    if roll < 0.22:
        text = text.lower()
    elif roll < 0.5:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.25:
        text = text.rstrip("?.!")
    elif rng.random() < 0.05:
        text = text.rstrip("?.!") + "?"
    return text


def tokenised(text: str) -> str:
    """The text as some programs hand it on, its marks apart from the words.

    >>> tokenised("What is Ann's job?")
    "What is Ann 's job ?"
    """
    return _MARK.sub(r" \1", text)
