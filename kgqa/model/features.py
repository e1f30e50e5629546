"""Features of spans, candidates and their relations: plain numbers that need no training.

They come from the graph and the words; linear layers weigh them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import KIND
from kgqa.graph.numbers import COMPARE, ValueRange
from kgqa.linking import Link, Proposal

#: One-hot alias kind of an entity, then log degree, reciprocal rank by degree, whether it is the
#: only candidate, whether the words are the label to the letter, the share of the label's words
#: they cover, and one-hot how a literal bounds its values (``kgqa.graph.numbers.COMPARE``).
ENTITY_KINDS = KIND["misspelling"] + 1
ENTITY_FEATURES = ENTITY_KINDS + 5
CANDIDATE_FEATURES = ENTITY_FEATURES + len(COMPARE)
#: Words, share of the question, capitalised, has a digit, stop words only, inside a longer span,
#: best alias is the label, misspelt.
SPAN_FEATURES = 8
SAMPLE = 500  # members of a class that its profile is the mean of
Share = tuple[np.ndarray, np.ndarray]  # relations, int [g], and the share of each, float32 [g]
#: English words that say little about what is meant; a graph adds its own (``Graph.stop_words``).
STOP_WORDS = frozenset(
    """a an the of in on at to by for from with and or is are was were be been do does did has have
    had i me my we you he she it its they them his her their this that these those there here what
    which who whom whose when where why how many much not no so if as about into than then too very
    can could will would should may might just any all some each every other another name list give
    tell show find""".split()
)


def span_features(link: Link, stop_words: frozenset[str]) -> np.ndarray:
    """float32 [S, SPAN_FEATURES], a row for each proposal."""
    spans = [(p.first, p.last) for p in link.proposals]
    rows = np.zeros((len(spans), SPAN_FEATURES), dtype=np.float32)
    for i, proposal in enumerate(link.proposals):
        first, last = spans[i]
        text = link.text(proposal)
        words = [word for _, _, word in link.words[first : last + 1]]
        kind = min(proposal.alias_kinds)
        rows[i] = (
            len(words) / 4,
            len(words) / max(len(link.words), 1),
            text[:1].isupper(),
            any(character.isdigit() for character in text),
            all(word in stop_words for word in words),
            any(a <= first and last <= z and (a, z) != (first, last) for a, z in spans),
            kind == KIND["label"],
            kind == KIND["misspelling"],
        )
    return rows


def candidate_features(graph: Graph, link: Link, proposal: Proposal) -> np.ndarray:
    """float32 [C, CANDIDATE_FEATURES], a row for each candidate of the proposal."""
    n, words = len(proposal.entities), proposal.last - proposal.first + 1
    rows = np.zeros((n, CANDIDATE_FEATURES), dtype=np.float32)
    entities = np.array(proposal.entities)
    plain = entities < graph.num_entities
    log_degree = np.zeros(n, dtype=np.float32)
    log_degree[plain] = graph.log_degree[entities[plain]]
    rank = np.argsort(np.argsort(-log_degree, kind="stable"), kind="stable")
    text = link.text(proposal)
    for i, (entity, kind) in enumerate(zip(proposal.entities, proposal.alias_kinds, strict=True)):
        if not plain[i]:
            compare = link.ranges[entity - graph.num_entities].compare
            rows[i, ENTITY_FEATURES + COMPARE.index(compare)] = 1.0
            continue
        label = graph.label(entity)
        covered = min(1.0, words / max(1, len(label.split())))
        rows[i, kind] = 1.0
        rows[i, ENTITY_KINDS:ENTITY_FEATURES] = (
            log_degree[i] / 5,
            1 / (1 + rank[i]),
            n == 1,
            label == text,
            covered,
        )
    return rows


class Shares:
    """The relations that leave a candidate, and the share of each: the rows of a profile.

    A class and a literal stand for many entities; theirs is the mean of some of their members'.
    """

    def __init__(self, graph: Graph):
        self.graph = graph
        self._of_class = lru_cache(maxsize=1_000)(self._class)
        self._of_attribute = lru_cache(maxsize=1_000)(self._attribute)

    def __call__(self, link: Link, candidate: int) -> Share:
        """The share of each relation that leaves the candidate; they sum to 1."""
        within = link.range_of(candidate, self.graph.num_entities)
        if within is not None:
            return self._of_attribute(within.relation)
        if self.graph.classes.relation is not None:
            shared = self._of_class(candidate)
            if shared is not None:
                return shared
        return relation_shares(self.graph, candidate)

    def _class(self, entity: int) -> Share | None:
        members = self.graph.classes.members(entity)
        return self._mean(members) if len(members) else None

    def _attribute(self, relation: int) -> Share:
        """Half of it is the attribute itself: that is what the literal is about."""
        holders = self.graph.numbers.holders(ValueRange(relation, -np.inf, np.inf, "in"))
        relations, shares = self._mean(holders)
        shares = shares / 2
        relations, place = np.unique(np.append(relations, relation), return_inverse=True)
        return relations, np.bincount(place, np.append(shares, 0.5)).astype(np.float32)

    def _mean(self, entities: np.ndarray) -> Share:
        sample = entities[:: max(1, len(entities) // SAMPLE)]
        total = np.zeros(self.graph.num_relations, dtype=np.float32)
        for entity in sample.tolist():
            relations, shares = relation_shares(self.graph, entity)
            total[relations] += shares / max(1, len(sample))
        relations = np.flatnonzero(total)
        return relations, total[relations]


def relation_shares(graph: Graph, entity: int) -> Share:
    """The relations that leave an entity, int [g], and the share of each, float32 [g], sum 1.

    A relation weighs the square root of its facts. Between counting every relation once and
    counting every fact (Oliya et al. 2021, section 3.2, where the longest list drowns the rest),
    this says both what can be asked of an entity and what it is known for.
    """
    low, high = int(graph.entity_group[entity]), int(graph.entity_group[entity + 1])
    facts = np.diff(graph.group_edge[low : high + 1]).astype(np.float32)
    share = np.sqrt(facts)
    return graph.group_relation[low:high], share / share.sum() if high > low else share
