"""The card of licences in About: what the app depends on, and what it hands out.

``static/licences.tsv`` lists the packages of requirements.txt, vis-network and the encoder that
training starts from. ``make licences`` writes it from the metadata of the installed packages. The
sources of the graph come from the :class:`Card`, because every graph has its own.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

from kgqa.ui.drawing.network import vis_script
from kgqa.ui.html.escape import Html, clip, fill
from kgqa.ui.service import Card
from kgqa.ui.static import read
from kgqa.ui.tabs.figures import table

Row = tuple[str, str, str]  #: name, version, licence

FILE = "licences.tsv"
#: its licence stands in its model card on the Hub; the version is that of kgqa.model.base
ENCODER: Row = ("all-MiniLM-L6-v2", "c9745ed", "Apache-2.0")
_VIS_LICENCES = {"The Apache 2.0 License": "Apache-2.0", "The MIT License": "MIT"}
_CLASSIFIER = "License :: OSI Approved :: "


def render(card: Card) -> Html:
    """Name, version and licence of packages, scripts, encoder and data."""
    data = [(clip(s.name, 120), clip(s.source, 240), clip(s.licence, 80)) for s in card.sources]
    heads = ("Name", "Version or origin", "Licence")
    return fill(
        '<section class="kg-card lesson-step"><h2>Licences</h2><p>The code of this page is under '
        "Apache-2.0. It needs these packages, shows graphs with vis-network, starts training from "
        "all-MiniLM-L6-v2, and answers from this data:</p>{table}</section>",
        table=table(heads, [*rows(), *data], name="Licences"),
    )


def rows() -> list[Row]:
    """The rows of the generated file."""
    lines = read(FILE).splitlines()
    return [(name, version, licence) for name, version, licence in (x.split("\t") for x in lines)]


def collect(requirements: str) -> list[Row]:
    """The same rows, read from the installed packages that ``requirements`` pins.

    Raises :class:`importlib.metadata.PackageNotFoundError` if one is not installed.
    """
    names = re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE)
    return [*map(_package, names), _vis_network(), ENCODER]


def _package(name: str) -> Row:
    """A package; the version has no build tag ("+cpu"), which differs from machine to machine."""
    about = metadata.metadata(name)
    keys = [key for key in ("License-Expression", "License") if key in about]
    licence = about[keys[0]].strip() if keys else ""
    if not licence or "\n" in licence or len(licence) > 120:  # some hold the text of the licence
        classifiers = about.get_all("Classifier") or ()
        names = [c.removeprefix(_CLASSIFIER) for c in classifiers if c.startswith(_CLASSIFIER)]
        licence = ", ".join(names) or "not stated"
    return name, about["Version"].partition("+")[0], licence


def _vis_network() -> Row:
    """The script that pyvis ships; its first comment names version and licences."""
    comment = vis_script().read_text(encoding="utf-8")[:2000]
    version = re.search(r"@version (\S+)", comment)
    licences = [short for long, short in _VIS_LICENCES.items() if long in comment]
    return "vis-network", version[1] if version else "?", " OR ".join(licences) or "not stated"


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "static" / FILE
    lines = collect(Path(sys.argv[1]).read_text(encoding="utf-8"))
    target.write_text("".join("\t".join(row) + "\n" for row in lines), encoding="utf-8")
