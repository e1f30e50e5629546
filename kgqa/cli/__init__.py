"""The command line: ``kgqa``, the same as ``python -m kgqa``. Each command is a file of its own."""

from kgqa.cli.main import main

__all__ = ["main"]
