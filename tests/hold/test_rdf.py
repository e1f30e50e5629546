"""Files of RDF that are spoilt at random: statements, or one sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kgqa.errors import GraphError
from kgqa.graph.importer import lines
from kgqa.graph.importer.parts import Format, ImportOptions, Part
from kgqa.graph.importer.rdf import to_ntriples
from kgqa.graph.notes import Notes

FILES = Path(__file__).parent.parent / "graph" / "rdf_files"
FORMATS = {
    "family.ttl": Format.TURTLE,
    "family.trig": Format.TRIG,
    "family.nq": Format.NQUADS,
    "family.rdf": Format.RDFXML,
    "family.jsonld": Format.JSONLD,
}
_BYTES = [b"\\", b"\n", b"\0", b'"', b"<", b">", b"[" * 99, b"(", b"\xff", b"&a;", b"{", b"}", b"."]
_BYTES += [b"\\uD800", b"<!--", b"<![CDATA[", b"@prefix", b"9" * 400, b"<<", b":", b'"@en--ltr']


def spoilt(data: bytes, rng: random.Random) -> bytes:
    letters = bytearray(data)
    for _ in range(rng.randrange(1, 5)):
        place = rng.randrange(len(letters) + 1)
        other = rng.choice([rng.choice(_BYTES), bytes([rng.randrange(256)]), b"", letters[:place]])
        letters[place : place + rng.choice([0, 1, 1, 5, 50])] = other
    return bytes(letters[:10_000])


@pytest.mark.cases(100, 20_000)
def test_a_spoilt_file_of_rdf_gives_statements_or_a_sentence(cases, tmp_path):
    rng = random.Random(3)
    whole = {name: (FILES / name).read_bytes() for name in FORMATS}
    for _ in range(cases):
        name = rng.choice(list(FORMATS))
        (tmp_path / name).write_bytes(spoilt(whole[name], rng))
        options = ImportOptions(skip_malformed=rng.random() < 0.5, largest=10**5)
        part = Part(tmp_path / name, name, FORMATS[name])
        try:
            written = to_ntriples([part], tmp_path / "facts.nt", options, Notes())
        except GraphError as error:
            assert str(error).startswith(name) and "\n" not in str(error)
            continue
        for line in written.read_text(encoding="utf-8").split("\n"):
            assert lines.statement(line) is None, line
