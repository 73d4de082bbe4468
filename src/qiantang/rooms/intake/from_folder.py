"""The files of a watched folder, one after the other: none that cannot be taken stops the others.

A file that the house can never take goes to ``failed`` with the reason beside it, and is named at
the source. One that was replaced, changed or taken away meanwhile is left for the next look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import (
    CannotRead,
    FileEmpty,
    FilesPutAway,
    FileTooLarge,
    SourceRefused,
)
from qiantang.rooms.intake.fetching import Fetched
from qiantang.rooms.intake.fetching.folder import Unsteady, Waits, set_away, waiting
from qiantang.rooms.intake.models import Source
from qiantang.rooms.intake.shapes import RunView

_REFUSED: Final = ("refused", "failed")
_UNTAKEABLE: Final = (FileEmpty, FileTooLarge, CannotRead)
_MOST_NAMED: Final = 5


@dataclass(slots=True)
class Round:
    """What one look at a folder gave: the runs, and the files that were not taken, with why."""

    runs: list[RunView] = field(default_factory=list)
    put_away: list[tuple[str, QiantangError]] = field(default_factory=list)

    def trouble(self, source_id: str) -> FilesPutAway | None:
        """What is told of the files that were not taken."""
        if not self.put_away:
            return None
        shown, count = self.put_away[:_MOST_NAMED], len(self.put_away)
        zh = "；".join(f"{name}（{error.text().zh.rstrip('。')}）" for name, error in shown)
        en = "; ".join(f"{name} ({error.text().en.rstrip('.')})" for name, error in shown)
        more = count - len(shown)
        named = Text(zh + (f"；另有 {more} 个" if more else ""), en + f"; {more} more" * bool(more))
        return FilesPutAway(source=source_id, count=count, found=named)


def take_files(
    source: Source, deliver: Callable[[Fetched], RunView], cancelled: Callable[[], bool]
) -> Round:
    """Deliver what waits in the folder. ``deliver`` takes a file in and works on it; it raises
    `Unsteady` where that is not the file that was found.

    Raises `SourceRefused` where the folder is gone or a file cannot be moved out of it.
    """
    done = Round()
    for file in waiting(source.id, source.config).ready:
        if cancelled():
            break
        if not file.is_there():
            continue
        try:
            run = deliver(Fetched(file.path, file.path.name, still=file.is_there))
        except Unsteady:
            continue
        except _UNTAKEABLE as error:
            why = error.message("zh") + "\n" + error.message("en")
            if _moved(source, file, why):
                done.put_away.append((file.path.name, error))
            continue
        _moved(source, file, _why(run))
        done.runs.append(run)
    return done


def _moved(source: Source, file: Waits, why: str) -> bool:
    try:
        return set_away(file, why=why) is not None
    except OSError as error:
        found = f"{file.path.name}: {error.strerror or error}"
        raise SourceRefused(source=source.id, found=found) from error


def _why(run: RunView) -> str:
    """The reason file of a refused delivery; empty when it was taken."""
    if run.status not in _REFUSED:
        return ""
    said = (run.error or {}).get("messages") or {
        "zh": f"整批拒收：共 {run.sent} 行，剔出 {run.set_aside} 行。",
        "en": f"Refused whole: {run.set_aside} of {run.sent} rows were set aside.",
    }
    return f"{run.id}\n{said['zh']}\n{said['en']}"
