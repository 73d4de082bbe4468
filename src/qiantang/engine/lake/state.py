"""What a table is at one metadata file: columns and snapshots, read without PyIceberg.

Iceberg's metadata file is plain JSON and never changes once written, so a parsed state is good for
as long as the catalogue names its location. Reading it here keeps readers small and quick.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from qiantang.engine.lake.columns import Column, columns_of
from qiantang.engine.lake.errors import MetadataDamaged, MomentUnclear, SnapshotUnknown

KEY: Final = "qiantang.key"
NOTE: Final = "qiantang.note."
SORT: Final = "qiantang.sort-field-ids"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed version. ``rows`` counts the whole table as of it; ``key`` and ``note`` are
    what the writer gave."""

    id: int
    committed_at: datetime
    rows: int
    key: str = ""
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as one immutable metadata file describes it; ``snapshots`` oldest first."""

    name: str
    location: str
    columns: tuple[Column, ...]
    snapshots: tuple[Snapshot, ...]
    sort_by: tuple[str, ...]

    @property
    def current(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    def with_key(self, key: str) -> Snapshot | None:
        """The snapshot committed under ``key``; an empty key is no key."""
        return next((s for s in reversed(self.snapshots) if key and s.key == key), None)

    def at(self, moment: int | datetime | None) -> Snapshot | None:
        """The snapshot by id, or the latest at or before a moment; None when there was none yet."""
        if moment is None:
            return self.current
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise MomentUnclear(found=moment.isoformat())
            return next((s for s in reversed(self.snapshots) if s.committed_at <= moment), None)
        found = next((s for s in self.snapshots if s.id == moment), None)
        if found is None:
            raise SnapshotUnknown(table=self.name, found=moment)
        return found


def extended(state: TableState, location: str, raw: Mapping[str, Any]) -> TableState:
    """``state`` after one more snapshot under the same columns, without reading a file."""
    return replace(state, location=location, snapshots=(*state.snapshots, _snapshot(raw)))


def read_state(name: str, location: str, path: Path) -> TableState:
    """Parse the metadata file that ``location`` names and that lies at ``path``.

    FileNotFoundError passes through, the caller may look again.
    """
    try:
        raw = json.loads(path.read_bytes())
        return _state(name, location, raw)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise MetadataDamaged(table=name, found=path.name) from wrong


def _state(name: str, location: str, raw: Mapping[str, Any]) -> TableState:
    current_id = raw["current-schema-id"]
    schema = next(s for s in raw["schemas"] if s["schema-id"] == current_id)
    columns = columns_of(schema)
    by_id = {c.id: c.name for c in columns}
    sort = [int(i) for i in raw.get("properties", {}).get(SORT, "").split(",") if i]
    return TableState(
        name=name,
        location=location,
        columns=columns,
        snapshots=_line(raw),
        sort_by=tuple(by_id[i] for i in sort if i in by_id),
    )


def _line(raw: Mapping[str, Any]) -> tuple[Snapshot, ...]:
    """The snapshots from the first to the current one, along their parents."""
    by_id = {s["snapshot-id"]: s for s in raw.get("snapshots") or ()}
    line: list[Snapshot] = []
    at = raw.get("current-snapshot-id")
    while at is not None and at in by_id:
        line.append(_snapshot(by_id[at]))
        at = by_id[at].get("parent-snapshot-id")
    return tuple(reversed(line))


def _snapshot(raw: Mapping[str, Any]) -> Snapshot:
    summary: Mapping[str, str] = raw.get("summary") or {}
    return Snapshot(
        id=raw["snapshot-id"],
        committed_at=datetime.fromtimestamp(raw["timestamp-ms"] / 1000, tz=UTC),
        rows=int(summary.get("total-records", 0)),
        key=summary.get(KEY, ""),
        note={k.removeprefix(NOTE): v for k, v in summary.items() if k.startswith(NOTE)},
    )
