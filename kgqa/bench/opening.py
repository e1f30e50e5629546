"""How long a graph takes to open and to look names up in, and how much memory that takes."""

from __future__ import annotations

import resource
import time

import numpy as np

from kgqa.graph import Graph
from kgqa.linking.speller import Speller


def opening(graph: Graph, *, lookups: int = 500) -> dict:
    """Open the graph's folder once more and look up names, known and misspelt; milliseconds, microseconds and MB."""
    before = resident_mb()
    started = time.perf_counter()
    opened = Graph.load(graph.folder)
    seconds = time.perf_counter() - started
    held = resident_mb() - before
    rng = np.random.default_rng(0)
    names = [opened.aliases[i] for i in rng.integers(len(opened.aliases), size=lookups).tolist()]
    started = time.perf_counter()
    for name in names:
        opened.aliases.find(name)
    found = time.perf_counter() - started
    speller, wrong = Speller(opened), [name[:3] + "x" + name[3:] for name in names[:20]]
    started = time.perf_counter()
    for name in wrong:
        speller.corrections(name)
    corrected = time.perf_counter() - started
    return {
        "open_ms": round(1000 * seconds, 2),
        "open_mb": round(held, 1),
        "alias_lookup_us": round(1e6 * found / len(names), 2),
        "correction_ms": round(1000 * corrected / len(wrong), 2),
    }


def resident_mb() -> float:
    """Memory of this process that is its own: resident less shared (the page cache's), MB."""
    try:
        with open("/proc/self/statm") as file:
            _, resident, shared, *_ = map(int, file.read().split())
        return (resident - shared) * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
