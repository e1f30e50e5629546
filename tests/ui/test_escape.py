"""Untrusted text cannot become markup, whatever the view."""

import re

import pytest

from kgqa.ui.drawing import network, select
from kgqa.ui.handlers import VIEWS
from kgqa.ui.html.escape import Html, clean, fill, join, plain
from kgqa.ui.service import Card, Source
from kgqa.ui.tabs import frame
from kgqa.ui.views import outline
from tests.ui import page_traces as traces

#: Every tag that the views write themselves.
OWN_TAGS = set(
    "section p div span bdi ul ol li h1 h2 h3 h4 dl dt dd i b em button select option label input "
    "pre code mark sub details summary table thead tbody tr th td header footer a".split()
)


def tags(html: str) -> set[str]:
    return {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", html)}


def test_values_are_escaped_and_own_html_is_not():
    assert (
        fill("<b>{x}</b>{y}", x='<i a="1">', y=Html("<hr>")) == "<b>&lt;i a=&#34;1&#34;&gt;</b><hr>"
    )
    assert join(["<", Html("<br>")]) == "&lt;<br>"


def test_unprintable_characters_are_replaced():
    assert clean("a\x00b\ud800c\x1b") == "a\ufffdb\ufffdc\ufffd"
    assert clean("a\ud800").encode("utf-8")


def test_plain_text_has_one_line_no_reordering_marks_and_a_bound():
    assert plain("a\n\u202eb\u202c  c") == "a b c"
    assert len(plain("x" * 1000)) == 160


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_lets_a_label_become_markup(view):
    html = str(view.render(traces.hostile()))
    assert tags(html) <= OWN_TAGS
    assert "\x00" not in html


def test_words_of_the_graph_and_legend_are_escaped():
    trace = traces.hostile()
    chosen = select.select(trace)
    assert (
        tags(str(outline.in_words(trace, chosen)) + str(outline.legend(trace, chosen))) <= OWN_TAGS
    )


def test_the_card_is_escaped():
    sources = (Source(traces.IMAGE, "s", "l"),)
    card = Card(graph=traces.IMAGE, model=traces.SCRIPT, sources=sources)
    assert tags(str(frame.header(card)) + str(frame.footer(card))) <= OWN_TAGS


def test_tooltips_never_hold_the_letters_that_turn_pyvis_to_html():
    trace = traces.hostile()
    drawn = network.drawing(trace, select.select(trace))
    assert not any("href" in item["title"] for item in drawn["nodes"] + drawn["edges"])


def test_the_stand_alone_file_loads_nothing_and_holds_no_foreign_tag():
    trace = traces.hostile()
    html = network.standalone(trace, select.select(trace))
    assert html.startswith("<!DOCTYPE html>")
    assert not re.search(r"<(script|link|img|iframe)\b[^>]*\s(src|href)=", html, re.IGNORECASE)
    assert traces.IMAGE not in html and traces.SCRIPT not in html
    assert "default-src &#39;none&#39;" in html
