"""What maintenance finds and does, in plain figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a compaction did; with nothing to do, both sides are equal and ``snapshot`` is 0."""

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    snapshot: int


@dataclass(frozen=True, slots=True)
class Expiry:
    """How many versions and files went, and the bytes that became free."""

    snapshots: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Condition:
    """``mergeable`` files are those a compaction would merge; ``depth`` is in how many files at
    most one key may lie. ``bytes`` are those of the newest version."""

    table: str
    rows: int
    files: int
    bytes: int
    mergeable: int
    depth: int
    snapshots: int
    oldest: datetime | None
    newest: datetime | None
    retention: str
