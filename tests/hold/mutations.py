"""Damage to files, and graphs whose arrays lie though their checksums fit."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from kgqa.graph import folder as folders

Change = Callable[[Path, random.Random], None]
Lie = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _truncate(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def _swap(path: Path, chance: random.Random) -> None:
    others = [other for other in sorted(path.parent.iterdir()) if other.is_file()]
    other = chance.choice([o for o in others if o.read_bytes() != path.read_bytes()])
    first, second = path.read_bytes(), other.read_bytes()
    path.write_bytes(second)
    other.write_bytes(first)


def _overwrite(path: Path, chance: random.Random) -> None:
    """A block of a file that a disk lost."""
    data = path.read_bytes()
    start = chance.randrange(len(data))
    path.write_bytes(data[:start] + b"\0" * len(data[start : start + 512]) + data[start + 512 :])


def _replace(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


DAMAGE: dict[str, Change] = {
    "bit flipped": _flip,
    "another bit flipped": _flip,
    "truncated": _truncate,
    "emptied": lambda path, _: path.write_bytes(b""),
    "missing": lambda path, _: path.unlink(),
    "swapped": _swap,
    "block lost": _overwrite,
    "longer": lambda path, _: path.write_bytes(path.read_bytes() + b"\0"),
    "a folder": lambda path, _: _replace(path, Path.mkdir),
    "a pipe": lambda path, _: _replace(path, os.mkfifo),
}


def parts(folder: Path) -> list[Path]:
    """The files of a checkpoint that answers depend on, relative to ``folder``."""
    page = {"metrics.json", "examples.json", "failures.json", "lesson.json"}
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [path for path in files if path.name not in page]


def damages(folder: Path, seed: int) -> Iterator[tuple[Path, str]]:
    """Every file with every damage, in random order."""
    pairs = [(part, damage) for part in parts(folder) for damage in DAMAGE]
    random.Random(seed).shuffle(pairs)
    yield from pairs


def copy(folder: Path, to: Path) -> Path:
    """A fresh copy of a folder, in place of another."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to)


# -- lies ------------------------------------------------------------------------------------------


def _with(values: np.ndarray, index: int, value: float) -> np.ndarray:
    values = values.copy()
    values[index] = np.array(value).astype(values.dtype)
    return values


def _largest(values: np.ndarray) -> float:
    return np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).max


LIES: dict[str, Lie] = {
    "one value is the largest of its type": lambda v, r: _with(v, r.integers(len(v)), _largest(v)),
    "one value is -1": lambda v, r: _with(v, r.integers(len(v)), np.int64(-1)),
    "one value is another's": lambda v, r: _with(v, r.integers(len(v)), v[r.integers(len(v))]),
    "one value is one more": lambda v, r: _with(v, (i := r.integers(len(v))), v[i] + 1),
    "the first value is 1": lambda v, r: _with(v, 0, 1),
    "the last value is 0": lambda v, r: _with(v, -1, 0),
    "all are 0": lambda v, r: np.zeros_like(v),
    "reversed": lambda v, r: v[::-1].copy(),
    "shuffled": lambda v, r: r.permutation(v),
    "one value too few": lambda v, r: v[:-1],
    "one value too many": lambda v, r: np.append(v, v[-1:]),
    "empty": lambda v, r: v[:0],
    "of another byte order": lambda v, r: v.astype(v.dtype.newbyteorder(">")),
    "in two dimensions": lambda v, r: v[None],
}


def lies(folder: Path, seed: int) -> Iterator[tuple[str, str]]:
    """Every array with every lie, in random order."""
    names = [path.stem for path in sorted(folder.glob("*.npy"))]
    pairs = [(name, lie) for name in names for lie in LIES]
    random.Random(seed).shuffle(pairs)
    yield from pairs


def tell(folder: Path, name: str, lie: str, seed: int) -> bool:
    """Change an array and write the checksums anew; False if that changes nothing."""
    path = folder / f"{name}.npy"
    values, before = np.load(path), path.read_bytes()
    if not len(values):
        return False
    np.save(path, LIES[lie](values, np.random.default_rng(seed)))
    folders.seal(folder, folders.describe(folder))
    return path.read_bytes() != before
