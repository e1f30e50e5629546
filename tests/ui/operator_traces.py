"""Questions with operators over the small measured graph, the model's output written by hand.

Their traces are those of the real pipeline, so edits on the page have their real effect.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.inference.operators import choices
from kgqa.inference.pipeline import Pipeline
from kgqa.linking import Linker
from kgqa.trace import Trace
from kgqa.ui.service import Operator
from tests.measured import measured
from tests.script import Script, Scripted

ROOT = Path(__file__).resolve().parents[2]
HANKS, LEO = {"person:Tom Hanks": 1.0}, {"person:Leonardo DiCaprio": 1.0}
EASTWOOD, SPIELBERG = {"person:Clint Eastwood": 1.0}, {"person:Steven Spielberg": 1.0}
ACTED = ["-cast member"]

COUNT = "How many movies has Tom Hanks made?"
TOTAL = "How long are all movies of Tom Hanks?"
SECOND = "What is the second longest movie with Tom Hanks?"
TIE = "Which movies have the most actors?"
OFTEN = "Who directed the most movies with Tom Hanks?"
YES = "Did Clint Eastwood direct Sully?"
NO = "Did Clint Eastwood direct The Terminal?"
WITHOUT = "movies of Tom Hanks without Leonardo DiCaprio"
EITHER = "movies of Tom Hanks or Leonardo DiCaprio"
RANGE = "movies of Tom Hanks over 120 minutes"
DATE = "When was Sully shown?"
CANNOT = "Write a poem about Tom Hanks"

WRITE: dict[str, Callable[[Script], Script]] = {
    COUNT: lambda s: s.mention("Tom Hanks", HANKS, ACTED).read("count", 0.8),
    TOTAL: lambda s: s.mention("Tom Hanks", HANKS, ACTED).read("sum(run time)"),
    SECOND: lambda s: s.mention("Tom Hanks", HANKS, [*ACTED, "most(run time, 2)"]),
    TIE: lambda s: s.mention("movies", {"class:film": 1.0}, ["most(cast member)"]),
    OFTEN: lambda s: s.mention("Tom Hanks", HANKS, [*ACTED, "often(director)"]),
    YES: lambda s: (
        s.mention("Clint Eastwood", EASTWOOD, ["-director"])
        .mention("Sully", {"film:Sully": 1.0}, [])
        .read("verify")
    ),
    NO: lambda s: (
        s.mention("Clint Eastwood", EASTWOOD, ["-director"])
        .mention("The Terminal", {"film:The Terminal": 1.0}, [])
        .read("verify")
    ),
    WITHOUT: lambda s: (
        s.mention("Tom Hanks", HANKS, ACTED)
        .mention("Leonardo DiCaprio", LEO, ACTED)
        .negate("Leonardo DiCaprio")
    ),
    EITHER: lambda s: (
        s.mention("Tom Hanks", HANKS, ACTED).mention("Leonardo DiCaprio", LEO, ACTED).unite()
    ),
    RANGE: lambda s: s.mention("Tom Hanks", HANKS, ACTED).mention(
        "120 minutes", {"range:run time>120": 1.0}, []
    ),
    DATE: lambda s: s.mention("Sully", {"film:Sully": 1.0}, ["release date"]),
    CANNOT: lambda s: s.mention("Tom Hanks", HANKS, []).beyond(),
}


@lru_cache(maxsize=1)
def _graph():
    graph = measured()
    return graph, Linker(graph)


@lru_cache(maxsize=1)
def _tokenizer():
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast.from_pretrained(str(ROOT / "checkpoints" / "films"))


@lru_cache(maxsize=32)
def _pipeline(question: str) -> Pipeline:
    graph, linker = _graph()
    script = WRITE[question](Script(graph, linker(question), operators=True))
    return Pipeline(Checkpoint(Scripted(script), _tokenizer(), graph))


def answer(question: str, edits: Edits = Edits()) -> Trace:
    """The trace of one of the questions above."""
    return _pipeline(question).answer(question, edits=edits)


def offers() -> dict:
    """What a card says of a model with operators over this graph."""
    graph, _ = _graph()
    kept = {
        group: tuple(Operator(id, label) for id, label in entries)
        for group, entries in choices(graph).items()
    }
    readouts = ("", "count", "verify", "sum(run time)")
    return {"operators": True, "choices": kept, "readouts": readouts}
