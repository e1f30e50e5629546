"""Where the page's tests keep what people say: a list."""

from __future__ import annotations

from kgqa.errors import DataError
from kgqa.ui.said import Feedback, Said, Verdict
from tests.ui.parts import IMAGE


class Book:
    """Keeps in memory what a file would."""

    def __init__(self, *, alone: bool = True):
        self.said: list[Said] = []
        self.verdicts: list[Verdict] = []
        self.problem = ""
        self.feedback = Feedback(
            self.keep, self.remove, lambda: self.said, lambda: "{}\n", "f.jsonl", "train it", alone
        )

    def keep(self, trace, verdict, instead):
        if self.problem:
            raise DataError(self.problem)
        self.said = [
            s
            for s in self.said
            if s.question != trace.question or (instead is not None and s.id not in instead)
        ]
        self.verdicts.append(verdict)
        number = f"id{len(self.verdicts)}"
        answer = ", ".join(verdict.entities) or IMAGE
        self.said.append(Said(number, trace.question, verdict.said, answer))
        return number

    def remove(self, id):
        self.said = [s for s in self.said if s.id != id]
        return True
