"""Files that are packed as one stream: gzip, bzip2 and Zstandard, known by their content."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: What reading a damaged stream raises, beside OSError.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"(\xb5/\xfd": "Zstandard", b"PK\x03\x04": "zip"}
_BUFFER = 2**20


def packing(head: bytes) -> str:
    """How a file that begins with these bytes is packed: "gzip", "zip", ...; empty if it is not."""
    return next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), "")


def opened(path: Path) -> BinaryIO:
    """A file to read, whether plain or packed as one stream, by its content. Raises OSError."""
    file = path.open("rb")
    kind = packing(file.read(4))
    file.seek(0)
    return file if kind in ("", "zip") else stream(file, kind)


def stream(file: IO[bytes], kind: str) -> BinaryIO:
    """What a packed stream holds."""
    if kind == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if kind == "bzip2":
        return cast(BinaryIO, bz2.BZ2File(file))
    return cast(BinaryIO, io.BufferedReader(_Zstandard(file), _BUFFER))


class _Zstandard(io.RawIOBase):
    """A stream of Zstandard. The package's own reader does not see where data breaks off."""

    _PIECE = 2**11  # bytes; a block of four may hold 128 KiB, so that this becomes 64 MiB at most

    def __init__(self, file: IO[bytes]):
        self._file, self._ready = file, b""
        self._frame = zstandard.ZstdDecompressor().decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Raises EOFError where the data breaks off."""
        view = memoryview(buffer)
        while not self._ready:
            if self._frame.eof:
                packed = self._frame.unused_data or self._file.read(self._PIECE)
                if not packed:
                    return 0
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            else:
                packed = self._file.read(self._PIECE)
                if not packed:
                    raise EOFError("it breaks off")
            self._ready = self._frame.decompress(packed)
        length = min(len(view), len(self._ready))
        view[:length], self._ready = self._ready[:length], self._ready[length:]
        return length
