"""Fixtures that the tests of more than one folder use. Helpers lie beside: toy, models, script."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings
from transformers import PreTrainedTokenizerFast

from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.inference.pipeline import Pipeline
from kgqa.linking import Linker
from kgqa.model import products
from kgqa.model.batch import Batcher
from kgqa.walk import Settings
from tests import models
from tests import toy as toy_graph
from tests.script import Script, Scripted

ROOT = Path(__file__).parent.parent
torch.set_num_threads(1)  # the tests are small; a second thread costs more than it brings
settings.register_profile(
    "kgqa",
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("kgqa")


@pytest.fixture
def builder() -> GraphBuilder:
    """A fresh builder of the toy graph, to be changed at will."""
    return toy_graph.toy_builder()


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("toy") / "graph"
    toy_graph.toy_builder().write(folder)
    return folder


@pytest.fixture(scope="session")
def toy(toy_folder) -> Graph:
    return Graph.load(toy_folder)


@pytest.fixture(scope="session")
def default_folder() -> Path:
    return ROOT / "checkpoints" / "films" / "graph"


@pytest.fixture(scope="session")
def default(default_folder) -> Graph:
    """The committed default graph."""
    return Graph.load(default_folder)


@pytest.fixture(scope="session")
def toy_linker(toy) -> Linker:
    return Linker(toy)


@pytest.fixture(scope="session")
def default_linker(default) -> Linker:
    return Linker(default)


@pytest.fixture(scope="session")
def tokenizer():
    """The real tokenizer: offsets of word pieces are part of what is tested."""
    return PreTrainedTokenizerFast.from_pretrained(str(ROOT / "checkpoints" / "films"))


@pytest.fixture(scope="session")
def toy_batcher(toy, tokenizer) -> Batcher:
    return Batcher(toy, tokenizer)


@pytest.fixture(scope="session")
def new_model():
    """new_model(graph, seed=..., sharp=...) -> a random model; see tests/models.py."""
    return models.tiny_model


@pytest.fixture(scope="session")
def new_checkpoint(toy, tokenizer):
    """new_checkpoint(seed=..., sharp=..., graph=...) -> a random model with its graph."""

    def make(*, graph: Graph = toy, **changes) -> Checkpoint:
        return Checkpoint(models.tiny_model(graph, **changes), tokenizer, graph)

    return make


@pytest.fixture(scope="session")
def new_encoder():
    return models.tiny_encoder


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory, toy_folder, toy, tokenizer) -> Path:
    """A random model of the toy graph, saved. Tests that spoil it copy it first."""
    folder = tmp_path_factory.mktemp("tiny") / "checkpoint"
    opened = Checkpoint(models.tiny_model(toy, sharp=8.0), tokenizer, toy)
    opened.save(folder, graph=str(toy_folder))
    return folder


@pytest.fixture
def script(toy, toy_linker):
    """script(question) -> Script over the toy graph."""
    return lambda question, **sizes: Script(toy, toy_linker(question), **sizes)


@pytest.fixture
def trace_of(tokenizer):
    """trace_of(script, edits, **settings) -> the Trace that a pipeline with this script gives."""

    def run(script: Script, edits: Edits = Edits(), **changes):
        settings = Settings(**changes)
        checkpoint = Checkpoint(Scripted(script), tokenizer, script.graph)
        pipeline = Pipeline(checkpoint, settings=settings)
        return pipeline.answer(script.link.question, edits=edits)

    return run


@pytest.fixture(scope="session")
def new_pipeline(toy, tokenizer):
    """new_pipeline(seed=..., sharp=..., settings=...) -> a random model over the toy graph."""

    def make(*, seed: int = 0, sharp: float = 8.0, settings: Settings = Settings()) -> Pipeline:
        model = models.tiny_model(toy, seed=seed, sharp=sharp)
        return Pipeline(Checkpoint(model, tokenizer, toy), settings=settings)

    return make


@pytest.fixture(scope="module")
def tiny(new_pipeline) -> Pipeline:
    """A random model that always tries to answer."""
    return new_pipeline(settings=Settings(refuse=False))


@pytest.fixture(scope="session")
def toy_questions():
    """(train, dev) questions of the toy graph, without topics."""
    return toy_graph.toy_questions()


@pytest.fixture
def tables(tmp_path):
    """A folder in the benchmarks' layout: entities.tsv, triples.tsv, train.jsonl, dev.jsonl."""
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "entities.tsv").write_text("a\tAnn\nb\tBob\nc\tCara\n", encoding="utf-8")
    (folder / "triples.tsv").write_text("a\tknows\tb\nb\tknows\tc\n", encoding="utf-8")
    answers = {"does Ann know": "b", "does Bob know": "c", "knows Cara": "b", "knows Bob": "a"}
    for split in ("train", "dev"):
        lines = [json.dumps({"question": f"Who {q}?", "answers": [a]}) for q, a in answers.items()]
        (folder / f"{split}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def float32(monkeypatch) -> Iterator[None]:
    """Products in float32, as recordings were made, whatever the processor has."""
    monkeypatch.setenv("KGQA_FLOAT32", "1")
    products.precision.cache_clear()
    yield
    monkeypatch.undo()
    products.precision.cache_clear()


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The committed model (or KGQA_CHECKPOINT); tests that use it are marked ``checkpoint``."""
    folder = Path(os.environ.get("KGQA_CHECKPOINT", ROOT / "checkpoints" / "films"))
    if not (folder / "model.safetensors").is_file():
        message = f"{folder / 'model.safetensors'} is missing: train or fetch the checkpoint."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return Pipeline.load(folder, device="cpu")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes do not name a test: those of an archive depend on the clock, and processes that share
    the tests must find the same names."""
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "cases of each test of tests/hold, instead of a few (and of many with -m hold)"
    parser.addoption("--cases", type=int, metavar="N", help=text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked ``cases(few, many)`` runs with few; with many if ``-m hold`` asks for it."""
    marker = metafunc.definition.get_closest_marker("cases")
    if marker:
        few, many = marker.args
        chosen = metafunc.config.getoption("--cases")
        both = [few, pytest.param(many, marks=pytest.mark.hold)]
        metafunc.parametrize("cases", [chosen] if chosen else both)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unit tests run first, the browser's last; long ones only if ``-m`` names them."""
    if "hold" not in config.option.markexpr:
        items[:] = [item for item in items if not item.get_closest_marker("hold")]
    items.sort(key=lambda item: "browser" in item.path.parts)
