"""Pictures of the page, wide and narrow, light and dark: ``python -m kgqa.ui.screenshots http://127.0.0.1:7860``.

Needs a running app, the package playwright and Chromium; writes ``screenshot-{wide,narrow}-{light,dark}.png``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kgqa.ui.canvas import ASSETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

QUESTION = "Who did Natalie Portman play in Star Wars?"
SIZES = {"wide": (1600, 1000), "narrow": (390, 844)}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Headless Chromium: the system's if there is one, else Playwright's own."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))


def take(browser: Browser, address: str, folder: Path, question: str = QUESTION) -> list[Path]:
    """One picture of the whole page for each size and mode."""
    files = []
    for size, (width, height) in SIZES.items():
        for mode in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=mode)
            page.goto(f"{address.rstrip('/')}/?__theme={mode}&q={quote(question)}" if question else f"{address}?__theme={mode}")
            page.wait_for_selector("#kg-answer" if question else ".welcome", timeout=30_000)
            if page.locator("#kg-graph").is_visible():
                page.wait_for_selector(".canvas[data-drawn]", timeout=30_000)
            page.wait_for_timeout(400)
            files.append(folder / f"screenshot-{size}-{mode}.png")
            page.screenshot(path=str(files[-1]), full_page=True)
            page.close()
    return files


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860", help="where the app runs")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--folder", type=Path, default=ASSETS)
    chosen = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Screenshots need playwright: pip install -r requirements-test.txt", file=sys.stderr)
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for file in take(browser, chosen.address, chosen.folder, chosen.question):
            print(file)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
