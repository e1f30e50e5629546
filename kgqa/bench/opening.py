"""How long a graph takes to open and to look names up in, and how much memory that takes."""

from __future__ import annotations

import resource
import time

import numpy as np

from kgqa.bench.report import Opened
from kgqa.graph import Graph
from kgqa.linking.speller import Speller

CORRECTED = 20  # names


def opening(graph: Graph, *, lookups: int = 500) -> Opened:
    """Open the graph's folder once more, and look up names as they are and misspelt."""
    before, started = resident_mb(), time.perf_counter()
    opened = Graph.load(graph.folder)
    seconds, held = time.perf_counter() - started, resident_mb() - before
    rng = np.random.default_rng(0)
    names = [opened.aliases[i] for i in rng.integers(len(opened.aliases), size=lookups).tolist()]
    started = time.perf_counter()
    for name in names:
        opened.aliases.find(name)
    looked_up = time.perf_counter() - started
    speller, misspelt = Speller(opened), [name[:3] + "x" + name[3:] for name in names[:CORRECTED]]
    started = time.perf_counter()
    for name in misspelt:
        speller.corrections(name)
    corrected = time.perf_counter() - started
    return Opened(
        open_ms=round(1000 * seconds, 2),
        open_mb=round(held, 1),
        alias_lookup_us=round(1e6 * looked_up / len(names), 2),
        correction_ms=round(1000 * corrected / len(misspelt), 2),
    )


def resident_mb() -> float:
    """Memory of this process that is its own: resident less shared (the page cache's), MB."""
    try:
        with open("/proc/self/statm") as file:
            _, resident, shared, *_ = map(int, file.read().split())
        return (resident - shared) * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
