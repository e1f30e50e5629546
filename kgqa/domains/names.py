"""Invented names: of people, firms, places, works, goods, genes and so on.

``names/*.txt`` holds word lists and patterns. A pattern is filled with words, numbers ("{1-99}"),
letters ("{A-Z}") and other patterns; "^" makes the next letter a capital. Names of one graph share
parts now and then, so that one name contains another ("Lee", "Lee Street"), and a few entities
have the same name.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from kgqa.domains.fields import GENERATORS
from kgqa.errors import DataError

FOLDER = Path(__file__).parent / "names"
AGAIN = 0.2  # how often a word or a name inside of a name is one that the graph has already
SAME = 0.015  # how often an entity has the name of another
SHARED = frozenset("person book song work city street".split())  # by two of one sort, too
TRIES = 40  # draws for a name that is new
_SLOT = re.compile(r"\{([^{}]+)\}")
_TIMES = re.compile(r"(.*\S)\s+\*(\d+)")
_RANGE = re.compile(r"(\d+)-(\d+)|([A-Za-z])-([A-Za-z])")
_CAPITAL = re.compile(r"\^(.)")


@lru_cache(maxsize=1)
def grammar() -> dict[str, tuple[tuple[str, ...], bool]]:
    """{symbol: (its patterns or words, whether these are words)}, repeated by weight.

    Raises :class:`DataError` for a slot of a pattern that nothing defines.
    """
    found: dict[str, tuple[list[str], bool]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        symbol, is_list = "", False
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if line.startswith("["):
                is_list = line.startswith("[=")
                symbol = line.strip("[]=").strip()
                found[symbol] = ([], is_list)
            elif is_list and line:
                found[symbol][0].extend(word.replace("_", " ") for word in line.split())
            elif line and not line.startswith("#"):
                match = _TIMES.fullmatch(line)
                pattern, times = (match[1], int(match[2])) if match else (line, 1)
                found[symbol][0].extend([pattern] * times)
    for symbol, (lines, is_list) in found.items():
        for slot in () if is_list else (s for line in lines for s in _SLOT.findall(line)):
            if slot not in found and not _RANGE.fullmatch(slot):
                raise DataError(f"names: nothing says what {{{slot}}} of [{symbol}] stands for.")
    if missing := GENERATORS - found.keys():
        raise DataError(f"names: nothing says what names of {sorted(missing)} are like.")
    return {symbol: (tuple(lines), is_list) for symbol, (lines, is_list) in found.items()}


class Namer:
    """Names for one graph."""

    def __init__(self, rng: random.Random):
        self._rng = rng
        self._used: dict[str, list[str]] = defaultdict(list)  # words and names, by symbol
        self._names: list[str] = []  # of all entities
        self._taken: dict[str, set[str]] = defaultdict(set)  # names, by generator

    def name(self, generator: str) -> str | None:
        """A name; None if no new one came up."""
        rng, taken = self._rng, self._taken[generator]
        if self._names and rng.random() < SAME:
            same = rng.choice(self._names)
            if generator in SHARED or same not in self._used[generator]:
                return same
        for _ in range(TRIES):
            name = " ".join(_CAPITAL.sub(lambda m: m[1].upper(), self._fill(generator)).split())
            if name.casefold() not in taken:
                taken.add(name.casefold())
                self._names.append(name)
                self._used[generator].append(name)
                return name
        return None

    def _fill(self, symbol: str) -> str:
        """Words of a list, or a pattern with its slots filled."""
        lines, is_list = grammar()[symbol]
        pattern = self._rng.choice(lines)
        return pattern if is_list else _SLOT.sub(lambda match: self._slot(match[1]), pattern)

    def _slot(self, slot: str) -> str:
        rng = self._rng
        if match := _RANGE.fullmatch(slot):
            if match[1]:
                return str(rng.randint(int(match[1]), int(match[2])))
            return chr(rng.randint(ord(match[3]), ord(match[4])))
        used = self._used[slot]
        if used and rng.random() < AGAIN:
            return rng.choice(used)
        text = self._fill(slot)
        if grammar()[slot][1]:
            used.append(text)
        return text
