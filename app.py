"""The app: ``python app.py`` serves the page. ``--help`` lists the options; see ``kgqa.serve``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kgqa.errors import KGQAError
from kgqa.serve import add_options, read_options, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve the page; the exit status is 2 if it cannot start for a reason a person can mend."""
    parser = argparse.ArgumentParser(
        description="Answer questions over a knowledge graph in the browser."
    )
    films = Path(__file__).resolve().parent / "checkpoints" / "films"
    add_options(parser, checkpoint=str(films))
    chosen = parser.parse_args(arguments)
    try:
        serve(chosen.checkpoint, read_options(parser, chosen))
    except KGQAError as error:
        print(f"The app cannot start: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
