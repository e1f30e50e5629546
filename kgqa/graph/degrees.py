"""How many edges leave each entity."""

from __future__ import annotations

import numpy as np


class Degrees:
    """A vector over all entities, computed where it is indexed (int, list or array of entities)."""

    def __init__(self, entity_group: np.ndarray, group_edge: np.ndarray, *, log: bool = False):
        self._entity_group, self._group_edge, self._log = entity_group, group_edge, log

    def __getitem__(self, entities) -> np.ndarray:
        ids = np.asarray(entities, dtype=np.int64)
        last = self._group_edge[self._entity_group[ids + 1]].astype(np.int64)
        degree = last - self._group_edge[self._entity_group[ids]]
        return np.log1p(degree).astype(np.float32) if self._log else degree
