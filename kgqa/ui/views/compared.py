"""What an operator compared: the values in order, with bars, those that it kept, and ties."""

from __future__ import annotations

from kgqa.trace import Compared, Entity, Hop, Trace
from kgqa.ui.html import marks, operators, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

SHOWN = 8  #: rows before the fold
CLOSE = 0.9  #: if the smallest value is more than this share of the largest, bars start there
FLOOR = 0.04  #: length of the shortest bar, so that it is seen


def render(hop: Hop) -> Html:
    """The table; nothing where nothing was compared."""
    if not hop.compared:
        return Html()
    lengths, start = _lengths(hop.compared)
    rows = [_row(*each) for each in zip(_places(hop.compared), hop.compared, lengths, strict=True)]
    table = _table(rows[:SHOWN])
    if rows[SHOWN:]:
        title = f"Show {words.count(len(rows) - SHOWN, 'more value')}"
        table += parts.fold(title, _table(rows[SHOWN:]))
    notes = [_ties(hop), start]
    if hop.not_compared:
        notes.append(f"And {hop.not_compared:,} more were compared that are not listed.")
    quiet = join(fill('<p class="quiet">{note}</p>', note=note) for note in notes if note)
    return fill('<p class="part">Compared, best first</p>{table}{quiet}', table=table, quiet=quiet)


def measured(trace: Trace, entity: Entity) -> str:
    """By which value an answer was kept: "The longest run time: 776 minutes."; else nothing."""
    ends = [marks.walked(branch)[-1:] for branch in trace.branches if not branch.negated]
    for hop in marks.after(trace)[-1:] or sum(ends, ()):
        for item in hop.compared:
            if item.kept and item.entity.id == entity.id:
                entry = hop.relations[0]
                what = operators.object_of(entry.id, entry.label).removeprefix("what is ")
                times = " times" if operators.parse(entry.id)[0] == "often" else ""
                return f"{what[:1].upper()}{what[1:]}: {clip(item.text, 40)}{times}."
    return ""


def _table(rows: list[Html]) -> Html:
    return fill(
        '<table class="compared"><thead><tr><th scope="col">Place</th><th scope="col">Entity</th>'
        '<th scope="col">Value</th></tr></thead><tbody>{rows}</tbody></table>',
        rows=join(rows),
    )


def _row(place: int, item: Compared, length: float) -> Html:
    kept = Html('<span class="check">✓ <span class="unseen">kept: </span></span>')
    return fill(
        '<tr class="{css}"><td class="place">{place}</td><th scope="row">{mark}{name}</th>'
        '<td class="value"><bdi>{text}</bdi><span class="track" aria-hidden="true"><i style="'
        'width:{width}%"></i></span></td></tr>',
        css="kept" if item.kept else "",
        place=place,
        mark=kept if item.kept else "",
        name=parts.label(item.entity),
        text=clip(item.text, 40),
        width=f"{100 * length:.1f}",
    )


def _places(items: tuple[Compared, ...]) -> list[int]:
    """1, 2, 2, 4: what is tied shares a place."""
    places: list[int] = []
    for i, item in enumerate(items):
        tied = i > 0 and item.number == items[i - 1].number
        places.append(places[-1] if tied else i + 1)
    return places


def _lengths(items: tuple[Compared, ...]) -> tuple[list[float], str]:
    """How long each bar is, in [0, 1], and a note if bars do not start at 0.

    Years and dates all lie far from 0; bars from there would all be equal.
    """
    numbers = [item.number for item in items]
    low, high = min(numbers), max(numbers)
    if low >= 0 and low <= CLOSE * high:
        return [n / high if high else 0.0 for n in numbers], ""
    if low == high:
        return [1.0 for _ in numbers], ""
    least = next(item.text for item in items if item.number == low)
    lengths = [FLOOR + (1 - FLOOR) * (n - low) / (high - low) for n in numbers]
    return lengths, f"Bars start at {clip(least, 40)}."


def _ties(hop: Hop) -> str:
    """That several were kept, and why."""
    kept = [item for item in hop.compared if item.kept]
    if len(kept) < 2:
        return ""
    text = clip(kept[0].text, 40)
    if all(item.number == kept[0].number for item in kept):
        return f"A tie: {len(kept):,} with {text} share the place, and all are kept."
    return f"{len(kept):,} are kept." if operators.heaviest(hop) else ""
