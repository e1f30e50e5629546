"""A model's output written by hand, and three questions that many tests script."""

from __future__ import annotations

from dataclasses import replace

import torch

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES, RANKS, Operator, operator_words, position_of
from kgqa.linking.ranges import parse_range
from kgqa.model.batch import CANDIDATE_FEATURES, SPAN_FEATURES, Batch
from kgqa.model.config import ModelConfig
from kgqa.model.outputs import ModelOutput
from kgqa.trace import Trace
from tests.toy import CLONES, HANKS, PADME, PHANTOM

STAR_WARS = {f"film:{PHANTOM}": 0.6, f"film:{CLONES}": 0.4}
ACTOR = "person:Tom Hanks"


class Script:
    """Writes the model's output for a linked question by hand, so that its answer is known.

    >>> script = Script(graph, link)
    >>> script.mention("Mona Lisa", {"artwork:Mona Lisa": 1.0}, ["exhibited at", "located in"])
    >>> script.output()

    A step of a path is a relation, or {relation: probability}. Without ``stop``, the walk stops
    for sure after the last step. With ``operators`` a step may be "most(run time, 2)", a candidate
    may be the id of a range, and branches can be subtracted, united and read out.
    """

    def __init__(
        self, graph: Graph, link, *, hops: int = 3, hops_after: int = 2, operators: bool = False
    ):
        self.graph, self.link, self.operators = graph, link, operators
        s, r = len(link.proposals), graph.num_relations * (len(NAMES) if operators else 1)
        c = max(len(p.entities) for p in link.proposals)
        self.entities = torch.zeros(1, s, c, dtype=torch.long)
        self.mask = torch.zeros(1, s, c, dtype=torch.bool)
        self.candidates = torch.zeros(1, s, c)
        for i, p in enumerate(link.proposals):
            n = len(p.entities)
            self.entities[0, i, :n], self.mask[0, i, :n] = torch.tensor(p.entities), True
            self.candidates[0, i, :n] = 1 / n
        self.relations = torch.full((1, s, hops, r), 1 / r)
        self.stop = torch.zeros(1, s, hops + 1)
        self.stop[..., 0] = 1
        self.after_relations = torch.full((1, hops_after, r), 1 / r)
        self.after_stop = torch.zeros(1, hops_after + 1)
        self.after_stop[..., 0] = 1
        self.rank = torch.zeros(1, s, hops, RANKS)
        self.after_rank = torch.zeros(1, hops_after, RANKS)
        self.rank[..., 0] = self.after_rank[..., 0] = 1
        self.negated = torch.zeros(1, s)
        self.either, self.readout, self.impossible = 0.0, {"": 1.0}, 0.0
        attributes = graph.numbers.attributes if operators else ()
        self.attributes = tuple(graph.relation_id(a) for a in attributes)
        self.excluded = 0.0
        self.used: list[int] = []
        self.answered = 1.0

    def span(self, text: str) -> int:
        return next(i for i, p in enumerate(self.link.proposals) if self.link.text(p) == text)

    def _fill(self, relations, ranks, stop, path, stops) -> None:
        """Several ranks of an operator at a hop share its probability."""
        for t, step in enumerate(path):
            relations[t], shares = 0, torch.zeros(RANKS)
            for name, p in (step if isinstance(step, dict) else {step: 1.0}).items():
                entry = Operator.parse(name)
                shares[entry.rank - 1] += p if entry.name in ("most", "least") else 0.0
                relations[t, position_of(self.graph, replace(entry, rank=1))] += p
            if shares.sum() > 0:
                ranks[t] = shares / shares.sum()
        stop[:] = 0
        values = stops or [0.0] * len(path) + [1.0]
        stop[: len(values)] = torch.tensor(values)

    def mention(
        self, text: str, candidates: dict[str, float], path: list, stop: list[float] | None = None
    ) -> Script:
        s = self.span(text)
        self.used.append(s)
        self.candidates[0, s] = 0
        for key, p in candidates.items():
            entities = self.link.proposals[s].entities
            within = parse_range(self.graph, key)
            number = self.graph.num_entities
            candidate = (
                self.graph.find(key) if within is None else number + self.link.ranges.index(within)
            )
            self.candidates[0, s, entities.index(candidate)] = p
        self._fill(self.relations[0, s], self.rank[0, s], self.stop[0, s], path, stop)
        return self

    def after(self, path: list, stop: list[float] | None = None) -> Script:
        self._fill(self.after_relations[0], self.after_rank[0], self.after_stop[0], path, stop)
        return self

    def negate(self, text: str) -> Script:
        self.negated[0, self.span(text)] = 1
        return self

    def unite(self) -> Script:
        self.either = 1.0
        return self

    def read(self, readout: str, probability: float = 1.0) -> Script:
        self.readout = {"": 1 - probability, readout: probability}
        return self

    def beyond(self) -> Script:
        self.impossible = 1.0
        return self.refuse()

    def exclude(self, probability: float) -> Script:
        self.excluded = probability
        return self

    def refuse(self) -> Script:
        self.answered = 0.0
        return self

    @property
    def spans(self) -> tuple[int, ...]:
        return tuple(sorted(self.used))

    def output(self) -> ModelOutput:
        """Two sets: no answer, and the mentions that were scripted."""
        log = lambda p: p.clamp(min=1e-9).log()  # noqa: E731
        words = max(len(self.link.words), 1)
        _, s, h, _ = self.relations.shape
        scores = torch.tensor([[1 - self.answered, self.answered]])
        more = {}
        if self.operators:
            names = self.config().readouts
            even = torch.full((1, 1 + s, words), 1 / words)
            more = {
                "rank": log(self.rank),
                "after_rank": log(self.after_rank),
                "negate": self.negated.logit(eps=1e-6),
                "either": torch.tensor([self.either]).logit(eps=1e-6),
                "readout": log(torch.tensor([[self.readout.get(name, 0.0) for name in names]])),
                "readouts": names,
                "beyond": torch.tensor([self.impossible]).logit(eps=1e-6),
                "read_attention": even[:, 0],
                "negate_attention": even[:, 1:],
            }
        return ModelOutput(
            log(self.candidates),
            log(self.relations),
            log(self.stop),
            torch.full((1, s, h, words), 1 / words),
            log(self.after_relations),
            log(self.after_stop),
            torch.full((1, self.after_relations.shape[1], words), 1 / words),
            torch.tensor([self.excluded]).logit(eps=1e-6),
            (((), self.spans),),
            log(scores),
            **more,
        )

    def config(self) -> ModelConfig:
        graph = self.graph
        names = tuple(graph.relation_id(r) for r in range(graph.num_relations))
        return ModelConfig(
            names,
            names,
            graph.fingerprint,
            operator_words=operator_words(graph) if self.operators else (),
            attributes=self.attributes,
            hidden=1,
            name="scripted",
        )

    def batch(self) -> Batch:
        """What a walk reads of a batch: entities and their mask; the rest is blank."""
        _, s, c = self.entities.shape
        flat = torch.zeros(1, 1, dtype=torch.long)
        spans, flags = torch.zeros(1, s, dtype=torch.long), torch.ones(1, s, dtype=torch.bool)
        return Batch(
            flat,
            flat,
            flat,
            flat.bool(),
            spans,
            spans,
            flags,
            torch.zeros(1, s, SPAN_FEATURES),
            self.entities,
            self.mask,
            torch.zeros(1, s, c, CANDIDATE_FEATURES),
            torch.zeros(1, s, c, self.graph.num_relations),
            ranges=(self.link.ranges,),
        )


class Scripted(torch.nn.Module):
    """Stands in for the network: says what a script says, whatever the batch."""

    def __init__(self, script: Script):
        super().__init__()
        self.config = script.config()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.script = script

    def forward(self, batch: Batch) -> ModelOutput:
        return self.script.output()


def mona_lisa(script) -> Script:
    """Two hops from the painting to Paris."""
    path = ["exhibited at", "located in"]
    return script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, path
    )


def hanks(script) -> Script:
    """The writers of the actor's films."""
    return script(HANKS).mention("Tom Hanks", {ACTOR: 1.0}, ["-cast member", "screenwriter"])


def padme(script, films: dict[str, float] = STAR_WARS) -> Script:
    """Two paths that meet in Padmé; Portman played Nina Sayers, too."""
    portman = script(PADME).mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"]
    )
    return portman.mention("Star Wars", films, ["character"])


def labels(trace: Trace) -> set[str]:
    """The labels of a trace's answers."""
    return {answer.entity.label for answer in trace.answers}
