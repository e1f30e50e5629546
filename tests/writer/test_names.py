"""Names as they are typed, and names that the graph does not know."""

from __future__ import annotations

import random

from kgqa.graph.names import normalise


def test_names_are_mostly_labels_and_lead_back(firm, firm_names):
    ada = firm.find("employee:Ada Brook")
    rng = random.Random(0)
    typed = [firm_names.typed(ada, rng) for _ in range(200)]
    assert typed.count("Ada Brook") > 120
    assert len(set(typed)) > 2  # slips and small letters


def test_a_slip_is_no_other_name(firm, firm_names):
    rng = random.Random(0)
    for entity in range(0, firm.num_entities, 7):
        if not firm_names.label(entity):
            continue
        for _ in range(20):
            found = firm_names.first_of(normalise(firm_names.typed(entity, rng)))
            assert found in ((), *[(e,) for e in (entity,)]) or entity in found


def test_a_label_that_a_question_cannot_hold_is_left_out(firm, firm_names):
    value = firm.find("salary:20,000")
    if value is not None:
        assert firm_names.label(value) == ""  # no alias leads to it
    assert firm_names.label(firm.find("city:Oslo")) == "Oslo"


def test_unknown_names_are_unknown(firm, firm_names):
    rng, people = random.Random(0), [firm.find(f"employee:Ada {n}") for n in ("Brook", "Hart")]
    names = [firm_names.unknown(people, rng) for _ in range(30)]
    assert sum(map(bool, names)) > 20
    assert not any(firm.aliases.find(normalise(name)) >= 0 for name in names if name)
