"""To the Hub and back, with a Hub that is a folder."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from types import SimpleNamespace

import httpx2 as httpx
import huggingface_hub
import pytest
import yaml
from huggingface_hub import errors
from packaging.requirements import Requirement

from kgqa.checkpoint import Checkpoint, locate
from kgqa.cli import main
from kgqa.errors import CheckpointError, DataError
from kgqa.inference import Pipeline
from kgqa.serve import publish
from kgqa.serve.options import ServeOptions, from_environment
from tests.cli.running import sentence
from tests.test_constraints import pins

COMMIT = "c0ffee" + "0" * 34


class Hub:
    """What HfApi and snapshot_download do, in a folder."""

    def __init__(self, folder: Path):
        self.folder, self.made, self.error = folder, {}, None

    def __call__(self, **_) -> Hub:
        return self

    def create_repo(self, repository, *, repo_type="model", **options):
        if self.error:
            raise self.error
        self.made[repo_type, repository] = options

    def upload_folder(self, *, repo_id, folder_path, repo_type="model", **_):
        there = self.place(repo_id, repo_type)
        shutil.copytree(folder_path, there, dirs_exist_ok=True)
        return SimpleNamespace(oid=COMMIT)

    def place(self, repository: str, kind: str = "model") -> Path:
        return self.folder / kind / repository / "snapshots" / COMMIT

    def snapshot_download(self, repository, *, revision=None, allow_patterns):
        if self.error:
            raise self.error
        assert revision in (None, COMMIT)
        return str(self.place(repository))


@pytest.fixture
def fake(tmp_path, monkeypatch) -> Hub:
    made = Hub(tmp_path / "hub")
    monkeypatch.setattr(huggingface_hub, "HfApi", made)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", made.snapshot_download)
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: "token")
    return made


@pytest.fixture
def opened(tiny_checkpoint) -> Checkpoint:
    return Checkpoint.load(tiny_checkpoint, device="cpu")


def test_a_checkpoint_goes_to_the_hub_and_comes_back_with_its_graph(fake, opened, caplog):
    pushed = publish.push(opened, "ann/toy", private=True, datasets=["ann/questions"])
    assert fake.made == {("model", "ann/toy"): {"private": True, "exist_ok": True}}
    there = fake.place("ann/toy")
    names = {p.relative_to(there).as_posix() for p in there.rglob("*") if p.is_file()}
    assert {"config.json", "model.safetensors", "README.md", "graph/graph.json"} <= names
    assert not [n for n in names if not n.endswith((".json", ".safetensors", ".npy", ".md"))]
    _, front, body = (there / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    assert card["library_name"] == "kgqa" and card["datasets"] == ["ann/questions"]
    assert "knowledge-graph" in card["tags"] and 'Pipeline.load("ann/toy")' in body
    again = Pipeline.load("ann/toy", device="cpu")
    assert again.graph.fingerprint == opened.graph.fingerprint
    assert f"pin it: {pushed.place}" in caplog.text and pushed.place == f"ann/toy@{COMMIT}"
    caplog.clear()
    Pipeline.load(pushed.place, device="cpu")
    assert "pin" not in caplog.text


def test_a_space_is_a_readme_three_lines_and_pins(fake, opened):
    model = publish.push(opened, "ann/toy")
    space = publish.push_space(model, "ann/toy-page")
    assert fake.made["space", "ann/toy-page"]["space_sdk"] == "gradio"
    assert space.address == "https://huggingface.co/spaces/ann/toy-page"
    there = fake.place("ann/toy-page", "space")
    app = (there / "app.py").read_text(encoding="utf-8")
    assert app == f'from kgqa import serve\n\nserve("ann/toy@{COMMIT}")\n' and ast.parse(app)
    front = yaml.safe_load((there / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    ours = yaml.safe_load(Path("README.md").read_text(encoding="utf-8").split("---\n")[1])
    for key in ("sdk", "sdk_version", "python_version", "app_file", "license"):
        assert front[key] == ours[key]
    assert front["models"] == ["ann/toy"] and len(front["short_description"]) <= 60
    rows = (there / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {name: pin for name, pin in pins("requirements.txt").items() if name != "gradio"}
    assert {Requirement(r).name: next(iter(Requirement(r).specifier)).version for r in rows} == (
        wanted
    )
    assert (there / "kgqa" / "serve" / "publish.py").is_file()
    assert not list(there.rglob("__pycache__"))


def test_the_space_is_served_as_its_environment_says(monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("SPACE_ID", "ann/toy-page")
    options = from_environment()
    assert options == ServeOptions(host="0.0.0.0", proxy=True, upload=True) and not options.alone
    monkeypatch.setenv("KGQA_PORT", "99999")
    with pytest.raises(DataError, match="between 1 and 65535"):
        from_environment()


def said(kind: type, status: int = 404) -> Exception:
    request = httpx.Request("GET", "https://hub.example")
    return kind("no\nmore", response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (lambda: said(errors.RepositoryNotFoundError), "no such repository, or it is private"),
        (lambda: said(errors.RevisionNotFoundError), "no such revision"),
        (lambda: said(errors.GatedRepoError, 403), "its owner must admit you"),
        (lambda: said(errors.HfHubHTTPError, 401), "does not take the token: run `hf auth login`"),
        (lambda: said(errors.HfHubHTTPError, 403), "may not do this"),
        (lambda: errors.LocalEntryNotFoundError("x"), "cannot be reached"),
        (lambda: httpx.ConnectError("x"), "cannot be reached"),
        (lambda: errors.OfflineModeIsEnabled("x"), "HF_HUB_OFFLINE forbids it"),
        (lambda: RuntimeError("odd\nmore"), "odd"),
    ],
)
def test_what_the_hub_says_is_a_sentence(fake, error, words):
    fake.error = error()
    with pytest.raises(CheckpointError, match="could not be fetched from the Hub") as caught:
        locate("ann/toy@v1")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_damaged_download_is_told_as_one(fake, opened):
    publish.push(opened, "ann/toy")
    weights = fake.place("ann/toy") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="download of ann/toy is damaged") as caught:
        Checkpoint.load("ann/toy", device="cpu")
    assert "Delete" in str(caught.value) and "truncated" in str(caught.value)
    (fake.place("ann/toy") / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"config\.json is missing"):
        Checkpoint.load("ann/toy", device="cpu")


def test_nothing_is_pushed_without_a_token_a_name_or_a_folder(fake, opened, monkeypatch, toy):
    with pytest.raises(CheckpointError, match="is no repository id"):
        publish.push(opened, "toy")
    with pytest.raises(CheckpointError, match="could not be pushed"):
        publish.push(opened, "ann/to y")
    with pytest.raises(CheckpointError, match="Only a checkpoint that lies in a folder"):
        publish.push(opened.over(toy), "ann/toy")
    fake.error = said(errors.HfHubHTTPError, 403)
    with pytest.raises(CheckpointError, match="ann/toy could not be pushed: the token may not"):
        publish.push(opened, "ann/toy")
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: None)
    with pytest.raises(CheckpointError, match="no token of the Hub here: run `hf auth login`"):
        publish.push(opened, "ann/toy")
    assert not fake.made


def test_push_on_the_command_line(fake, tiny_checkpoint, capsys, monkeypatch):
    command = ["push", "ann/toy", "--checkpoint", str(tiny_checkpoint), "--device", "cpu"]
    assert main([*command, "--space", "--private"]) == 0
    out = capsys.readouterr().out
    assert f'Pipeline.load("ann/toy@{COMMIT}")' in out and "spaces/ann/toy" in out
    assert "HF_TOKEN" in out and {kind for kind, _ in fake.made} == {"model", "space"}
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: None)
    assert main(command) == 2 and sentence(capsys.readouterr().err)
