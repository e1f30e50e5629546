"""Files are read within bounds and written whole or not at all; each trouble is one sentence."""

from __future__ import annotations

import errno
import os
import resource
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from kgqa import files
from kgqa.errors import FileError
from tests.dying import killed


@contextmanager
def room_for(size: int):
    """No file can grow beyond ``size`` bytes, as on a disk that fills up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


# -- reading ---------------------------------------------------------------------------------------


def test_json_is_read_with_a_byte_order_mark_and_without(tmp_path):
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "a.json").write_text('{"é": [1]}', encoding=encoding)
        assert files.read_json(tmp_path / "a.json") == {"é": [1]}


@pytest.mark.parametrize(
    "content, why",
    [
        (b"[" * 200_000 + b"]" * 200_000, "64 levels deep"),
        (b'{"a":' * 200_000, "64 levels deep"),
        (b"[" * 65 + b"]" * 65, "64 levels deep"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1" + b"0" * 5_000 + b"]", "not JSON"),
        (b'"\xff"', "not UTF-8 text .* at byte 1"),
        (b'"\\ud800"', "lone surrogate"),
        (b" " * 2_000_000, "2,000,000 bytes; at most 1,000,000 are read"),
    ],
)
def test_json_that_is_not_read_is_a_sentence(tmp_path, content, why):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(FileError, match=f"a.json .*{why}"):
        files.read_json(tmp_path / "a.json", limit=1_000_000)


def test_what_nests_as_far_as_is_permitted_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b"[" * 64 + b"]" * 64)
    assert files.read_json(tmp_path / "a.json")


def test_pipes_devices_and_folders_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "endless", "folder"):
        with pytest.raises(FileError, match=f"{name} is not a plain file"):
            files.read_json(tmp_path / name)
        assert not files.is_file(tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 5_000, "a\0b", "nowhere"])
def test_a_name_that_no_file_has_is_a_short_sentence(tmp_path, name):
    assert not files.is_file(tmp_path / name)
    with pytest.raises(FileError, match="cannot be read") as error:
        files.read_json(tmp_path / name)
    assert len(str(error.value)) < 500


# -- writing one file ------------------------------------------------------------------------------


def test_a_file_is_written_with_its_folder_and_replaced(tmp_path):
    path = tmp_path / "a" / "b" / "r.json"
    for text in ("one", "two"):
        files.write_text(path, text)
        assert content(path.parent) == {"r.json": text.encode()}


def test_a_file_that_does_not_fit_leaves_the_one_before(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("before")
    with room_for(1_000), pytest.raises(FileError, match="What was there before is unchanged"):
        files.write_text(path, "x" * 10_000)
    assert content(tmp_path) == {"r.json": b"before"}


def test_a_new_file_that_does_not_fit_leaves_nothing(tmp_path):
    with room_for(1_000), pytest.raises(FileError):
        files.write_text(tmp_path / "a" / "b" / "r.json", "x" * 10_000)
    assert list(tmp_path.iterdir()) == []


def test_places_where_no_file_can_be_are_named(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    for place in ("file/r.json", "dangling", "dangling/r.json", "folder", "x" * 300, "a\0b"):
        with pytest.raises(FileError):
            files.write_text(tmp_path / place, "text")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "file", "folder"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files.write_text(tmp_path / "link", "after")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "after"


def test_what_is_no_plain_file_is_written_as_it_is():
    files.write_text("/dev/null", "text")
    assert not Path("/dev/null").is_file()


# -- writing several files -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.npy", "b.npy", "c.json"):
        (folder / name).write_text("before")
    return folder


def write_both(folder: Path, text: str = "after") -> None:
    with files.replacing(folder, instead_of="*.npy") as new:
        (new / "a.npy").write_text(text)
        (new / "graph.json").write_text(text)


def test_files_are_replaced_together_and_others_stay(folder):
    write_both(folder)
    assert content(folder) == {"a.npy": b"after", "c.json": b"before", "graph.json": b"after"}


def test_a_block_that_raises_leaves_what_was_there(folder, tmp_path):
    before = content(folder)
    with pytest.raises(ZeroDivisionError), files.replacing(folder) as new:
        (new / "a.npy").write_text("after")
        raise ZeroDivisionError
    with room_for(1_000), pytest.raises(FileError, match="unchanged"):
        write_both(folder, "x" * 10_000)
    assert content(folder) == before
    with pytest.raises(ZeroDivisionError), files.replacing(tmp_path / "new" / "er"):
        raise ZeroDivisionError
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_disk_that_takes_the_bytes_and_cannot_keep_them(folder, monkeypatch, number):
    before = content(folder)

    def fsync(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(FileError, match="unchanged"):
        write_both(folder)
    assert content(folder) == before


def test_an_error_about_another_file_is_not_blamed_on_the_folder(folder, tmp_path):
    with pytest.raises(FileNotFoundError), files.replacing(folder):
        (tmp_path / "source.tsv").read_text()


def test_places_where_no_folder_can_be_are_named(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for place in ("file", "file/below", "dangling", "dangling/below", "x" * 300, "a\0b"):
        with pytest.raises(FileError):
            write_both(tmp_path / place)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "file"]


def write_and_remove(folder: Path) -> None:
    with files.replacing(folder, instead_of="*.npy") as new:
        (new / "a.npy").write_text("after")
        (new / "graph.json").write_text("after")


def test_a_process_that_dies_leaves_all_of_the_old_or_all_of_the_new(folder):
    """It dies before its first, second, ... call that changes the disk, until it ends well."""
    old = {"a.npy": b"before", "b.npy": b"before", "c.json": b"before"}
    new = {"a.npy": b"after", "c.json": b"before", "graph.json": b"after"}
    seen, calls, last = set(), None, 0
    while calls is None:
        last += 1
        for path in folder.iterdir():
            path.unlink()
        for name, text in old.items():
            (folder / name).write_bytes(text)
        calls = killed(lambda: write_and_remove(folder), last)
        files.settle(folder)
        after = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
        whole = after == old or {k: v for k, v in after.items() if k != "b.npy"} == new
        assert whole, (last, after)
        seen.add(after == old)
        write_both(folder)  # what was left behind is in nobody's way
        assert content(folder) == new
    assert seen == {True, False}
