"""kgqa graph and kgqa data: tables in, graphs and questions out."""

from __future__ import annotations

from kgqa import questions as question_files
from tests.cli.running import sentence


def test_graph_info_shows_what_the_default_graph_holds(run, default, default_folder):
    code, out, _ = run("graph", "info", "--out", default_folder)
    assert code == 0
    first, kinds, *relations = out.splitlines()
    assert (
        f"{default.num_entities:,} entities" in first
        and f"{default.num_triples:,} triples" in first
        and "MB" in first
    )
    assert (
        sum(int(part.split()[0].replace(",", "")) for part in kinds.split(", "))
        == default.num_entities
    )
    assert "17,470 film" in kinds and "740 artwork" in kinds and "318 museum" in kinds
    assert len(relations) == len(default.relations)
    assert any("cast member  / acted in" in line for line in relations) and any(
        "run time  (literal)" in line for line in relations
    )


def test_graph_info_of_no_graph_is_a_sentence(run, tmp_path):
    code, out, err = run("graph", "info", "--out", tmp_path)
    assert code == 2 and out == "" and sentence(err) and "graph.json" in err


def test_graph_build_from_tables(run, tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAnn\nb\tBob\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\tknows\tb\n", encoding="utf-8")
    code, out, _ = run("graph", "build", "--tables", tmp_path, "--out", tmp_path / "graph")
    assert code == 0 and "2 entities, 1 triples" in out and "fingerprint" in out


def test_graph_build_names_a_malformed_line(run, tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAnn\nb\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\tknows\ta\n", encoding="utf-8")
    code, _, err = run("graph", "build", "--tables", tmp_path, "--out", tmp_path / "graph")
    assert code == 2 and sentence(err) and "entities.tsv, line 2" in err
    assert not (tmp_path / "graph" / "graph.json").exists()


def test_data_writes_three_files(run, default_folder, tmp_path, monkeypatch):
    from kgqa.films import phrasings

    few = [k for k in phrasings.read() if k.name in {"country-capital", "no-chitchat"}]
    monkeypatch.setattr(phrasings, "read", lambda *file: [] if file else few)
    sizes = "--per-kind 3 --per-kind-held-out 2".split()
    code, out, _ = run("data", "--graph", default_folder, "--out", tmp_path / "q", *sizes)
    assert code == 0 and all(f"{s}:" in out for s in ("train", "dev", "test"))
    assert len(question_files.read(tmp_path / "q" / "train.jsonl")) == 6
    assert len(question_files.read(tmp_path / "q" / "test.jsonl")) == 4


def test_graph_build_from_files_says_what_it_read_and_what_it_changed(run, tmp_path):
    (tmp_path / "facts.csv").write_text("head,relation,tail\nOslo,in,\x1b[31mNorway\na,,b\n")
    code, out, _ = run("graph", "build", tmp_path / "facts.csv", "--out", tmp_path / "graph")
    assert code == 0 and "2 entities, 1 triples" in out and "\x1b" not in out
    assert "read facts.csv: facts" in out
    assert "note: 1 header rows (facts.csv: head, relation, tail)" in out
    assert "note: 1 facts with an empty cell (facts.csv, line 3)" in out


def test_graph_build_goes_on_after_malformed_rows_if_told_so(run, tmp_path):
    file, graph = tmp_path / "facts.csv", tmp_path / "graph"
    file.write_text("Oslo,in,Norway\na,b,c,d\n")
    code, _, err = run("graph", "build", file, "--out", graph)
    assert code == 2 and sentence(err) and "facts.csv, line 2" in err and "--skip-malformed" in err
    code, out, _ = run("graph", "build", file, "--skip-malformed", "--out", graph)
    assert code == 0 and "note: 1 rows that could not be read" in out


def test_files_need_a_place_for_their_graph(run, tmp_path):
    """Without one, the graph of the default checkpoint would be overwritten."""
    for arguments in (
        ("build", tmp_path / "x.csv"),
        ("info", tmp_path / "x.csv", "--out", tmp_path),
    ):
        code, out, err = run("graph", *arguments)
        assert code == 2 and out == "" and sentence(err) and "--out FOLDER" in err
