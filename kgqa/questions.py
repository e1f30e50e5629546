"""Questions on disk: one JSON object a line, the layout of the public benchmarks.

    {"id", "question", "answers": [entity id, ...], "topics": [entity id, ...], "kind"?, "hops"?}

``topics`` are gold question entities. They are read by one thing only: the oracle run of ``kgqa.evaluation``, which measures
what entity resolution costs. Training never sees them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kgqa.errors import DataError


@dataclass(frozen=True)
class Question:
    id: str
    question: str
    answers: tuple[str, ...]  #: entity ids; empty if the graph cannot answer
    topics: tuple[str, ...] = ()  #: gold question entities, for the oracle run alone
    kind: str = ""  #: for reports by kind
    hops: int = 0  #: for reports by hops; 0 if unknown


def read(path: str | Path) -> list[Question]:
    """Questions of a ``.jsonl`` file. Raises :class:`DataError` with the line number."""
    path = Path(path)
    if not path.is_file():
        raise DataError(f"No question file {path}; expected JSON lines with question and answers.")
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start})."
        ) from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row["question"], str):
                raise TypeError("question is not a text")
            if any(isinstance(row.get(k, ()), (str, dict)) for k in ("answers", "topics")):
                raise TypeError("answers and topics are lists of entity ids")
            found.append(
                Question(
                    str(row.get("id", number)),
                    row["question"],
                    tuple(row["answers"]),
                    tuple(row.get("topics", ())),
                    str(row.get("kind", "")),
                    int(row.get("hops", 0)),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path}, line {number}: expected an object with question and answers ({error!r})."
            ) from None
    return found


def write(path: str | Path, questions: list[Question]) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(asdict(q), ensure_ascii=False) for q in questions)
    Path(path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
