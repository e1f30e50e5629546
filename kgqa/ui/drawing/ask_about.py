"""A question about an entity: what a double click on a node asks.

Names are ambiguous ("Titanic" is several films), so an edit says which entity is meant.
"""

from __future__ import annotations

from kgqa.edits import Edits
from kgqa.trace import Neighbourhood, Neighbours
from kgqa.ui.html.escape import plain

GAP = "{}"  #: where the name stands in a template


def question(about: Neighbourhood) -> tuple[str, Edits]:
    """The question, and the edit by which its mention is this very entity.

    Among the relations that the graph has a question for, the one with most facts is asked about.
    """
    asked = max(about.groups, key=lambda g: (GAP in g.question, g.total), default=None)
    template = _template(asked)
    name = " ".join(plain(about.entity.label, 200).split()) or about.entity.id
    start = template.index(GAP)
    edits = Edits().using(start, start + len(name), about.entity.id)
    return template.replace(GAP, name, 1), edits


def _template(asked: Neighbours | None) -> str:
    if asked and GAP in asked.question:
        return plain(asked.question, 200)
    label = plain(asked.label, 60) if asked else "facts"
    return f"What is the {label.replace('{', '(').replace('}', ')')} of {GAP}?"
