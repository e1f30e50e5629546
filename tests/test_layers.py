"""Imports point left only, in the order of the folders, and the page needs no torch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASE = [
    *("errors", "text", "files", "trace", "printing", "edits", "why", "questions", "feedback"),
    "saved",
]
ORDER = [
    *("graph", "linking", "model", "checkpoint", "walk", "programs", "writer", "inference"),
    *("evaluation", "training", "cli"),
]
#: What a folder or module may import of kgqa, beside itself.
ALLOWED = {name: [*BASE, *ORDER[:i]] for i, name in enumerate(ORDER)}
ALLOWED |= dict.fromkeys(BASE, BASE)
ALLOWED["ui"] = ["errors", "text", "trace", "edits", "why", "saved"]
ALLOWED["serve"] = [*ALLOWED["training"], "ui"]
ALLOWED["schema"] = BASE
ALLOWED["cli"] += ["serve", "ui", "schema"]
ALLOWED["films"] = ALLOWED["inference"]
ALLOWED["domains"] = ALLOWED["inference"]
ALLOWED["bench"] = [*ALLOWED["cli"], "films"]
ALLOWED["__main__"] = ["cli"]
ALLOWED["app"] = ["serve", "errors"]
#: The leaves, which these may import where they use them, inside a function.
LEAVES, MAY_USE_LEAVES = ["films", "domains", "bench"], ["cli", "serve"]
#: Imports to the right that stay, each with its reason.
REASONS: dict[tuple[str, str], str] = {}


def imports(tree: ast.AST, module: str) -> Iterator[tuple[str, bool]]:
    """(imported module, whether the import is inside a function), of kgqa alone."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *filter(None, [node.module])])
            names = [f"{base}.{a.name}" for a in node.names] if base == "kgqa" else [base]
        for name in names:
            if name.split(".")[0] == "kgqa" and name != "kgqa.__version__":
                yield name, id(node) in inside


def wrong_imports() -> set[tuple[str, str]]:
    wrong = set()
    for path in [*(ROOT / "kgqa").rglob("*.py"), ROOT / "app.py"]:
        name = path.relative_to(ROOT).as_posix()
        if name == "kgqa/__init__.py":  # the front door imports a name when it is used
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        own = parts[1] if len(parts) > 1 else "app"
        for target, lazy in imports(ast.parse(path.read_text(encoding="utf-8")), ".".join(parts)):
            there = [*target.split("."), ""][1]
            allowed = [own, *ALLOWED[own]]
            if own in MAY_USE_LEAVES and lazy:
                allowed += LEAVES
            if there not in allowed:
                wrong.add((name, target))
    return wrong


def test_imports_point_left():
    assert wrong_imports() == REASONS.keys()


def test_every_folder_has_its_place_in_the_order():
    names = {p.stem for p in (ROOT / "kgqa").iterdir() if p.suffix == ".py" or p.is_dir()}
    assert names - {"__init__", "__pycache__", "static"} <= ALLOWED.keys()


def loaded_by(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


UI = [
    ".".join(p.relative_to(ROOT).with_suffix("").parts)
    for p in sorted((ROOT / "kgqa" / "ui").rglob("*.py"))
]


def test_the_page_imports_no_torch():
    modules = [name.removesuffix(".__init__") for name in UI if not name.endswith("__main__")]
    loaded = loaded_by("import " + ", ".join(modules))
    assert not loaded & {"torch", "transformers", "numba", "duckdb", "playwright", "pyvis"}


def test_files_are_read_by_packages_that_nothing_else_loads():
    loaded = loaded_by("import kgqa.serve.uploads, kgqa.inference, kgqa.ui.page")
    assert not loaded & {"duckdb", "pyoxigraph"}


@pytest.mark.parametrize("heavy", ["torch", "transformers", "gradio", "numpy"])
def test_the_package_itself_imports_nothing_heavy(heavy):
    assert heavy not in loaded_by("import kgqa")
