"""A process that dies before one of its calls that change the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CALLS = "fsync mkdir rename replace rmdir unlink".split()


class Killed(BaseException):
    """Stands for kill -9: after it nothing on the disk changes, whatever is cleaned up."""


def _raise() -> None:
    raise Killed


@contextmanager
def dying(last: int, die: Callable[[], None] = _raise) -> Iterator[list[str]]:
    """Inside, ``die`` is called before call number ``last`` and all after it; 0: never.

    The value fills with the names of the calls.
    """
    seen: list[str] = []
    own = {name: getattr(os, name) for name in CALLS}

    def counted(name: str) -> Callable:
        def call(*arguments, **options):
            seen.append(name)
            if last and len(seen) >= last:
                die()
            return own[name](*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, counted(name))
    try:
        yield seen
    finally:
        for name in CALLS:
            setattr(os, name, own[name])
