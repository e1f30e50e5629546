"""Looks of the page, as options of ``launch``: theme, CSS, and which parts of Gradio's frame show.

Fonts are the ones that Gradio serves itself; nothing is fetched from elsewhere.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from kgqa.ui.guard.front import Front
from kgqa.ui.html import palette
from kgqa.ui.static import FOLDER, read

STYLES = "page complete answer list graph edits feedback lesson sheet figure screen narrow".split()
#: {option of the theme: colour of the palette}, the same in both modes: the palette has two values
_COLOURS = {
    "body_background_fill": "page",
    "body_text_color": "text",
    "body_text_color_subdued": "quiet",
    "block_background_fill": "surface",
    "border_color_primary": "line",
    "button_primary_background_fill": "button",
    "button_primary_background_fill_hover": "button-hover",
    "button_primary_text_color": "on-button",
}


def _theme() -> gr.themes.Base:
    theme = gr.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        radius_size="md",
        text_size="md",
        font=[
            gr.themes.LocalFont("Source Sans Pro", weights=(400, 700)),
            "ui-sans-serif",
            "system-ui",
            "sans-serif",
        ],
        spacing_size="md",
    )
    colours = {option: f"var(--kg-{name})" for option, name in _COLOURS.items()}
    return theme.set(**colours, **{f"{option}_dark": c for option, c in colours.items()})


def launch_options(front: Front = Front()) -> dict[str, Any]:
    """Arguments of ``Blocks.launch`` that belong to the page: looks, and what guards it."""
    return {
        **front.options(),
        "theme": _theme(),
        "css": palette.css() + "".join(read(f"{name}.css") for name in STYLES),
        "favicon_path": str(FOLDER / "favicon.png"),
        "footer_links": ["api", "settings"],
        "run_history": False,
        "ssr_mode": False,
        "share": False,
        "show_error": False,
    }
