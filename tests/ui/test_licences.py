"""The card of licences: its file is what the installed packages say of themselves."""

import re
from pathlib import Path

from kgqa.model.base import BASE_ENCODER, BASE_REVISION
from kgqa.ui.service import Card, Source
from kgqa.ui.tabs import about, licences

REQUIREMENTS = (Path(__file__).parents[2] / "requirements.txt").read_text(encoding="utf-8")


def test_the_file_names_the_pinned_packages_with_the_licences_that_they_state():
    pins = re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS, re.MULTILINE)
    names = [(name, version) for name, version, _ in licences.rows()]
    assert names[:-2] == pins and names[-2][0] == "vis-network", "make licences"
    installed = [row for row in licences.collect(REQUIREMENTS) if row[:2] in names]
    assert set(installed) <= set(licences.rows()), "make licences"


def test_every_licence_is_stated_and_the_encoder_is_the_one_that_training_takes():
    assert all(licence not in ("", "not stated") for _, _, licence in licences.rows())
    name, version, _ = licences.ENCODER
    assert BASE_ENCODER.endswith(f"/{name}") and BASE_REVISION.startswith(version)


def test_about_lists_packages_and_data_with_escaped_names():
    card = Card(sources=(Source("<script>", "from <b>somewhere</b>", "CC <0>"),))
    html = str(about.render(card))
    assert '<th scope="row">vis-network</th><td>9.1.2</td><td>Apache-2.0 OR MIT</td>' in html
    assert "<td>from &lt;b&gt;somewhere&lt;/b&gt;</td><td>CC &lt;0&gt;</td>" in html
    assert "<script>" not in html
