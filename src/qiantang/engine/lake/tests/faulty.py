"""File layers that fail on purpose, named by tests as the lake's ``file_io``."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import ClassVar

from pyiceberg.io import OutputFile

from qiantang.engine.lake.files import DurableFiles, LocalFile, SyncedWriter


class FullWriter(SyncedWriter):
    """Takes ``room`` bytes, then the disk is full."""

    def write(self, data: object) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        if FullDisk.room < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        FullDisk.room -= size
        return super().write(data)  # type: ignore[arg-type]


class FullFile(LocalFile):
    def writer(self, path: Path) -> FullWriter:
        return FullWriter(path)


class FullDisk(DurableFiles):
    room: ClassVar[int] = 0

    def new_output(self, location: str) -> OutputFile:
        return FullFile(location, self.home.path(location), self)
