"""What a table is at one metadata file: columns and snapshots, read without PyIceberg.

Iceberg's metadata file is plain JSON and never changes once written, so a parsed state is good for
as long as the catalogue names its location. Reading it here keeps readers small and quick.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

from qiantang.engine.lake.columns import Column, columns_of
from qiantang.engine.lake.errors import (
    MetadataDamaged,
    MomentUnclear,
    SnapshotUnknown,
    VersionExpired,
    VersionUnkept,
)
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.periods import CHINA_TIME

KEY: Final = "qiantang.key"
NOTE: Final = "qiantang.note."
SORT: Final = "qiantang.sort-field-ids"
RETENTION: Final = "qiantang.retention"
EXPIRED: Final = "qiantang.expired"
BEGAN: Final = "qiantang.began-ms"
DAILY: Final = "qiantang.daily-zone-minutes"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed version. ``rows`` counts the whole table as of it; ``key`` and ``note`` are
    what the writer gave."""

    id: int
    committed_at: datetime
    rows: int
    key: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    sequence: int = 0
    """Counts a table's versions, those that expired too."""


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as one immutable metadata file describes it; ``snapshots`` oldest first.

    ``expired``: versions before the first are gone; ``began``: when the very first was made, None
    where nobody noted it. ``daily``: versions between two days' last ones may be gone; it says
    where days begin, in minutes east of UTC. ``retention`` is an ISO 8601 duration, empty without
    limit.
    """

    name: str
    location: str
    columns: tuple[Column, ...]
    snapshots: tuple[Snapshot, ...]
    sort_by: tuple[str, ...]
    expired: bool = False
    began: datetime | None = None
    daily: int | None = None
    retention: str = ""

    @property
    def current(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    def with_key(self, key: str) -> Snapshot | None:
        """The snapshot committed under ``key``; an empty key is no key."""
        return next((s for s in reversed(self.snapshots) if key and s.key == key), None)

    def at(self, moment: int | datetime | None) -> Snapshot | None:
        """The snapshot by id, or the latest at or before a moment; None when there was none yet.

        Raises `VersionExpired` for a moment whose version is gone, never gives a neighbour for it;
        `VersionUnkept` where nobody knows whether there was one.
        """
        if moment is None:
            return self.current
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise MomentUnclear(found=moment.isoformat())
            return self._at_moment(moment)
        found = next((s for s in self.snapshots if s.id == moment), None)
        if found is None:
            raise SnapshotUnknown(table=self.name, found=moment)
        return found

    def _at_moment(self, moment: datetime) -> Snapshot | None:
        after = next((s for s in self.snapshots if s.committed_at > moment), None)
        before = next((s for s in reversed(self.snapshots) if s.committed_at <= moment), None)
        if before is None:
            if after is None or not self.expired or (self.began and moment < self.began):
                return None
            self._refuse(moment, after, VersionExpired if self.began else VersionUnkept)
        if after is None or after.sequence == before.sequence + 1 or self.daily is None:
            return before
        # The last version of every day is kept, so only the day of ``after`` may lack one.
        if self.day(moment, self.daily) == self.day(after.committed_at, self.daily):
            self._refuse(moment, after)
        return before

    def _refuse(
        self, moment: datetime, after: Snapshot, why: type[QiantangError] = VersionExpired
    ) -> NoReturn:
        readable = to_the_minute(after.committed_at, upwards=True)
        raise why(table=self.name, found=to_the_minute(moment), expected=readable)

    @staticmethod
    def day(moment: datetime, zone: int) -> date:
        """The day of a moment, ``zone`` minutes east of UTC."""
        return (moment.astimezone(UTC) + timedelta(minutes=zone)).date()


def to_the_minute(moment: datetime, *, upwards: bool = False) -> str:
    """A moment as people here read it, ``2026-03-01 09:30``; ``upwards``: not before it."""
    local = moment.astimezone(CHINA_TIME)
    if upwards and (local.second or local.microsecond):
        local += timedelta(minutes=1)
    return f"{local:%Y-%m-%d %H:%M}"


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
    properties = raw.get("properties", {})
    sort = [int(i) for i in properties.get(SORT, "").split(",") if i]
    return TableState(
        name=name,
        location=location,
        columns=columns,
        snapshots=_line(raw),
        sort_by=tuple(by_id[i] for i in sort if i in by_id),
        expired=EXPIRED in properties,
        began=_moment(int(properties[BEGAN])) if BEGAN in properties else None,
        daily=int(properties[DAILY]) if DAILY in properties else None,
        retention=properties.get(RETENTION, ""),
    )


def _line(raw: Mapping[str, Any]) -> tuple[Snapshot, ...]:
    """The snapshots from the first to the current one, as the table's log names them.

    Their parents would not do: where versions expired in between, the chain is broken.
    """
    by_id = {s["snapshot-id"]: s for s in raw.get("snapshots") or ()}
    current = raw.get("current-snapshot-id")
    if current is None or current not in by_id:
        return ()
    logged = [entry["snapshot-id"] for entry in raw.get("snapshot-log") or ()]
    line = dict.fromkeys(i for i in logged if i in by_id and i != current)
    return tuple(_snapshot(by_id[i]) for i in [*line, current])


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _snapshot(raw: Mapping[str, Any]) -> Snapshot:
    summary: Mapping[str, str] = raw.get("summary") or {}
    return Snapshot(
        id=raw["snapshot-id"],
        committed_at=_moment(raw["timestamp-ms"]),
        rows=int(summary.get("total-records", 0)),
        key=summary.get(KEY, ""),
        note={k.removeprefix(NOTE): v for k, v in summary.items() if k.startswith(NOTE)},
        sequence=int(raw.get("sequence-number") or 0),
    )
