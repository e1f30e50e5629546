"""One app and one Chromium for all browser tests.

The app is ``app.py`` with the checkpoint in KGQA_TEST_CHECKPOINT (a folder, or "fake" for traces
built by hand) or, by default, checkpoints/films. Without a browser the tests fail with a sentence,
unless KGQA_NO_BROWSER=1 skips them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kgqa.ui.screenshots import launch, running
from tests.browser.acting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FAKE = [sys.executable, str(ROOT / "tests" / "browser" / "fake_app.py")]
CHECKPOINT = os.environ.get("KGQA_TEST_CHECKPOINT", str(ROOT / "checkpoints" / "films"))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the app listens."""
    if os.environ.get("KGQA_NO_BROWSER") == "1":
        pytest.skip("KGQA_NO_BROWSER=1")
    if os.environ.get("KGQA_TEST_ADDRESS"):  # an app that runs already
        yield os.environ["KGQA_TEST_ADDRESS"].rstrip("/")
        return
    app = [sys.executable, str(ROOT / "app.py"), "--checkpoint", CHECKPOINT, "--device", "cpu"]
    with running(FAKE if CHECKPOINT == "fake" else [*app, "--port"]) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    if os.environ.get("KGQA_NO_BROWSER") == "1":
        pytest.skip("KGQA_NO_BROWSER=1")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Error as error:
            pytest.fail(
                "No Chromium could be started. Install it (Debian: apt-get install chromium; or: "
                "python -m playwright install chromium), or set KGQA_NO_BROWSER=1 to skip these "
                f"tests. {str(error).splitlines()[0]}"
            )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def hostile_address() -> Iterator[str]:
    """The page around hand-built traces, hostile ones among them."""
    if os.environ.get("KGQA_NO_BROWSER") == "1":
        pytest.skip("KGQA_NO_BROWSER=1")
    with running(FAKE) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source: the file KGQA_AXE, or the one in the package axe-playwright-python."""
    import axe_playwright_python

    own = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    return Path(os.environ.get("KGQA_AXE") or own).read_text(encoding="utf-8")


#: What the page remembers of a visitor who knows it: the tour was seen, all steps are open.
KNOWN = """if (!localStorage.getItem('kg-tour')) {
  localStorage.setItem('kg-tour', 'done');
  localStorage.setItem('kg-steps', '1 2 3 4');
}"""


#: What Gradio says in the console of streams that a reload cuts off.
CUT_OFF = ("AbortError: signal is aborted", "Connection errored out")


class Watch:
    """A browser context that notes what must not happen: foreign requests and errors.

    Its visitor knows the page and has opened all steps, unless ``first``.
    """

    def __init__(self, browser, address: str, *, first: bool = False, **options):
        self.address = address
        self.context = browser.new_context(**options)
        if not first:
            self.context.add_init_script(KNOWN)
        self.context.set_default_timeout(1000 * PATIENCE)
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.reloaded = False
        self.context.on("request", self._request)

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _console(self, message) -> None:
        cut_off = self.reloaded and any(words in message.text for words in CUT_OFF)
        if message.type == "error" and not cut_off:
            self.errors.append(message.text)

    def reload(self, page) -> None:
        """Load a page again, whatever is still being worked out for it."""
        self.reloaded = True
        page.reload()

    def open(self, path: str = "/", *, ready: str = "#kg-question textarea"):
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.goto(self.address + path)
        page.wait_for_selector("body[data-ready]", state="attached")  # it listens
        page.wait_for_selector(ready)
        return page


@pytest.fixture
def watch(browser, request):
    """Make watched contexts; at the end nothing may have gone wrong in any of them.

    ``at`` is another address than the app's.
    """
    made: list[Watch] = []

    def make(*, at: str | None = None, **options) -> Watch:
        made.append(Watch(browser, at or request.getfixturevalue("address"), **options))
        return made[-1]

    yield make
    for each in made:
        each.context.close()
    assert [url for each in made for url in each.foreign] == [], "a request left the machine"
    assert [e for each in made for e in each.errors] == [], "the browser's console has errors"
