"""The verbs of intake, in one list."""

from __future__ import annotations

from qiantang.rooms.intake.changing import SourceChange, change_source
from qiantang.rooms.intake.deciding import cancel, decide, retry
from qiantang.rooms.intake.fetch import fetch, fetch_due
from qiantang.rooms.intake.reading import (
    confirm_reading,
    keep_recipe,
    preview_file,
    propose_reading,
)
from qiantang.rooms.intake.receiving import receive, take_pieces
from qiantang.rooms.intake.schedule import mark_overdue
from qiantang.rooms.intake.sources import (
    add_source,
    ask_fetch,
    pause_source,
    remove_source,
    test_source,
)
from qiantang.rooms.intake.tidying import tidy
from qiantang.rooms.intake.workers import is_work_waiting, wake, work_waiting
from qiantang.rooms.intake.working import note_aftermath, work

__all__ = [
    "SourceChange",
    "add_source",
    "ask_fetch",
    "cancel",
    "change_source",
    "confirm_reading",
    "decide",
    "fetch",
    "fetch_due",
    "is_work_waiting",
    "keep_recipe",
    "mark_overdue",
    "note_aftermath",
    "pause_source",
    "preview_file",
    "propose_reading",
    "receive",
    "remove_source",
    "retry",
    "take_pieces",
    "test_source",
    "tidy",
    "wake",
    "work",
    "work_waiting",
]
