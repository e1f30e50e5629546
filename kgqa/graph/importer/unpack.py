"""Files as people have them, unpacked: gzip, bzip2, Zstandard and zip, known by their content.

Archives come from strangers. What comes out is counted while it is written, so that a small file
that unpacks to a huge one is refused in time, and names of members name no place on the disk.

A large file of N-Triples is not unpacked, since the build reads gzip and Zstandard as they are;
one in bzip2 becomes Zstandard, a tenth of what it would be in plain.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO

import zstandard

from kgqa.errors import GraphError
from kgqa.files import name_of, reason
from kgqa.graph.importer import lines
from kgqa.graph.importer.parts import Format, Part
from kgqa.graph.importer.streams import opened, packing, stream

__all__ = ["opened", "packing", "unpack"]

HEAD = 2**16  #: bytes that are looked at
MOST_MEMBERS = 10_000
DEEPEST = 3  #: an archive in an archive in an archive
_CHUNK = 2**20
_KEPT_FREE = 2**28  #: bytes of the disk that unpacking leaves
_SUFFIXES = {".gz", ".bz2", ".zst", ".zstd", ".zip", ".tgz"}
#: What reading damaged data raises.
_DAMAGED = (*lines.DAMAGED, zipfile.BadZipFile, zstandard.ZstdError, OSError, ValueError)
_DAMAGED_ZIP = (*_DAMAGED, NotImplementedError, RuntimeError, zlib.error)
_OFFICE = {"[Content_Types].xml", "mimetype"}  # what the archives of office documents hold


def unpack(
    paths: Iterable[str | Path], folder: Path, *, largest: int | None = None
) -> Iterator[Part]:
    """The files of ``paths``, unpacked into ``folder``; plain ones stay where they are.

    Args:
        paths: files, or folders whose files are meant (not those in folders of theirs).
        folder: where unpacked files are written; the caller deletes it when all is read.
        largest: bytes that all files together may have; without it, what the disk holds.

    Raises:
        GraphError: for files that are missing, damaged, locked, too large, or archives that hold
            what no archive should.
    """
    unpacker = _Unpacker(folder, largest)
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
            if not inside:
                raise GraphError(f"The folder {name_of(path)} holds no files.")
            for file in inside:
                yield from unpacker.file(file, file.name)
        else:
            yield from unpacker.file(path, path.name)


class _Unpacker:
    """Writes what archives hold into a folder, and counts the bytes."""

    def __init__(self, folder: Path, largest: int | None):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._bounded = folder, largest is not None
        free = shutil.disk_usage(folder).free - _KEPT_FREE
        self._limit = self._left = max(free, 0) if largest is None else largest
        self._written = 0

    def file(self, path: Path, name: str) -> Iterator[Part]:
        """The parts of a file of the user's."""
        lines.opened(path).close()
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head[257:262] == b"ustar":
            raise _tar(name)
        kind = packing(head)
        if not kind:
            self._count(path.stat().st_size if self._bounded else 0, name)
            yield Part(path, name)
        elif kind == "zip":
            yield from self._members(path, name, depth=1)
        else:
            with path.open("rb") as file:
                yield from self._unpacked(file, name, kind, depth=1, own=path)

    def _unpacked(
        self, file: IO[bytes], name: str, kind: str, *, depth: int, own: Path | None = None
    ) -> Iterator[Part]:
        """The parts of a stream; ``own`` is its path if it is a file of the user's."""
        try:
            with closing(stream(file, kind)) as data:
                head = _head(data)
                ntriples = not self._bounded and lines.looks_like_ntriples(head)
                if ntriples and own and own.suffixes[-2:] in ([".nt", ".gz"], [".nt", ".zst"]):
                    yield Part(own, name, Format.NTRIPLES)
                    return
                target = self._write(head, data, name, squeezed=ntriples)
        except _DAMAGED as error:
            raise _damaged(name, error) from None
        if ntriples:
            yield Part(target, name, Format.NTRIPLES)
        else:
            yield from self._again(target, head, name, depth)

    def _again(self, path: Path, head: bytes, name: str, depth: int) -> Iterator[Part]:
        """The parts of a file that was unpacked, which may be packed once more."""
        kind = packing(head)
        if head[257:262] == b"ustar":
            raise _tar(name)
        if kind and depth == DEEPEST:
            raise GraphError(f"{name} holds an archive in an archive, and so on; unpack it first.")
        if kind == "zip":
            yield from self._members(path, name, depth=depth + 1)
        elif kind:
            with path.open("rb") as file:
                yield from self._unpacked(file, name, kind, depth=depth + 1)
        else:
            yield Part(path, name)
            return
        path.unlink()

    def _members(self, path: Path, name: str, *, depth: int) -> Iterator[Part]:
        """The parts of a zip archive."""
        try:
            archive = zipfile.ZipFile(path)
        except _DAMAGED_ZIP as error:
            raise _damaged(name, error) from None
        with archive:
            members = _wanted(archive, name)
            for member in members:
                called = f"{name}: {member.filename}"
                try:
                    with archive.open(member) as stream:
                        head = _head(stream)
                        target = self._write(head, stream, called)
                except _DAMAGED_ZIP as error:
                    raise _damaged(called, error) from None
                yield from self._again(target, head, called, depth)

    def _write(self, head: bytes, stream: IO[bytes], name: str, *, squeezed: bool = False) -> Path:
        """Write a stream, its head first, to a file of the folder."""
        self._written += 1
        last = PurePosixPath(name.rsplit(": ", 1)[-1]).name
        while PurePosixPath(last).suffix.lower() in _SUFFIXES:
            last = PurePosixPath(last).stem
        plain = re.sub(r"[^\w.-]", "_", last)[-80:].lstrip(".") or "file"
        if squeezed:
            plain = plain.removesuffix(".nt") + ".nt.zst"
        target = self._folder / f"{self._written}-{plain}"
        with target.open("wb") as file:
            out = zstandard.ZstdCompressor(1).stream_writer(file) if squeezed else file
            with out:
                piece = head
                while piece:
                    self._count(len(piece) if not squeezed else len(piece) // 20, name)
                    out.write(piece)
                    piece = stream.read(_CHUNK)
        return target

    def _count(self, size: int, name: str) -> None:
        self._left -= size
        if self._left < 0:
            limit = f"{self._limit / 1e6:,.0f} MB"
            why = "that are allowed" if self._bounded else "that the disk has room for"
            raise GraphError(f"{name} has, unpacked, more than the {limit} {why}.")


def _head(stream: IO[bytes]) -> bytes:
    """The first bytes of a stream, which may give fewer at a time than are asked for."""
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head


def _wanted(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The files of an archive, without what systems add. Raises :class:`GraphError`."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise GraphError(f"{name} holds {len(members):,} files, more than {MOST_MEMBERS:,}.")
    for member in members:
        if member.filename in _OFFICE:
            raise GraphError(f"{name} is a spreadsheet or the like; save its tables as CSV.")
        place = member.filename.replace("\\", "/")
        if place.startswith("/") or ":" in place[:3] or ".." in place.split("/"):
            raise GraphError(
                f"{name} holds a file with the name {member.filename!r}, which points out of the "
                "archive, so nothing of it is read."
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise GraphError(f"{name} holds {member.filename!r}, which is a link and no file.")
        if member.flag_bits & 1:
            raise GraphError(f"{name} is locked by a password; unpack it first.")
    hidden = re.compile(r"(^|/)(\.|__MACOSX/)")
    found = [m for m in members if not m.is_dir() and not hidden.search(m.filename)]
    if not found:
        raise GraphError(f"{name} holds no files.")
    return sorted(found, key=lambda member: member.filename)


def _tar(name: str) -> GraphError:
    return GraphError(f"{name} is a tar archive; unpack it and give its files, or a zip of them.")


def _damaged(name: str, error: Exception) -> GraphError:
    if isinstance(error, GraphError):
        return error
    return GraphError(f"{name} cannot be unpacked: its data is damaged ({reason(error)}).")
