"""The page below a prefix that a proxy strips, as ``--root-path /kg`` serves it."""

import re
from urllib.parse import urlsplit

import httpx
import pytest

from kgqa.ui.guard.front import Front
from tests.ui import page_traces as traces
from tests.ui.serving import API, proxied, served


@pytest.fixture(scope="module")
def below():
    """The address of a page behind the proxy."""
    with served(front=Front(root_path="/kg")) as (address, _), proxied(address) as below:
        yield below


def test_the_page_and_its_parts_are_below_the_prefix(below):
    config = httpx.get(f"{below}/config").json()
    assert urlsplit(config["root"]).path == "/kg"
    for path in ("/", "/theme.css", "/page/vis-network.min.js", f"{API}/info"):
        assert httpx.get(below + path).status_code == 200, path
    assert httpx.get(below.removesuffix("/kg") + "/config").status_code == 404


def test_the_page_names_nothing_outside_the_prefix(below):
    reply = httpx.get(f"{below}/")
    links = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', reply.text)
    assert {"manifest.json", "favicon.ico"} <= set(links)
    assert not [link for link in links if link.startswith("/")]
    assert len(reply.content) == int(reply.headers.get("content-length", len(reply.content)))


def test_programs_ask_below_the_prefix(below):
    from gradio_client import Client

    client = Client(f"{below}/", verbose=False)
    assert client.predict(traces.MONA, api_name="/answer")["answers"][0]["label"] == "Paris"


def test_what_is_refused_is_refused_below_the_prefix(below):
    assert httpx.post(f"{below}{API}/upload").status_code == 403
    assert httpx.post(f"{below}{API}/run/answer", json={"data": []}).status_code == 403
