"""Many graphs at once: what is trained on, what is held out, and weights that all share."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.domains.write import graphs, write_graph
from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.graph.synonyms import read_synonyms
from kgqa.training import others as module
from kgqa.training.config import REFRESHED
from kgqa.training.dataset import TrainingSet
from kgqa.training.others import Others
from kgqa.training.renaming import rename
from tests.models import tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two small graphs, one of which is held out."""
    out = tmp_path_factory.mktemp("others")
    for made in graphs(2, 0, only=("school", "wine")):
        write_graph(made, out, per_relation=1)
    (out / "wine-0").rename(out / "dev-wine-0")
    for train in out.glob("*/*.jsonl"):  # a few of each are enough
        lines = train.read_text(encoding="utf-8").splitlines(keepends=True)
        train.write_text("".join(lines[:6]), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def start(toy, tokenizer):
    model = tiny_model(toy, operators=True, holds=True, commits=True, max_mentions=5)
    return Checkpoint(model, tokenizer, toy)


@pytest.fixture(scope="module")
def others(folder, start) -> Others:
    return Others.read(folder, start, workers=1)


def test_a_graph_whose_folder_says_so_is_held_out(others, folder):
    (trained,), (held_out,) = others.trained, others.held_out
    assert len(others) == len(trained.training) > 0 == len(held_out.training)
    assert (folder / "school-0" / "explanations.jsonl").is_file()
    assert not (folder / "dev-wine-0" / "explanations.jsonl").exists()
    assert others.measure().questions == len(held_out.dev.questions)


def test_all_graphs_share_the_weights_and_have_relations_of_their_own(others, start):
    for other in (*others.trained, *others.held_out):
        model = other.checkpoint.model
        assert model.decoder is start.model.decoder and model.encoder is start.model.encoder
        assert model.config.relations != start.config.relations


def test_batches_of_all_come_in_an_order_that_repeats_and_words_are_read_again(
    others, start, monkeypatch
):
    own, read = TrainingSet(others.trained[0].training.examples[:2]), []
    monkeypatch.setattr(module, "reread", read.append)

    def batches(count: int):
        return list(islice(others.beside(start, own, 0, 2), count))

    first = batches(4 * REFRESHED)
    assert [indices for *_, indices in first] == [indices for *_, indices in batches(len(first))]
    assert {id(training) for _, training, _ in first} == {
        id(own),
        id(others.trained[0].training),
    }
    other = others.trained[0].checkpoint
    visits = sum(checkpoint is other for checkpoint, *_ in first)
    assert sum(c is other for c in read) == 2 * -(-visits // REFRESHED)


def test_what_was_searched_is_read_again(others, folder, start, monkeypatch):
    monkeypatch.setattr("kgqa.training.explanations.Explainer", None)
    again = Others.read(folder, start, workers=1)
    assert len(again) == len(others)


def test_a_folder_without_graphs_is_a_sentence(tmp_path, start):
    with pytest.raises(DataError, match=r"no folder with train.jsonl"):
        Others.read(tmp_path, start)


def test_the_graph_itself_comes_under_other_names_too(folder, start, tmp_path, monkeypatch):
    one, *_ = start.graph.relations
    (folder / "synonyms.tsv").write_text(f"# names\n{one.id}\tsecond_name > called back\n", "utf-8")
    others = Others.read(folder, start, workers=1)
    (folder / "synonyms.tsv").unlink()
    monkeypatch.setattr(module, "reread", lambda checkpoint: None)
    own = others.trained[0].training  # stands in for questions about the graph itself
    taken = list(islice(others.beside(start, own, seed=0, size=1), 8 * len(own)))
    renamed = {id(c): c for c, _, _ in taken if c.graph is start.graph and c is not start}
    (checkpoint,) = renamed.values()
    share = sum(c is checkpoint for c, _, _ in taken) / sum(c is start for c, _, _ in taken)
    assert share == pytest.approx(1 / module.RENAMED, abs=0.2)
    words = set()
    for turn in range(30):
        rename(checkpoint, others.synonyms, random.Random(turn))
        words.add(checkpoint.config.relation_words[0])
    assert words == {start.graph.relation_words(0), "second name"}
    back = checkpoint.config.relation_words[len(start.graph.relations)]
    assert back in ("called back", one.inverse)
    assert checkpoint.config.relations == start.config.relations
    assert start.graph.relations[0] == one


@pytest.mark.parametrize("line", ["no such relation\tname", "director", "\tname"])
def test_names_for_a_relation_that_there_is_not_are_refused(line, start, tmp_path):
    path = tmp_path / "synonyms.tsv"
    path.write_text(f"# names\n{line}\n", "utf-8")
    with pytest.raises(DataError, match=r"synonyms\.tsv, line 2: expected a relation"):
        read_synonyms(path, start.graph.relation_index)


def test_the_default_graph_has_names_for_all_its_relations(default):
    path = Path(phrasings.__file__).with_name("synonyms.tsv")
    found = read_synonyms(path, default.relation_index)
    assert found.keys() == {relation.id for relation in default.relations}
    assert all(len(set(names)) >= 4 for names in found.values())
