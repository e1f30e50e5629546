"""The latest readings of the network, so that the same question need not be read again."""

from __future__ import annotations

import threading
from collections import OrderedDict

from kgqa.edits import Edits
from kgqa.linking import Link
from kgqa.model.outputs import Reading

MOST = 16  #: readings that are kept; one of a long question has about 1 MB


class Recent:
    """Readings by their link and by the edits that the network was told of; thread-safe."""

    def __init__(self) -> None:
        self._readings: OrderedDict[tuple, Reading] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, link: Link, edits: Edits, reading: Reading) -> None:
        """Keep what the network made of a link."""
        with self._lock:
            self._readings[_key(link, edits)] = reading
            while len(self._readings) > MOST:
                self._readings.popitem(last=False)

    def get(self, link: Link, edits: Edits) -> Reading | None:
        """The reading, if it is still there."""
        with self._lock:
            return self._readings.get(_key(link, edits))


def _key(link: Link, edits: Edits) -> tuple:
    """All that the network sees of edits: see :func:`kgqa.inference.edit.impose`."""
    return link.question, link.proposals, link.ranges, edits.use, edits.follow
