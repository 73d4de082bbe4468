"""A watched folder: files that have stopped growing, the oldest first.

A file is taken when its size and time have not changed for a while, so that one that is still
being copied is left alone. Afterwards it is moved to ``done`` or, with a text file that says why,
to ``failed``, both beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from qiantang.rooms.intake.errors import SourceRefused

DONE: Final = "done"
FAILED: Final = "failed"
SETTLED: Final = 5.0
"""Seconds for which a file must not have changed."""
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart", ".swp")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The files of a folder, oldest first: those to take now, and those that may still grow."""

    ready: tuple[Path, ...]
    settling: tuple[Path, ...]


def waiting(source: str, config: Mapping[str, Any]) -> Waiting:
    """What waits in the folder. Raises `SourceRefused` when it is gone."""
    folder = Path(str(config["path"]))
    pattern = str(config.get("pattern") or "*")
    settled = float(config.get("settled", SETTLED))
    try:
        found = [entry for entry in os.scandir(folder) if _is_candidate(entry, pattern)]
        stats = [(entry.stat(), Path(entry.path)) for entry in found]
    except OSError as error:
        raise SourceRefused(source=source, found=error.strerror or error) from error
    latest = time.time() - settled
    ready: list[tuple[float, Path]] = []
    settling: list[tuple[float, Path]] = []
    for stat, path in stats:
        steady = max(stat.st_mtime, stat.st_ctime) <= latest
        (ready if steady else settling).append((stat.st_mtime, path))
    return Waiting(tuple(p for _, p in sorted(ready)), tuple(p for _, p in sorted(settling)))


def set_away(file: Path, *, why: str = "") -> Path:
    """Move a file to ``done``, or with a reason to ``failed``; where it lies now."""
    folder = file.parent / (FAILED if why else DONE)
    folder.mkdir(exist_ok=True)
    target = _free(folder / file.name)
    file.rename(target)
    if why:
        target.with_name(target.name + ".txt").write_text(why + "\n", encoding="utf-8")
    return target


def _is_candidate(entry: os.DirEntry[str], pattern: str) -> bool:
    hidden = entry.name.startswith((".", "~$"))
    unfinished = entry.name.lower().endswith(_UNFINISHED)
    plain = entry.is_file(follow_symlinks=False)
    return plain and not hidden and not unfinished and fnmatch(entry.name, pattern)


def _free(path: Path) -> Path:
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
