"""Time against size on logarithmic axes, as an SVG for README."""

from __future__ import annotations

import math
from html import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 400, 70, 30, 190, 50
COLOURS = {
    "frontier": "#2a78d6",
    "dense": "#1baf7a",
    "ReifKB": "#e34948",
    "ReifKB, CSR": "#eda100",
    "a product a relation": "#4a3aa7",
}


def picture(report: dict, *, seeds: int = 1, batch: int = 1, mode: str = "forward") -> str:
    """An SVG of median milliseconds against triples for one kind of row; readable on light and on dark pages."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in report["times"]:
        if (row["seeds"], row["batch"], row["mode"]) == (seeds, batch, mode):
            for name, found in row["methods"].items():
                if found:
                    lines.setdefault(name, []).append(
                        (math.log10(row["triples"]), math.log10(found["p50"]))
                    )
    points = [p for line in lines.values() for p in line]
    if not points:
        raise ValueError(f"no times for {seeds} seed(s), batch {batch}, {mode}")
    x0, x1 = (
        math.floor(min(x for x, _ in points)),
        max(math.ceil(max(x for x, _ in points)), math.floor(points[0][0]) + 1),
    )
    y0, y1 = math.floor(min(y for _, y in points)), math.ceil(max(y for _, y in points))

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)
        return round(across, 1), round(
            HEIGHT - BOTTOM - (y - y0) / max(y1 - y0, 1) * (HEIGHT - TOP - BOTTOM), 1
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>Three hops, {escape(mode)}, batch {batch}: milliseconds against triples</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for x in range(x0, x1 + 1):
        px, _ = place(x, y0)
        parts.append(f'<path d="M{px} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e0"/>')
        parts.append(
            f'<text x="{px}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#52514e">{_power(x)}</text>'
        )
    for y in range(y0, y1 + 1):
        _, py = place(x0, y)
        parts.append(f'<path d="M{LEFT} {py}H{WIDTH - RIGHT}" stroke="#e4e4e0"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{py + 4}" text-anchor="end" fill="#52514e">{_time(y)}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle" fill="#0b0b0b">triples</text>'
    )
    parts.append(
        f'<text x="{LEFT}" y="{TOP - 12}" fill="#0b0b0b">time for three hops, one question ({escape(mode)})</text>'
    )
    ends = []
    for name, line in lines.items():
        colour = COLOURS.get(name, "#52514e")
        path = " ".join(
            f"{'M' if i == 0 else 'L'}{px} {py}"
            for i, (px, py) in enumerate(place(*p) for p in line)
        )
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{px}" cy="{py}" r="4" fill="{colour}"/>'
            for px, py in (place(*p) for p in line)
        ]
        ends.append([place(*line[-1])[1], place(*line[-1])[0], name, colour])
    ends.sort()
    for before, after in zip(ends, ends[1:], strict=False):  # labels keep their distance
        after[0] = max(after[0], before[0] + 16)
    for y, x, name, colour in ends:
        label = "frontier (ours)" if name == "frontier" else name
        halo = (
            'stroke="#ffffff" stroke-width="4" paint-order="stroke"'  # where a line passes behind
        )
        parts.append(
            f'<text x="{x + 10}" y="{y + 4}" fill="{colour}" {halo}>{escape(label)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _power(exponent: int) -> str:
    return f"10{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(d)] for d in str(exponent))}"


def _time(exponent: int) -> str:
    """10^exponent milliseconds in words."""
    if exponent >= 3:
        return f"{10 ** (exponent - 3):,} s"
    return f"{10**exponent:,} ms" if exponent >= 0 else f"{10 ** (exponent + 3):,} µs"
