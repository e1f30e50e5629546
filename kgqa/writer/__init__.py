"""Questions written for any graph, from the words of its relations.

wordings      how people ask about each relation: a file to read, edit and write
generic       wordings from the words of relations alone: shape, sides, lexicon and patterns
write         questions in those words: asked, joins, measured, checked and refused
"""

from kgqa.writer.generic import generic_wordings
from kgqa.writer.wordings import Wording, Wordings, read_wordings, write_wordings
from kgqa.writer.write import Written, write_questions

__all__ = [
    "Wording",
    "Wordings",
    "Written",
    "generic_wordings",
    "read_wordings",
    "write_questions",
    "write_wordings",
]
