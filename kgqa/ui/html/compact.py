"""An answer in two short texts: its name, and what tells it from others."""

from __future__ import annotations

from kgqa.trace import Answer


def named(answer: Answer) -> tuple[str, str]:
    """(name, description); of a number or a date its text, whose kind says nothing."""
    entity, value = answer.entity, answer.value
    if value is not None:
        return value.text, entity.description
    return entity.label or entity.id, entity.description or entity.kind
