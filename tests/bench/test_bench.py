"""Peers compute what follow computes, synthetic graphs are as described, reports are whole."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from kgqa.bench import follow, peers, synthetic
from kgqa.bench.opening import opening
from kgqa.bench.picture import picture
from kgqa.bench.targets import targets
from kgqa.cli import main
from kgqa.walk import ops
from kgqa.walk.ops import Frontier


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
    assert opening(graph, lookups=20)["open_ms"] > 0


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
    peer, used = make(peers.Edges.of(graph))
    asked = synthetic.walks(graph, 2, seeds=3, concentration=0.6)
    x = (
        torch.zeros(2, graph.num_entities)
        .scatter(1, torch.from_numpy(asked.seeds), 0.4)
        .requires_grad_()
    )
    r = torch.from_numpy(asked.relation[:, 0]).requires_grad_()
    theirs = peer(x, r)
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
    assert used / len(graph.tail) > 10


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    plan = follow.Plan(sizes=(1_000, 4_000), seeds=(1, 2), batches=(1, 3), rounds=1, questions=5)
    return follow.measure(tmp_path_factory.mktemp("bench"), plan)


def test_the_report_has_every_row(report):
    assert len(report["times"]) == 2 * 2 * 2 * 2 and len(report["growth"]) == 8
    assert all(
        m["p10"] <= m["p50"] <= m["p90"] for row in report["times"] for m in row["methods"].values()
    )
    sizes = {name: n for graph in report["graphs"] for name, n in graph["bytes_per_edge"].items()}
    assert sizes["ReifKB"] == 60 and sizes["frontier"] < 12
    assert all(
        row["kept_by_budget"]["p50"] == pytest.approx(1) and 0 <= row["top_kept"] <= 1
        for row in report["budget"]
    )
    json.dumps(report)


def test_a_peer_that_takes_too_long_is_left_out(tmp_path):
    plan = follow.Plan(sizes=(1_000,), seeds=(1,), batches=(1, 2), rounds=1, questions=0, limit=0.0)
    rows = follow.measure(tmp_path, plan)["times"]
    assert rows[0]["methods"]["ReifKB"] is not None  # timed once to know
    assert rows[2]["methods"] == {
        name: None if name != "frontier" else rows[2]["methods"]["frontier"]
        for name in rows[2]["methods"]
    }


def test_growth_is_the_exponent(report):
    times = [
        {
            "triples": n,
            "seeds": 1,
            "batch": 1,
            "mode": "forward",
            "methods": {"square": {"p50": n**2}, "flat": {"p50": 3.0}, "gone": None},
        }
        for n in (10, 100, 1000)
    ]
    assert follow.growth(times)[0]["exponents"] == {"square": 2.0, "flat": 0.0}


def test_targets_compare_with_what_is_asked():
    def row(triples, ours, reifkb):
        return {
            "triples": triples,
            "seeds": 1,
            "batch": 1,
            "mode": "forward",
            "methods": {"frontier": {"p50": ours}, "ReifKB": {"p50": reifkb}, "dense": None},
        }

    found = targets(
        {
            "times": [row(100_000, 1.0, 9.0), row(10_000_000, 2.0, 9000.0)],
            "graphs": [],
            "budget": [],
        }
    )
    said = {r["figure"]: (r["value"], r["met"]) for r in found}
    assert said["three hops, ReifKB / ours, 1e+07 triples"] == (4500, True)
    assert said["our latency, 1e+07 / 1e+05 triples"] == (2.0, False)


def test_the_picture_is_an_svg_with_every_method(report):
    text = picture(report)
    ElementTree.fromstring(text)
    assert all(name in text for name in ("frontier (ours)", "dense", "ReifKB, CSR", "10³"))
    with pytest.raises(ValueError, match="no times"):
        picture(report, seeds=5)


def test_bench_follow_writes_its_files(tmp_path, capsys):
    out, image = tmp_path / "b.json", tmp_path / "b.svg"
    options = f"--sizes 1e3 --folder {tmp_path} --json {out} --picture {image}".split()
    options += "--questions 3 --limit 0.01".split()
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
    options = f"--sizes 2e3 --folder {tmp_path} --json {out}".split()
    assert main(["bench", "build", *options, *more]) == 0
    (row,) = json.loads(out.read_text())["build"]
    assert row["lines"] == 2000 and 1_500 < row["triples"] <= 2_000 and 100 < row["entities"] <= 202
    assert (
        row["build_peak_bytes"] > 30e6 and row["build_seconds"] > 0 and row["graph_bytes"] > 10_000
    )
    assert f"{row['triples']:,} triples" in capsys.readouterr().out
    assert (tmp_path / "build-2000" / row["file"]).is_file()
