"""A run's file in the spool, under a name by which readers tell its format."""

from __future__ import annotations

from pathlib import Path

from qiantang.rooms.intake import spool
from qiantang.rooms.intake.errors import FileDamaged, FileMissing
from qiantang.rooms.intake.models import Run


def spooled(run: Run) -> Path:
    """The run's file in the spool. Raises `FileMissing`, `FileDamaged`."""
    file = spool.file_of(run.digest)
    if not file.is_file():
        raise FileMissing(id=run.id, found=run.file_name)
    if file.stat().st_size != run.size:
        raise FileDamaged(found=run.file_name)
    return _named(run, file)


def _named(run: Run, file: Path) -> Path:
    """The file under its own ending, by which readers tell formats; a link, no copy."""
    folder = spool.work_folder(run.id)
    ending = "".join(Path(run.file_name).suffixes[-2:])[:20].lower()
    link = folder / f"file{ending}"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(file)
    return link
