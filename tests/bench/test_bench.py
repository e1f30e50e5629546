"""Peers compute what follow computes, synthetic graphs are what they claim, the report is whole."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from kgqa.bench import follow, peers, synthetic
from kgqa.bench.opening import opening
from kgqa.bench.picture import picture
from kgqa.bench.report import OperatorRow, Report, Times, TimesRow
from kgqa.bench.targets import targets
from kgqa.cli import main
from kgqa.walk import ops
from kgqa.walk.ops import Frontier

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return synthetic.graph(tmp_path_factory.mktemp("bench") / "g", 3_000)


def test_the_synthetic_graph_has_inverses_and_hubs(graph):
    degree = graph.degree[range(graph.num_entities)]
    assert graph.num_entities == 300 and 0.5 * 3_000 < graph.num_triples <= 3_000
    assert degree.max() > 4 * degree.mean()
    for e in range(0, 300, 37):
        for r, tails in graph.groups(e):
            assert all(e in graph.tails(int(t), (r + 16) % 32) for t in tails)


def test_making_it_again_gives_the_same(graph, tmp_path):
    assert synthetic.graph(tmp_path, 3_000).fingerprint == graph.fingerprint


def test_every_name_of_the_synthetic_graph_is_found(graph):
    assert all(
        graph.aliases.find(graph.label(e)) == e and graph.label(e) in graph.words
        for e in range(graph.num_entities)
    )
    assert opening(graph, lookups=20).open_ms > 0


def test_walks_lead_somewhere_and_concentrate_as_asked(graph):
    asked = synthetic.walks(graph, 20, seeds=2, concentration=0.9)
    assert asked.relation.shape == (20, 3, 32) and (asked.seeds[:, 0] < asked.seeds[:, 1]).all()
    np.testing.assert_allclose(asked.relation.sum(-1), 1, rtol=1e-5)
    np.testing.assert_allclose(asked.relation.max(-1), 0.9)
    for seeds, relation in zip(asked.seeds, torch.from_numpy(asked.relation), strict=True):
        x = Frontier(torch.from_numpy(seeds), torch.ones(2))
        for r in relation:
            x, _ = ops.follow(graph, x, r, min_relation=0.5)
        assert len(x)


@pytest.mark.parametrize(
    "make",
    [peers.dense, peers.reifkb, lambda e: peers.reifkb(e, compressed=True), peers.per_relation],
)
def test_peers_compute_follow_with_gradients(graph, make):
    peer = make(peers.Edges.of(graph))
    asked = synthetic.walks(graph, 2, seeds=3, concentration=0.6)
    x = (
        torch.zeros(2, graph.num_entities)
        .scatter(1, torch.from_numpy(asked.seeds), 0.4)
        .requires_grad_()
    )
    r = torch.from_numpy(asked.relation[:, 0]).requires_grad_()
    theirs = peer.follow(x, r)
    weight = torch.arange(graph.num_entities).float()
    d_x, d_r = torch.autograd.grad((theirs * weight).sum(), (x, r))
    for i in range(2):
        w, q = torch.full((3,), 0.4, requires_grad=True), r[i].detach().clone().requires_grad_()
        mine, _ = ops.follow(graph, Frontier(torch.from_numpy(asked.seeds[i]), w), q)
        whole = torch.zeros(graph.num_entities).index_add(0, mine.ids, mine.weights)
        torch.testing.assert_close(whole, theirs[i].detach())
        m_w, m_r = torch.autograd.grad((mine.weights * weight[mine.ids]).sum(), (w, q))
        torch.testing.assert_close(m_w, d_x[i, asked.seeds[i]])
        torch.testing.assert_close(m_r, d_r[i])
    assert peer.bytes / len(graph.tail) > 10


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    plan = follow.Plan(sizes=(1_000, 4_000), seeds=(1, 2), batches=(1, 3), rounds=1, questions=5)
    return follow.measure(tmp_path_factory.mktemp("bench"), plan)


def test_the_report_has_every_row(report):
    assert len(report.times) == 2 * 2 * 2 * 2 and len(report.growth) == 8
    assert all(m.p10 <= m.p50 <= m.p90 for row in report.times for m in row.methods.values())
    sizes = {name: n for graph in report.graphs for name, n in graph.bytes_per_edge.items()}
    assert sizes["ReifKB"] == 60 and sizes["frontier"] < 12
    for row in report.budget:
        assert row.kept_by_budget["p50"] == pytest.approx(1) and 0 <= row.top_kept <= 1


def test_the_report_as_json_has_the_layout_of_the_one_that_is_shipped(report):
    shipped = json.loads((ROOT / "assets" / "bench.json").read_text(encoding="utf-8"))
    values = json.loads(json.dumps(report.to_dict()))
    assert values.keys() >= shipped.keys()
    for part in ("graphs", "times", "budget", "growth", "targets"):
        assert values[part][0].keys() >= shipped[part][0].keys()


def test_a_peer_that_takes_too_long_is_left_out(tmp_path):
    plan = follow.Plan(sizes=(1_000,), seeds=(1,), batches=(1, 2), rounds=1, questions=0, limit=0.0)
    rows = follow.measure(tmp_path, plan).times
    assert rows[0].methods["ReifKB"] is not None  # timed once to know
    assert {name for name, times in rows[2].methods.items() if times} == {"frontier"}


def row(triples: int, **methods: float | None) -> TimesRow:
    """Medians of one question from one seed."""
    times = {name: Times(p, p, p, 1) if p else None for name, p in methods.items()}
    return TimesRow(triples, 1, 1, "forward", times)


def test_growth_is_the_exponent():
    rows = [row(n, square=n**2, flat=3.0, gone=None) for n in (10, 100, 1000)]
    assert follow.growth(rows)[0].exponents == {"square": 2.0, "flat": 0.0}


def test_targets_compare_with_what_is_asked():
    small = row(100_000, frontier=1.0, ReifKB=9.0, dense=None)
    large = row(10_000_000, frontier=2.0, ReifKB=9000.0, dense=None)
    met = {t.figure: (t.value, t.met) for t in targets(Report("", {}, {}, times=(small, large)))}
    assert met["three hops, ReifKB / ours, 1e+07 triples"] == (4500, True)
    assert met["our latency, 1e+07 / 1e+05 triples"] == (2.0, False)


def test_the_picture_is_an_svg_with_every_method(report):
    text = picture(report)
    ElementTree.fromstring(text)
    assert all(name in text for name in ("frontier (ours)", "dense", "ReifKB, CSR", "10³"))
    with pytest.raises(ValueError, match="no times"):
        picture(report, seeds=5)


def test_bench_follow_writes_its_files(tmp_path, capsys):
    out, image = tmp_path / "b.json", tmp_path / "b.svg"
    options = f"--sizes 1e3 --folder {tmp_path} --json {out} --picture {image}"
    options = [*options.split(), *"--questions 3 --limit 0.01".split()]
    assert main(["bench", "follow", *options]) == 0
    assert (
        "dense / ours, least over all rows" in capsys.readouterr().out.splitlines()[-4:][0]
        or out.is_file()
    )
    assert json.loads(out.read_text())["targets"] and image.read_text().startswith("<svg")


@pytest.mark.parametrize("form", ["tsv", "ntriples"])
def test_bench_build_says_what_building_took(tmp_path, capsys, form):
    out = tmp_path / "b.json"
    more = ["--ntriples"] if form == "ntriples" else []
    options = ["--sizes", "2e3", "--folder", str(tmp_path), "--json", str(out), *more]
    assert main(["bench", "build", *options]) == 0
    (built,) = json.loads(out.read_text())["build"]
    assert (
        built["lines"] == 2000
        and 1_500 < built["triples"] <= 2_000
        and 100 < built["entities"] <= 202
    )
    assert (
        built["build_peak_bytes"] > 30e6
        and built["build_seconds"] > 0
        and built["graph_bytes"] > 10_000
    )
    assert f"{built['triples']:,} triples" in capsys.readouterr().out
    assert (tmp_path / "build-2000" / built["file"]).is_file()


def test_the_operators_have_a_row_for_each_size(report):
    assert [row.triples for row in report.operators] == [1_000, 4_000]
    for row in report.operators:
        names = {"frontier", "most (attribute)", "most (edges)", "often", "count"}
        assert set(row.methods) == names and all(t.n == 5 for t in row.methods.values())
        assert 1 <= row.entities["p50"] <= row.entities["p90"] <= row.triples / 10
    assert sum("operators over" in line for line in report.lines()) == 2


def test_the_target_of_operators_is_about_the_slowest_of_them():
    cost = {"frontier": Times(9, 9, 9, 1), "most": Times(0, 2, 3, 1), "count": Times(0, 0.1, 1, 1)}
    row = OperatorRow(10_000_000, {"p50": 1, "p90": 2}, cost)
    (target,) = targets(Report("", {}, {}, operators=(row,)))
    assert (target.value, target.met) == (2, False) and "operator" in target.figure
