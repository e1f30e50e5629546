"""Examples in docstrings, and the Python of README, do what they show."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from kgqa.model import base

ROOT = Path(__file__).parent.parent
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "kgqa").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.checkpoint
@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_of_docstrings(module, monkeypatch):
    monkeypatch.chdir(ROOT)  # they open checkpoints/films
    result = doctest.testmod(importlib.import_module(module), optionflags=OPTIONS)
    assert not result.failed


def snippets() -> list[str]:
    """The ```python blocks under README's heading "In Python"."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## In Python\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return re.findall(r"^```python\n(.*?)^```", section[1], re.DOTALL | re.MULTILINE)


@pytest.fixture
def workplace(tmp_path, tables, new_encoder, tokenizer, monkeypatch) -> Path:
    """Where README's Python runs: with checkpoints/films, and files of one's own in my-data."""
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "films").symlink_to(ROOT / "checkpoints" / "films")
    tables.rename(tmp_path / "my-data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(base, "base_encoder", lambda: base.BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr("kgqa.serve", lambda *_, **__: None, raising=False)  # it would not return
    return tmp_path


@pytest.mark.checkpoint
def test_the_python_of_readme_runs(workplace):
    blocks, names = snippets(), {}
    assert len(blocks) == 3  # ask, train, serve
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)


@pytest.mark.checkpoint
@pytest.mark.parametrize("folder", ["inference", "graph"])
def test_the_python_of_other_readmes_runs(folder, workplace):
    text = (ROOT / "kgqa" / folder / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        exec(compile(block, f"kgqa/{folder}/README.md", "exec"), {})
