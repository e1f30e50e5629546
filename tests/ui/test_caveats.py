"""Honest words: what had no effect, what was read in part, counts that agree, one percentage."""

import re
from dataclasses import replace

import pytest

from kgqa.trace import Candidate, Entity, EntityWeight, Fact, Mention, Path
from kgqa.ui.html import marks, words
from kgqa.ui.service import Card, Cover, Metrics
from kgqa.ui.tabs import frame
from kgqa.ui.views import answer, caveats, hops, intersection
from tests.ui import page_traces as traces
from tests.ui.parts import IMAGE, entity
from tests.ui.test_views import text


def named(words: str, *candidates: tuple[str, float, str]) -> Mention:
    rows = tuple(Candidate(entity(label, id=f"{label}{p}"), p, how) for label, p, how in candidates)
    return Mention(0, len(words), words, 0.9, True, rows)


@pytest.mark.parametrize(
    ("mention", "said"),
    [
        (named("Jaws", ("Jaws", 1.0, "label")), []),
        (named("USA", ("United States", 1.0, "other name")), []),
        (
            named("Titanc", ("Titanic", 0.6, "misspelling"), ("Titanic", 0.4, "misspelling")),
            ["“Titanc” is spelt otherwise in the graph and was read as Titanic."],
        ),
        (
            named("Star Wars", *((f"Star Wars {i}", 0.2, "part of title") for i in range(5))),
            [
                "“Star Wars” is only a part of 5 names: Star Wars 0, Star Wars 1, Star Wars 2 and "
                "2 more."
            ],
        ),
        (
            named("Empire", ("The Empire Strikes Back", 1.0, "part of title")),
            ["“Empire” is only a part of the name The Empire Strikes Back."],
        ),
        (named("Paris", ("Paris", 0.5, "label"), ("Paris, Texas", 0.5, "part of title")), []),
        (named("Paris", ("Paris", 0.99, "label"), ("Pari", 0.01, "misspelling")), []),
        (named("x"), []),
    ],
)
def test_a_name_that_is_read_in_part_says_so(mention, said):
    assert caveats.in_part(mention) == said


def test_a_description_that_names_another_film_than_the_facts_says_why():
    trace = traces.mona_lisa()
    one, two = (entity(f"Star Wars: Episode {n}") for n in ("I", "II"))
    hero = entity("Padmé", "character in Star Wars: Episode I")
    seeds = tuple(EntityWeight(e, 0.5) for e in (one, two))
    branch = replace(trace.branches[0], seeds=seeds)

    def said(film: Entity) -> str:
        path = Path(0, (Fact(film, "character", hero, f"Padmé is in {film.label}"),))
        answers = (replace(trace.answers[0], entity=hero, paths=(path,)),)
        return text(answer.render(replace(trace, branches=(branch,), answers=answers)))

    why = "names Star Wars: Episode I, the fact Star Wars: Episode II: “Mona Lisa” may be either."
    assert why in said(two) and "may be either" not in said(one)


def test_a_name_that_is_not_used_or_chosen_by_hand_is_no_caveat():
    mention = named("Titanc", ("Titanic", 1.0, "misspelling"))
    trace = replace(traces.mona_lisa(), mentions=(mention,))
    assert "Titanc" in text(caveats.render(trace)) and "Titanc" in text(answer.render(trace))
    assert caveats.render(replace(trace, mentions=(replace(mention, used=False),))) == ""
    edits = trace.edits.using(0, 6, mention.candidates[0].entity.id)
    assert caveats.render(replace(trace, edits=edits)) == ""


def test_caveats_stand_above_a_list_and_below_a_refusal():
    mention = named("Titanc", ("Titanic", 1.0, "misspelling"))
    long = replace(traces.many(), mentions=(mention,), branches=())
    shown = text(answer.render(long))
    assert shown.index("spelt otherwise") < shown.index("Film number 0")
    apart = replace(traces.nothing("empty_intersection"), mentions=(mention,), branches=())
    assert "spelt otherwise" in text(answer.render(apart))


def test_caveats_are_few_short_and_escaped():
    odd = replace(named(IMAGE * 9, (IMAGE * 9, 1.0, "misspelling")), start=0)
    trace = replace(traces.mona_lisa(), mentions=(odd,) * 30, unused=(IMAGE,) * 30)
    html = str(caveats.render(trace))
    assert "<img" not in html and html.count("<li>") == caveats.MOST and len(html) < 3_000


@pytest.mark.parametrize("make", [traces.hanks, traces.portman, traces.many])
def test_what_is_listed_and_what_is_not_add_up_to_what_is_reached(make):
    trace = make()
    page = text(hops.render(trace)) + text(intersection.render(trace))
    for branch in trace.branches:
        last = marks.walked(branch)[-1]
        shown = min(len(last.entities), hops.ENTITIES)
        rest = len(last.entities) - shown + last.omitted
        assert marks.reached(branch) == shown + rest
        assert f"Reaches {words.count(shown + rest, 'entity', 'entities')}." in page
        assert not rest or f"and {rest:,} more not shown" in page
        if len(trace.branches) > 1:
            name = marks.mention_text(trace, branch.mention)
            assert f"“{name}” reaches {shown + rest:,}" in page


def test_a_trace_of_walks_of_other_lengths_is_not_counted():
    trace = traces.mona_lisa()
    odd = replace(trace.branches[0], reached=trace.branches[0].reached + 7)
    assert marks.reached(odd) == marks.reached(trace.branches[0])
    bare = replace(odd, stop=(1.0, *[0.0] * (len(odd.stop) - 1)))
    assert marks.reached(bare) == bare.reached  # a walk without hops: its seeds


def test_what_is_shown_as_nothing_does_not_stay():
    trace = traces.portman()
    rows = (*trace.intersection.rows, replace(trace.intersection.rows[0], minimum=0.0004))
    stay = sum(row.minimum >= 0.005 for row in rows)
    both = replace(trace.intersection, rows=rows, omitted=90)
    shown = text(intersection.render(replace(trace, intersection=both)))
    assert f"{words.count(stay, 'entity stays', 'entities stay')}." in shown


def test_one_percentage_is_explained_and_the_others_come_on_demand():
    shown, folded = str(answer.render(traces.mona_lisa())).split("<details", 1)
    assert re.findall(r"\d+%", text(shown)) == ["96%"] and "96% likely right" in text(shown)
    assert "about 95 in 100" in text(folded) and "Sure of which names take part" in text(folded)
    assert "47 ms" in text(folded) and "ms" not in text(shown).split()


def test_answers_that_are_as_sure_say_it_once():
    trace = traces.many()
    same = tuple(replace(a, score=0.9) for a in trace.answers[:5])
    other = replace(trace.answers[5], score=0.5)
    whole = str(answer.render(replace(trace, answers=(*same, other))))
    shown = text(whole.split('<details class="fold')[0])
    assert re.findall(r"\d+%", shown) == ["90%", "50%"]


def test_the_number_says_how_well_it_was_kept():
    trace = traces.mona_lisa()
    measured = answer.render(trace, Card(metrics=Metrics(calibration_error=2.58)))
    assert "off by 2.6 points" in text(measured)
    assert "calibrated on another graph" in text(answer.render(trace, Card(unseen=True)))


def test_what_the_graph_covers_stands_in_a_sentence():
    card = Card(covers=(Cover("films", 17_470, "1940", "2014"), Cover("people", 64_108)))
    assert words.covers(card) == "17,470 films (1940 to 2014) and 64,108 people"
    assert "17,470 films" in text(frame.covers(card)) and frame.covers(Card()) == ""
    assert "(1990)" in words.covers(Card(covers=(Cover("films", 2, "1990", "1990"),)))
    assert "<img" not in str(frame.covers(Card(covers=(Cover(IMAGE, 1),))))
