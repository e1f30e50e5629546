"""Lines of N-Triples at random, well formed and nearly so, and what pyoxigraph makes of them."""

from __future__ import annotations

import random
import re

import pyoxigraph as ox

from kgqa.graph.importer import lines

_LETTERS = ["a", "Z", "7", "é", "Ж", "\U0001f3ac", "%20", "\\u00E9", "\\U0001F3AC", "-", ".", "_"]
_TEXT = [*_LETTERS, " ", "'", "\t", "<", ">", "{", "\\n", '\\"', "\\\\", "\\t", "@en", "^^", "."]
_ODD = [
    '"',
    "\\",
    " ",
    "<",
    ">",
    ".",
    "@",
    "^",
    "_:",
    "#",
    "\t",
    "\\u12",
    "\\uD800",
    "\\x",
    "{",
    ":",
]
_SPACES = ["", " ", " ", " ", "\t", "  \t"]
_TAGS = ["en", "en-GB", "EN", "zh-Hant-TW", "x-1", "de-1996"]


def _run(rng: random.Random, pieces: list[str], most: int) -> str:
    return "".join(rng.choice(pieces) for _ in range(rng.randrange(most + 1)))


def _iri(rng: random.Random) -> str:
    return f"<http://e.org/{_run(rng, _LETTERS, 6)}>"


def _blank(rng: random.Random) -> str:
    return "_:" + rng.choice("abZ7é") + _run(rng, ["a", "7", "é", "-", ".b", "_"], 4)


def _literal(rng: random.Random) -> str:
    text = f'"{_run(rng, _TEXT, 8)}"'
    return text + rng.choice(["", f"@{rng.choice(_TAGS)}", f"^^{_iri(rng)}"])


def line(rng: random.Random) -> str:
    """A statement; every other one with a character put in, left out or replaced."""
    subject = rng.choice([_iri, _blank])(rng)
    object_ = rng.choice([_iri, _blank, _literal, _literal])(rng)
    space = [rng.choice(_SPACES) for _ in range(5)]
    end = rng.choice(["", "", "# a comment", "#"])
    made = f"{space[0]}{subject}{space[1]}{_iri(rng)}{space[2]}{object_}{space[3]}.{space[4]}{end}"
    if rng.random() < 0.5:
        place = rng.randrange(len(made))
        made = made[:place] + rng.choice([rng.choice(_ODD), ""]) + made[place + rng.randrange(2) :]
    return made


def ours(text: str) -> tuple[str, ...] | None:
    """The three terms in plain characters; () for a comment, None for a malformed line."""
    try:
        found = lines.terms(text, graph=False)
    except ValueError:
        return None
    return tuple(_plain(term or "") for term in found)


def _plain(term: str) -> str:
    if not term.startswith('"'):
        return lines.unescape(term)
    text, after = re.fullmatch(r'"(.*)"([^"]*)', term, re.DOTALL).groups()
    return f'"{lines.unescape(text)}"{after.lower() if after[:1] == "@" else lines.unescape(after)}'


def theirs(text: str, *, lenient: bool = False) -> tuple[str, ...] | None:
    """The same by pyoxigraph; ``lenient`` leaves out what it checks of IRIs beyond the grammar."""
    try:
        found = list(ox.parse(text, ox.RdfFormat.N_TRIPLES, lenient=lenient))
    except SyntaxError:
        return None
    return tuple(_term(t) for quad in found for t in (quad.subject, quad.predicate, quad.object))


def _term(node: object) -> str:
    if isinstance(node, ox.NamedNode):
        return f"<{node.value}>"
    if not isinstance(node, ox.Literal):
        return str(node)
    datatype = node.datatype.value
    plain = datatype in ("http://www.w3.org/2001/XMLSchema#string",) or node.language
    after = f"@{node.language}" if node.language else "" if plain else f"^^<{datatype}>"
    return f'"{node.value}"{after}'
