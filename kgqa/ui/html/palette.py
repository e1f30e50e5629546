"""Every colour of the page, light and dark, and the CSS variables that carry them.

A mention keeps one colour from its span through its candidates and hops to the graph. Colour never
stands alone: a mention also has a letter, an answer a check mark and a double line. Text colours
reach a contrast of 4.5 to 1 on the page's background in both modes.
"""

from __future__ import annotations

#: (light, dark) for each mention that takes part; a seventh mention starts again.
BRANCHES = (
    ("#1d5fc4", "#82b4ff"),  # blue
    ("#b4500b", "#f6ad55"),  # orange
    ("#6b3fc9", "#c0a4ff"),  # violet
    ("#b01e63", "#ff8fb8"),  # pink
    ("#0d6f77", "#59d0d6"),  # teal
    ("#5b6b0c", "#c3d657"),  # olive
)

#: name: (light, dark)
NAMED = {
    "answer": ("#14733a", "#6bd992"),
    "shared": ("#475467", "#b4bfce"),  # reached by several branches, or after the intersection
    "page": ("#f6f7f9", "#0e1218"),
    "surface": ("#ffffff", "#161b23"),
    "sunken": ("#f2f4f7", "#1d232d"),
    "line": ("#e0e4ea", "#2c3440"),
    "text": ("#18202c", "#edf1f6"),
    "quiet": ("#566173", "#a3aebd"),
    "warning": ("#8a5a00", "#f2c14e"),
    "edit": ("#8a3d00", "#ffb27a"),  # your edits
    "accent": ("#1d5fc4", "#82b4ff"),
    "button": ("#1d5fc4", "#2f6fd6"),
    "button-hover": ("#174ea3", "#4581e2"),
    "on-button": ("#ffffff", "#ffffff"),
}


def css() -> str:
    """``--kg-*`` variables for both modes; classes ``.b0`` ... ``.b5`` set ``--c`` to a branch."""
    names = {**NAMED, **{f"branch-{i}": pair for i, pair in enumerate(BRANCHES)}}
    light = "".join(f"--kg-{name}:{pair[0]};" for name, pair in names.items())
    dark = "".join(f"--kg-{name}:{pair[1]};" for name, pair in names.items())
    branches = "".join(f".b{i}{{--c:var(--kg-branch-{i});}}" for i in range(len(BRANCHES)))
    return f":root{{{light}}}.dark{{{dark}}}.bs{{--c:var(--kg-shared);}}{branches}"


def branch(rank: int, *, dark: bool = False) -> str:
    """The colour of the branch with this rank; rank -1 is "several branches"."""
    return (NAMED["shared"] if rank < 0 else BRANCHES[rank % len(BRANCHES)])[dark]


def css_class(rank: int) -> str:
    """The class that sets ``--c``."""
    return "bs" if rank < 0 else f"b{rank % len(BRANCHES)}"
