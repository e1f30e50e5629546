r"""Synthetic graphs with power-law degrees, as graph folders, and questions that lead somewhere.

T source triples over E = T / 10 entities and 16 relations (32 with inverses), stored in both
directions as in every graph. A relation's share is proportional to 1 / its rank (Zipf). Entities
are drawn by rank^(-s), with s = 1/2 for heads and s = 3/4 for tails, so the tails' degrees follow a
power law of exponent 1 + 1/s = 2.3 (that of Freebase and Wikidata is between 2 and 2.5) and the
largest hub has 1 to 6% of the triples; each relation has its own order of ranks. Every entity has a
name of one word, the hardest case for the alias index and the speller.

A question is a walk over random edges from a seed that is itself the end of a random edge, so
well-connected entities are asked about more often and hubs are met at every hop. Of the mass of
each hop's relation distribution, ``concentration`` lies on the relation of the walk; the rest
halves from relation to relation in random order.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kgqa.graph import Graph
from kgqa.graph import folder as persist
from kgqa.graph.description import Description
from kgqa.graph.relation import Relation
from kgqa.graph.vocabulary import block

RELATIONS = 16
TRIPLES_AN_ENTITY = 10
#: An entity is E * u^exponent for uniform u, so its frequency is about rank^(1/exponent - 1).
HEAD_EXPONENT, TAIL_EXPONENT = 2, 4
VERSION = 1  # of the recipe; a folder made by another is made again
CHUNK = 2**22


def graph(folder: str | Path, triples: int) -> Graph:
    """The graph of about ``triples`` triples in ``folder``, made if it is not there."""
    folder = Path(folder)
    name = f"synthetic-{triples}-v{VERSION}"
    if not (folder / "graph.json").is_file() or persist.describe(folder).name != name:
        make(folder, triples, name)
    return Graph.load(folder)


def make(folder: Path, triples: int, name: str = "synthetic") -> None:
    """Write the graph, always the same one. Peak memory is about 45 bytes a triple."""
    entities = max(triples // TRIPLES_AN_ENTITY, 2)
    bits = (entities - 1).bit_length()
    keys = _keys(triples, entities, bits)  # [edges], head | relation | tail
    edges = len(keys)
    group_edge = np.append(_starts(keys >> bits), edges).astype(np.int32)
    pair = keys[group_edge[:-1]] >> bits
    arrays: dict[str, np.ndarray] = {
        "entity_group": np.searchsorted(pair >> 5, np.arange(entities + 1)).astype(np.int32),
        "group_relation": (pair & 31).astype(np.uint8),
        "group_edge": group_edge,
    }
    del pair
    keys &= (1 << bits) - 1
    arrays["tail"] = keys.astype(np.int32)
    del keys
    text, offset = names(entities)
    order = np.arange(entities, dtype=np.int32)
    arrays |= {
        "entity_kind": np.zeros(entities, np.uint8),
        "entity_description": np.zeros(entities, np.int32),
        "label_text": text,
        "label_offset": offset,
        "key_text": np.zeros(0, np.uint8),
        "key_offset": np.zeros(entities + 1, np.uint32),
        "description_text": np.zeros(0, np.uint8),
        "description_offset": np.zeros(2, np.uint32),
        "alias_text": text,
        "alias_offset": offset,
        "alias_entry": np.arange(entities + 1, dtype=np.int32),
        "alias_entity": order,
        "alias_kind": np.zeros(entities, np.uint8),
        "id_order": order,
        "number_entity": np.zeros(0, np.int32),
        "number_relation": np.zeros(0, np.int16),
        "number_value": np.zeros(0, np.float64),
        **_words(text, offset),
    }
    description = Description(
        name=name,
        entities=entities,
        triples=edges // 2,
        edges=edges,
        aliases=entities,
        kinds=("entity",),
        relations=tuple(
            Relation(f"relation {r}", f"relation {r}", f"inverse of {r}") for r in range(RELATIONS)
        ),
    )
    persist.save(folder, description, arrays)


def _keys(triples: int, entities: int, bits: int) -> np.ndarray:
    """Both directions of every triple, distinct and sorted: int64 [edges].

    A key is head << (5 + bits) | relation << bits | tail.
    """
    rng = np.random.default_rng(triples)
    share = 1 / np.arange(1, RELATIONS + 1)
    keys = np.empty(2 * triples, dtype=np.int64)
    for low in range(0, triples, CHUNK):
        n = min(CHUNK, triples - low)
        relation = rng.choice(RELATIONS, size=n, p=share / share.sum())
        head = _draw(rng, relation, entities, HEAD_EXPONENT, 0)
        tail = _draw(rng, relation, entities, TAIL_EXPONENT, RELATIONS)
        keys[2 * low : 2 * low + n] = (head << 5 | relation) << bits | tail
        keys[2 * low + n : 2 * (low + n)] = (tail << 5 | (relation + RELATIONS)) << bits | head
    keys.sort()
    return keys[np.append(True, keys[1:] != keys[:-1])]


def _draw(
    rng: np.random.Generator, relation: np.ndarray, entities: int, exponent: int, salt: int
) -> np.ndarray:
    """Entities by power law; each relation ranks them in an order of its own."""
    rank = (entities * rng.random(len(relation)) ** exponent).astype(np.int64)
    return (rank * 2_654_435_761 + (relation + salt) * 104_729_713) % entities


def _starts(pairs: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))


def names(count: int) -> tuple[np.ndarray, np.ndarray]:
    """(text, offset) of ``count`` words of six letters, ascending, all over the alphabet."""
    width = 6
    number = np.arange(count, dtype=np.int64) * (26**width // count)
    text = np.empty((count, width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        number, text[:, place] = number // 26, number % 26 + ord("a")
    return text.reshape(-1), (np.arange(count + 1) * width).astype(np.uint32)


def _words(text: np.ndarray, offset: np.ndarray) -> dict[str, np.ndarray]:
    """The word index of :func:`names`."""
    letters = np.bitwise_or.reduce(
        np.uint64(1) << (text % 64).astype(np.uint64).reshape(-1, 6), axis=1
    )
    count = np.ones(len(letters), np.int32)
    per_length = np.array([0] * 6 + [len(letters)])
    return {
        "word_text": text,
        "word_offset": offset,
        "word_count": count,
        "word_letters": letters,
        "word_block": block(per_length),
    }


@dataclass(frozen=True)
class Walks:
    """Questions of one kind: seeds and a relation distribution for each hop."""

    seeds: np.ndarray  #: int64 [N, S], ascending and distinct in each row
    relation: np.ndarray  #: float32 [N, H, 2R]


def walks(
    graph: Graph, count: int, *, seeds: int, concentration: float, hops: int = 3, seed: int = 1
) -> Walks:
    """``count`` questions of ``hops`` hops.

    Further seeds are drawn as the first one is; they need not be on the way.
    """
    rng = np.random.default_rng(seed)
    edges, width = len(graph.tail), 2 * RELATIONS
    starts = np.zeros((count, seeds), np.int64)
    relation = np.zeros((count, hops, width), np.float32)
    for i in range(count):
        entity = int(graph.tail[rng.integers(edges)])
        chosen = {entity}
        while len(chosen) < seeds:
            chosen.add(int(graph.tail[rng.integers(edges)]))
        starts[i] = sorted(chosen)
        for t in range(hops):  # with inverses stored, every entity has edges
            low, high = graph.group_edge[graph.entity_group[[entity, entity + 1]]].tolist()
            edge = int(rng.integers(low, high))
            group = int(np.searchsorted(graph.group_edge, edge, side="right")) - 1
            followed = int(graph.group_relation[group])
            relation[i, t] = distribution(followed, width, concentration, rng)
            entity = int(graph.tail[edge])
    return Walks(starts, relation)


def distribution(
    relation: int, width: int, concentration: float, rng: np.random.Generator
) -> np.ndarray:
    """float32 [width]: ``concentration`` on a relation, 1/2, 1/4, ... of the rest on the others."""
    rest = 0.5 ** np.arange(1, width)
    shares = rng.permutation(rest / rest.sum() * (1 - concentration))
    return np.insert(shares, relation, concentration).astype(np.float32)
