"""The verbs on the lake itself, in plain figures, and the lock that lets one tend at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from qiantang.engine.lake.retention import since
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.upkeep.errors import AlreadyTending
from qiantang.rooms.upkeep.selectors import retention_of
from qiantang.rooms.upkeep.thresholds import ZONE_MINUTES, expiring

NAMED: Final = 20
"""Problems that a run keeps; their number is always whole."""


def lock_file() -> Path:
    """Its lock is held while somebody tends; its time says when that last began."""
    return Path(shelf.lake().folder) / "tending.lock"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lake's tending lock. Raises `AlreadyTending`."""
    path = lock_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise AlreadyTending from held
        os.utime(path)
        yield
    finally:
        os.close(handle)


def carry_out(table: str, verb: str) -> tuple[str, Mapping[str, Any]]:
    """Do it; the outcome and its figures. The lake's errors pass through."""
    return {"compact": _compact, "expire": _expire, "sweep": _sweep, "verify": _verify}[verb](table)


def _compact(table: str) -> tuple[str, Mapping[str, Any]]:
    done = shelf.lake().compact(table)
    figures = {
        "files_before": done.files_before,
        "files_after": done.files_after,
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
    }
    return ("done" if done.snapshot else "nothing"), figures


def _expire(table: str) -> tuple[str, Mapping[str, Any]]:
    lake, now = shelf.lake(), datetime.now(UTC)
    wanted = expiring(now, since(now, retention_of(table, lake.retention(table))))
    done = lake.expire(
        table,
        older_than=wanted.older_than,
        daily_before=wanted.daily_before,
        zone_minutes=ZONE_MINUTES,
    )
    figures = {"snapshots": done.snapshots, "files": done.files, "bytes": done.bytes}
    return ("done" if done.snapshots else "nothing"), figures


def _sweep(table: str) -> tuple[str, Mapping[str, Any]]:
    gone = shelf.lake().sweep(table)
    return ("done" if gone else "nothing"), {"files": len(gone)}


def _verify(table: str) -> tuple[str, Mapping[str, Any]]:
    found = shelf.lake().verify(table)
    grave = [p for p in found if p.code != "orphan"]
    named = [{"code": p.code, "file": p.path.name, "text": p.text.as_dict()} for p in grave[:NAMED]]
    figures = {"grave": len(grave), "orphans": len(found) - len(grave), "problems": named}
    return ("problems" if grave else "done"), figures
