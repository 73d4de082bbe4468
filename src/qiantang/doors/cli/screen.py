"""The terminal: a rich console for results, one for progress, colours only where there are any."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from qiantang.doors.cli.language import say

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH: Final = 100


def console(*, err: bool = False) -> Console:
    """Results go to stdout, progress to stderr; a pipe gets no colours and a steady width."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(stderr=err, width=PIPED_WIDTH if piped else None, highlight=False)


class Steps:
    """Progress of long work: a bar per step on a terminal, a line per step in a pipe."""

    def __init__(self, out: Any, bar: Any | None) -> None:
        self._out = out
        self._bar = bar
        self._task: Any = None

    def begin(self, what: str, total: int | None = None) -> None:
        self.end()
        if self._bar is not None:
            self._task = self._bar.add_task(what, total=total)
        else:
            self._out.print(f"· {what}")

    def advance(self, by: int = 1) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, by)

    def note(self, said: str) -> None:
        """A line that stays beside the steps."""
        self._out.print(said, markup=False)

    def end(self) -> None:
        if self._bar is not None and self._task is not None:
            task = self._bar.tasks[self._task]
            total = task.total or task.completed or 1
            self._bar.update(self._task, total=total, completed=total)
            self._task = None


@contextmanager
def steps() -> Iterator[Steps]:
    """Show steps while the block runs."""
    out = console(err=True)
    if not out.is_terminal:
        yield Steps(out, None)
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"))
    with Progress(*columns, BarColumn(bar_width=24), TimeElapsedColumn(), console=out) as bar:
        shown = Steps(out, bar)
        yield shown
        shown.end()


def pause_hint() -> str:
    return say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")
