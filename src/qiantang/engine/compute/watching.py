"""Time limits and cancelling: one place where a running task is stopped, and why is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum


class Stopped(StrEnum):
    NO = ""
    LATE = "late"
    CANCELLED = "cancelled"


class Watch:
    """Stops what runs in a block, after a time or when told; says afterwards which it was."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._lock = threading.Lock()
        self._running = False
        self.stopped = Stopped.NO

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._end, [Stopped.LATE])
        timer.daemon = True
        with self._lock:
            cancelled = self.stopped is Stopped.CANCELLED
            self._running = not cancelled
        if cancelled:
            raise InterruptedError
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                self._running = False

    def cancel(self) -> None:
        """Stop what runs now, and whatever would be started later."""
        self._end(Stopped.CANCELLED)

    def _end(self, why: Stopped) -> None:
        with self._lock:
            if self.stopped is Stopped.NO:
                self.stopped = why
            running = self._running
        if running:
            self._stop()
