"""Random questions and edits: words that name something, spoilt in every way, and plain noise."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable

from kgqa.graph import Graph
from kgqa.trace import Trace

_ODD = [
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\ufe0f"),  # no width
    *("\u202e", "\u2066", "\u061c", "\u2028", "\u2029", "\x85", "\x00", "\x1b[2J", "\x9b", "\x07"),
    *(
        "\ud800",
        "\udfff",
        "\U0010ffff",
        "\U000e0041",
        "e\u0301\u0301",
        "\u0300",
        "ﬁ",
        "ẞ",
        "İ",
        "ǆ",
    ),
    *(
        "'",
        "’s",
        "'s",
        "`",
        '"',
        "&",
        "-",
        "–",
        ":",
        " / ",
        "_",
        ".",
        "?",
        "(",
        "</b>",
        "{0}",
        "%s",
    ),
    *("👩\u200d🎤", "𝓐", "Ⅳ", "²", "٣", "京", "한", "ก็", "נ", "ﷺ", "\t", "\n", "\r\n", "\u3000"),
]
_WORDS = (
    "who what which when where how many did does was is the a of in with by and or not "
    "film films directed wrote starring played acted city museum country year painted not only"
).split()


class Fuzz:
    """Random questions about one graph; the same seed gives the same ones."""

    def __init__(self, graph: Graph, seed: int):
        self.graph, self.random = graph, random.Random(seed)
        self._ways: list[Callable[[], object]] = [
            self._sentence,
            self._sentence,
            lambda: self._spoil(self._sentence()),
            lambda: self._spoil(self._sentence()),
            lambda: self._spoil(self.label()),
            self._noise,
            self._repetition,
            self._long,
            self._no_text,
        ]

    def question(self) -> object:
        """Anything that a person or a program may send; mostly a text."""
        return self.random.choice(self._ways)()

    def label(self) -> str:
        return self.graph.label(self.random.randrange(self.graph.num_entities))

    def _sentence(self) -> str:
        words = [
            self.label() if self.random.random() < 0.3 else self.random.choice(_WORDS)
            for _ in range(self.random.randrange(1, 12))
        ]
        return " ".join(words) + self.random.choice(["?", "", " ", "?!"])

    def _spoil(self, text: str) -> str:
        letters = list(text)
        for _ in range(self.random.randrange(1, 6)):
            place = self.random.randrange(len(letters) + 1)
            spoilt = self.random.choice(
                [
                    self.random.choice(_ODD),
                    self._letter(),
                    "",
                    letters[place - 1] if letters else "",
                ]
            )
            letters[place : place + self.random.randrange(2)] = [spoilt]
        change = self.random.choice([str, str, str.upper, str.title, str.swapcase])
        return change("".join(letters))

    def _letter(self) -> str:
        """Any character at all, of half of the planes, lone surrogates among them."""
        top = self.random.choice([0x7F, 0xFF, 0x2FF, 0xFFFF, sys.maxunicode])
        return chr(self.random.randrange(top + 1))

    def _noise(self) -> str:
        return "".join(
            self.random.choice(_ODD) if self.random.random() < 0.3 else self._letter()
            for _ in range(self.random.randrange(80))
        )

    def _repetition(self) -> str:
        part = self.random.choice(
            [self.label(), self._letter(), self.random.choice(_ODD), "a", " "]
        )
        return (part + self.random.choice(["", " ", "'"])) * self.random.randrange(1, 300)

    def _long(self) -> str:
        """About as long as a question may be, of names alone, or far too long."""
        length = self.random.choice([480, 499, 500, 501, 2_000, 50_000])
        text = self.label()
        while len(text) < length:
            text += " " + self.random.choice([self.label(), self._sentence(), self._letter()])
        return text[: self.random.choice([length, 499])]

    def _no_text(self) -> object:
        return self.random.choice(
            [None, "", 0, -1, 3.5, float("nan"), b"Paris", [], {"a": 1}, True]
        )

    # -- edits -------------------------------------------------------------------------------------

    def edits(self, trace: Trace) -> object:
        """A JSON value that may be edits to the question of a trace, as an object or as a text."""
        fields: dict[str, object] = {
            "use": [self._span(trace) | {"entity": self._id()} for _ in self._few()],
            "leave_out": [self._span(trace) for _ in self._few()],
            "add": [self._span(trace) for _ in self._few()],
            "follow": [self._follow(trace) for _ in self._few()],
            "intersect": self.random.random() < 0.7,
        }
        value = {k: v for k, v in fields.items() if self.random.random() < 0.6}
        if self.random.random() < 0.2:
            name = self.random.choice([*fields, "colour", ""])
            value[name] = self.random.choice([None, [], [[]], 1, "x", [None], [{"start": 1}], {}])
        if self.random.random() < 0.1:
            text = json.dumps(value)
            return text[: self.random.randrange(len(text) + 1)]
        return value

    def _few(self) -> range:
        return range(self.random.choice([0, 0, 1, 1, 2, 3, 13]))

    def _span(self, trace: Trace) -> dict[str, object]:
        """Mostly that of a mention."""
        if trace.mentions and self.random.random() < 0.7:
            mention = self.random.choice(trace.mentions)
            return {"start": mention.start, "end": mention.end}
        places = [
            -1,
            0,
            1,
            len(trace.question),
            self.random.randrange(600),
            2_000,
            10**30,
            True,
            1.5,
        ]
        start, end = self.random.choice(places[:6]), self.random.choice(places)
        return {"start": start, "end": end}

    def _id(self) -> object:
        entity = self.random.randrange(self.graph.num_entities)
        return self.random.choice(
            [self.graph.key(entity)] * 4 + ["", "no:such", "\ud800", "x" * 301]
        )

    def _follow(self, trace: Trace) -> dict[str, object]:
        relation = self.graph.relation_id(self.random.randrange(self.graph.num_relations))
        span = self._span(trace) if self.random.random() < 0.8 else {"start": -1, "end": -1}
        return span | {
            "hop": self.random.choice([0, 1, 1, 1, 2, 2, 3, 4, 99, -1]),
            "relation": self.random.choice(
                [relation] * 4 + ["", "-", "no such relation", "\ud800"]
            ),
        }
