"""The installed package: a wheel, unpacked, answers from another working directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement

import kgqa
from kgqa.ui.screenshots import running

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The wheel, built from a copy of the sources without network, and unpacked."""
    source, wheels, target = (tmp_path_factory.mktemp(n) for n in ("source", "wheels", "target"))
    shutil.copytree(ROOT / "kgqa", source / "kgqa", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-c", BUILD, str(wheels)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = wheels.glob("kgqa-*.whl")
    zipfile.ZipFile(wheel).extractall(target)
    return target


@pytest.fixture
def installed(unpacked, tmp_path, monkeypatch) -> Path:
    """A working directory elsewhere, in which Python finds the unpacked wheel and no checkout."""
    monkeypatch.setenv("PYTHONPATH", str(unpacked))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_what_the_package_reads_and_nothing_else(unpacked):
    def files(folder: Path) -> set[str]:
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}

    sources = {f for f in files(ROOT / "kgqa") if "__pycache__" not in f and not f.endswith(".md")}
    assert files(unpacked / "kgqa") == sources
    assert {p.name for p in unpacked.iterdir()} == {"kgqa", f"kgqa-{kgqa.__version__}.dist-info"}


def test_the_console_script_is_the_module(unpacked):
    (info,) = unpacked.glob("*.dist-info")
    assert "kgqa = kgqa.cli:main" in (info / "entry_points.txt").read_text(encoding="utf-8")


def test_an_installed_package_answers_a_question(installed, tiny_checkpoint):
    script = "import sys; from kgqa.cli import main; sys.exit(main())"  # as pip's script does
    options = ("ask", "--checkpoint", str(tiny_checkpoint), "--device", "cpu")
    assert python("-c", script, *options, "Who directed Sully?").startswith("Who directed Sully?")
    assert str(installed) in python("-c", "import os; print(os.getcwd())")
    assert python("-c", "import kgqa; print(kgqa.__file__)").startswith(os.environ["PYTHONPATH"])


@pytest.mark.checkpoint
def test_an_installed_package_answers_with_the_committed_checkpoint(installed):
    checkpoint = str(ROOT / "checkpoints" / "films")
    out = python("-m", "kgqa", "ask", "--checkpoint", checkpoint, "Who directed Jaws?")
    assert "Steven Spielberg" in out


def test_an_installed_package_reads_its_phrasings_and_tables(installed):
    code = "from kgqa.films import phrasings, tables; print(len(phrasings.read()))"
    assert int(python("-c", f"{code}; assert list(tables.table('roles'))")) > 50


def test_an_installed_package_serves_its_page(installed, tiny_checkpoint):
    code = (
        "import sys; from kgqa.serve import ServeOptions, serve;"
        f"serve({str(tiny_checkpoint)!r}, ServeOptions(port=int(sys.argv[1]), device='cpu'))"
    )
    with running([sys.executable, "-c", code]) as address, urlopen(address) as page:
        assert b"gradio" in page.read()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-train.txt"])
def test_pins_lie_in_the_ranges(name):
    ranges = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["train"]]
    specifiers = {r.name: r.specifier for r in map(Requirement, ranges)}
    rows = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for row in (Requirement(r) for r in rows if r and not r.startswith(("#", "-"))):
        (pin,) = row.specifier
        assert pin.operator == "==" and pin.version in specifiers[row.name], row.name
