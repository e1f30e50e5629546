"""Decoys: tags that are called what people call kinds, as in "a film directed by ...".

Sources have keywords such as "film" and "director", which a question holds without meaning them. A
graph with such entities teaches that words of a kind need not be a name. Nothing asks for them.
"""

from __future__ import annotations

import random

from kgqa.domains.domain import Domain
from kgqa.domains.manner import Manner
from kgqa.domains.tables import Tables

DECOYS = {False: 0.6, True: 0.15}  #: share of graphs with decoys: without classes, with classes
NAMES = ("has tags", "tag", "keyword", "topic", "subject", "label", "categories", "about")
WORDS = ("name", "people", "place", "list", "number", "thing", "what", "who", "main", "work")
MOST = 12  #: decoys in a graph
TAGGED = 0.3  #: share of entities with a tag, at most
KIND = "tag"


def add_decoys(tables: Tables, domain: Domain, manner: Manner, rng: random.Random) -> None:
    """Tag some entities with words of kinds and of relations, and with words of no meaning."""
    taken = {label.casefold() for _, label, *_ in tables.entities}
    taken |= {name.casefold() for _, name in tables.names}
    words = [word for kind in domain.kinds for pair in kind.words for word in pair]
    words += [relation.name for relation in domain.relations if " " not in relation.name]
    words += WORDS
    free = sorted({word for word in words if word.casefold() not in taken})
    id_ = manner.relation(rng.choice(NAMES), domain.kinds[0].name)
    if not free or id_ is None:
        return
    if id_.label:
        tables.relations.append((id_.id, id_.label, id_.inverse, "", id_.context))
    decoys = rng.sample(free, min(len(free), rng.randint(3, MOST)))
    heads = [key for key, *_ in tables.entities]
    share = rng.uniform(0.05, TAGGED)
    used = []
    for word in decoys:
        tagged = rng.sample(heads, max(1, round(share * len(heads) * rng.random())))
        tables.triples += [(head, id_.id, f"{KIND}/{word}") for head in tagged]
        used.append((f"{KIND}/{word}", word, "", KIND))
    tables.entities += used
