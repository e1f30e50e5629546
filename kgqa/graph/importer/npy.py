"""``.npy`` files that are written piece by piece, their length known only at the end."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from kgqa.graph.arrays import ARRAYS

HEADER = 128  #: bytes kept for the header, NumPy's own size for a plain array
_CHUNK = 2**22


class NpyWriter:
    """Appends to a one-dimensional array on disk; the header is written by ``close``."""

    def __init__(self, path: Path, dtype: np.typing.DTypeLike):
        self.path, self.dtype, self.length = path, np.dtype(dtype), 0
        self._file = path.open("wb")
        self._file.write(b"\0" * HEADER)

    @classmethod
    def of(cls, folder: Path, name: str, largest: int = 0) -> NpyWriter:
        """The writer of an array of the graph, which holds values up to ``largest``."""
        return cls(folder / f"{name}.npy", ARRAYS[name].dtype(largest))

    def append(self, values: np.typing.ArrayLike | bytes) -> None:
        """Add values, or the bytes of values."""
        if isinstance(values, bytes):
            self._file.write(values)
            self.length += len(values) // self.dtype.itemsize
            return
        array = np.ascontiguousarray(values, dtype=self.dtype)
        self._file.write(array.data)
        self.length += array.size

    def close(self) -> None:
        """Write the header."""
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
        self._folder, self._name = folder, f"{name}_offset"
        self._text = NpyWriter.of(folder, f"{name}_text")
        self._offset = NpyWriter(folder / f"{self._name}.wide", np.uint64)
        self._offset.append([0])

    def extend(self, strings: list[str]) -> None:
        encoded = [s.encode("utf-8") for s in strings]
        ends = self._text.length + np.cumsum([len(e) for e in encoded], dtype=np.uint64)
        self._text.append(b"".join(encoded))
        self._offset.append(ends)

    def close(self) -> None:
        """Finish; only now the length of the text says how wide offsets must be."""
        self._text.close()
        self._offset.close()
        wide = np.load(self._offset.path, mmap_mode="r")
        offset = NpyWriter.of(self._folder, self._name, self._text.length)
        for low in range(0, len(wide), _CHUNK):
            offset.append(wide[low : low + _CHUNK])
        offset.close()
        self._offset.path.unlink()
