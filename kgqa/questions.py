"""Questions on disk: JSON lines, in the layout of the public benchmarks.

    {"id", "question", "answers": [entity id, ...], "topics": [entity id, ...], "kind"?, "hops"?}

A question whose answer is a number or yes or no has ``"value": 12`` or ``"value": true`` and no
answers. One that cannot be answered has neither; ``"refusal"`` may say why: "graph" (the graph does
not hold it) or "model" (no such computation exists).

``topics`` are gold question entities. One thing reads them: the oracle run of ``kgqa.evaluation``,
which measures what entity resolution costs. Training never sees them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

from kgqa.errors import DataError
from kgqa.files import is_file, name_of, write_text

#: Why a question has no answer.
REFUSALS = ("", "graph", "model")


@dataclass(frozen=True)
class Question:
    """A question with its answers."""

    id: str
    question: str
    answers: tuple[str, ...]  #: entity ids; empty if the graph cannot answer
    topics: tuple[str, ...] = ()  #: gold question entities, for the oracle run alone
    kind: str = ""  #: for reports by kind
    hops: int = 0  #: for reports by hops; 0 if unknown
    value: float | bool | None = None  #: the answer, where it is a number or yes or no
    refusal: str = ""  #: why there is no answer, an item of REFUSALS; empty if that is not said

    @property
    def answerable(self) -> bool:
        """Whether the graph holds an answer."""
        return bool(self.answers) or self.value is not None


def read(path: str | Path) -> list[Question]:
    """Questions of a ``.jsonl`` file. Raises :class:`DataError` with the line number."""
    path = Path(path)
    if not is_file(path):
        raise DataError(
            f"No question file {name_of(path)}; expected JSON lines with question and answers."
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start})."
        ) from None
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(from_row(json.loads(line), number))
            except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
                raise DataError(
                    f"{path}, line {number}: expected an object with question and answers "
                    f"({error!r})."
                ) from None
    return questions


def from_row(row: object, number: int) -> Question:
    """Raises ValueError, KeyError, TypeError or OverflowError where the row is malformed."""
    if not isinstance(row, dict) or not isinstance(row["question"], str):
        raise TypeError("question is not a text")
    if any(isinstance(row.get(k, ()), (str, dict)) for k in ("answers", "topics")):
        raise TypeError("answers and topics are lists of entity ids")
    answers, topics = tuple(row["answers"]), tuple(row.get("topics", ()))
    if not all(isinstance(entity, str) for entity in answers + topics):
        raise TypeError("an entity id is not a text")
    value, refusal = row.get("value"), row.get("refusal", "")
    if value is not None and not (isinstance(value, (int, float)) and isfinite(value)):
        raise TypeError("value is neither a number nor true or false")
    if refusal not in REFUSALS:
        raise ValueError(f"refusal is none of {REFUSALS}")
    return Question(
        str(row.get("id", number)),
        row["question"].encode("utf-8", "replace").decode("utf-8"),  # JSON may hold lone surrogates
        answers,
        topics,
        str(row.get("kind", "")),
        int(row.get("hops", 0)),
        value if value is None or isinstance(value, bool) else float(value),
        refusal,
    )


def to_row(question: Question) -> dict:
    """The JSON of a question, without what says nothing."""
    row = asdict(question)
    unsaid = {"value": row["value"] is None, "refusal": not row["refusal"]}
    return {k: v for k, v in row.items() if not unsaid.get(k)}


def write(path: str | Path, questions: Iterable[Question]) -> None:
    """Write a ``.jsonl`` file, whole or not at all; its folder is made."""
    lines = (json.dumps(to_row(q), ensure_ascii=False) for q in questions)
    write_text(path, "".join(line + "\n" for line in lines))
