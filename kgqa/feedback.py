"""What people said of answers: right, wrong, or what the answer should be; in a file of their own.

The file has JSON lines in the layout of train.jsonl (``kgqa.questions``), each with what was said
besides::

    {"id", "question", "answers", "value"?, "refusal"?, "said", "names", "at", "graph"}

``kgqa train --feedback FILE`` learns from it, and ``kgqa feedback FILE --out DIR`` writes its
train.jsonl, which may itself be learned from in the same way. Changes are whole or not at all, and
several threads and processes may make them.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kgqa import files, questions
from kgqa.errors import DataError, FileError
from kgqa.questions import Question
from kgqa.text import json_line, plain

RIGHT, WRONG, SHOULD = "right", "wrong", "should"
SAID = (RIGHT, WRONG, SHOULD)
KIND = "feedback"  #: of the questions to train on
MOST = 5_000  #: entries of a file
ANSWERS = 1_000  #: of an entry
NAMES = 8  #: labels that an entry keeps, to be read by people
LIMIT = 64 * 2**20  #: bytes of a file
LONGEST = 500  #: characters of a question


@dataclass(frozen=True)
class Entry:
    """One thing that a person said."""

    question: Question  #: with the answer that it should have; none if it is merely wrong
    said: str  #: an item of SAID
    names: tuple[str, ...] = ()  #: labels of the first answers, as people read them
    at: str = ""  #: when, as in 2026-11-30T12:00:00+00:00
    graph: str = ""  #: fingerprint of the graph whose ids the answers are

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def answer(self) -> str:
        """What the answer should be, in words; empty where that was not said."""
        question = self.question
        if self.said == WRONG:
            return ""
        if isinstance(question.value, bool):
            return "yes" if question.value else "no"
        if question.value is not None:
            return f"{question.value:,.12g}"
        if not question.answers:
            return "no answer in the graph" if question.refusal != "model" else "not possible"
        more = len(question.answers) - len(self.names)
        names = ", ".join(plain(name, 80) for name in self.names)
        return f"{names} and {more:,} more" if self.names and more > 0 else names


def entry(
    text: str,
    said: str,
    answers: Sequence[str] = (),
    *,
    value: float | bool | None = None,
    refusal: str = "",
    names: Sequence[str] = (),
    graph: str = "",
) -> Entry:
    """A new entry; ``answers`` are entity ids. Raises :class:`DataError` if it is too large."""
    if len(text) > LONGEST or not text.strip():
        raise DataError(f"A question has between 1 and {LONGEST} characters.")
    if len(answers) > ANSWERS:
        raise DataError(f"At most {ANSWERS:,} answers of a question can be kept.")
    answers = tuple(dict.fromkeys(answers))
    asked = Question(secrets.token_hex(6), text, answers, (), KIND, 0, value, refusal)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Entry(asked, said, tuple(names[:NAMES]), now, graph)


def lessons(entries: Sequence[Entry]) -> list[Question]:
    """The questions whose answer was said, to train on; the latest of those that are the same."""
    latest = {e.question.question.casefold(): e for e in entries}
    return [replace(e.question, kind=KIND) for e in latest.values() if e.said != WRONG]


class FeedbackFile:
    """The entries of a file, oldest first; it is made with the first of them."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        """Raises :class:`DataError` with the line that cannot be read, or FileError."""
        if not files.is_file(self.path):
            return []
        text = files.read_text(self.path, limit=LIMIT)
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        return [self._read(line, number) for number, line in lines]

    def add(self, new: Entry, *, instead_of: Callable[[Entry], bool] = lambda old: True) -> None:
        """Keep an entry, in place of those about the same question that ``instead_of`` is true of.

        Raises :class:`DataError` if the file is full.
        """
        asked = new.question.question.casefold()
        with self._changing() as entries:
            entries[:] = [
                old
                for old in entries
                if old.question.question.casefold() != asked or not instead_of(old)
            ]
            if len(entries) >= MOST:
                raise DataError(f"{files.name_of(self.path)} is full: it has {MOST:,} entries.")
            entries.append(new)

    def remove(self, id: str) -> bool:
        """Forget an entry; whether it was there."""
        with self._changing() as entries:
            before = len(entries)
            entries[:] = [old for old in entries if old.id != id]
            return len(entries) < before

    @contextmanager
    def _changing(self) -> Iterator[list[Entry]]:
        """The entries, to be changed: what they are in the end is written."""
        with self._lock, _locked(self.path):
            entries = self.entries()
            yield entries
            files.write_text(self.path, "".join(_row(e) + "\n" for e in entries))

    def _read(self, line: str, number: int) -> Entry:
        try:
            row = json.loads(line)
            asked = questions.from_row(row, number)
            exported = row.get("kind") == KIND  # whose answers are what they should be
            said = row.get("said", SHOULD) if exported else row["said"]
            names = tuple(str(name) for name in row.get("names", ()))[:NAMES]
            if said not in SAID:
                raise ValueError(f"said is none of {SAID}")
            return Entry(asked, said, names, str(row.get("at", "")), str(row.get("graph", "")))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise DataError(
                f"{files.name_of(self.path)}, line {number}: expected what a person said of an "
                f"answer ({plain(repr(error))}). Mend or delete that line."
            ) from None


def _row(kept: Entry) -> str:
    """The line of an entry."""
    own = {"said": kept.said, "names": list(kept.names), "at": kept.at, "graph": kept.graph}
    return json_line({**questions.to_row(kept.question), **own})


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Other processes wait until the block ends, where the system has locks for that.

    A file ".NAME.lock" lies beside. Raises FileError where nothing can be written.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except (OSError, ValueError) as error:
        raise FileError(
            f"{files.name_of(path)} cannot be written: {files.reason(error)}."
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
