"""Looks of the page as options of ``launch``: theme, CSS, and what of Gradio's own frame is shown.

Fonts are the ones that Gradio serves itself; nothing is fetched from elsewhere.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from kgqa.ui.drawing.canvas import STATIC
from kgqa.ui.html import palette


def _theme() -> gr.themes.Base:
    return gr.themes.Default(
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
    ).set(
        body_background_fill="var(--kg-page)",
        body_background_fill_dark="var(--kg-page)",
        body_text_color="var(--kg-text)",
        body_text_color_dark="var(--kg-text)",
        body_text_color_subdued="var(--kg-quiet)",
        body_text_color_subdued_dark="var(--kg-quiet)",
        block_background_fill="var(--kg-surface)",
        block_background_fill_dark="var(--kg-surface)",
        border_color_primary="var(--kg-line)",
        border_color_primary_dark="var(--kg-line)",
        button_primary_background_fill="var(--kg-button)",
        button_primary_background_fill_dark="var(--kg-button)",
        button_primary_background_fill_hover="var(--kg-button-hover)",
        button_primary_background_fill_hover_dark="var(--kg-button-hover)",
        button_primary_text_color="var(--kg-on-button)",
        button_primary_text_color_dark="var(--kg-on-button)",
    )


def launch_options() -> dict[str, Any]:
    """Arguments of ``Blocks.launch`` that belong to the page."""
    return {
        "theme": _theme(),
        "css": palette.css() + (STATIC / "page.css").read_text(encoding="utf-8"),
        "favicon_path": str(STATIC / "favicon.png"),
        "footer_links": ["api", "settings"],
        "run_history": False,
        "ssr_mode": False,
        "share": False,
        "show_error": False,
    }
