"""Each installed package has one version, in constraints.txt or constraints-test.txt."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
#: installers, and what comes with other builds of torch, other systems or a newer Python
EXEMPT = re.compile(r"(pip|wheel|colorama|audioop-lts)$|nvidia-|cuda-|triton")


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def pins(name: str) -> dict[str, str]:
    """{name of a package: version} of a file, all of whose lines pin one version."""
    rows = [Requirement(line) for line in lines(name) if line and not line.startswith(("#", "-"))]
    versions = {}
    for row in rows:
        (pin,) = row.specifier
        assert pin.operator == "==" and "*" not in pin.version and not row.url, row
        versions[canonicalize_name(row.name)] = pin.version
    assert len(versions) == len(rows), f"{name} names a package twice"
    return versions


APP, TESTS = pins("constraints.txt"), pins("constraints-test.txt")


def test_every_installed_package_is_pinned():
    installed = {canonicalize_name(d.metadata["Name"]) for d in metadata.distributions()}
    floating = {name for name in installed if not EXEMPT.match(name)} - {*APP, *TESTS}
    assert not floating, "not in the requirements, or make constraints was not run"


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-train.txt", "requirements-test.txt"]
)
def test_requirements_and_constraints_agree(name):
    versions = APP if name == "requirements.txt" else {**APP, **TESTS}
    assert pins(name).items() <= versions.items()


def test_no_package_is_pinned_twice_and_none_by_its_build():
    assert not APP.keys() & TESTS.keys()
    assert not [v for v in (*APP.values(), *TESTS.values()) if "+" in v]
    assert not [name for name in (*APP, *TESTS) if EXEMPT.match(name)]


def test_a_space_can_install_requirements_alone():
    """Its builder sees requirements.txt and no other file, so a "-c" there would end the build."""
    assert not [line for line in lines("requirements.txt") if line.startswith("-")]
    assert "-c constraints.txt" in lines("constraints-test.txt")
    for name in ("requirements-train.txt", "requirements-test.txt"):
        assert "-c constraints-test.txt" in lines(name)
