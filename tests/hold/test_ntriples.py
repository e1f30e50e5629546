"""pyoxigraph as the oracle of the grammar of N-Triples, over lines that are made at random.

What it takes for a statement is one here, with the same terms; what is one here it takes too, if it
does not look into IRIs. There are two exceptions. Labels of blank nodes are wider here, since those
of many sources are (":" stood in the grammar once). And nothing may stand between a literal and its
language or type, where the grammar allows spaces that nobody writes.
"""

from __future__ import annotations

import random
import re

import pytest

from tests.graph.ntriples_lines import line, ours, theirs

_WIDE_BLANK = re.compile(r"_:(?:-|[^\s<\"]*:)")
_APART = re.compile(r"\"[ \t]+(?:@|\^\^)|\^\^[ \t]")


@pytest.mark.cases(3_000, 100_000)
def test_the_grammar_of_n_triples_is_that_of_pyoxigraph(cases):
    rng, statements = random.Random(7), 0
    for _ in range(cases):
        text = line(rng)
        here, strict, lenient = ours(text), theirs(text), theirs(text, lenient=True)
        if strict is not None and not _APART.search(text):
            assert here == strict, text
        if here is not None and not _WIDE_BLANK.search(text):
            assert here == lenient, text
        statements += here is not None
    assert cases * 0.6 < statements < cases * 0.95  # the lines are neither all good nor all bad
