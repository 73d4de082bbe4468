"""Every revision of figures in the order of recording, for readers who follow what changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import store

_BEFORE: Final = datetime.min.replace(tzinfo=UTC)


def recorded(*, indicators: Collection[str]) -> list[Observation]:
    """All revisions of figures of ``indicators``, withdrawals included, by when they were recorded,
    then by id and revision. Unknown codes give nothing."""
    kept = frozenset(indicators)
    found = [
        row.observation
        for rows in store.holding(kept).revisions.values()
        if any(row.observation.indicator in kept for row in rows)
        for row in rows
    ]
    return sorted(found, key=lambda o: (o.recorded_at or _BEFORE, o.id, o.revision))


def figures_state() -> int | None:
    """What changes with every publication: the table's snapshot; None: nothing is published."""
    return store.snapshot()
