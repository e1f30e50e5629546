"""``.npy`` files that are written piece by piece, their length known only at the end."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

HEADER = 128  #: bytes kept for the header, NumPy's own size for a plain array
_CHUNK = 2**22


class NpyWriter:
    """Appends to a one-dimensional array on disk; the header is written by ``close``."""

    def __init__(self, path: Path, dtype: np.typing.DTypeLike):
        self.path, self.dtype, self.length = path, np.dtype(dtype), 0
        self._file = path.open("wb")
        self._file.write(b"\0" * HEADER)

    def append(self, values: np.typing.ArrayLike | bytes) -> None:
        if isinstance(values, bytes):
            self._file.write(values)
            self.length += len(values) // self.dtype.itemsize
            return
        array = np.ascontiguousarray(values, dtype=self.dtype)
        self._file.write(array.data)
        self.length += array.size

    def close(self) -> None:
        header = io.BytesIO()
        about = {
            "descr": np.lib.format.dtype_to_descr(self.dtype),
            "fortran_order": False,
            "shape": (self.length,),
        }
        np.lib.format.write_array_header_1_0(header, about)
        if header.tell() != HEADER:
            raise RuntimeError(f"expected a header of {HEADER} bytes, NumPy wrote {header.tell()}")
        self._file.seek(0)
        self._file.write(header.getvalue())
        self._file.close()


class StringsWriter:
    """Appends strings to ``<name>_text`` and ``<name>_offset`` (``kgqa.graph.strings``)."""

    def __init__(self, folder: Path, name: str):
        self._text = NpyWriter(folder / f"{name}_text.npy", np.uint8)
        self._offset = NpyWriter(folder / f"{name}_offset.npy", np.uint64)
        self._offset.append([0])

    def extend(self, strings: list[str]) -> None:
        encoded = [s.encode("utf-8") for s in strings]
        ends = self._text.length + np.cumsum([len(e) for e in encoded], dtype=np.uint64)
        self._text.append(b"".join(encoded))
        self._offset.append(ends)

    def close(self) -> None:
        """Finish; offsets become 32 bits wide where that is enough."""
        self._text.close()
        self._offset.close()
        if self._text.length < 2**32:
            path = self._offset.path
            wide, narrow = (
                np.load(path, mmap_mode="r"),
                NpyWriter(path.with_suffix(".narrow"), np.uint32),
            )
            for low in range(0, len(wide), _CHUNK):
                narrow.append(wide[low : low + _CHUNK].astype(np.uint32))
            narrow.close()
            narrow.path.replace(path)
