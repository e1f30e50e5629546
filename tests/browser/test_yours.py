"""A graph of one's own: given on the command line, and brought to the page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kgqa.errors import GraphError
from kgqa.ui.guard.arrivals import Arrivals
from kgqa.ui.guard.front import Front
from kgqa.ui.guard.rules import Uploads as Taken
from kgqa.ui.screenshots import running
from kgqa.ui.service import Card, Example, RelationCount, Service, Uploads
from tests.browser.acting import MONA, calm, only_answer, sideways, type_question
from tests.browser.conftest import CHECKPOINT, ROOT
from tests.ui import page_traces as traces
from tests.ui.parts import HOSTILE, IMAGE, SCRIPT
from tests.ui.serving import served

TABLES = {
    "suppliers.csv": "id,name,city\nS1,Norfield Metals,Leeds\nS2,Hagen Steel,Hamburg\n"
    "S3,Castel Glass,Turin\n",
    "products.csv": "id,name,supplier_id\nP1,Bolt,S2\nP2,Steel Sheet,S2\nP3,Nail,S1\nP4,Pane,S3\n",
    "staff.csv": "id,name,reports_to,office\nE1,Ada Lund,,Leeds\nE2,Bo Novak,E1,Turin\n"
    "E3,Cy Stein,E1,Hamburg\n",
}
HOSTILE_CARD = Card(
    graph=IMAGE,
    entities=3,
    triples=2,
    kinds=(SCRIPT,),
    relations=(RelationCount("<b>", IMAGE, SCRIPT, 1),),
    examples=(Example(HOSTILE, "one hop"), Example(f"Who {IMAGE}?", "one hop")),
    read=(SCRIPT,),
    notes=(IMAGE,),
    unseen=True,
    visitors=True,
)


def opened(files) -> Service:
    (name, content), *_ = files
    if content == b"wrong":
        raise GraphError(f"{name} has {IMAGE} in line 3.")
    return Service(traces.answer, HOSTILE_CARD, neighbourhood=traces.about, search=traces.search)


def bring(page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("#kg-files").set_input_files([file])


@pytest.fixture(scope="module")
def taking():
    """Where a page takes files and makes hostile graphs of them."""
    arrivals = Arrivals(Taken(size=1_000, files=3))
    uploads = Uploads(opened, 500, 10)
    with served(front=Front(arrivals=arrivals), uploads=uploads, arrivals=arrivals) as (at, _):
        yield at


def test_a_visitors_graph_is_asked_by_that_visitor_alone(watch, taking):
    context = watch(at=taking, viewport={"width": 390, "height": 844})
    page = context.open("/?tab=yours", ready="#kg-files")
    other = watch(at=taking).open()
    bring(page, "big.csv", b"x" * 600)
    expect(page.locator(".bring [role=status]")).to_contain_text("at most 0.0005 are taken")
    bring(page, "bad.csv", b"wrong")
    expect(page.locator("#kg-report")).to_contain_text("bad.csv has <img")
    expect(page.locator(".head")).to_contain_text("84,211")
    bring(page, "good.csv", b"right")
    expect(page.locator("#kg-report")).to_contain_text("Your graph is open")
    expect(page.locator(".head")).to_contain_text("not trained on this graph")
    assert sideways(page) <= 0
    page.locator("#kg-report .try button").first.click()
    page.locator("#kg-answer").wait_for()
    expect(page.locator("#kg-examples button").nth(1)).to_have_text(f"Who {IMAGE}?")
    expect(page.locator("#kg-answer")).to_contain_text("not trained on this graph")
    expect(page.get_by_role("button", name="Copy the link")).to_be_disabled()
    assert "graph=yours" in page.url
    context.reload(page)  # the page comes back to the graph and to the answer
    expect(page.locator("#kg-answer")).to_contain_text("not trained on this graph")
    expect(page.locator(".head")).to_contain_text("not trained on this graph")
    assert "graph=yours" in page.url and "q=" in page.url
    options = page.locator("select[data-action=follow] option", has_text="<img")
    expect(options.first).to_be_attached()  # its relations, where a hop is changed
    page.get_by_role("tab", name="About").click()
    page.locator(".about", has_text="Left out or changed").wait_for()
    page.get_by_role("tab", name="Learn").click()
    page.locator(".lesson-step").first.wait_for()
    assert page.locator(".head img, .about img, #kg-report img, #kg-examples img").count() == 0
    calm(page)

    type_question(other, MONA)
    only_answer(other, "Paris")
    expect(other.locator(".head")).to_contain_text("84,211")
    page.get_by_role("tab", name="Your graph").click()
    page.locator("#kg-back").click()
    expect(page.locator(".head")).to_contain_text("84,211")
    expect(page.locator("#kg-report")).to_have_count(0)


@pytest.mark.skipif(CHECKPOINT == "fake", reason="needs a model")
def test_files_are_served_and_others_are_brought(watch, tmp_path):
    files = []
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.append(str(tmp_path / name))
    app = [sys.executable, str(ROOT / "app.py"), "--checkpoint", CHECKPOINT, "--device", "cpu"]
    with running([*app, "--upload", "--graph", *files, "--port"]) as at:
        page = watch(at=at).open()
        expect(page.locator(".head")).to_contain_text("not trained on this graph")
        asked = page.locator("#kg-examples button").first
        asked.click()
        page.locator("#kg-answer .answer-name, #kg-answer .no-answer").first.wait_for()
        expect(page.locator("#kg-answer")).to_contain_text("not trained on this graph")
        type_question(page, "hello there")
        expect(page.locator("#kg-answer")).to_contain_text("supplier")  # what the graph holds
        page.get_by_role("tab", name="About").click()
        expect(page.locator(".about")).to_contain_text("suppliers.csv")
        page.get_by_role("tab", name="Your graph").click()
        ship = b"ship,captain\nArgo,Ann Low\nBeagle,Bo High\n"
        bring(page, "ships.csv", ship)
        expect(page.locator("#kg-report")).to_contain_text("ships.csv")
        page.get_by_role("tab", name="Explore").click()
        type_question(page, "Who is the captain of Argo?")
        expect(page.locator(".question-line")).to_contain_text("Argo")
        text = page.locator("body").inner_text().lower()
        assert "movie" not in text and "tom hanks" not in text
        page.close()  # before the server goes
    assert Path(files[0]).exists()
