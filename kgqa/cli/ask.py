"""``ask``: a question answered with a readable trace, or many as JSON lines."""

from __future__ import annotations

import json
import sys

from kgqa.errors import DataError
from kgqa.inference import Pipeline


def ask(options) -> int:
    if not options.json and options.question is None:
        raise DataError(
            'Give a question, such as: python -m kgqa ask "Who directed Titanic?"; or --json and questions on standard input.'
        )
    pipeline = Pipeline.load(options.checkpoint, device=options.device)
    if not options.json:
        print(pipeline.answer(options.question))
        return 0
    lines = [options.question] if options.question is not None else sys.stdin
    for line in lines:
        print(
            json.dumps(pipeline.answer(line.rstrip("\n")).to_dict(), ensure_ascii=False), flush=True
        )
    return 0
