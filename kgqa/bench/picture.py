"""Time against size on logarithmic axes, as an SVG for README."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from kgqa.bench.report import OURS, Report

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 400, 70, 30, 190, 50
COLOURS = {
    OURS: "#2a78d6",
    "dense": "#1baf7a",
    "ReifKB": "#e34948",
    "ReifKB, CSR": "#eda100",
    "a product a relation": "#4a3aa7",
}
GREY, BLACK, GRID = "#52514e", "#0b0b0b", "#e4e4e0"
LINE_HEIGHT = 16
HALO = 'stroke="#ffffff" stroke-width="4" paint-order="stroke"'  # where a line passes behind text

Curve = list[tuple[float, float]]  # (log10 of triples, log10 of milliseconds)


@dataclass(frozen=True)
class Axes:
    """Whole powers of ten that hold all points."""

    x0: int
    x1: int
    y0: int
    y1: int

    @classmethod
    def of(cls, curves: list[Curve]) -> Axes:
        xs, ys = zip(*(point for curve in curves for point in curve), strict=True)
        x1 = max(math.ceil(max(xs)), math.floor(xs[0]) + 1)
        return cls(math.floor(min(xs)), x1, math.floor(min(ys)), math.ceil(max(ys)))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is drawn."""
        across = (x - self.x0) / (self.x1 - self.x0) * (WIDTH - LEFT - RIGHT)
        up = (y - self.y0) / max(self.y1 - self.y0, 1) * (HEIGHT - TOP - BOTTOM)
        return round(LEFT + across, 1), round(HEIGHT - BOTTOM - up, 1)


def picture(report: Report, *, seeds: int = 1, batch: int = 1, mode: str = "forward") -> str:
    """An SVG of median milliseconds against triples, readable on light and on dark pages.

    Raises ValueError if nothing was measured for ``seeds``, ``batch`` and ``mode``.
    """
    curves: dict[str, Curve] = {}
    for row in report.times:
        if (row.seeds, row.batch, row.mode) == (seeds, batch, mode):
            for name, times in row.methods.items():
                if times:
                    point = math.log10(row.triples), math.log10(times.p50)
                    curves.setdefault(name, []).append(point)
    if not curves:
        raise ValueError(f"no times for {seeds} seed(s), batch {batch}, {mode}")
    axes = Axes.of(list(curves.values()))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>Three hops, {escape(mode)}, batch {batch}: milliseconds against triples</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_grid(axes),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "triples", BLACK, "middle"),
        _text(LEFT, TOP - 12, f"time for three hops, one question ({mode})", BLACK),
        *(_curve(axes, name, curve) for name, curve in curves.items()),
        *_names(axes, curves),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start", more: str = "") -> str:
    style = f'text-anchor="{anchor}" fill="{colour}" {more}'.rstrip()
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


def _grid(axes: Axes) -> list[str]:
    parts = []
    for x in range(axes.x0, axes.x1 + 1):
        px, _ = axes.place(x, axes.y0)
        parts.append(f'<path d="M{px} {TOP}V{HEIGHT - BOTTOM}" stroke="{GRID}"/>')
        parts.append(_text(px, HEIGHT - BOTTOM + 20, _power(x), GREY, "middle"))
    for y in range(axes.y0, axes.y1 + 1):
        _, py = axes.place(axes.x0, y)
        parts.append(f'<path d="M{LEFT} {py}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
        parts.append(_text(LEFT - 8, py + 4, _time(y), GREY, "end"))
    return parts


def _curve(axes: Axes, name: str, curve: Curve) -> str:
    colour, places = COLOURS.get(name, GREY), [axes.place(*point) for point in curve]
    path = " ".join(f"{'L' if i else 'M'}{x} {y}" for i, (x, y) in enumerate(places))
    dots = [f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in places]
    line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    return "\n".join([line, *dots])


def _names(axes: Axes, curves: dict[str, Curve]) -> list[str]:
    """The name of each curve at its end, at a distance from the name above."""
    ends = sorted((axes.place(*curve[-1])[::-1], name) for name, curve in curves.items())
    parts, lowest = [], -math.inf
    for (y, x), name in ends:
        lowest = max(y, lowest + LINE_HEIGHT)
        label = f"{OURS} (ours)" if name == OURS else name
        parts.append(_text(x + 10, lowest + 4, label, COLOURS.get(name, GREY), more=HALO))
    return parts


def _power(exponent: int) -> str:
    return "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(exponent))


def _time(exponent: int) -> str:
    """10^exponent milliseconds in words."""
    if exponent >= 3:
        return f"{10 ** (exponent - 3):,} s"
    return f"{10**exponent:,} ms" if exponent >= 0 else f"{10 ** (exponent + 3):,} µs"
