"""The model card of a checkpoint: README.md beside its weights, which the Hub shows.

Every figure comes from metrics.json, and what the graph holds and lacks from the graph; so another
checkpoint gets a card of its own. ``kgqa card --checkpoint DIR`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.checkpoint import Checkpoint

_HEADER = """---
license: apache-2.0
language: en
library_name: kgqa
base_model: sentence-transformers/all-MiniLM-L6-v2
pipeline_tag: question-answering
tags:
  - knowledge-graph
  - entity-linking
  - differentiable-knowledge-graph
---

"""
_USE = """## Use

```python
from kgqa import Pipeline

print(Pipeline.load("{folder}").answer("{example}"))
```

It is made for teaching and research: to see how a neural model can reason over a graph step by
step, and where it fails. Do not use it for decisions about people or as a source of facts.

"""
_METHOD = """## Method

One model does the work of two EMNLP 2021 papers: it resolves entities itself ([Oliya et
al.](https://arxiv.org/abs/2109.05817)) and intersects the walks from several mentions ([Sen et
al.](https://arxiv.org/abs/2109.05808)), on top of ReifKB ([Cohen et
al.](https://arxiv.org/abs/2002.06115)). It was trained on pairs of a question and its answers, with
no gold entity, span or path: first on all walks that explain the answers, then through follow and
intersect themselves. The encoder is all-MiniLM-L6-v2, fine-tuned.

"""
_LIMITS = """## Limits

- English only; at most {mentions} mentions, {hops} hops from each and {after} after an
  intersection.
{beyond}
- Probabilities are calibrated on dev questions of its own kind; people ask in other ways.
"""


_PLAIN = """- It follows and intersects. Counts, comparisons, "not" and "the longest" are beyond
  it; it is trained to refuse them, and does not always."""
_OPERATORS = """- It counts, adds up, compares, subtracts and says yes or no. Averages, shares,
  forecasts and several questions at once are beyond it; it is trained to refuse them, and does
  not always."""


def model_card(checkpoint: Checkpoint, *, place: str = "") -> str:
    """The card as Markdown with the Hub's front matter.

    ``place``: where people open the checkpoint, such as "owner/name"; by default its folder.
    """
    config, graph = checkpoint.config, checkpoint.graph
    parameters = sum(p.numel() for p in checkpoint.model.parameters())
    example = checkpoint.examples[0]["question"] if checkpoint.examples else "Who ...?"
    about = (
        f"# {config.name}\n\nAnswers questions over a knowledge graph, *{graph.name}* "
        f"({graph.num_entities:,} entities, {graph.num_triples:,} facts), and shows every step.\n"
        f"{parameters / 1e6:.0f} million parameters; runs on a CPU.\n\n"
    )
    folder = place or config.name
    if not place and checkpoint.folder and not checkpoint.folder.is_absolute():
        folder = str(checkpoint.folder)
    limits = _LIMITS.format(
        mentions=config.max_mentions,
        hops=config.max_hops,
        after=config.max_after,
        beyond=_OPERATORS if config.operators else _PLAIN,
    )
    return "".join(
        [
            _HEADER,
            about,
            _USE.format(folder=folder, example=example),
            _results(checkpoint.metrics),
            _METHOD,
            limits,
            *(f"- Not in the graph: {line[0].lower()}{line[1:]}\n" for line in graph.missing),
            "\n## Sources\n\n",
            *(f"- {s.name}: {s.source} ({s.licence})\n" for s in graph.sources),
        ]
    )


def _results(metrics: dict) -> str:
    """The tables of scores; nothing for a checkpoint that was not measured."""
    shapes = metrics.get("by_shape")
    if not shapes:
        return ""
    rows = [[name, *_scores(row)] for name, row in sorted(shapes.items())]
    rows.append(["all", *_scores(metrics)])
    table = _table(["questions", "n", "Hits@1", "exact set", "F1"], rows)
    ablations = [
        [name, f"{row['hits_at_1']:.1f}", f"{row['exact_match']:.1f}"]
        for name, row in metrics.get("ablations", {}).items()
    ]
    ablated = _table(["the same checkpoint with", "Hits@1", "exact set"], ablations)
    return (
        f"## Results\n\nQuestions of the {metrics['split']} split, percent; entities resolved by "
        f"the model.\n\n{table}\n"
        f"Expected calibration error {metrics['calibration_error']}%. "
        f"{metrics['refused_answerable']}% of the answerable questions are refused, and "
        f"{metrics['recognised_unanswerable']}% of the unanswerable ones recognised.\n\n"
        f"{ablated if ablations else ''}\n"
        f"Printed by\n\n```sh\n{metrics['command']}\n```\n\n"
    )


def _scores(row: dict) -> list[str]:
    percents = (f"{row[key]:.1f}" for key in ("hits_at_1", "exact_match", "f1"))
    return [f"{row['questions']:,}", *percents]


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
