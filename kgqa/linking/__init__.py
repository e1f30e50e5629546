"""Which words could name an entity: proposals only; the model decides which of them is meant."""

from kgqa.linking.linker import Link, Linker, Proposal

__all__ = ["Link", "Linker", "Proposal"]
