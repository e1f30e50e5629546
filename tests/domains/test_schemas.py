"""Each schema of the folder is read, and its graphs can be built."""

from __future__ import annotations

import pytest

from kgqa.domains import read_domain
from kgqa.domains.reader import SCHEMAS

PATHS = sorted(SCHEMAS.glob("*.txt"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_schema_is_read_and_makes_graphs(path):
    domain = read_domain(path)
    assert len(domain.relations) >= 5 and len(domain.attributes) >= 2
    sizes = []
    for seed in range(3):
        made = domain.graph(seed)
        sizes.append(len(made.tables.entities))
        assert made.graph.num_triples >= 20 and len(made.missing) >= 5
    assert 20 <= max(sizes) <= 850


def test_schemas_are_many():
    assert len(PATHS) >= 20
