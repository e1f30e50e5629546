"""A long answer as a list and as a CSV file: complete, bounded, and harmless in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from kgqa.trace import Facet, Path, Value
from kgqa.ui import listing
from kgqa.ui.afterwards import Afterwards
from kgqa.ui.handlers import Handlers
from kgqa.ui.service import Service
from tests.ui import page_traces as traces
from tests.ui.parts import IMAGE, MANY, SCRIPT

REQUEST = SimpleNamespace(headers={"host": "h"}, session_hash="s", query_params={})
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def named(label: str, **changes):
    first = traces.many().answers[0]
    return replace(first, entity=replace(first.entity, label=label), **changes)


def test_all_answers_are_rows_with_their_facets():
    trace = traces.many()
    facet = Facet("release year", tuple((str(1950 + i),) for i in range(60)), year=True)
    value = listing.listing(trace, [facet])
    assert value["total"] == len(value["rows"]) == 60 and value["asked"] == MANY
    assert value["facets"] == [{"name": "release year", "year": True}]
    name, note, kind, percent, fact, values = value["rows"][3]
    assert name.startswith("Film number 3:") and values == [["1953"]] and percent.endswith("%")
    assert kind == trace.answers[3].entity.kind and "Film number 3" in fact


def test_the_fact_of_a_row_is_that_of_a_name_and_not_that_a_film_is_a_film():
    trace = traces.many()
    (path,) = trace.answers[0].paths[:1]
    known = Path(1, (replace(path.facts[0], sentence="it is a film"),))
    both = replace(trace.answers[0], paths=(known, path))
    of_all = replace(trace.branches[0], mention=1, stands_for=17_470)
    trace = replace(trace, answers=(both,) * 6, branches=(*trace.branches, of_all))
    assert "Tom Hanks" in listing.listing(trace)["rows"][0][4]
    alone = replace(trace, answers=(replace(both, paths=(known,)),) * 6)
    assert listing.listing(alone)["rows"][0][4] == "It is a film."


def test_a_short_answer_is_no_list_and_a_huge_one_is_cut_and_counted():
    trace = traces.many()
    assert listing.listing(replace(trace, answers=trace.answers[: listing.LEAST - 1])) is None
    huge = listing.listing(replace(trace, answers=trace.answers * 200))
    assert huge["total"] == 12_000 and len(huge["rows"]) == listing.MOST
    assert len(json.dumps(huge)) < 1_000_000


def test_the_file_has_every_answer_and_reads_back_as_it_was():
    trace = traces.many()
    odd = named('a "quoted", comma;\nline', score=0.5)
    facet = Facet("country", (*[("A", "B")] * 60, ()))
    rows = read(listing.to_csv(replace(trace, answers=(*trace.answers, odd)), [facet]))
    assert rows[0] == ["answer", "description", "kind", "country", "probability", "fact"]
    assert len(rows) == 62 and all(len(row) == 6 for row in rows)
    assert rows[1][3] == "A; B" and rows[61][3] == ""
    assert rows[61][0] == 'a "quoted", comma; line' and rows[61][4] == "0.5000"


@pytest.mark.parametrize("label", FORMULAS)
def test_no_cell_is_a_formula_wherever_the_text_comes_from(label):
    entity = replace(named(label).entity, description=label, kind=label)
    answer = replace(named(label), entity=entity, paths=())
    header, row = read(
        listing.to_csv(replace(traces.many(), answers=(answer,)), [Facet(label, ((label,),))])
    )
    for text in (*header, *row):
        assert text[:1] not in tuple("=+-@\t\r\n＝＠＋－"), text


def test_numbers_stay_numbers_and_controls_go():
    minus = named("x", value=Value("number", -5.0, "", "-5", 0.9))
    (_, row) = read(listing.to_csv(replace(traces.many(), answers=(minus,))))
    assert row[0] == "-5"
    (_, row) = read(listing.to_csv(replace(traces.many(), answers=(named("a\x00b\u202ec"),))))
    assert row[0] == "a\ufffdbc"


def test_what_is_sent_is_text_for_a_browser_that_shows_it_as_text():
    trace = replace(traces.many(), answers=(named(f"{IMAGE}{SCRIPT}"),) * 6)
    value = listing.listing(trace, [Facet(SCRIPT, ((IMAGE,),) * 6)])
    assert value["rows"][0][0].startswith("<img") and value["rows"][0][5] == [[IMAGE]]
    script = listing.read("list.js")
    assert "innerHTML" not in script and "insertAdjacentHTML" not in script


def test_list_and_file_are_of_what_the_visitor_asked():
    asked_for: list[int] = []

    def facets(ids):
        asked_for.append(len(ids))
        return (Facet("year", tuple(("1994",) for _ in ids), year=True),)

    do = Handlers(Service(traces.answer, facets=facets))
    later = Afterwards(do)
    asked = do.kept.keep(traces.many())
    value = json.loads(later.listed(asked, REQUEST))
    file = json.loads(later.save_csv(asked, REQUEST))
    assert value["rows"][0][5] == [["1994"]] and asked_for == [60, 60]
    assert file["name"] == "answers.csv" and len(read(file["text"])) == 61
    assert later.listed(None, REQUEST) is None
    assert later.listed(do.kept.keep(traces.mona_lisa()), REQUEST) is None
