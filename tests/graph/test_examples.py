"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import kgqa.graph
from tests.conftest import ROOT

MODULES = [m.name for m in pkgutil.walk_packages(kgqa.graph.__path__, "kgqa.graph.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(importlib.import_module(name)).failed == 0
