"""Is a graph whole? Slow and plain, to compare with the check at opening."""

from __future__ import annotations

from collections import Counter

from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS
from kgqa.linking import Linker


def require_whole(graph: Graph) -> None:
    """Every entity, fact, alias and word can be asked for and is what it says."""
    _require_facts(graph)
    _require_names(graph)


def _require_facts(graph: Graph) -> None:
    half, there = graph.num_relations // 2, 0
    for entity in range(graph.num_entities):
        assert graph.find(graph.key(entity)) == entity
        assert graph.entity(entity).kind in graph.kinds
        groups = graph.groups(entity)
        assert graph.degree[entity] == sum(len(tails) for _, tails in groups)
        for relation, tails in groups:
            assert len(tails) and tails.tolist() == graph.tails(entity, relation).tolist()
            there += len(tails) if relation < half else 0
            for tail in tails.tolist():
                back = graph.tails(tail, graph.inverse(relation)).tolist()
                assert (entity in back) != graph.relations[relation % half].literal
        assert graph.neighbourhood(graph.key(entity)) is not None
        assert len(graph.facts(graph.key(entity))) <= sum(len(tails) for _, tails in groups)
    assert there == graph.num_triples == sum(r.triples for r in graph.relations)
    assert all(0 <= e < graph.num_entities for e in graph.numbers.entity.tolist())
    assert all(0 <= r < half for r in graph.numbers.relation.tolist())


def _require_names(graph: Graph) -> None:
    words: Counter[str] = Counter()
    linker = Linker(graph)
    for i in range(len(graph.aliases)):
        alias = graph.aliases[i]
        assert graph.aliases.find(alias) == i
        order = [(kind, -int(graph.degree[entity]), entity) for entity, kind in graph.entries(i)]
        assert order == sorted(set(order)) and order
        assert all(kind < len(ALIAS_KINDS) for kind, *_ in order)
        words.update(alias.split(" "))
        linker(f"Who knows {alias}?")
    assert len(graph.words) == len(words)
    for word, count in words.items():
        assert graph.words.count(word) == count
        assert word.isdigit() or word in graph.words.near(word, 1)
