"""Pictures of every page, wide and narrow, light and dark, for the README.

``python -m kgqa.ui.screenshots [ADDRESS]`` writes ``screenshot-{wide,narrow}-{light,dark}.png`` for
the first page, ``learn-...`` and ``about-...`` for the others. Needs playwright and Chromium, and,
without an address, the repository: it starts app.py and stops it at the end. The browser tests
start Chromium and the app with the same functions.
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
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

QUESTION = "Who did Natalie Portman play in Star Wars?"
#: the wide picture of the first page shows one screen, the narrow one the whole page
SIZES = {"wide": (1600, 1000), "narrow": (390, 844)}
#: {file name: what shows that the page is ready}
PAGES = {"screenshot": "", "learn": ".fig[data-drawn]", "about": ".about"}
PATIENCE = 300  #: seconds to wait for the app or a page, on a machine that is busy
#: the first has no window, and opens a page in half the time
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def launch(playwright: Playwright) -> Browser:
    """Headless Chromium: the system's if there is one, else Playwright's own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    return playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=1000 * PATIENCE)


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[str]:
    """Run a command that takes a port as its last argument.

    Yields the address once it answers, and stops the command at the end.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed in the finally below)
    process = subprocess.Popen([*command, str(port)], stdout=printed, stderr=subprocess.STDOUT)
    address, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while not _answers(address):
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


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError):
        urlopen(address, timeout=PATIENCE).close()
        return True
    return False


def take(browser: Browser, address: str, folder: Path, question: str = QUESTION) -> Iterator[Path]:
    """One picture for each page, size and mode."""
    modes: list[Literal["light", "dark"]] = ["light", "dark"]
    for (name, ready), size, mode in product(PAGES.items(), SIZES, modes):
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=mode)
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script("localStorage.setItem('kg-tour', 'done')")  # nobody is shown around
        page.goto(f"{address}/?__theme={mode}&{'tab=' + name if ready else 'q=' + quote(question)}")
        page.wait_for_selector(ready or "#kg-answer")
        if not ready and page.locator("#kg-graph").is_visible():
            page.wait_for_selector(".canvas[data-drawn]")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(500)  # the canvas is painted once more when fonts have arrived
        file = folder / f"{name}-{size}-{mode}.png"
        page.screenshot(path=str(file), full_page=size == "narrow" and not ready)
        page.close()
        yield file


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Pictures of every page, for the README.")
    parser.add_argument("address", nargs="?", help="where an app runs; without it one is started")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--folder", type=Path, default=Path("assets"))
    chosen = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Screenshots need playwright: pip install -r requirements-test.txt", file=sys.stderr)
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    app = [sys.executable, "app.py", "--port"]
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
