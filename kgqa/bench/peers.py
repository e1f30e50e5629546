r"""The formulations that follow is measured against, each with its matrices in their best order.

*ReifKB* (Cohen et al. 2020, eq. 2): follow(x, r) = (x Ms^T * r Mr^T) Mo, sparse matrices with one
row a triple: Ms [T, E] its subject, Mr [T, R] its relation, Mo [T, E] its object. They are in
coordinate format with 64-bit indices, as published (TensorFlow's SparseTensor, torch's sparse_coo):
60 bytes a triple. ``ReifKB, CSR`` is the same in compressed rows, a stronger peer than any that was
published.

*One product a relation*: sum over p of r[p] * (x M_p), one sparse matrix [E, E] a relation (Cohen
et al. 2020, section 3.2 "naive mixing").

*Dense*: out[tail] += x[head] * r[relation] over all edges: gather, multiply, scatter_add.

All take x float [B, E] and r float [B, R], return float [B, E], and are differentiable in both.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kgqa.graph import Graph

#: From this many edges on, index arrays are 32 bits wide to save memory; torch is faster with 64.
WIDE = 50_000_000
Follow = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Peer:
    """A formulation over one graph."""

    follow: Follow
    bytes: int  #: of its matrices or index arrays


@dataclass(frozen=True)
class Edges:
    """Every edge of a graph, inverses included."""

    head: Tensor  #: int [T], ascending
    relation: Tensor  #: int [T]
    tail: Tensor  #: int [T]
    entities: int
    relations: int

    @classmethod
    def of(cls, graph: Graph) -> Edges:
        degree = np.diff(np.asarray(graph.group_edge)[graph.entity_group])
        heads = np.repeat(np.arange(graph.num_entities, dtype=np.int32), degree)
        labels = np.repeat(graph.group_relation.astype(np.int32), np.diff(graph.group_edge))
        width = torch.int64 if len(graph.tail) < WIDE else torch.int32
        arrays = heads, labels, np.array(graph.tail)
        head, relation, tail = (torch.from_numpy(array).to(width) for array in arrays)
        return cls(head, relation, tail, graph.num_entities, graph.num_relations)

    def __len__(self) -> int:
        return self.head.numel()


def _matrix(row: Tensor, column: Tensor, shape: tuple[int, int], *, compressed: bool) -> Tensor:
    """A sparse matrix of ones in row order; sorts if the rows are not ascending."""
    row, column = row.long(), column.long()
    ones = torch.ones(row.numel())
    if bool((row[1:] < row[:-1]).any()):
        order = torch.argsort(row, stable=True)
        row, column = row[order], column[order]
    if compressed:
        bounds = torch.searchsorted(row, torch.arange(shape[0] + 1))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
            return torch.sparse_csr_tensor(bounds, column, ones, shape, check_invariants=False)
    return torch.sparse_coo_tensor(
        torch.stack([row, column]), ones, shape, is_coalesced=True, check_invariants=False
    )


def reifkb(edges: Edges, *, compressed: bool = False) -> Peer:
    """Three matrices; ``compressed``: in compressed rows."""
    each, n = torch.arange(len(edges)), len(edges)
    subject = _matrix(each, edges.head, (n, edges.entities), compressed=compressed)
    relation = _matrix(each, edges.relation, (n, edges.relations), compressed=compressed)
    object_ = _matrix(edges.tail, each, (edges.entities, n), compressed=compressed)  # Mo^T

    def follow(x: Tensor, r: Tensor) -> Tensor:
        triples = torch.sparse.mm(subject, x.T) * torch.sparse.mm(relation, r.T)  # [T, B]
        return torch.sparse.mm(object_, triples).T

    return Peer(follow, sum(map(_bytes, (subject, relation, object_))))


def per_relation(edges: Edges) -> Peer:
    """One CSR matrix a relation."""
    matrices, shape = [], (edges.entities, edges.entities)
    for p in range(edges.relations):
        mine = (edges.relation == p).nonzero().squeeze(1)
        matrices.append(_matrix(edges.tail[mine], edges.head[mine], shape, compressed=True))

    def follow(x: Tensor, r: Tensor) -> Tensor:
        wide = x.T.contiguous()
        return sum(torch.sparse.mm(m, wide * r[:, p]) for p, m in enumerate(matrices)).T

    return Peer(follow, sum(map(_bytes, matrices)))


def dense(edges: Edges) -> Peer:
    """Index arrays; one question after the other, which is faster than together on a CPU."""

    def one(x: Tensor, r: Tensor) -> Tensor:
        mass = x.index_select(0, edges.head) * r.index_select(0, edges.relation)
        return x.new_zeros(edges.entities).index_add(0, edges.tail, mass)

    def follow(x: Tensor, r: Tensor) -> Tensor:
        return torch.stack([one(a, b) for a, b in zip(x, r, strict=True)])

    return Peer(follow, 3 * edges.head.element_size() * len(edges))


def _bytes(matrix: Tensor) -> int:
    coordinates = matrix.layout == torch.sparse_coo
    parts = [matrix.values()]
    parts += [matrix.indices()] if coordinates else [matrix.crow_indices(), matrix.col_indices()]
    return sum(p.numel() * p.element_size() for p in parts)
