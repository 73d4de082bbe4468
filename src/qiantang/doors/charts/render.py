"""Charts as pictures: SVG and PNG drawn on the server with the packaged Chinese font."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from qiantang.doors.charts.errors import ChartNotDrawn, ChartTimedOut
from qiantang.doors.charts.series import fixed_width
from qiantang.doors.charts.theme import Spec, for_server

TIMEOUT: Final = 30
"""Seconds after which a drawing process is ended."""
WIDTH: Final = 720


def render_svg(spec: Spec, *, timeout: float = TIMEOUT) -> str:
    """One chart as SVG text. Raises `ChartNotDrawn`, `ChartTimedOut`."""
    return render_svgs([spec], timeout=timeout)[0]


def render_svgs(specs: Sequence[Spec], *, timeout: float = TIMEOUT) -> list[str]:
    """Many charts in one process, in order."""
    if not specs:
        return []
    return drawn({"as": "svg", "specs": [_printable(s) for s in specs]}, timeout)


def render_png(spec: Spec, scale: float = 2, *, timeout: float = TIMEOUT) -> bytes:
    """One chart as PNG, ``scale`` pixels to a unit of the specification."""
    asked = {"as": "png", "scale": scale, "specs": [_printable(spec)]}
    return base64.b64decode(drawn(asked, timeout)[0])


def drawn(asked: dict[str, Any], timeout: float) -> list[str]:
    """What the drawing process answers to ``asked``."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "qiantang.doors.charts.draw"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env=_quiet_environment(),
        )
    except subprocess.TimeoutExpired:
        raise ChartTimedOut(expected=f"{timeout:g}") from None
    except OSError as error:
        raise ChartNotDrawn(found=str(error)) from error
    if done.returncode != 0:
        raise ChartNotDrawn(found=_last_line(done.stderr))
    answer: list[str] = json.loads(done.stdout)
    return answer


def _printable(spec: Spec) -> Spec:
    sized = fixed_width(spec, WIDTH) if spec.get("width") == "container" else spec
    return for_server(sized)


def _quiet_environment() -> dict[str, str]:
    """Only what a process needs to start: no secrets of the server reach the drawing."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
    return {**{k: os.environ[k] for k in kept if k in os.environ}, "PYTHONUTF8": "1"}


def _last_line(stderr: bytes) -> str:
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"
