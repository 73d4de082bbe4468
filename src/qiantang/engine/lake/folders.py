"""Paths of the lake on the local disk, and folders whose names survive a power cut.

Iceberg's metadata holds absolute locations. The lake records once, in its catalogue, under which
root they are written, and keeps to that root for ever; `Home` finds them where the folder is now.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """``recorded``: the root in every location of the metadata; ``present``: where it lies now."""

    recorded: str
    present: Path

    def path(self, location: str) -> Path:
        """The file of a location; one outside the recorded root is taken as it stands."""
        plain = str(local_path(location))
        if plain.startswith(f"{self.recorded}/"):
            return self.present / plain[len(self.recorded) + 1 :]
        return Path(plain)


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
