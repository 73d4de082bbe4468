"""Paths of the lake on the local disk, and folders whose names survive a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def local_path(location: str) -> Path:
    """The path of a location; ``file:`` addresses by other engines are read too."""
    for prefix in ("file://", "file:"):
        if location.startswith(prefix):
            return Path(location.removeprefix(prefix))
    return Path(location)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its missing parents, each name synced into its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
