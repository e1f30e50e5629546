"""The linker and the readers stand well-formed inputs that are spoilt at random."""

from __future__ import annotations

import random

import pytest

from tests.hold.readers import one_input, seeds

_BYTES = [b"\\", b"\t", b"\n", b"\r", b"\0", b'"', b"<", b">", b"[" * 99, b"\xff", b"\xef\xbb\xbf"]
_BYTES += [b"\\uD800", b"\\U00110000", b"\xe2\x80\x8b", b"Infinity", b"9" * 400, b".", b" "]


def spoilt(data: bytes, rng: random.Random) -> bytes:
    """Bytes are put in, overwritten, left out and repeated; what is tried stays the same."""
    letters = bytearray(data[1:])
    for _ in range(rng.randrange(1, 5)):
        place = rng.randrange(len(letters) + 1)
        other = rng.choice([rng.choice(_BYTES), bytes([rng.randrange(256)]), letters[place:], b""])
        letters[place : place + rng.choice([0, 1, 1, 5])] = other
    return data[:1] + bytes(letters[:4_096])


def test_the_inputs_that_fuzzing_starts_from_are_read():
    for data in set(seeds()):
        one_input(data)


@pytest.mark.cases(120, 20_000)
def test_spoilt_inputs_give_a_result_or_a_sentence(cases):
    rng, inputs = random.Random(5), seeds()
    for _ in range(cases):
        data = spoilt(rng.choice(inputs), rng)
        try:
            one_input(data)
        except Exception as error:
            raise AssertionError(f"{data!r} breaks a reader") from error
