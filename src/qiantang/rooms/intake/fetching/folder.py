"""A watched folder: files that have stopped growing, the oldest first.

A file is taken when its size and time have not changed for a while, so that one that is still
being copied is left alone. Afterwards it is moved to ``done`` or, with a text file that says why,
to ``failed``, both beside it: the very file that was read, never one that took its name meanwhile.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from qiantang.rooms.intake.errors import SourceRefused

DONE: Final = "done"
FAILED: Final = "failed"
SETTLED: Final = 5.0
"""Seconds for which a file must not have changed."""
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart", ".swp")


class Unsteady(Exception):
    """The file is not the one that was found any more; not an error of the house."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A file as it was found: where, and by what it is known again. ``changed`` is the time of its
    content and ``touched`` that of its entry, in nanoseconds."""

    path: Path
    place: tuple[int, int]
    size: int
    changed: int
    touched: int

    def is_there(self) -> bool:
        """Whether this very file, unchanged, still has its name."""
        found = _found(self.path)
        return found is not None and found == self

    def is_at(self, path: Path) -> bool:
        """Whether this file lies at ``path`` now: moving a file touches it."""
        found = _found(path)
        return found is not None and found == replace(self, path=path, touched=found.touched)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The files of a folder, oldest first: those to take now, and those that may still grow; and
    the names of what is not looked at: other files, links, folders."""

    ready: tuple[Waits, ...]
    settling: tuple[Waits, ...]
    passed_over: tuple[str, ...] = ()


def waiting(source: str, config: Mapping[str, Any]) -> Waiting:
    """What waits in the folder. Raises `SourceRefused` when it is gone."""
    folder = Path(str(config["path"]))
    pattern = str(config.get("pattern") or "*")
    settled = float(config.get("settled", SETTLED))
    try:
        entries = [entry for entry in os.scandir(folder) if not _is_ours(entry)]
    except OSError as error:
        raise SourceRefused(source=source, found=error.strerror or error) from error
    wanted = [entry for entry in entries if _is_candidate(entry, pattern)]
    passed_over = sorted(entry.name for entry in entries if entry not in wanted)
    # What went away since it was listed is none of what waits.
    found = [file for entry in wanted if (file := _found(Path(entry.path)))]
    found.sort(key=lambda file: (file.changed, file.path))
    latest = (time.time() - settled) * 1e9
    steady = [max(file.changed, file.touched) <= latest for file in found]
    ready = tuple(file for file, still in zip(found, steady, strict=True) if still)
    settling = tuple(file for file, still in zip(found, steady, strict=True) if not still)
    return Waiting(ready, settling, tuple(passed_over))


def set_away(file: Waits, *, why: str = "") -> Path | None:
    """Move a file to ``done``, or with a reason to ``failed``; where it lies now. None where
    another one has its name by now, or none: that one is left for the next look. Raises
    `OSError`."""
    if not file.is_there():
        return None
    folder = file.path.parent / (FAILED if why else DONE)
    folder.mkdir(exist_ok=True)
    target = _free(folder / file.path.name)
    file.path.rename(target)
    if not file.is_at(target):
        # Replaced in the moment between the look and the move.
        target.rename(_free(file.path))
        return None
    if why:
        target.with_name(target.name + ".txt").write_text(why + "\n", encoding="utf-8")
    return target


def _found(path: Path) -> Waits | None:
    try:
        stat = path.lstat()
    except OSError:
        return None
    place = (stat.st_dev, stat.st_ino)
    return Waits(path, place, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """What is left alone without a word: our own folders, hidden files, copies under way."""
    hidden = entry.name.startswith((".", "~$")) or entry.name.lower().endswith(_UNFINISHED)
    return hidden or (entry.name in (DONE, FAILED) and entry.is_dir())


def _is_candidate(entry: os.DirEntry[str], pattern: str) -> bool:
    """``*.csv`` means ``FIRMS.CSV`` too."""
    plain = entry.is_file(follow_symlinks=False)
    return plain and fnmatchcase(entry.name.lower(), pattern.lower())


def _free(path: Path) -> Path:
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
