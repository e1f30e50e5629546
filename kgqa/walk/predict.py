"""From linked questions to answer sets, many at a time: the tensors' side of inference, shared by use and evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.linking import Link
from kgqa.model.batch import Batch, Batcher, Encoded
from kgqa.model.network import KGQAModel
from kgqa.model.outputs import ModelOutput
from kgqa.walk import ops
from kgqa.walk.walk import Walk, committed, walk_many

REFUSE = 0.5  # the question is not answered if P(no answer) is at least this ...
REFUSE_SEVERAL = 0.9  # ... or this, if several mentions would take part: where nothing lies on all their paths, that refuses, too


@dataclass(frozen=True)
class Settings:
    """Ways to run the same checkpoint; the defaults are use, the others are ablations and hand-made edits."""

    intersect: bool = True
    max_hops: int | None = None
    min_relation: float = ops.MIN_RELATION
    budget: int = ops.EDGE_BUDGET
    refuse: bool = True


@dataclass(frozen=True)
class Prediction:
    """What the model did with one question."""

    spans: tuple[int, ...]  #: the set of proposals it commits to; () is "no answer"
    probability: float  #: P(spans)
    walk: Walk | None
    answers: ops.Frontier  #: the answer set, heaviest first
    refused: float  #: P(no answer)


def adjacency(graph: Graph) -> ops.Adjacency:
    return ops.Adjacency(graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)


def to_cpu(output: ModelOutput) -> ModelOutput:
    """The output with its tensors on the CPU, where the graph is."""
    return replace(output, **{k: v.cpu() for k, v in vars(output).items() if isinstance(v, Tensor)})


def decide(output: ModelOutput, b: int, *, refuse: bool = True) -> tuple[int, float, float]:
    """(index of the chosen set, its probability, P(no answer)) of question b."""
    scores = output.set_scores[b, : len(output.sets[b])].exp()
    refused = float(scores[0])
    if len(scores) == 1:
        return 0, refused, refused
    best = int(scores[1:].argmax()) + 1
    if refuse and refused >= (REFUSE if len(output.sets[b][best]) == 1 else REFUSE_SEVERAL):
        return 0, refused, refused
    return best, float(scores[best]), refused


def predict_many(
    graph: ops.Adjacency,
    batch: Batch,
    output: ModelOutput,
    questions: Sequence[int],
    threshold: float,
    settings: Settings = Settings(),
) -> list[Prediction]:
    """Choose a set of mentions for each question of the batch and walk from all of them together."""
    chosen = [decide(output, b, refuse=settings.refuse) for b in questions]
    spans = [output.sets[b][index] for b, (index, _, _) in zip(questions, chosen, strict=True)]
    walks = iter(
        walk_many(
            graph,
            batch,
            output,
            [(b, one) for b, one in zip(questions, spans, strict=True) if one],
            min_relation=settings.min_relation,
            budget=settings.budget,
            intersect=settings.intersect,
            max_hops=settings.max_hops,
        )
    )
    found = []
    for one, (_, probability, refused) in zip(spans, chosen, strict=True):
        if one:
            walk = next(walks)
            found.append(
                Prediction(one, probability, walk, committed(walk.result, threshold), refused)
            )
        else:
            nothing = ops.Frontier(torch.zeros(0, dtype=torch.long), torch.zeros(0))
            found.append(Prediction((), probability, None, nothing, refused))
    return found


def predict_one(
    graph: ops.Adjacency,
    batch: Batch,
    output: ModelOutput,
    b: int,
    threshold: float,
    settings: Settings = Settings(),
) -> Prediction:
    """:func:`predict_many` for question ``b``."""
    return predict_many(graph, batch, output, [b], threshold, settings)[0]


def run(
    model: KGQAModel, batcher: Batcher, items: list[Encoded], *, size: int = 64
) -> Iterator[tuple[list[int], Batch, ModelOutput]]:
    """(indices, batch, output) for all items, similar lengths together; batch and output on the CPU."""
    device = next(model.parameters()).device
    order = sorted(range(len(items)), key=lambda i: len(items[i].tokens))
    for low in range(0, len(order), size):
        indices = order[low : low + size]
        batch = batcher.collate([items[i] for i in indices])
        with torch.inference_mode():
            output = to_cpu(model(batch.to(device)))
        yield indices, batch, output


def oracle(output: ModelOutput, batch: Batch, b: int, link: Link, topics: list[int]) -> ModelOutput:
    """The output with the gold topic entities imposed on question b: its mentions and entities, nothing else."""
    sets, scores, candidates = output.sets, output.set_scores.clone(), output.candidates.clone()
    chosen: list[int] = []
    for topic in topics:
        homes = [s for s, p in enumerate(link.proposals) if topic in p.entities and s not in chosen]
        homes = [
            s
            for s in homes
            if not any(link.proposals[s].overlaps(link.proposals[c]) for c in chosen)
        ]
        if homes:
            weight = {
                s: float(
                    scores[b][
                        [s in one for one in sets[b]] + [False] * (scores.shape[1] - len(sets[b]))
                    ]
                    .exp()
                    .sum()
                )
                for s in homes
            }
            best = max(
                homes, key=lambda s: (weight[s], link.proposals[s].last - link.proposals[s].first)
            )
            chosen.append(best)
            row = torch.full_like(candidates[b, best], -1e4)
            row[link.proposals[best].entities.index(topic)] = 0.0
            candidates[b, best] = row
    if not chosen:
        return output
    only = tuple(sorted(chosen))
    rows = list(sets)
    rows[b] = ((), only)
    scores[b] = float("-inf")
    scores[b, 1] = 0.0
    return replace(output, sets=tuple(rows), set_scores=scores, candidates=candidates)
