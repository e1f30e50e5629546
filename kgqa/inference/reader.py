"""Linked questions in, a Reading out: on a GPU, visitors of one moment share a pass of the network.

Only the network is shared. Each visitor's own thread proposes the mentions, walks the graph and
writes the trace, so a question that takes long holds up nobody else. On the CPU a batch costs as
much as its questions one by one, so nobody waits there.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import torch

from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.inference import edit
from kgqa.linking import Link
from kgqa.model.batch import Batch, Encoded
from kgqa.model.outputs import ModelOutput, Reading

LARGEST = 64  #: questions in one pass

Rows = TypeVar("Rows", Batch, ModelOutput)


@dataclass
class _Waiting:
    """A visitor's question that waits for its row of a pass."""

    item: Encoded
    edits: Edits
    done: threading.Event = field(default_factory=threading.Event)
    reading: Reading | None = None
    error: BaseException | None = None


class Reader:
    """Runs the network of a checkpoint; threads may share it."""

    def __init__(self, checkpoint: Checkpoint, *, share: bool | None = None):
        """``share``: whether visitors share a pass; by default if the network is on a GPU."""
        self.checkpoint = checkpoint
        self.share = checkpoint.device.type != "cpu" if share is None else share
        self.forward = self._forward  # a host that lends its GPU wraps this (kgqa.serve)
        self.largest = 0  # questions in the largest pass so far
        self._turn, self._lock = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []

    def read(self, links: Sequence[Link]) -> Reading:
        """Several questions in one pass; the reading is on the CPU, where the graph is."""
        return self.read_encoded([self.checkpoint.batcher.encode(link) for link in links])

    def read_encoded(self, items: Sequence[Encoded]) -> Reading:
        """:meth:`read` for questions that were encoded before."""
        batch = self.checkpoint.batcher.collate(items)
        return self._reading(tuple(item.link for item in items), batch, self.forward(batch))

    def read_one(self, link: Link, edits: Edits = Edits()) -> Reading:
        """One visitor's question, with what the edits impose on the network."""
        item = self.checkpoint.batcher.encode(link)
        if not self.share:
            batch = self._imposed(self.checkpoint.batcher.collate([item]), link, edits)
            return self._reading((link,), batch, self.forward(batch))
        visitor = _Waiting(item, edits)
        with self._lock:
            self._waiting.append(visitor)
        with self._turn:  # whoever comes first takes everyone who waits along
            if not visitor.done.is_set():
                with self._lock:
                    group, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                self._pass(group)
        visitor.done.wait()
        if visitor.error is not None:
            raise visitor.error
        assert visitor.reading is not None
        return visitor.reading

    def _imposed(self, batch: Batch, link: Link, edits: Edits) -> Batch:
        return edit.impose(batch, link, edits, self.checkpoint) if edits else batch

    def _pass(self, group: list[_Waiting]) -> None:
        try:
            batch = self.checkpoint.batcher.collate([visitor.item for visitor in group])
            for i, visitor in enumerate(group):
                if visitor.edits:
                    row = self._imposed(_row(batch, i), visitor.item.link, visitor.edits)
                    batch = _put(batch, i, row)
            output = self.forward(batch)
            self.largest = max(self.largest, len(group))
            for i, visitor in enumerate(group):
                links = (visitor.item.link,)
                visitor.reading = self._reading(links, _row(batch, i), _row(output, i))
        except BaseException as error:
            for visitor in group:
                visitor.error = error
        finally:
            for visitor in group:
                visitor.done.set()

    def _forward(self, batch: Batch) -> ModelOutput:
        with torch.inference_mode():
            return self.checkpoint.model(batch.to(self.checkpoint.device)).to("cpu")

    def _reading(self, links: tuple[Link, ...], batch: Batch, output: ModelOutput) -> Reading:
        return Reading(links, batch, output, self.checkpoint.config)


def _row(rows: Rows, i: int) -> Rows:
    """The i-th question alone."""
    parts = {k: v[i : i + 1] for k, v in vars(rows).items() if v is not None and k != "readouts"}
    return replace(rows, **parts)


def _put(batch: Batch, i: int, row: Batch) -> Batch:
    """The batch with its i-th question replaced."""
    parts: dict[str, Any] = {}
    for name, part in vars(row).items():
        whole = getattr(batch, name)
        if isinstance(part, tuple):
            parts[name] = (*whole[:i], *part, *whole[i + 1 :])
        elif part is not None:
            if whole is None:
                whole = part.new_full((batch.size, *part.shape[1:]), -1)
            parts[name] = whole.clone()
            parts[name][i : i + 1] = part
    return replace(batch, **parts)
