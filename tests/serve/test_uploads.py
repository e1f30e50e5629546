"""What becomes of the files of a visitor, with a random model."""

import pytest

from kgqa.errors import GraphError
from kgqa.inference import Pipeline
from kgqa.serve import uploads
from kgqa.trace import OUTCOMES

TABLE = b"id,name,city\nS1,Norfield Metals,Leeds\nS2,Hagen Steel,Hamburg\n"


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(uploads.tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def pipeline(tiny_checkpoint):
    return Pipeline.load(tiny_checkpoint, device="cpu")


def test_the_same_weights_answer_over_a_visitors_files(pipeline, temporary):
    service = uploads.opener(pipeline).open([("suppliers.csv", TABLE)])
    card = service.card
    assert card.unseen and card.visitors and card.graph == "suppliers" and service.toy is None
    assert [e.label for e in service.search("hagen steel")] == ["Hagen Steel"]
    assert service.ask("Which city has Hagen Steel?").outcome in OUTCOMES
    assert pipeline.graph.name == "toy" and not pipeline.checkpoint.unseen
    assert list(temporary.iterdir()) == []


def test_names_of_files_lead_nowhere_and_wrong_files_leave_nothing(pipeline, temporary, tmp_path):
    files = [(name, TABLE) for name in ("../../x.csv", "/etc/passwd", "..", "", "a\0*?.csv", "a")]
    folder = tmp_path / "written"
    paths = uploads._write([*files, ("x.csv", b"2")], folder)
    assert len(set(paths)) == 7 and {path.parent for path in paths} == {folder}
    assert paths[0].name == "x.csv" and all("*" not in path.name for path in paths)
    with pytest.raises(GraphError, match=r"empty\.csv"):
        uploads.opener(pipeline).open([("empty.csv", b"")])
    assert list(temporary.iterdir()) == []


def test_too_many_relations_or_facts_are_refused(pipeline, temporary, monkeypatch):
    monkeypatch.setattr(uploads, "RELATIONS", 1)
    with pytest.raises(GraphError, match="relations; at most 1 fit"):
        uploads.opener(pipeline).open([("suppliers.csv", TABLE)])
    monkeypatch.setattr(uploads, "RELATIONS", 500)
    monkeypatch.setattr(uploads, "LONGEST", 3)
    with pytest.raises(GraphError, match="more than 3 characters"):
        uploads.opener(pipeline).open([("suppliers.csv", TABLE)])
    monkeypatch.setattr(uploads, "TRIPLES", 1)
    with pytest.raises(GraphError):
        uploads.opener(pipeline).open([("suppliers.csv", TABLE)])
