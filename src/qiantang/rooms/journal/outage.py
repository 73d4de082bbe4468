"""Faults of the machine below, said in the house's words: database busy or away, disk full.

Every door asks here before it calls an error internal.
"""

from __future__ import annotations

import errno
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError

from qiantang.kernel.errors import QiantangError
from qiantang.rooms.journal.errors import DatabaseAway, DatabaseBusy, DiskFull

_BUSY: Final = ("database is locked", "database table is locked", "lock timeout", "deadlock")
_SPOILT: Final = ("file is not a database", "database disk image is malformed")
_FULL: Final = ("disk is full", "no space left", "disk i/o error", "could not extend file")


def as_ours(error: BaseException) -> QiantangError | None:
    """The error of ours that a fault of the machine amounts to; None when it is something else."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    said = str(error).lower()
    if isinstance(error, DatabaseError) and any(words in said for words in _SPOILT):
        return DatabaseAway()
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    if any(words in said for words in _FULL):
        return DiskFull()
    return DatabaseBusy() if any(words in said for words in _BUSY) else DatabaseAway()
