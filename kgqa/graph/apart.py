"""A graph built of the files of a stranger: in a process of its own, within bounds.

    build_apart(["/tmp/x/a.csv"], "/tmp/x/graph", Bounds())

Files that would take all time, memory or disk stop that process and nothing else. What it has to
say comes back as a line of JSON; this module is also its program (``python -m kgqa.graph.apart``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kgqa.errors import GraphError, KGQAError

ROOT = Path(__file__).resolve().parents[2]  #: where the package lies
NICE = 5  #: how far the process stands back behind those who ask
_TOO_MUCH = (
    "These files take more time or memory to read than this page gives. Bring fewer of them, or "
    "run the app yourself: python app.py --graph FILE ..."
)


@dataclass(frozen=True)
class Bounds:
    """What a build may take."""

    triples: int = 200_000
    unpacked: int = 100_000_000  #: bytes of all files after unpacking
    seconds: int = 120
    memory: int = 3_000_000_000  #: bytes of address space
    file: int = 1_000_000_000  #: bytes of any file that is written


def build_apart(
    paths: Sequence[str | Path],
    folder: str | Path,
    bounds: Bounds = Bounds(),
    *,
    name: str | None = None,
) -> None:
    """Build a graph of files; ``name`` as for ``build_files``.

    Raises :class:`GraphError` with a sentence.
    """
    task: dict[str, Any] = {"paths": list(map(str, paths)), "folder": str(folder), "name": name}
    task["bounds"] = asdict(bounds)
    known = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR", "TEMP", "SYSTEMROOT")}
    env = known | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kgqa.graph.apart"],
            input=json.dumps(task).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=bounds.seconds,
            cwd=Path(folder).parent,
            env=env,
        )
    except subprocess.TimeoutExpired:
        raise GraphError(_TOO_MUCH) from None
    try:
        said = json.loads(done.stdout)
    except ValueError:  # it was stopped, or ran out of memory
        raise GraphError(_TOO_MUCH) from None
    if said["error"]:
        raise GraphError(said["error"])


def main() -> None:
    """Build what standard input asks for."""
    task = json.load(sys.stdin)
    error = ""
    try:
        _build(task["paths"], task["folder"], task["name"], Bounds(**task["bounds"]))
    except KGQAError as problem:
        error = str(problem)
    print(json.dumps({"error": error}))


def _build(paths: list[str], folder: str, name: str | None, bounds: Bounds) -> None:
    _limit(bounds)
    from kgqa.graph.importer import ImportOptions, build_files

    options = ImportOptions(
        skip_malformed=True, largest=bounds.unpacked, most_triples=bounds.triples
    )
    build_files(paths, folder, name=name, options=options, memory="512MB", threads=1)


def _limit(bounds: Bounds) -> None:
    """Bound this process, where the system can."""
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    with suppress(ImportError):
        import resource

        limits = {
            resource.RLIMIT_AS: bounds.memory,
            resource.RLIMIT_FSIZE: bounds.file,
            resource.RLIMIT_CPU: bounds.seconds,
        }
        for what, most in limits.items():
            with suppress(OSError, ValueError):
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
