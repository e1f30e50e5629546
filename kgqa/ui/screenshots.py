"""Pictures of every page, wide and narrow, light and dark: ``python -m kgqa.ui.screenshots [ADDRESS]``.

Needs playwright and Chromium. Without an address it starts the app by itself and stops it at the end. Writes
``screenshot-{wide,narrow}-{light,dark}.png`` for the first page, ``learn-...`` and ``about-...`` for the others; the browser
tests start Chromium and the app with the same functions.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

QUESTION = "Who did Natalie Portman play in Star Wars?"
SIZES = {
    "wide": (1600, 1300),
    "narrow": (390, 844),
}  #: the wide picture of the first page shows one screen, the narrow one the whole page
PAGES = {
    "screenshot": "",
    "learn": ".failures",
    "about": ".about",
}  #: file name, and what shows that the page is ready
ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))


@contextlib.contextmanager
def running(command: list[str], *, patience: float = 120.0) -> Iterator[str]:
    """Run a command that takes a port as its last argument; yields the address once it answers, stops it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed in the finally below)
    process = subprocess.Popen([*command, str(port)], stdout=printed, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + patience
        while True:
            with contextlib.suppress(URLError, OSError):
                urlopen(address, timeout=5).close()
                break
            if process.poll() is not None or time.monotonic() > end:
                printed.seek(0)
                raise RuntimeError(f"The app did not start:\n{printed.read()}")
            time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        printed.close()


def take(browser: Browser, address: str, folder: Path, question: str = QUESTION) -> Iterator[Path]:
    """One picture for each page, size and mode."""
    for name, ready in PAGES.items():
        for size, (width, height) in SIZES.items():
            for mode in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=mode
                )
                if ready:
                    page.goto(f"{address}/?__theme={mode}&tab={name}")
                    page.wait_for_selector(ready, timeout=60_000)
                else:
                    page.goto(f"{address}/?__theme={mode}&q={quote(question)}")
                    page.wait_for_selector("#kg-answer", timeout=60_000)
                    if page.locator("#kg-graph").is_visible():
                        page.wait_for_selector(".canvas[data-drawn]", timeout=60_000)
                page.wait_for_timeout(500)  # fonts
                file = folder / f"{name}-{size}-{mode}.png"
                page.screenshot(path=str(file), full_page=size == "narrow" and not ready)
                page.close()
                yield file


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description="Pictures of every page, wide and narrow, light and dark."
    )
    parser.add_argument("address", nargs="?", help="where an app runs; without it one is started")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--folder", type=Path, default=ROOT / "assets")
    chosen = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Screenshots need playwright: pip install -r requirements-test.txt", file=sys.stderr)
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    app = [sys.executable, str(ROOT / "app.py"), "--port"]
    serving = contextlib.nullcontext(chosen.address.rstrip("/")) if chosen.address else running(app)
    try:
        with serving as address, sync_playwright() as playwright:
            browser = launch(playwright)
            for file in take(browser, address, chosen.folder, chosen.question):
                print(file)
            browser.close()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
