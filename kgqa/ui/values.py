"""The values of the endpoint for programs, checked before they wait in the queue."""

from __future__ import annotations

from typing import Any

from kgqa.edits import Edits
from kgqa.errors import DataError

NAMES = ("question", "edits")
_KINDS = {type(None): "nothing", bool: "true or false", int: "a number", float: "a number"}
_KINDS |= {str: "a text", list: "a list", dict: "an object"}


def read(values: list[Any]) -> list[Any]:
    """A question and edits, those that are left out as None.

    Raises :class:`DataError` with a sentence that names the value that is wrong.
    """
    if not values:
        raise DataError("The value “question” is missing: a text is expected.")
    if len(values) > len(NAMES):
        raise DataError(
            f"At most the values “question” and “edits” are expected; {len(values)} came."
        )
    question, edits = [*values, None][:2]
    if not isinstance(question, str):
        kind = _KINDS.get(type(question), "something else")
        raise DataError(f"The value “question” must be a text; {kind} came.")
    try:
        Edits.read(edits)
    except DataError as error:
        raise DataError(f"The value “edits” is wrong: {error}") from None
    return [question, edits]
