"""How many free queries run at once in a process, whichever door they came through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from qiantang.kernel.errors import Unavailable
from qiantang.kernel.text import Text

AT_ONCE: Final = 2
PATIENCE = 5.0
"""Seconds that a query waits for its turn."""
_turns = threading.BoundedSemaphore(AT_ONCE)


class QueriesBusy(Unavailable):
    code = "doors.queries_busy"
    title = Text(zh="查询繁忙", en="Too many queries at once")
    detail = Text(zh="正在运行的查询已达上限。", en="As many queries as are allowed run now.")
    hint = Text(zh="请稍后再试。", en="Try again in a moment.")


@contextmanager
def turn() -> Iterator[None]:
    """Run one query; who waits too long is told to come back (`QueriesBusy`)."""
    if not _turns.acquire(timeout=PATIENCE):
        raise QueriesBusy()
    try:
        yield
    finally:
        _turns.release()
