"""The command line: ``python -m kgqa graph | data | train | evaluate | ask | bench``."""

from kgqa.cli.main import main

__all__ = ["main"]
