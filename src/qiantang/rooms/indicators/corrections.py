"""Which figures have more than one revision, and what the number of the newest is.

Few rows of the table are corrections, so their ids fit in memory. With them a part of the table
tells by itself whether it has all revisions of a figure. They are read once and then carried from
snapshot to snapshot by the rows that came in between.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Lake

_COLUMNS: Final = ("id", "revision")


class Corrections:
    """The newest revision of every figure that has several; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: int | None = None
        self._newest: Mapping[str, int] = {}

    def known(self, lake: Lake, table: str, snapshot: int) -> Mapping[str, int]:
        """Id to newest revision as of ``snapshot``, without the figures that have only one."""
        with self._lock:
            since, newest = self._snapshot, self._newest
        if since == snapshot:
            return newest
        came = None if since is None else lake.appended(table, since, columns=_COLUMNS, at=snapshot)
        if came is None:
            newest = {}
            came = lake.read(table, columns=_COLUMNS, where="revision > 1", at=snapshot)
        newest = _with(newest, came)
        with self._lock:
            self._snapshot, self._newest = snapshot, newest
        return newest


def _with(newest: Mapping[str, int], rows: pa.Table) -> Mapping[str, int]:
    ids, revisions = (rows.column(name).to_pylist() for name in _COLUMNS)
    later = [(id, n) for id, n in zip(ids, revisions, strict=True) if n > 1]
    if not later:
        return newest
    fresh = dict(newest)
    for id, n in later:
        fresh[id] = max(n, fresh.get(id, 1))
    return fresh
