"""Do the arrays of a graph fit each other? Checked whenever a folder is opened.

Checksums say that files are as they were written; this says that they were written well: lengths,
ranges, offsets, order (lookups are binary searches), and that every fact can be walked both ways.
A graph that passes can be asked anything without leaving its arrays.

Time is bounded: of arrays longer than ``WHOLE`` and of more strings than ``STRINGS``, blocks are
checked, at both ends and evenly between. ``full`` checks all.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import lt, mul

import numpy as np

from kgqa.graph.arrays import ARRAYS
from kgqa.graph.description import Description
from kgqa.graph.names import KIND

WHOLE = 2**25  #: elements of an array that are all checked
STRINGS = 2**17  #: strings whose order is checked one by one
MIRRORED = 2**22  #: edges that are all compared with their inverses
_BLOCK, _FEW, _LAST_DAY = 2**20, 2**12, date.max.toordinal()

Arrays = Mapping[str, np.ndarray]


class Misfit(Exception):
    """An array that does not fit the others."""

    def __init__(self, name: str, why: str):
        super().__init__(name, why)
        self.name, self.why = name, why


def check(description: Description, arrays: Arrays, *, full: bool = False) -> None:
    """Raises :class:`Misfit` for the first array that does not fit."""
    look = _Look(description, arrays, full)
    look.lengths()
    look.ranges()
    look.numbers()
    look.facts()
    for name in ("label", "key", "description", "alias", "word"):
        look.strings(name)
    look.ids()
    look.aliases()
    look.words()


class _Look:
    """The checks, in the order of :func:`check`: each relies on those before it."""

    def __init__(self, description: Description, arrays: Arrays, full: bool):
        self.about, self.arrays, self.full = description, arrays, full
        self.relations = len(description.relations)
        self._read: dict[str, list[bytes]] = {}  # strings that are read whole

    def lengths(self) -> None:
        """Arrays that share a letter in ``ARRAYS`` have as many elements."""
        about = {"E": self.about.entities, "T": self.about.edges, "P": self.about.aliases}
        sizes = {letter: size for letter, size in about.items() if size}
        for name, array in ARRAYS.items():
            letter, _, more = array.shape.strip("[]").partition(" + ")
            size = len(self.arrays[name]) - int(more or 0)
            if size < 0 or (len(letter) == 1 and size != sizes.setdefault(letter, size)):
                expected = sizes.get(letter, 0) + int(more or 0)
                raise Misfit(name, f"it has {len(self.arrays[name]):,} values, not {expected:,}")

    def ranges(self) -> None:
        """Positions lie in what they point into; offsets begin at 0, ascend, and end there."""
        a, entities = self.arrays, len(self.arrays["entity_kind"])
        limits = dict.fromkeys("tail number_entity alias_entity id_order".split(), entities)
        limits |= {
            "group_relation": 2 * self.relations,
            "number_relation": self.relations,
            "entity_kind": len(self.about.kinds),
            "entity_description": len(a["description_offset"]) - 1,
            "alias_kind": KIND["misspelling"],  # and what comes after it is never stored
        }
        for name, limit in limits.items():
            for block in self._blocks(len(a[name])):
                values = a[name][block]
                if len(values) and not 0 <= int(values.min()) <= int(values.max()) < limit:
                    raise Misfit(name, f"it has a value outside 0 to {limit - 1:,}")
        ends = {"group_edge": "tail", "alias_entry": "alias_entity", "entity_group": "group_edge"}
        ends |= {name: name.replace("offset", "text") for name in ARRAYS if "offset" in name}
        ends["word_block"] = "word_count"
        for name, target in ends.items():
            end = len(a[target]) - (target == "group_edge")
            if int(a[name][0]) != 0 or int(a[name][-1]) != end:
                raise Misfit(name, f"it does not lead from 0 to {end:,}")
            compare = np.greater if name in ("group_edge", "alias_entry") else np.greater_equal
            for block in self._blocks(len(a[name])):
                values = a[name][block]
                if not compare(values[1:], values[:-1]).all():
                    raise Misfit(name, "it does not ascend")

    def numbers(self) -> None:
        """Numbers are finite, and those of dates are days of the calendar."""
        relation, value = self.arrays["number_relation"], self.arrays["number_value"]
        dated = np.array([r.unit == "date" for r in self.about.relations], dtype=bool)
        for block in self._blocks(len(value)):
            days = value[block][dated[relation[block]]]
            if not np.isfinite(value[block]).all() or ((days < 1) | (days > _LAST_DAY)).any():
                raise Misfit("number_value", "it has a value that is no number, or no day")

    def facts(self) -> None:
        """Groups and tails are sorted, and relations lead both ways, literal ones forwards."""
        a = self.arrays
        for name, starts in (("group_relation", "entity_group"), ("tail", "group_edge")):
            for block in self._blocks(len(a[name])):
                values = a[name][block]
                self._sorted(name, starts, block, values[1:] > values[:-1])
        if len(a["group_relation"]) > WHOLE and not self.full:
            return
        edges = np.bincount(
            a["group_relation"], weights=np.diff(a["group_edge"]), minlength=2 * self.relations
        )
        literal = np.array([relation.literal for relation in self.about.relations], dtype=bool)
        there, back = edges[: self.relations], edges[self.relations :]
        counted = [relation.triples for relation in self.about.relations]
        if there.sum() != self.about.triples or (any(counted) and there.tolist() != counted):
            raise Misfit("group_relation", "graph.json counts other triples")
        if back[literal].any() or (there != back)[~literal].any():
            raise Misfit("group_relation", "relations and inverses differ in number")
        if (len(a["tail"]) <= MIRRORED or self.full) and self._mirror(literal):
            raise Misfit("tail", "facts and their inverses differ")

    def strings(self, name: str) -> None:
        """Text is UTF-8, and no string begins within a character."""
        text, offset = self.arrays[f"{name}_text"], self.arrays[f"{name}_offset"]
        decoder, before = codecs.getincrementaldecoder("utf-8")(), 0
        try:
            for block in self._blocks(len(text), overlap=0):
                part = text[block]
                if block.start != before:  # of a long text, blocks that begin anywhere
                    decoder.reset()
                    part = part[int(np.argmax(part[:4] & 0xC0 != 0x80)) :]
                decoder.decode(part.tobytes())
                before = block.stop
            if before == len(text):
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise Misfit(f"{name}_text", "it is not UTF-8") from None
        for block in self._blocks(len(offset)):
            starts = offset[block]
            if (text[starts[starts < len(text)]] & 0xC0 == 0x80).any():
                raise Misfit(f"{name}_offset", "it splits a character")

    def ids(self) -> None:
        """``id_order`` sorts the entities by their ids, which are distinct."""
        a, order = self.arrays, self.arrays["id_order"]
        kinds = [f"{kind}:".encode() for kind in self.about.kinds]
        keys, labels, kind = self._reader("key"), self._reader("label"), a["entity_kind"]
        for block in self._blocks(len(order), strings=True):
            entities = order[block]
            parts = zip(keys(entities), labels(entities), kind[entities].tolist(), strict=True)
            ids = [key or kinds[k] + label for key, label, k in parts]
            if not all(map(lt, ids, ids[1:])):
                raise Misfit("id_order", "it does not sort the ids")

    def aliases(self) -> None:
        """Aliases are sorted, and the entities of each: best kind first, then best connected."""
        a = self.arrays
        for block in self._blocks(len(a["alias_offset"]) - 1, strings=True):
            aliases = self._slices("alias", block)
            if not all(map(lt, aliases, aliases[1:])):
                raise Misfit("alias_text", "aliases are not sorted")
        groups, edge = a["entity_group"], a["group_edge"]
        for block in self._blocks(len(a["alias_entity"])):
            entity, kind = a["alias_entity"][block], a["alias_kind"][block]
            degree = edge[groups[entity + 1]].astype(np.int64) - edge[groups[entity]]
            after = entity[1:] > entity[:-1]
            after = (degree[1:] < degree[:-1]) | (degree[1:] == degree[:-1]) & after
            after = (kind[1:] > kind[:-1]) | (kind[1:] == kind[:-1]) & after
            self._sorted("alias_entity", "alias_entry", block, after)

    def words(self) -> None:
        """Words are sorted by length and bytes, with the letters that they have."""
        a, starts = self.arrays, self.arrays["word_block"]
        for block in self._blocks(len(a["word_count"]), strings=True):
            words = self._slices("word", block)
            ends = a["word_offset"][block.start : block.start + len(words) + 1]
            part = a["word_text"][int(ends[0]) : int(ends[-1])]
            characters = np.append(0, np.cumsum(part & 0xC0 != 0x80))[ends - ends[0]]
            lengths = np.diff(characters)
            index = np.arange(block.start, block.start + len(words))
            if (lengths != starts.searchsorted(index, side="right") - 1).any() or 0 in lengths:
                raise Misfit("word_block", "words have other lengths")
            same = lengths[1:] == lengths[:-1]
            in_order = np.fromiter(map(lt, words, words[1:]), bool, max(len(words) - 1, 0))
            if (same & ~in_order).any():
                raise Misfit("word_text", "words are not sorted")
            codes = np.frombuffer(part.tobytes().decode().encode("utf-32-le"), dtype=np.uint32)
            bits = np.uint64(1) << (codes % 64).astype(np.uint64)
            if len(bits):
                letters = np.bitwise_or.reduceat(bits, characters[:-1])
                if (letters != a["word_letters"][block]).any():
                    raise Misfit("word_letters", "words have other letters")
            if (a["word_count"][block] < 1).any():
                raise Misfit("word_count", "a word occurs nowhere")
        if self._unlike_aliases():
            raise Misfit("word_count", "other words occur in aliases")

    # -- parts of them -----------------------------------------------------------------------------

    def _blocks(self, length: int, *, overlap: int = 1, strings: bool = False) -> Iterator[slice]:
        """Slices to check; each has ``overlap`` elements of the next."""
        limit, size = (STRINGS, _FEW) if strings else (WHOLE, _BLOCK)
        if strings and (length <= limit or self.full):
            size = limit
        starts: Sequence[int] = range(0, max(length - overlap, 1), size)
        if length > limit and not self.full:
            chosen = np.linspace(0, len(starts) - 1, limit // size).astype(int)
            starts = [starts[i] for i in np.unique(chosen).tolist()]
        for start in starts:
            yield slice(start, min(start + size + overlap, length))

    def _sorted(self, name: str, starts: str, block: slice, after: np.ndarray) -> None:
        """``after`` [n - 1]: a value of the block comes after the one before, or must start."""
        if after.all():
            return
        first = self.arrays[starts]
        low, high = first.searchsorted(np.array([block.start + 1, block.stop], dtype=first.dtype))
        after[first[low:high] - first.dtype.type(block.start + 1)] = True
        if not after.all():
            raise Misfit(name, "it is not sorted")

    def _mirror(self, literal: np.ndarray) -> bool:
        """Do facts and inverses differ, as sets? Compared by a sum of hashes of 64 bits."""
        a, total = self.arrays, 0
        for block in self._blocks(len(a["group_relation"]), overlap=0):
            edge = a["group_edge"][block.start : block.stop + 1].astype(np.int64)
            sizes = np.diff(edge)
            index = np.arange(block.start, block.stop, dtype=a["entity_group"].dtype)
            head = a["entity_group"].searchsorted(index, side="right") - 1
            relation = a["group_relation"][block].astype(np.int64)
            tail = a["tail"][edge[0] : edge[-1]].astype(np.uint64)
            turned = relation >= self.relations
            relation %= self.relations
            head, turned, skip, relation = (
                np.repeat(values, sizes)
                for values in (head.astype(np.uint64), turned, literal[relation], relation)
            )
            one, other = np.where(turned, tail, head), np.where(turned, head, tail)
            hashes = _mix(_mix(_mix(one) + other) + relation.astype(np.uint64))
            hashes[skip] = 0
            total += int(hashes[~turned].sum()) - int(hashes[turned].sum())
        return total % 2**64 != 0

    def _unlike_aliases(self) -> bool:
        """Do aliases have other words than the index? Compared by a sum of hashes of 64 bits."""
        counts, aliases = self.arrays["word_count"], len(self.arrays["alias_offset"]) - 1
        if max(len(counts), aliases) > STRINGS and not self.full:
            return False
        total = 0
        for block in self._blocks(len(counts), overlap=0, strings=True):
            hashes = map(hash, self._slices("word", block))
            total += sum(map(mul, hashes, counts[block].tolist()))
        for block in self._blocks(aliases, overlap=0, strings=True):
            total -= sum(map(hash, b" ".join(self._slices("alias", block)).split(b" ")))
        return bool(total) if aliases else len(counts) > 0

    def _slices(self, name: str, block: slice) -> list[bytes]:
        """The strings of a block as bytes."""
        offset = self.arrays[f"{name}_offset"]
        whole = block.stop - block.start == len(offset) - 1
        if whole and name in self._read:
            return self._read[name]
        ends = offset[block.start : block.stop + 1]
        low = int(ends[0])
        text = self.arrays[f"{name}_text"][low : int(ends[-1])].tobytes()
        places = (ends.astype(np.int64) - low).tolist()
        strings = [text[i:j] for i, j in zip(places, places[1:], strict=False)]
        if whole:
            self._read[name] = strings
        return strings

    def _reader(self, name: str) -> Callable[[np.ndarray], list[bytes]]:
        """Reads the strings at any positions as bytes."""
        stored, offset = self.arrays[f"{name}_text"], self.arrays[f"{name}_offset"]
        text = stored.tobytes() if len(stored) <= WHOLE else stored.data

        def read(index: np.ndarray) -> list[bytes]:
            ends = zip(offset[index].tolist(), offset[index + 1].tolist(), strict=True)
            return [bytes(text[low:high]) for low, high in ends]

        return read


def _mix(values: np.ndarray) -> np.ndarray:
    """Hashes of uint64: splitmix64 (Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
