"""Failures of the machine while something is stored, told as the house's errors."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from qiantang.rooms.indicators.errors import DiskFull, StoreBusy

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def storage() -> Iterator[None]:
    """Around a transaction: a full disk or a held database becomes a clear refusal."""
    try:
        yield
    except OperationalError as error:
        said = str(error).lower()
        if "full" in said or "no space" in said:
            raise DiskFull() from error
        if "lock" in said or "busy" in said or "timeout" in said:
            raise StoreBusy() from error
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull() from error
        raise
