"""A question about an entity: what a double click on a node asks, with the entity itself chosen by hand.

Names are ambiguous ("Titanic" is several films), so the question comes with the change that says which one is meant.
"""

from __future__ import annotations

from kgqa.edits import Edits
from kgqa.trace import Neighbourhood
from kgqa.ui.html.escape import plain

#: (relation that leaves the entity, question); the first that fits is asked.
QUESTIONS = (
    ("-cast member", "Which films star {}?"),
    ("-director", "Which films did {} direct?"),
    ("-screenwriter", "Which films did {} write?"),
    ("-creator", "Which works did {} create?"),
    ("performer", "Who played {}?"),
    ("director", "Who directed {}?"),
    ("exhibited at", "Which museum exhibits {}?"),
    ("creator", "Who created {}?"),
    ("capital", "What is the capital of {}?"),
    ("located in", "Where is {} located?"),
    ("-located in", "What is located in {}?"),
    ("-genre", "Which films are of the genre {}?"),
    ("-original language", "Which films are in {}?"),
    ("-release year", "Which films were released in {}?"),
    ("-production company", "Which films did {} produce?"),
    ("-character", "Which film has the character {}?"),
)


def question(about: Neighbourhood) -> tuple[str, Edits]:
    """The question, and the change by which its mention is this very entity."""
    name = " ".join(plain(about.entity.label, 200).split()) or about.entity.id
    relations = {g.relation: g.label for g in about.groups}
    template = next((q for r, q in QUESTIONS if r in relations), None)
    if template is None:
        first = next(iter(relations.values()), "facts")
        template = f"What is the {plain(first, 60).replace('{', '(').replace('}', ')')} of {{}}?"
    start = template.index("{}")
    return template.replace("{}", name), Edits().using(start, start + len(name), about.entity.id)
