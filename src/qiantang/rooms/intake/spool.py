"""The zone's private folder of deliveries: files by digest, a folder for each run.

    spool/files/ab/<sha256>     a delivered file, synced before its run is recorded
    spool/runs/<run>/           what reading and checking made of it; ``lock`` while a worker is on
    spool/arriving/             files that are still coming in

Everything is readable by the owner of the zone only: it holds raw rows with personal data.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import OperationalError

from qiantang.rooms.intake.errors import CannotRead, DiskFull, FileTooLarge, RunBusy

PIECE: Final = 1024 * 1024
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def home() -> Path:
    """The spool's folder, made when first needed."""
    folder = Path(settings.QIANTANG_SPOOL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def file_of(digest: str) -> Path:
    """Where the file with this digest lies."""
    return home() / "files" / digest[:2] / digest


def all_runs() -> Path:
    """Where every run has a folder of its own."""
    return home() / "runs"


def work_folder(run_id: str, *, fresh: bool = False) -> Path:
    """The run's folder; ``fresh`` empties it, its lock apart."""
    folder = all_runs() / run_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if fresh:
        for item in folder.iterdir():
            if item.name != "lock":
                shutil.rmtree(item) if item.is_dir() else item.unlink()
    return folder


def checked_folder(run_id: str) -> Path:
    """Where the examination of a run lies: accepted rows, findings, rows set aside."""
    return all_runs() / run_id / "checked"


def arriving() -> Path:
    """A new private file name for content that is coming in."""
    folder = home() / "arriving"
    folder.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    return Path(name)


def store(source: Path, name: str, largest: int) -> tuple[str, int]:
    """Copy ``source`` into the spool; its digest and size in bytes. On the disk when it returns.

    Raises `CannotRead`, `FileTooLarge` (``largest`` in bytes), `DiskFull`.
    """
    target = arriving()
    try:
        try:
            given = source.open("rb")
        except OSError as error:
            raise CannotRead(found=name, cause=error.strerror or error) from error
        with given, full_disk_told():
            digest, size = _copy(given, target, largest)
            _put(target, digest)
        return digest, size
    finally:
        target.unlink(missing_ok=True)


def digest_of(source: Path) -> str:
    """The digest that `store` would give. Raises `CannotRead`."""
    try:
        with source.open("rb") as given:
            return hashlib.file_digest(given, "sha256").hexdigest()
    except OSError as error:
        raise CannotRead(found=source.name, cause=error.strerror or error) from error


def receive_pieces(pieces: Iterator[bytes], largest: int) -> Path:
    """Write pieces of an upload to a private file as they come. Raises as `store`."""
    target = arriving()
    done = 0
    try:
        with full_disk_told(), target.open("wb") as out:
            for piece in pieces:
                done += len(piece)
                _refuse_large(done, largest)
                out.write(piece)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


@contextmanager
def held(run_id: str) -> Iterator[None]:
    """Work on a run: one process at a time; a killed one lets go. Raises `RunBusy`."""
    with locked(work_folder(run_id) / "lock", wait=False) as got:
        if not got:
            raise RunBusy(found=run_id)
        yield


def is_held(run_id: str) -> bool:
    """Whether a process has the run in hand now."""
    lock = all_runs() / run_id / "lock"
    if not lock.exists():
        return False
    with locked(lock, wait=False) as got:
        return not got


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock file; gives False at once when it is taken and ``wait`` is not wanted."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def full_disk_told() -> Iterator[None]:
    """A full disk becomes `DiskFull`, also where the database finds it full."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull() from error
        raise
    except OperationalError as error:
        if "disk is full" in str(error):  # SQLITE_FULL
            raise DiskFull() from error
        raise


def drop_work(run_id: str, keep: Callable[[Path], bool] = lambda _: False) -> None:
    """Delete what a run's folder holds, but for what ``keep`` says."""
    folder = all_runs() / run_id
    if not folder.is_dir():
        return
    for item in folder.iterdir():
        if not keep(item):
            shutil.rmtree(item, ignore_errors=True) if item.is_dir() else item.unlink()


def _copy(given: IO[bytes], target: Path, largest: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while piece := given.read(PIECE):
            size += len(piece)
            _refuse_large(size, largest)
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _put(target: Path, digest: str) -> None:
    place = file_of(digest)
    for folder in (place.parent.parent, place.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    target.replace(place)
    for folder in (place.parent, place.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_large(size: int, largest: int) -> None:
    if size > largest:
        shown = f"> {largest // 2**20} MB"
        raise FileTooLarge(found=shown, expected=f"{largest // 2**20} MB")
