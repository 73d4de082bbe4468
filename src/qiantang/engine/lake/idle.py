"""Reading connections to SQLite files that are asked again and again, kept open between questions.

Opening a file and reading its schema takes longer than the question. A connection belongs to one
question at a time and to the process that opened it; it is let go of when its file was replaced or
when others were needed more recently.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

MOST: Final = 16
Open = Callable[[], sqlite3.Connection]


class _Key(NamedTuple):
    """A file as it is now: another one in its place has another number."""

    process: int
    path: Path
    device: int
    number: int


class Idle:
    """Connections that wait for the next question, the longest unused first. ``newest_only`` lets
    go of other files of the same folder when one is asked for."""

    def __init__(self, *, most: int = MOST, newest_only: bool = False) -> None:
        self._most, self._newest_only = most, newest_only
        self._waiting: list[tuple[_Key, sqlite3.Connection]] = []
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, path: Path, opened: Open) -> Iterator[sqlite3.Connection]:
        """A connection to ``path``, made by ``opened`` where none waits. After an error it is not
        used again. Raises `FileNotFoundError`, and what ``opened`` raises."""
        found = path.stat()
        key = _Key(os.getpid(), path, found.st_dev, found.st_ino)
        connection = self._taken(key) or opened()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._kept(key, connection)

    def _taken(self, key: _Key) -> sqlite3.Connection | None:
        with self._lock:
            place = next((n for n, (k, _) in enumerate(self._waiting) if k == key), None)
            taken = None if place is None else self._waiting.pop(place)[1]
            for other in [each for each in self._waiting if self._is_past(each[0], key)]:
                self._waiting.remove(other)
                other[1].close()
        return taken

    def _is_past(self, other: _Key, asked: _Key) -> bool:
        """Whether a waiting connection will not be asked for again. Those of a parent process stay
        untouched: closing them here would let go of its locks."""
        if other.process != asked.process or other == asked:
            return False
        return other.path == asked.path or (
            self._newest_only and other.path.parent == asked.path.parent
        )

    def _kept(self, key: _Key, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._waiting.append((key, connection))
            surplus = self._waiting[: -self._most]
            del self._waiting[: -self._most]
            for past, waiting in surplus:
                if past.process == key.process:
                    waiting.close()
