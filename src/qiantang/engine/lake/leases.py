"""Who is writing now: a locked file per write, so that a sweep leaves files under way alone.

The lock belongs to the process and ends with it, also by kill -9. A lease that nobody holds is
only a file, and the next who looks takes it away.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

YOUNG_SECONDS: Final = 5.0


class Leases:
    """The leases of one lake, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold a lease while the block runs."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}-{uuid.uuid4().hex}"
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            path.unlink(missing_ok=True)
            os.close(handle)

    def oldest(self) -> float | None:
        """When the longest running write began, in seconds of the epoch; None when none runs."""
        began = [at for at in map(_began, self._paths()) if at is not None]
        return min(began, default=None)

    def _paths(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []


def _began(path: Path) -> float | None:
    """When the lease was taken, if its writer lives; a dead one's is removed."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        at = os.fstat(handle).st_mtime
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return at
    else:
        # Between creating a lease and locking it lies a moment; a young one is taken as alive.
        if time.time() - at < YOUNG_SECONDS:
            return at
        with suppress(FileNotFoundError):
            path.unlink()
        return None
    finally:
        os.close(handle)
