"""Files that strangers send: what is taken, for how long it waits, and what is refused."""

import json

import httpx
import pytest

from kgqa.ui.guard import arrivals
from kgqa.ui.guard.arrivals import Arrivals, File, split
from kgqa.ui.guard.front import Front
from kgqa.ui.guard.rules import Refused, Uploads
from tests.ui.serving import API, served

SOME = Uploads(size=1_000, files=2, waiting=2)
TOKEN = "t" * 36


def body(*files: tuple[str, bytes]) -> bytes:
    head = json.dumps([{"name": name, "size": len(content)} for name, content in files])
    return head.encode() + b"\n" + b"".join(content for _, content in files)


def test_files_are_split_as_they_were_put_together():
    sent = ("a.csv", b"x,y\n1,2\n"), ("../b", b"")
    assert split(body(*sent), SOME) == tuple(File(*file) for file in sent)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]\n",
        b"{}\n",
        b"[" * 10_000,
        b'[{"name": "a"}]\nx',
        b'[{"name": "a", "size": 2}]\nx',
        b'[{"name": "a", "size": -1}]\nx',
        b'[{"name": "a", "size": true}]\nx',
        b'[{"name": 3, "size": 1}]\nx',
        b'[{"name": "a", "size": 1}]\nxy',
        body(("a", b""), ("b", b""), ("c", b"")),
    ],
)
def test_what_is_no_list_of_files_is_refused(wrong):
    with pytest.raises(Refused):
        split(wrong, SOME)


def test_files_are_taken_once_and_do_not_wait_for_ever(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(arrivals.time, "monotonic", lambda: now[0])
    waiting, files = Arrivals(SOME), (File("a", b"1"),)
    waiting.put(TOKEN, files)
    with pytest.raises(Refused):
        waiting.put(TOKEN, (File("b", b"2"),))  # another's cannot be replaced
    waiting.put("u" * 36, files)
    with pytest.raises(Refused, match="again in a minute"):
        waiting.put("v" * 36, files)
    now[0] += arrivals.PATIENCE + 1
    waiting.put("v" * 36, files)
    assert waiting.take(TOKEN) == () == waiting.take(None)
    assert waiting.take("v" * 36) == files and waiting.take("v" * 36) == ()
    with pytest.raises(Refused):
        waiting.put("short", files)


def test_one_address_does_not_fill_the_waiting_room():
    waiting, files = Arrivals(Uploads(size=1_000, files=2)), (File("a", b"1"),)
    for letter in "ab":
        waiting.put(letter * 36, files, "10.0.0.1")
    with pytest.raises(Refused):
        waiting.put("c" * 36, files, "10.0.0.1")
    waiting.put("c" * 36, files, "10.0.0.2")


def test_a_page_that_takes_no_files_refuses_them():
    with served() as (at, _):
        assert httpx.post(f"{at}/page/files?token={TOKEN}", content=body()).status_code == 403


def test_a_page_that_takes_files_takes_no_more_than_it_says():
    taking = Arrivals(SOME)
    with served(front=Front(arrivals=taking)) as (at, _):
        url = f"{at}/page/files?token="
        sent = body(("a.csv", b"x" * 500))
        assert httpx.post(url + TOKEN, content=sent).json() == {"arrived": True}
        assert taking.take(TOKEN) == (File("a.csv", b"x" * 500),)
        assert httpx.post(url + TOKEN, content=body(("a", b"x" * 2_000))).status_code == 413
        reply = httpx.post(url + "short", content=sent)
        assert reply.status_code == 400 and "did not arrive" in reply.json()["detail"]
        assert httpx.post(url + TOKEN, content=b"nonsense").status_code == 400
        for closed in (f"{API}/upload", f"{API}/upload?upload_id=1"):  # Gradio's own way
            assert httpx.post(at + closed, files={"files": ("a", b"x")}).status_code == 403
        assert httpx.get(url + TOKEN).status_code == 403
