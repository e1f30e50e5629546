"""What words may mean: mentions are proposed here, and the model decides which of them is meant.

linker      runs of words that name something, and literals
speller     misspelt words
literals    words that stand for numbers: times (years, dates) and quantities (amounts)
numerals    numbers in digits and in words
ranges      the sets of entities that a literal may stand for, and these sets in words
finder      entities by name, for a person who searches
"""

from kgqa.linking.linker import Link, Linker, Proposal

__all__ = ["Link", "Linker", "Proposal"]
