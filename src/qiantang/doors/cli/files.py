"""Files that commands write for people: whole or not at all.

What is written goes beside its place and takes its name once it is on the disk: a command that is
killed, or a full disk, leaves the file that was there before, never half of the new one.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from qiantang.doors.cli.errors import CannotWrite


def write_whole(path: Path, raw: bytes, *, folders: bool = False) -> None:
    """Put ``raw`` in the file; ``folders`` makes those above it. What is no file, such as a device,
    is written as it is. Raises `CannotWrite`."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(raw)
            return
        target = path.resolve()
        if folders:
            target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, raw)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise CannotWrite(found=str(path), cause=str(cause)) from error


def _replace(target: Path, raw: bytes) -> None:
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), _mode_of(target))
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _mode_of(target: Path) -> int:
    """As it was; of a new file, as the process would make it."""
    if target.exists():
        return target.stat().st_mode & 0o777
    usual = os.umask(0)
    os.umask(usual)
    return 0o666 & ~usual
