"""The report of ``bench follow`` as typed rows; ``to_dict`` is its JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

OURS = "frontier"  # the name of this program's method
MODES = ("forward", "forward + backward")
CUTS = (10, 50, 90)
Percentiles = Mapping[str, float]  # by name: "p10", "p50", ...


@dataclass(frozen=True)
class Opened:
    """How long a graph takes to open and to look names up in."""

    open_ms: float
    open_mb: float  #: memory of the process that opening added
    alias_lookup_us: float  #: to find a name
    correction_ms: float  #: to correct a misspelt one


@dataclass(frozen=True)
class GraphRow(Opened):
    """A synthetic graph."""

    triples: int
    edges: int  #: inverses included
    entities: int
    bytes_per_edge: Mapping[str, float]  #: by method


@dataclass(frozen=True)
class Times:
    """Milliseconds for a batch."""

    p10: float
    p50: float
    p90: float
    n: int  #: turns

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        low, middle, high = (round(1000 * float(np.percentile(seconds, p)), 4) for p in CUTS)
        return cls(low, middle, high, len(seconds))


@dataclass(frozen=True)
class TimesRow:
    """All methods on the same questions."""

    triples: int
    seeds: int
    batch: int
    mode: str
    methods: Mapping[str, Times | None]  #: by name; None: left out


@dataclass(frozen=True)
class BudgetRow:
    """What the edge budget costs; see ``kgqa.bench.budget``."""

    triples: int
    questions: int
    concentration: float
    kept_by_budget: Percentiles  #: mass with the budget over mass without it
    kept_in_all: Percentiles  #: mass over that of the exact result, with all relations followed
    top_kept: float  #: share of questions whose exact top answer is among the answers
    top_first: float  #: share of questions where it is the heaviest of them


@dataclass(frozen=True)
class GrowthRow:
    """How time grows: the exponent b of time = a * triples^b, by method."""

    seeds: int
    batch: int
    mode: str
    exponents: Mapping[str, float]


@dataclass(frozen=True)
class OperatorRow:
    """What operators cost where three hops lead; see ``kgqa.bench.operators``."""

    triples: int
    entities: Percentiles  #: reached
    methods: Mapping[str, Times]  #: by name


@dataclass(frozen=True)
class Target:
    """A figure that is aimed at."""

    figure: str
    value: float
    target: float
    least: bool  #: the target is a minimum, not a maximum
    met: bool


@dataclass(frozen=True)
class Report:
    """Everything that ``bench follow`` measures."""

    version: str
    machine: Mapping[str, str | int]
    settings: Mapping[str, float]
    graphs: tuple[GraphRow, ...] = ()
    times: tuple[TimesRow, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    growth: tuple[GrowthRow, ...] = ()
    targets: tuple[Target, ...] = ()
    operators: tuple[OperatorRow, ...] = ()

    def lines(self) -> Iterator[str]:
        """The summary that is printed after the times."""
        for row in self.budget:
            yield (
                f"{row.triples:,} triples, {row.questions} questions at 99%: mass kept by the "
                f"budget p10 {row.kept_by_budget['p10']:.3f}, of the exact result "
                f"{row.kept_in_all['p10']:.3f}; exact top answer among the answers in "
                f"{100 * row.top_kept:.1f}%, heaviest in {100 * row.top_first:.1f}%"
            )
        for cost in self.operators:
            cells = ", ".join(
                f"{name} {t.p50:.3g} ms (p90 {t.p90:.3g})" for name, t in cost.methods.items()
            )
            size = f"{cost.entities['p50']:,} (p90 {cost.entities['p90']:,}) entities"
            yield f"{cost.triples:,} triples, operators over {size}: {cells}"
        for growth in self.growth:
            kind = f"{growth.seeds} seed(s), batch {growth.batch}, {growth.mode}"
            exponents = ", ".join(f"{name} {b:.2f}" for name, b in growth.exponents.items())
            yield f"time grows with triples^b, {kind}: {exponents}"
        for target in self.targets:
            met, sign = "met   " if target.met else "missed", ">=" if target.least else "<="
            yield f"{met}  {target.figure}: {target.value:,.5g} ({sign} {target.target:g})"

    def to_dict(self) -> dict:
        """For JSON."""
        return asdict(self)
