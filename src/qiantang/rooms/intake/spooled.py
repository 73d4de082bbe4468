"""A run's file in the spool, under a name by which readers tell its format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from qiantang.rooms.intake import spool
from qiantang.rooms.intake.errors import FileDamaged, FileMissing
from qiantang.rooms.intake.models import Run

_MOST_BYTES: Final = 200


def spooled(run: Run) -> Path:
    """The run's file in the spool. Raises `FileMissing`, `FileDamaged`."""
    file = spool.file_of(run.digest)
    if not file.is_file():
        raise FileMissing(id=run.id, found=run.file_name)
    if file.stat().st_size != run.size:
        raise FileDamaged(found=run.file_name)
    return _named(run, file)


def _named(run: Run, file: Path) -> Path:
    """The file under the name it was sent with, which errors tell and by whose ending readers know
    formats; a link, no copy."""
    folder = spool.work_folder(run.id) / "sent"
    folder.mkdir(mode=0o700, exist_ok=True)
    link = folder / file_name(run.file_name)
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(file)
    return link


def file_name(given: str) -> str:
    """A name that a folder can hold, at most 200 bytes, with the ending kept."""
    safe = "".join("_" if c == "/" or not c.isprintable() else c for c in given)
    if safe in ("", ".", ".."):
        return "file"
    ending = "".join(Path(safe).suffixes[-2:])[-20:]
    stem = safe.removesuffix(ending).encode()[: _MOST_BYTES - len(ending.encode())]
    return stem.decode("utf-8", "ignore") + ending
