"""Whether data files are as they were written, before what they hold is handed on as true.

DuckDB looks at no checksum: a flipped bit gives another figure without a word. Reading a file
through costs about as much as reading its rows, so each is looked at once a process, and again when
its size or time says that it was written since.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qiantang.engine.lake.errors import DataFileDamaged, DataFileMissing

if TYPE_CHECKING:
    from qiantang.engine.lake.committing import Sums

MOST: Final = 100_000
_sound: set[tuple[Path, int, int]] = set()


def look(table: str, paths: Iterable[str], sums: Sums) -> None:
    """Raises `DataFileMissing`, `DataFileDamaged`; a file that nobody noted when it was written is
    not looked at."""
    for path in map(Path, paths):
        try:
            _look(table, path, sums)
        except FileNotFoundError:
            raise DataFileMissing(table=table, found=path.name) from None


def _look(table: str, path: Path, sums: Sums) -> None:
    from qiantang.engine.lake.committing import sum_of

    now = path.stat()
    mark = (path, now.st_size, now.st_mtime_ns)
    if mark in _sound or path not in sums:
        return
    if sum_of(path) != sums[path]:
        raise DataFileDamaged(table=table, found=path.name)
    if len(_sound) >= MOST:
        _sound.clear()
    _sound.add(mark)
