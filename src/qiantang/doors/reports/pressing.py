"""Hands what is to be printed to the press: Typst in a process of its own, one at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, Final

from qiantang.doors.reports.errors import ReportNotMade, ReportsBusy, ReportTimedOut

TIMEOUT: Final = 60
PATIENCE: Final = 15.0
"""Seconds that a report waits for its turn."""
_turn: Final = threading.BoundedSemaphore(1)


def pressed(data: Mapping[str, Any], template: str = "report") -> bytes:
    """``data`` (plain JSON values with ``computed_at``) set by the template of that name. Raises
    `ReportNotMade`, `ReportTimedOut`, and `ReportsBusy` while others are being set."""
    if not _turn.acquire(timeout=PATIENCE):
        raise ReportsBusy()
    try:
        return _set(data, template)
    finally:
        _turn.release()


def _set(data: Mapping[str, Any], template: str) -> bytes:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and template
            [sys.executable, "-I", "-m", "qiantang.doors.reports.press", template],
            input=json.dumps(data).encode(),
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            env={k: os.environ[k] for k in kept if k in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise ReportTimedOut(expected=TIMEOUT) from None
    except OSError as error:
        raise ReportNotMade(found=str(error)) from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise ReportNotMade(found=lines[-1][:300] if lines else "no message")
    return done.stdout
