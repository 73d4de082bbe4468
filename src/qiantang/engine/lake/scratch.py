"""The folder where a write spills and keeps its keys; what a killed writer left there goes."""

from __future__ import annotations

import shutil
from pathlib import Path


def sweep_scratch(folder: Path, before: float) -> None:
    """Remove scratch folders from ``before`` that moment, in seconds of the epoch."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        try:
            old = path.stat().st_mtime < before
        except FileNotFoundError:
            continue
        if old:
            shutil.rmtree(path, ignore_errors=True)
