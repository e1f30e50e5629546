"""The options of ``python app.py``, from the command line and from the environment."""

import importlib.util
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(monkeypatch):
    for name in (
        "KGQA_PORT",
        "KGQA_QUEUE",
        "KGQA_AT_ONCE",
        "KGQA_DEVICE",
        "KGQA_MCP",
        "KGQA_CHECKPOINT",
        "SPACES_ZERO_GPU",
    ):
        monkeypatch.delenv(name, raising=False)
    spec = importlib.util.spec_from_file_location("kgqa_app", ROOT / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_option_has_an_environment_variable(app, monkeypatch):
    assert (
        app.options([]).port,
        app.options([]).queue,
        app.options([]).at_once,
        app.options([]).mcp,
    ) == (7860, 64, 0, False)
    for name, value in (
        ("PORT", "1234"),
        ("QUEUE", "5"),
        ("AT_ONCE", "3"),
        ("DEVICE", "cpu"),
        ("CHECKPOINT", "x"),
    ):
        monkeypatch.setenv(f"KGQA_{name}", value)
    chosen = app.options([])
    assert (chosen.port, chosen.queue, chosen.at_once, chosen.device, chosen.checkpoint) == (
        1234,
        5,
        3,
        "cpu",
        "x",
    )
    assert app.options(["--port", "99"]).port == 99


@pytest.mark.parametrize(
    "wrong", [["--queue", "0"], ["--at-once", "-1"], ["--port", "0"], ["--device", "tpu"]]
)
def test_what_cannot_be_is_refused_with_a_sentence(app, wrong, capsys):
    with pytest.raises(SystemExit):
        app.options(wrong)
    assert "must be" in capsys.readouterr().err or wrong[0] == "--device"


def test_mcp_without_its_package_says_what_to_install(app, monkeypatch, capsys):
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        app.options(["--mcp"])
    assert "pip install" in capsys.readouterr().err


def test_a_lent_gpu_wraps_the_network_alone(app, monkeypatch):
    assert app.lender() is None
    asked = []
    fake = types.SimpleNamespace(
        GPU=lambda duration: asked.append(duration) or (lambda f: lambda *a: ("lent", f(*a)))
    )
    monkeypatch.setitem(sys.modules, "spaces", fake)
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    assert app.lender()(abs)(-3) == ("lent", 3) and asked == [app.LENT]
