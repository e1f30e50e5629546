"""What words may mean: mentions are proposed here, and the model decides which of them is meant.

linker    runs of words that name something
speller   misspelt words
finder    entities by name, for a person who searches
"""

from kgqa.linking.linker import Link, Linker, Proposal

__all__ = ["Link", "Linker", "Proposal"]
