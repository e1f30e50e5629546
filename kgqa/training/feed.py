"""Batches for the steps of a run: padded beside the training where that is worth it.

On a GPU a step takes less time than padding its batch, so other processes pad the next ones.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterable, Iterator

from kgqa.checkpoint import Checkpoint
from kgqa.model.batch import Batch
from kgqa.training.dataset import Example, TrainingSet

AHEAD = 4  # batches that wait, for each process

_shared: dict[str, tuple[Checkpoint, TrainingSet]] = {}  # what forked processes see


def feed(
    checkpoint: Checkpoint,
    training: TrainingSet,
    stream: Iterable[list[int]],
    *,
    workers: int = 0,
) -> Iterator[tuple[list[Example], Batch]]:
    """The examples of each batch of indices, and the batch.

    ``workers``: processes that pad; 0 pads where the batch is asked for.
    """
    if not workers:
        for indices in stream:
            examples = [training.examples[i] for i in indices]
            yield examples, checkpoint.batcher.collate([example.item for example in examples])
        return
    _shared["here"] = (checkpoint, training)
    room, ended = threading.Semaphore(AHEAD * workers), threading.Event()

    def gated() -> Iterator[list[int]]:
        for indices in stream:
            room.acquire()
            if ended.is_set():
                return
            yield indices

    with multiprocessing.get_context("fork").Pool(workers) as pool:
        try:
            for indices, arrays, ranges in pool.imap(_pad, gated()):
                room.release()
                yield [training.examples[i] for i in indices], Batch.of_arrays(arrays, ranges)
        finally:  # the pool ends once its thread, which may wait for room, has ended
            ended.set()
            room.release()


def _pad(indices: list[int]):
    checkpoint, training = _shared["here"]
    items = [training.examples[i].item for i in indices]
    return indices, *checkpoint.batcher.arrays(items)
