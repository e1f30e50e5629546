"""Files read and written safely; whoever opens a file that a person can name does it from here.

    read_bytes, read_json     plain files alone, of bounded size and nesting
    write_text                one file, whole or not at all
    replacing                 several files of a folder, all or none
    settle                    before a folder is read: end a replacement that was interrupted

What is written lies in ``.new`` inside the folder and is synced, until one rename to ``.whole``
says that all of it is there; then the files move to their places. A process that dies before that
rename leaves the old files, and one that dies after it leaves the rest of the moves to ``settle``.
Nothing outside the folder is touched, so that it may be a mounted volume.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kgqa.errors import FileError
from kgqa.text import plain

JSON_LIMIT = 32 * 2**20  #: bytes of a JSON file that is read
NESTING = 64  #: objects and lists within each other
_NEW, _WHOLE = ".new", ".whole"
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "access is not permitted",
    errno.EPERM: "access is not permitted",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "it is missing",
}
#: Writes a file beside the others; raises OSError, as :func:`write_text` itself does.
Write = Callable[[Path], object]


def name_of(path: str | Path) -> str:
    """A path for a sentence, however long it is and whatever characters it has."""
    return plain(path, 400)


def reason(error: BaseException) -> str:
    """Why a file could not be read or written, in words."""
    number = error.errno if isinstance(error, OSError) else None
    text = str(error).splitlines() or [type(error).__name__]
    return _REASONS.get(number or 0) or (os.strerror(number) if number else plain(text[0]))


def is_file(path: str | Path) -> bool:
    """Whether a plain file is there, or a link to one; a name that no disk takes is none."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def read_bytes(path: str | Path, *, limit: int) -> bytes:
    """The content of a plain file of at most ``limit`` bytes.

    Raises :class:`FileError`; pipes, devices and folders are never opened.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{name_of(path)} is not a plain file.")
        with open(path, "rb") as file:
            data = file.read(limit + 1) if status.st_size <= limit else b""
    except (OSError, ValueError) as error:
        raise FileError(f"{name_of(path)} cannot be read: {reason(error)}.") from None
    if max(status.st_size, len(data)) > limit:
        size = max(status.st_size, len(data))
        raise FileError(f"{name_of(path)} has {size:,} bytes; at most {limit:,} are read.")
    return data


def read_text(path: str | Path, *, limit: int) -> str:
    """The same as text in UTF-8; a byte-order mark at its start is dropped."""
    try:
        return read_bytes(path, limit=limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name_of(path)} is not UTF-8 text ({error.reason} at byte {error.start:,})."
        ) from None


def read_json(path: str | Path, *, limit: int = JSON_LIMIT) -> object:
    """The value of a JSON file. Raises :class:`FileError`, whatever the file holds."""
    text, name = read_text(path, limit=limit), name_of(path)
    try:
        value = json.loads(text)
        too_deep = _depth(value) > NESTING
    except ValueError as error:
        raise FileError(f"{name} is not JSON ({reason(error)}).") from None
    except RecursionError:
        too_deep = True
    if too_deep:
        raise FileError(f"{name} is not read: it nests more than {NESTING} levels deep.")
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise FileError(f"{name} has half a character (a lone surrogate).") from None
    return value


def _depth(value: object) -> int:
    """How many objects and lists lie within each other; ends one level above NESTING."""
    level, depth = [value], 0
    while level and depth <= NESTING:
        inner = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        depth += any(isinstance(node, dict | list) for node in level)
        level = [child for child in inner if isinstance(child, dict | list)]
    return depth


def sha256(path: str | Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits. Raises :class:`FileError`."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{name_of(path)} cannot be read: {reason(error)}.") from None


def digest(value: object) -> str:
    """The SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def to_json(value: object) -> str:
    """A JSON file as this program writes it."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def write_text(path: str | Path, text: str) -> None:
    """Write a file whole or not at all; its folder is made.

    A link is followed. What is no plain file (/dev/stdout) is written as it is. Raises
    :class:`FileError`; then the file is as it was before.
    """
    write_file(path, lambda aside: aside.write_bytes(text.encode("utf-8", "replace")))


def write_file(path: str | Path, write: Write) -> None:
    """The same with ``write``, which is called with the path to write to."""
    with _sentence(path):
        _refuse_dangling(Path(path))
        if os.path.isdir(path):
            raise FileError(f"{name_of(path)} is a folder, not a file; nothing was written.")
        if (os.path.exists(path) and not is_file(path)) or str(path).startswith("/dev/"):
            write(Path(path))
            return
        whole = Path(os.path.realpath(path))
        aside, made = whole.with_name(f".{whole.name}{_NEW}"), _make(whole.parent)
        try:
            write(aside)
            _sync(aside)
            aside.replace(whole)
            made = []
        finally:
            aside.unlink(missing_ok=True)
            _remove_empty(made)
        _sync(whole.parent)


@contextmanager
def replacing(folder: str | Path, *, instead_of: str = "") -> Iterator[Path]:
    """A fresh folder, whose files replace those of ``folder`` when the block ends.

    If the block raises, the folder is as it was before. Other files of it stay, but for those that
    match ``instead_of`` ("*.npy"). Raises :class:`FileError` if it cannot be written.
    """
    folder = Path(folder)
    new, whole = folder / _NEW, folder / _WHOLE
    with _sentence(folder, strangers=True):
        _refuse_dangling(folder)
        made = _make(folder)
        try:
            settle(folder)
            shutil.rmtree(new, ignore_errors=True)  # of a process that died
            new.mkdir()
            yield new
            names = {path.name for path in new.iterdir()}
            for name in sorted(names):
                if os.path.isdir(folder / name):
                    raise IsADirectoryError(errno.EISDIR, "", str(folder / name))
                _sync(new / name)
            _sync(new)
            new.rename(whole)
            made = []
        finally:
            shutil.rmtree(new, ignore_errors=True)
            _remove_empty(made)
        settle(folder)
        for old in folder.glob(instead_of) if instead_of else ():
            if old.name not in names:
                old.unlink()


def settle(folder: str | Path) -> None:
    """End a replacement of files in ``folder`` whose process died after all was written.

    Raises :class:`FileError` where that is not permitted.
    """
    folder = Path(folder)
    whole = folder / _WHOLE
    if not os.path.isdir(whole):
        return
    with _sentence(folder), suppress(FileNotFoundError):  # another process does the same
        for path in sorted(whole.iterdir()):
            with suppress(FileNotFoundError):
                path.replace(folder / path.name)
        _sync(folder)
        whole.rmdir()


def _refuse_dangling(path: Path) -> None:
    for place in (path, *path.parents):
        if os.path.islink(place) and not os.path.exists(place):
            raise FileError(f"{name_of(place)} is a link to nothing; nothing was written.")


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns those that were made, innermost first."""
    made = []
    above = folder
    while not os.path.lexists(above):
        made.append(above)
        above = above.parent
    folder.mkdir(parents=True, exist_ok=True)
    return made


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _sync(path: Path) -> None:
    """Make the disk keep a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # what cannot be synced
            raise
    finally:
        os.close(handle)


@contextmanager
def _sentence(path: str | Path, *, strangers: bool = False) -> Iterator[None]:
    """An OSError becomes a FileError about ``path``; ``strangers``: one of another file passes."""
    try:
        yield
    except OSError as error:
        if strangers and error.filename and not _related(str(path), str(error.filename)):
            raise
        why = reason(error)
        if isinstance(error, FileExistsError | NotADirectoryError):
            why = "it, or what is above it, is a file and not a folder"
        raise FileError(
            f"{name_of(path)} cannot be written: {why}. What was there before is unchanged."
        ) from None
    except ValueError as error:
        if "null byte" not in str(error):
            raise
        raise FileError(f"{name_of(path)} cannot be written: {reason(error)}.") from None


def _related(path: str, other: str) -> bool:
    """Does one of them lie below the other?"""
    pair = os.path.realpath(path), os.path.realpath(other)
    return os.path.commonpath(pair) in pair
