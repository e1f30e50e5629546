"""Coverage-guided fuzzing of the linker and the readers: python -m tests.hold.fuzz_readers

Needs atheris, which no other test needs, in an environment of its own: make fuzz.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hold.fuzz_readers", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3_600)
    parser.add_argument("--corpus", help="folder of inputs that is read and grows")
    parser.add_argument("--builds", action="store_true", help="build graphs, too; far slower")
    options = parser.parse_args()
    try:
        import atheris
    except ModuleNotFoundError:
        sys.exit("Coverage-guided fuzzing needs atheris: make fuzz installs it.")
    read = ["kgqa.linking", "kgqa.graph.importer", "kgqa.graph.names", "kgqa.graph.vocabulary"]
    read += ["kgqa.questions", "kgqa.edits", "kgqa.files", "kgqa.text", "json"]
    with atheris.instrument_imports(include=read):
        from tests.hold.readers import one_input, seeds, without_builds
    corpus = Path(options.corpus or tempfile.mkdtemp(prefix="kgqa-corpus-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for i, seed in enumerate(seeds()):
        (corpus / f"seed-{i}").write_bytes(seed)
    limits = [f"-max_total_time={options.seconds}", "-max_len=2048", "-timeout=20"]
    crash = f"-artifact_prefix={corpus.parent}/"
    target = one_input if options.builds else without_builds
    atheris.Setup([sys.argv[0], str(corpus), *limits, crash, "-rss_limit_mb=4096"], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
