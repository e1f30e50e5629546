"""What strangers send: work outside the queue, files, long bodies, wrong values, odd headers."""

import logging
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio
import httpx
import pytest
from gradio.utils import get_upload_folder

from kgqa.edits import Edits
from kgqa.ui.guard.front import Front
from tests.ui import page_traces as traces
from tests.ui.serving import API, served

calls: list[str] = []
ROOT = Path(__file__).resolve().parents[2]


def answer(question: str, edits: Edits = Edits()):
    calls.append(question)
    if question == "slow":
        time.sleep(0.3)
    if question == "broken":
        raise RuntimeError("secret of the server")
    return traces.answer(question, edits)


@pytest.fixture(scope="module")
def at():
    """Where a page is served."""
    with served(answer) as (address, _):
        yield address


@pytest.fixture(scope="module")
def page():
    with served(answer) as (address, page):
        yield address, page


def ask(at: str, values: list) -> str:
    """The stream that ``/call/answer`` sends for some values."""
    event = httpx.post(f"{at}{API}/call/answer", json={"data": values}).json()["event_id"]
    return httpx.get(f"{at}{API}/call/answer/{event}", timeout=60).text


def test_only_the_queue_reaches_the_model(at):
    calls.clear()
    paths = [f"{API}/run/answer", f"{API}/api/answer", "/run/answer", "/api/answer"]
    paths += [f"{API}/run/predict", f"{API}/run/ask", f"{API}/api/answer/"]
    body = {"data": ["slow", None], "session_hash": "s"}
    for path in paths:
        for extra in ({}, {"fn_index": 0}, {"fn_index": 5, "event_id": "x"}):
            reply = httpx.post(at + path, json=body | extra)
            assert reply.status_code in (403, 404) and "/call/answer" in reply.json()["detail"], (
                path
            )
    assert calls == []


def test_a_hundred_posts_at_once_leave_the_page_answering(at):
    def post(i: int) -> int:
        path = f"{API}/component_server" if i % 2 else f"{API}/run/answer"
        body: dict = {"data": "x" * 100, "fn_name": "node_facts", "session_hash": "s"}
        body["component_id"] = -1 - i  # there is none
        return httpx.post(at + path, json=body, timeout=60).status_code

    with ThreadPoolExecutor(100) as pool:
        codes = pool.map(post, range(100))
        assert "complete" in ask(at, [traces.MONA])
    assert set(codes) <= {403, 404, 503}


def test_every_function_waits_in_the_queue_or_is_known_to_be_cheap(page):
    address, blocks = page
    direct = {fn.name for fn in blocks.fns.values() if fn.fn and not fn.queue}
    assert direct == {"linked"}
    config = httpx.get(f"{address}/config").json()
    names = {n for c in config["components"] for n in c["props"].get("server_fns") or ()}
    assert names == {
        *("search_entities", "node_facts", "node_neighbours", "complete_name", "find_names")
    }


def test_functions_of_components_are_bounded_and_checked(page):
    address, blocks = page
    canvas = next(id for id, b in blocks.blocks.items() if "node_facts" in vars(b))
    good = {"component_id": canvas, "fn_name": "node_facts", "session_hash": "s", "data": "x"}
    url = f"{address}{API}/component_server"
    assert httpx.post(url, json=good).status_code == 200
    for name, wrong in (
        ("fn_name", "postprocess"),
        ("fn_name", ["node_facts"]),
        ("component_id", 10_000),
        ("component_id", {}),
        ("session_hash", "x" * 100),
        ("session_hash", None),
    ):
        assert httpx.post(url, json=good | {name: wrong}).status_code in (400, 404), wrong
    assert httpx.post(url, json=good | {"data": "x" * 70_000}).status_code == 413
    assert httpx.post(url, files={"f": b"x"}, data={"fn_name": "node_facts"}).status_code == 400


def test_files_are_refused_and_leave_nothing(at):
    kept = Path(get_upload_folder())  # gradio's own
    before = set(kept.rglob("*secret-upload*"))
    for path in (f"{API}/upload", f"{API}/upload/", f"{API}/upload?upload_id=1"):
        reply = httpx.post(at + path, files={"files": ("secret-upload.txt", b"x" * 2_000)})
        assert reply.status_code == 403 and reply.json()["detail"] == "This page takes no files."
    assert set(kept.rglob("*secret-upload*")) == before


def test_bodies_are_bounded_whether_they_say_their_length_or_not(at):
    def chunks():
        for _ in range(40):
            yield b"x" * 100_000

    for content in (b"x" * 1_100_000, chunks()):
        reply = httpx.post(f"{at}{API}/queue/join", content=content)
        assert reply.status_code == 413 and "1,000,000 bytes" in reply.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/file=/etc/passwd",
        f"{API}/file={ROOT}/README.md",
        f"{API}/proxy=http://127.0.0.1/",
        f"{API}/stream/a/b/1/playlist.m3u8",
        f"{API}/vibe-code",
        f"{API}/deep_link?session_hash=s",
        f"{API}/runs",
        "/monitoring/summary",
        "/svelte/x",
        "/../../etc/passwd",
        "/page/..%2f..%2fetc",
    ],
)
def test_what_the_page_does_not_need_is_not_there(at, path):
    assert httpx.get(at + path).status_code == 404


def test_wrong_values_are_named_and_are_one_line_in_the_log(at, caplog, capfd):
    call = f"{at}{API}/call/answer"
    for url, body, status, words in (
        (call, {"data": [3]}, 400, "“question” must be a text; a number came"),
        (call, {"data": []}, 400, "“question” is missing"),
        (call, {"data": ["a", None, 3]}, 400, "3 came"),
        (call, {"data": ["a", {"bad": 1}]}, 400, "“edits” is wrong: Edits must be"),
        (call, {"data": "a"}, 400, "a list of values"),
        (call, {}, 400, "a list of values"),
        (f"{at}{API}/call/none", {"data": []}, 404, "no endpoint 'none'"),
        (f"{at}{API}/call/mcp", {"data": []}, 404, "no endpoint 'mcp'"),
        (f"{at}{API}/call/v2/answer", {"edits": None}, 400, "'question' is missing"),
        (f"{at}{API}/call/v2/answer", {"question": "a", "x": 1}, 400, "no value 'x'"),
        (f"{at}{API}/call/v2/none", {"question": "a"}, 404, "no endpoint"),
        (
            f"{at}{API}/queue/join",
            {"data": [], "fn_index": 999, "session_hash": "s"},
            400,
            "no such",
        ),
    ):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            reply = httpx.post(url, json=body)
        assert reply.status_code == status and words in reply.json()["detail"], (body, reply.text)
        assert len(caplog.records) == 1 and "\n" not in caplog.records[0].getMessage()
    assert httpx.post(call, content=b"{").status_code == 400
    assert httpx.post(call, content=b"[" * 200_000).status_code == 400
    assert "Traceback" not in "".join(capfd.readouterr())


def test_edits_may_be_left_out(at):
    assert '"Paris"' in ask(at, [traces.MONA]) and '"Paris"' in ask(at, [traces.MONA, None])


def test_a_client_of_gradios_hears_which_value_is_wrong(at):
    from gradio_client import Client

    client = Client(at, verbose=False)
    assert client.predict(traces.MONA, api_name="/answer")["answers"][0]["label"] == "Paris"
    with pytest.raises(Exception, match="“question” must be a text"):
        client.predict(3, api_name="/answer")


def test_an_error_of_the_server_tells_nothing_of_it(at):
    stream = ask(at, ["broken"])
    assert "event: error" in stream and "secret" not in stream


def test_a_result_that_is_not_there_is_not_waited_for(at, capfd):
    reply = httpx.get(f"{at}{API}/call/answer/{'0' * 32}", timeout=5)
    assert reply.status_code == 404 and "no such result" in reply.json()["detail"]
    event = httpx.post(f"{at}{API}/call/answer", json={"data": [traces.MONA]}).json()["event_id"]
    url = f"{at}{API}/call/answer/{event}"
    assert "complete" in httpx.get(url, timeout=60).text
    assert httpx.get(url, timeout=5).status_code == 404
    assert "Traceback" not in "".join(capfd.readouterr())


def test_every_response_has_the_headers(at):
    replies = [
        httpx.get(at + path) for path in ("/", "/config", "/none", "/page/vis-network.min.js")
    ]
    replies.append(httpx.post(f"{at}{API}/upload"))
    replies.append(httpx.post(f"{at}{API}/call/answer", json={"data": []}))
    preflight = {"Origin": at, "Access-Control-Request-Method": "POST"}
    replies.append(httpx.options(f"{at}{API}/call/answer", headers=preflight))
    for reply in replies:
        assert reply.headers["x-content-type-options"] == "nosniff", reply.url
        assert reply.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self' https://hugg" in reply.headers["content-security-policy"]
    policy = replies[0].headers["content-security-policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "'unsafe-inline'" not in scripts and "'sha256-" in scripts and "*" not in scripts
    assert replies[3].text.startswith("/*") and len(replies[3].content) > 100_000


def test_the_policy_allows_exactly_the_scripts_of_the_page(at):
    import base64
    import hashlib
    import re

    for encoding in ("identity", "br", "gzip"):
        reply = httpx.get(
            f"{at}/?q=<script>alert(1)</script>", headers={"accept-encoding": encoding}
        )
        codes = re.findall(r"<script(?![^>]*src=)[^>]*>(.*?)</script>", reply.text, re.DOTALL)
        digests = {base64.b64encode(hashlib.sha256(c.encode()).digest()).decode() for c in codes}
        assert set(re.findall(r"'sha256-([^']+)'", str(reply.headers))) == digests and digests
        assert "alert(1)" not in reply.text


def test_a_page_that_comes_with_a_question_is_marked_and_nothing_else_is(at):
    mark = '<html class="linked"'
    for path in ("/?q=Who%3F", "/?edits={}&q=+Who", "/?q=%3Cscript%3E"):
        page = httpx.get(at + path)
        assert page.text.count(mark) == 1 and "<script>" not in page.text.split(mark)[0]
    for path in ("/", "/?q=", "/?q=+", "/?tab=learn", f"{API}/info?q=Who%3F"):
        assert mark not in httpx.get(at + path).text


def test_forwarded_headers_are_believed_behind_a_proxy_only(at):
    claimed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    claimed["X-Gradio-Server"] = "http://evil.example"
    assert "evil.example" not in httpx.get(f"{at}/config", headers=claimed).text
    with served(front=Front(proxy=True)) as (behind, _):
        assert "https://evil.example" in httpx.get(f"{behind}/config", headers=claimed).text


def test_frames_can_be_allowed_elsewhere():
    with served(front=Front(ancestors="https://school.example")) as (address, _):
        policy = httpx.get(address).headers["content-security-policy"]
    assert "frame-ancestors https://school.example" in policy and "huggingface" not in policy


def test_no_public_answer_names_a_folder_of_the_server(at):
    folders = [str(ROOT), str(Path(gradio.__file__).parents[1]), tempfile.gettempdir()]
    folders += [str(Path.home()), str(Path.cwd())]
    paths = ["/", "/config", f"{API}/info", f"{API}/openapi.json", "/theme.css", "/manifest.json"]
    paths += [f"{API}/file=/etc/x", "/assets/none.js", "/static/none", f"{API}/startup-events"]
    for path in paths:
        text = httpx.get(at + path).text
        assert not [f for f in folders if len(f) > 1 and f in text], path
    for body in ({"data": [{}]}, {"data": 3}):
        assert str(ROOT) not in httpx.post(f"{at}{API}/call/answer", json=body).text
