"""Work that a process does once on each day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date


class OnceADay:
    """Remembers the last day on which the work was done in this process; work that failed is not
    done."""

    def __init__(self) -> None:
        self.done_on: date | None = None

    def run(self, today: date, work: Callable[[], None]) -> bool:
        """Do the work unless it was done on this day; whether it was done now. Raises what the
        work raises, and then it is done again by the next call."""
        if self.done_on == today:
            return False
        work()
        self.done_on = today
        return True
