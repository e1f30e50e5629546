"""Files, functions and lines stay short enough to read."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
CODE = [*sorted((ROOT / "kgqa").rglob("*.py")), ROOT / "app.py"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
STATIC = [p for p in (ROOT / "kgqa").rglob("*") if p.suffix in {".js", ".css"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_no_file_has_more_than_300_lines():
    long = {name(p) for p in [*CODE, *TESTS, *STATIC] if len(lines(p)) > 300}
    assert long == set()


def test_no_function_has_more_than_60_lines():
    long = {
        f"{name(path)}::{node.name}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= 60
    }
    assert long == set()


def test_no_line_has_more_than_100_columns():
    """ruff (E501) says the same of Python; this holds for scripts and styles, too."""
    long = [
        f"{name(path)}, line {i}"
        for path in [*CODE, *TESTS, *STATIC]
        for i, line in enumerate(lines(path), 1)
        if len(line) > 100
    ]
    assert long == []
