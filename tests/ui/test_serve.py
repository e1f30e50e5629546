"""``kgqa.serve`` and ``python app.py``: options, the lent GPU, and what the page gets."""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import pytest

from kgqa import serve
from kgqa.checkpoint import record
from kgqa.errors import KGQAError
from kgqa.inference import Pipeline
from kgqa.trace import OUTCOMES
from kgqa.ui.service import Example, Lesson
from tests.measured import measured
from tests.ui.serving import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    names = "PORT QUEUE AT_ONCE DEVICE HOST MCP CHECKPOINT ROOT_PATH PROXY FRAME_ANCESTORS VERIFY"
    names += " GRAPH OUT UPLOAD"
    for name in names.split():
        monkeypatch.delenv(f"KGQA_{name}", raising=False)
    names = "SPACES_ZERO_GPU GRADIO_SERVER_NAME GRADIO_SERVER_PORT GRADIO_ROOT_PATH SPACE_ID"
    for name in names.split():
        monkeypatch.delenv(name, raising=False)


def options(*arguments: str) -> tuple[str, serve.ServeOptions]:
    parser = argparse.ArgumentParser()
    serve.add_options(parser)
    chosen = parser.parse_args(arguments)
    return chosen.checkpoint, serve.read_options(parser, chosen)


def test_each_option_has_an_environment_variable(monkeypatch):
    assert options() == ("checkpoints/films", serve.ServeOptions())
    values = {"PORT": "1234", "QUEUE": "5", "AT_ONCE": "3", "DEVICE": "cpu", "CHECKPOINT": "x"}
    values["VERIFY"] = "1"
    for name, value in values.items():
        monkeypatch.setenv(f"KGQA_{name}", value)
    expected = serve.ServeOptions(port=1234, queue=5, at_once=3, device="cpu", verify=True)
    assert options() == ("x", expected) and not options("--no-verify")[1].verify
    assert options("--port", "99")[1].port == 99


def test_the_graph_comes_from_arguments_or_the_environment(monkeypatch):
    assert options("--graph", "a.csv", "b.csv", "--out", "g")[1] == serve.ServeOptions(
        graph=("a.csv", "b.csv"), out="g"
    )
    monkeypatch.setenv("KGQA_GRAPH", os.pathsep.join(["x.ttl", "y.ttl"]))
    assert options()[1].graph == ("x.ttl", "y.ttl")


def test_where_the_page_is_seen_from(monkeypatch):
    assert options("--root-path", "/kg", "--proxy")[1] == serve.ServeOptions(
        root_path="/kg", proxy=True
    )
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/old")
    monkeypatch.setenv("KGQA_FRAME_ANCESTORS", "'self' https://*.school.example")
    chosen = options()[1]
    assert chosen.root_path == "/old" and chosen.frame_ancestors.endswith("school.example")
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert options()[1].upload and not options("--no-upload")[1].upload
    assert options()[1].proxy and not options("--no-proxy")[1].proxy


@pytest.mark.parametrize(
    "wrong",
    [
        ["--queue", "0"],
        ["--at-once", "-1"],
        ["--port", "0"],
        ["--device", "tpu"],
        ["--out", "folder"],
        ["--root-path", "kg/"],
        ["--root-path", "/kg?"],
        ["--frame-ancestors", "a; script-src *"],
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong, capsys):
    with pytest.raises(SystemExit):
        options(*wrong)
    assert "must be" in capsys.readouterr().err or wrong[0] == "--device"


def test_mcp_without_its_package_names_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("kgqa.serve.options.find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        options("--mcp")
    assert "pip install" in capsys.readouterr().err


def test_a_large_graph_is_checked_in_full_if_that_is_asked_for(
    tiny_checkpoint, toy_folder, tmp_path, monkeypatch
):
    from kgqa.graph import folder as folders

    monkeypatch.setattr(folders, "VERIFIED", 0)
    monkeypatch.setattr(folders, "HASH_LIMIT", 0)
    monkeypatch.setattr(serve, "page_service", lambda *_: pytest.fail("it was opened"))
    checkpoint = tmp_path / "checkpoint"
    shutil.copytree(tiny_checkpoint, checkpoint)
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    shutil.copytree(toy_folder, checkpoint / "graph")
    record.write({**config, "graph": "graph"}, checkpoint)
    path = checkpoint / "graph" / "number_value.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(KGQAError, match="number_value.npy was altered"):
        serve.serve(checkpoint, serve.ServeOptions(port=free_port(), device="cpu", verify=True))


def test_a_lent_gpu_wraps_a_function(monkeypatch):
    assert serve.lender() is None
    asked = []
    fake = types.SimpleNamespace(
        GPU=lambda duration: asked.append(duration) or (lambda f: lambda *a: ("lent", f(*a)))
    )
    monkeypatch.setitem(sys.modules, "spaces", fake)
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    assert serve.lender()(abs)(-3) == ("lent", 3) and asked == [serve.LENT]


def test_a_lent_gpu_runs_the_pass_of_the_network(tiny_checkpoint):
    pipeline = Pipeline.load(tiny_checkpoint, device="cpu")
    lent = []
    serve.page_service(pipeline, lambda f: lambda batch: lent.append(f) or f(batch))
    assert pipeline.answer("Where is the Louvre?").outcome in OUTCOMES and len(lent) == 1


def test_the_card_describes_checkpoint_and_graph(tiny_checkpoint, tmp_path):
    folder = tmp_path / "checkpoint"
    shutil.copytree(tiny_checkpoint, folder)
    (folder / "examples.json").write_text('[{"kind": "k", "question": "Who?"}]', "utf-8")
    (folder / "failures.json").write_text("[not json", "utf-8")
    metrics = {"hits_at_1": 96, "by_shape": {"one": {"questions": 3, "f1": None}}, "unknown": [1]}
    (folder / "metrics.json").write_text(json.dumps(metrics), "utf-8")
    pipeline = Pipeline.load(folder, device="cpu")
    card = serve.page_card(pipeline)
    assert (card.model, card.graph, card.entities) == ("tiny", "toy", pipeline.graph.num_entities)
    assert card.sources[0].licence == "CC0 1.0" and card.parameters > 1_000
    assert card.examples == (Example("Who?", "k"),) and card.failures == ()
    assert card.metrics.hits_at_1 == 96 and card.metrics.by_shape["one"].questions == 3
    assert card.labels["-director"] == "directed" and "-run time" not in card.labels
    assert card.lesson == Lesson()


def test_the_card_offers_operators_where_the_model_has_them(new_checkpoint):
    graph = measured()
    card = serve.page_card(Pipeline(new_checkpoint(graph=graph, operators=True, holds=True)))
    labels = [kept.label for kept in card.choices["Keep the largest or most"]]
    assert labels[:2] == ["the latest release date", "the longest run time"]
    assert {"", "count", "verify", "sum(run time)"} <= set(card.readouts)
    card = serve.page_card(Pipeline(new_checkpoint(graph=graph)))
    assert not card.choices and not card.readouts


def test_serve_can_be_called_however_it_was_imported():
    code = "import kgqa.serve; from kgqa import serve; assert callable(serve), serve"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"host": "no-such-host.invalid"}, "port .* of 'no-such-host.invalid'"),
        ({"host": "x" * 300}, "Nothing can listen"),
        ({"host": "192.0.2.1"}, "Nothing can listen on port"),
    ],
)
def test_a_bad_host_is_refused_with_a_sentence_before_anything_is_loaded(options, words):
    with pytest.raises(KGQAError, match=words):
        serve.serve("none", serve.ServeOptions(**options, port=free_port()))


def test_a_taken_port_is_refused_with_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(KGQAError, match="already in use.*--port"):
            serve.serve("none", serve.ServeOptions(port=taken.getsockname()[1]))


def test_a_read_only_disk_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc/none"])
    with pytest.raises(KGQAError, match="No folder for temporary files.*TMPDIR"):
        serve.serve("none", serve.ServeOptions(port=free_port()))


def test_the_app_starts_from_any_folder_and_names_what_is_wrong(tmp_path):
    app = [sys.executable, str(ROOT / "app.py")]
    env = {**os.environ, "PYTHONPATH": ""}
    for wrong, sentence in ((["--checkpoint", "none"], "cannot start"), (["--help"], "--at-once")):
        run = subprocess.run([*app, *wrong], cwd=tmp_path, env=env, text=True, capture_output=True)
        assert sentence in run.stdout + run.stderr
        assert run.returncode == (2 if "none" in wrong else 0)
