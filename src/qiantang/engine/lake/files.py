"""Durable local files for Iceberg: what the catalogue will point at is on the disk first.

PyIceberg never syncs what it writes, so after a power cut the catalogue could name files that are
not there. Here every file is synced when it is closed, and so is the folder that names it.
"""

from __future__ import annotations

import hashlib
import os
from io import BufferedReader, BufferedWriter, FileIO
from pathlib import Path
from typing import Any, Final

from pyiceberg.io import FileIO as IcebergFiles
from pyiceberg.io import InputFile, InputStream, OutputFile, OutputStream
from pyiceberg.typedef import EMPTY_DICT, Properties

from qiantang.engine.lake.folders import Home, make_folder, sync_folder

BUFFER = 1 << 20
RECORDED: Final = "qiantang.lake.recorded"
PRESENT: Final = "qiantang.lake.present"


class SyncedWriter(BufferedWriter):
    """A file that reaches the disk, with its name, before ``close`` returns."""

    sums: dict[Path, tuple[int, str]] | None = None
    """Where ``close`` notes size and sha256 of what was written, as it was handed in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._sum = hashlib.sha256()
        super().__init__(FileIO(path, "w"), BUFFER)

    def write(self, data: Any) -> int:
        done = super().write(data)
        self._sum.update(data)
        self._size += memoryview(data).nbytes
        return done

    def close(self) -> None:
        if self.closed:
            return
        try:
            self.flush()
            os.fsync(self.fileno())
        finally:
            super().close()
        sync_folder(self._path.parent)
        if self.sums is not None:
            self.sums[self._path] = (self._size, self._sum.hexdigest())


class LocalFile(InputFile, OutputFile):
    """One file of a table, to read or to write."""

    def __init__(self, location: str, path: Path, files: DurableFiles) -> None:
        super().__init__(location)
        self._path = path
        self._files = files

    def __len__(self) -> int:
        return self._path.stat().st_size

    def exists(self) -> bool:
        return self._path.exists()

    def open(self, seekable: bool = True) -> InputStream:
        return BufferedReader(FileIO(self._path, "r"), BUFFER)

    def create(self, overwrite: bool = False) -> OutputStream:
        if not overwrite and self._path.exists():
            raise FileExistsError(str(self._path))
        make_folder(self._path.parent)
        self._files.written.append(self._path)
        writer = self.writer(self._path)
        writer.sums = self._files.sums
        return writer

    def writer(self, path: Path) -> SyncedWriter:
        return SyncedWriter(path)

    def to_input_file(self) -> InputFile:
        return self


class DurableFiles(IcebergFiles):
    """PyIceberg's ``py-io-impl``. ``written`` lists what this instance created, oldest first,
    ``sums`` size and sha256 of each.

    The properties RECORDED and PRESENT say where locations of a moved lake are found.
    """

    def __init__(self, properties: Properties = EMPTY_DICT) -> None:
        super().__init__(properties)
        self.written: list[Path] = []
        self.sums: dict[Path, tuple[int, str]] = {}
        self.home = Home(properties.get(RECORDED, ""), Path(properties.get(PRESENT, "/")))

    def new_input(self, location: str) -> InputFile:
        return LocalFile(location, self.home.path(location), self)

    def new_output(self, location: str) -> OutputFile:
        return LocalFile(location, self.home.path(location), self)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        known: Any = getattr(location, "location", location)
        path = self.home.path(str(known))
        path.unlink(missing_ok=True)
        self.sums.pop(path, None)

    def adopt(self, location: str) -> Path:
        """Where another program, such as DuckDB, may write ``location``; then call `settle`."""
        path = self.home.path(location)
        make_folder(path.parent)
        self.written.append(path)
        return path

    def settle(self, path: Path) -> None:
        """Sync a file that another program wrote, and its folder, and note its sum."""
        with path.open("rb") as whole:
            os.fsync(whole.fileno())
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
            self.sums[path] = (whole.tell(), digest)
        sync_folder(path.parent)

    def discard_one(self, path: Path) -> None:
        """Remove one file that this instance created and that no version will name."""
        path.unlink(missing_ok=True)
        self.written.remove(path)
        self.sums.pop(path, None)

    def discard(self) -> None:
        """Remove everything this instance created: the commit is known not to have happened."""
        for path in self.written:
            path.unlink(missing_ok=True)
        self.written.clear()
        self.sums.clear()
