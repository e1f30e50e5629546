"""A process that dies before one of its calls that change the disk: the one way tests kill.

    dying(last)          in this process: Killed is raised, and nothing changes the disk any more
    killed(act, last)    in a process of its own: kill -9, before that call or by the clock

The first is cheap, the second is what happens to users.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CALLS = "fsync mkdir rename replace rmdir unlink".split()
FORK = multiprocessing.get_context("fork")


class Killed(BaseException):
    """Stands for kill -9: after it nothing on the disk changes, whatever is cleaned up."""


def _raise() -> None:
    raise Killed


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


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


def killed(act: Callable[[], object], last: int = 0, *, seconds: float = 0.0) -> list[str] | None:
    """The names of the calls of a process that acts; None if it was killed before its end.

    It is killed before call number ``last``, or after some seconds, or not at all. An exception in
    it is printed there and is an AssertionError here.
    """
    ours, theirs = FORK.Pipe(duplex=False)

    def child() -> None:
        with dying(last, _kill) as calls:
            act()
        theirs.send(calls)

    process = FORK.Process(target=child)
    process.start()
    theirs.close()
    if seconds:
        process.join(seconds)
        process.kill()
    try:
        calls = ours.recv()
    except EOFError:
        calls = None
    process.join()
    assert calls is not None or process.exitcode == -signal.SIGKILL, process.exitcode
    return calls
