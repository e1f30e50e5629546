"""What the page gets: the functions behind it, and what model and graph say of themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from kgqa.checkpoint import Checkpoint
    from kgqa.inference import Pipeline
    from kgqa.ui.figure import Chosen, Figure
    from kgqa.ui.said import Feedback
    from kgqa.ui.service import Card, Example, Service

T = TypeVar("T")
MOST_EXAMPLES = 12

log = logging.getLogger(__name__)


def page_service(
    pipeline: Pipeline,
    lend: Callable[[Callable], Callable] | None = None,
    *,
    patience: float = 20.0,
    feedback: Feedback | None = None,
) -> Service:
    """The functions behind the page: a pipeline, and the same network over the toy graph.

    Args:
        patience: seconds in which examples are looked for, where the checkpoint has none.
        feedback: where what people say of answers is kept (``kgqa.serve.feedback``).
    """
    from kgqa.graph.export import FORMATS
    from kgqa.graph.facets import facets
    from kgqa.graph.toy import all_facts
    from kgqa.inference.check import check
    from kgqa.inference.fidelity import fidelity
    from kgqa.inference.toy import toy_pipeline
    from kgqa.inference.worked import worked
    from kgqa.serve.further import Further
    from kgqa.ui.service import Service, Toy

    toy, threshold = toy_pipeline(pipeline), pipeline.checkpoint.config.answer_threshold
    for served in (pipeline, toy):
        if lend is not None and served is not None:
            served.reader.forward = lend(served.reader.forward)
    card = page_card(pipeline, patience)
    examples = [e.question for e in card.examples if "not" not in e.kind.split()]
    return Service(
        pipeline.answer,
        card,
        neighbourhood=pipeline.graph.neighbourhood,
        search=pipeline.named,
        complete=pipeline.complete,
        facets=partial(facets, pipeline.graph),
        further=Further(pipeline, examples),
        figure=_figure(pipeline, card.lesson.figure, threshold),
        toy=Toy(toy.answer, all_facts(toy.graph)) if toy else None,
        worked=cache(partial(worked, pipeline.graph, threshold)),
        stages=pipeline.stages,
        feedback=feedback,
        exports=FORMATS,
        why=lambda trace, network: pipeline.why(  # a lent GPU is for questions
            trace, network=network and lend is None
        ),
        fidelity=partial(
            fidelity, graph=pipeline.graph, min_relation=pipeline.settings.min_relation
        ),
        check=partial(
            check,
            graph=pipeline.graph,
            threshold=threshold,
            min_relation=pipeline.settings.min_relation,
        ),
    )


def _figure(pipeline: Pipeline, chosen: Chosen, threshold: float) -> Figure | None:
    """The lesson's figure; a graph that it cannot be made of is served all the same."""
    from kgqa.serve.figure import figure

    try:
        return figure(pipeline.graph, chosen, threshold)
    except (ValueError, IndexError, KeyError):
        log.exception("The lesson's figure could not be made")
        return None


def page_card(pipeline: Pipeline, patience: float = 20.0) -> Card:
    """What the page says about a pipeline's checkpoint and graph."""
    from kgqa import __version__
    from kgqa.inference.operators import choices
    from kgqa.serve.covers import covers
    from kgqa.ui import service
    from kgqa.ui.service import Card, Failure, Lesson, Metrics, RelationCount, Source

    checkpoint, graph = pipeline.checkpoint, pipeline.graph
    config = checkpoint.config
    relations = [
        RelationCount(r.id, r.label, "" if r.literal else r.inverse, r.triples)
        for r in graph.relations
    ]
    kept = {
        group: tuple(service.Operator(id, label) for id, label in entries)
        for group, entries in choices(graph).items()
    }
    return Card(
        model=config.name,
        version=__version__,
        device=str(checkpoint.device),
        parameters=sum(p.numel() for p in checkpoint.model.parameters()),
        mentions=config.max_mentions,
        hops=config.max_hops,
        hops_after=config.max_after,
        operators=config.operators,
        metrics=_read(checkpoint, "metrics.json", Metrics, Metrics()),
        examples=_examples(pipeline, patience)[:MOST_EXAMPLES],
        failures=_read(checkpoint, "failures.json", tuple[Failure, ...], ()),
        lesson=_read(checkpoint, "lesson.json", Lesson, Lesson()),
        graph=graph.name,
        entities=graph.num_entities,
        triples=graph.num_triples,
        kinds=tuple(graph.kinds),
        covers=covers(graph),
        relations=tuple(relations),
        choices=kept if config.operators else {},
        readouts=tuple(config.readouts) if config.operators else (),
        sources=tuple(Source(s.name, s.source, s.licence) for s in graph.sources),
        missing=graph.missing,
        read=graph.read,
        notes=tuple(map(str, graph.notes)),
        unseen=checkpoint.unseen,
    )


def _examples(pipeline: Pipeline, patience: float) -> tuple[Example, ...]:
    """Those of the checkpoint; where it has none, such as are written and then answered rightly."""
    from kgqa.serve.examples import written
    from kgqa.ui.service import Example

    own: tuple[Example, ...] = ()
    own = _read(pipeline.checkpoint, "examples.json", tuple[Example, ...], own)
    return own if own or not pipeline.checkpoint.unseen else written(pipeline, patience=patience)


def _read(checkpoint: Checkpoint, name: str, kind: Any, default: T) -> T:
    """A file of a checkpoint as a dataclass; the default if it is missing or not readable."""
    from pydantic import TypeAdapter

    try:
        return TypeAdapter(kind).validate_python(checkpoint.beside(name))
    except ValueError:
        return default
