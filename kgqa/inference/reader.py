"""One pass of the network for all questions that wait: on a GPU, concurrent visitors are read together in one batch.

Only the network is shared. Each visitor's own thread proposes the mentions, walks the graph and writes the trace, so a
question that takes long holds up nobody else. On the CPU a batch costs as much as its questions one by one: no waiting there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from kgqa.model.batch import Batch, Batcher, Encoded
from kgqa.model.network import KGQAModel
from kgqa.model.outputs import ModelOutput
from kgqa.walk.predict import to_cpu

LARGEST = 64  #: questions in one pass


@dataclass
class _Waiting:
    """A question that waits for its row, and what its visitor changed in its batch."""

    item: Encoded
    change: Callable[[Batch], Batch] | None
    done: threading.Event = field(default_factory=threading.Event)
    result: tuple[Batch, ModelOutput] | None = None
    error: BaseException | None = None


class Together:
    """Call it with one encoded question from any thread; the questions of a moment share a pass."""

    def __init__(self, model: KGQAModel, batcher: Batcher, *, join: bool | None = None):
        """``join``: whether to form batches; by default if the model is on a GPU."""
        self.model, self.batcher = model, batcher
        self.device = next(model.parameters()).device
        self.join = self.device.type != "cpu" if join is None else join
        self.forward = self._forward  # a host that lends its GPU wraps this (see app.py)
        self._turn, self._list = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []
        self.largest = 0  # questions in the largest pass so far

    def __call__(
        self, item: Encoded, change: Callable[[Batch], Batch] | None = None
    ) -> tuple[Batch, ModelOutput]:
        """(batch, output) of this question alone, on the CPU; ``change`` edits its batch before the network reads it."""
        if not self.join:
            batch = self.batcher.collate([item])
            batch = change(batch) if change else batch
            return batch, self.forward(batch)
        mine = _Waiting(item, change)
        with self._list:
            self._waiting.append(mine)
        with self._turn:  # whoever comes first takes everyone who waits along
            if not mine.done.is_set():
                with self._list:
                    group, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                self._pass(group)
        mine.done.wait()
        if mine.error is not None:
            raise mine.error
        return mine.result

    def _pass(self, group: list[_Waiting]) -> None:
        try:
            with torch.inference_mode():
                batch = self.batcher.collate([one.item for one in group])
                for i, one in enumerate(group):
                    if one.change:
                        batch = _put(batch, i, one.change(_row(batch, i)))
                output = self.forward(batch)
                self.largest = max(self.largest, len(group))
                for i, one in enumerate(group):
                    one.result = _row(batch, i), _row(output, i)
        except BaseException as error:
            for one in group:
                one.error = error
        finally:
            for one in group:
                one.done.set()

    def _forward(self, batch: Batch) -> ModelOutput:
        with torch.inference_mode():
            return to_cpu(self.model(batch.to(self.device)))


def _row(value, i: int):
    """A Batch or a ModelOutput of the i-th question alone."""
    return replace(value, **{k: v[i : i + 1] for k, v in vars(value).items() if v is not None})


def _put(batch: Batch, i: int, row: Batch) -> Batch:
    parts = {}
    for name, part in vars(row).items():
        if part is None:
            continue
        known: Tensor | None = getattr(batch, name)
        whole = (
            part.new_full((len(batch.first), *part.shape[1:]), -1)
            if known is None
            else known.clone()
        )
        whole[i : i + 1] = part
        parts[name] = whole
    return replace(batch, **parts)
