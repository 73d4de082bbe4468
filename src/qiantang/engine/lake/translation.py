"""Turns what the disk, the catalogue's database and PyIceberg raise into the lake's own errors."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qiantang.engine.lake import errors
from qiantang.kernel.errors import QiantangError

_PARQUET = re.compile(r"""["']([^"']+\.parquet)["']""")
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_CATALOGUE = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
"""The latter: the file that SQLite's readers share could not grow."""
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def translated(table: str) -> Iterator[None]:
    """Raise the lake's error for a foreign one; what is not foreseen passes through unchanged."""
    try:
        yield
    except QiantangError:
        raise
    except Exception as wrong:
        said = meaning(table, wrong)
        if said is None:
            raise
        raise said from wrong


def meaning(table: str, wrong: BaseException) -> QiantangError | None:
    """The lake's error for ``wrong``, or for what it was raised from."""
    seen: BaseException | None = wrong
    while seen is not None:
        said = (
            _of_disk(table, seen)
            or _of_database(seen)
            or _of_metadata(table, seen)
            or _of_duckdb(table, seen)
        )
        if said is not None:
            return said
        seen = getattr(seen, "orig", None) or seen.__cause__
    return None


def _of_disk(table: str, wrong: BaseException) -> QiantangError | None:
    if not isinstance(wrong, OSError):
        return None
    name = Path(str(wrong.filename)).name if wrong.filename else (wrong.strerror or "")
    if wrong.errno in _FULL:
        return errors.DiskFull(found=name)
    if wrong.errno in _CLOSED:
        return errors.FolderReadOnly(found=name)
    if isinstance(wrong, FileNotFoundError):
        return errors.MetadataDamaged(table=table, found=name)
    return None


def _of_database(wrong: BaseException) -> QiantangError | None:
    if not isinstance(wrong, sqlite3.Error):
        if type(wrong).__module__.startswith("psycopg"):
            return errors.CatalogueUnavailable(found=type(wrong).__name__)
        return None
    said = str(wrong)
    if "locked" in said or "busy" in said:
        return errors.CatalogueBusy()
    if "disk is full" in said or getattr(wrong, "sqlite_errorname", "") in _FULL_CATALOGUE:
        return errors.DiskFull(found="catalogue.sqlite3")
    if "readonly" in said or "unable to open" in said:
        return errors.FolderReadOnly(found="catalogue.sqlite3")
    if isinstance(wrong, sqlite3.DatabaseError) and (
        "malformed" in said or "not a database" in said
    ):
        return errors.CatalogueDamaged(found=said)
    return None


def _of_metadata(table: str, wrong: BaseException) -> QiantangError | None:
    """PyIceberg reads metadata with pydantic and manifests with its own Avro reader."""
    kind = type(wrong)
    if kind.__name__ == "ValidationError" and kind.__module__.startswith("pydantic"):
        return errors.MetadataDamaged(table=table, found="metadata.json")
    unexpected = (ValueError, EOFError, KeyError, AssertionError, SystemError, TypeError)
    if isinstance(wrong, unexpected) and _raised_in(wrong, "pyiceberg/avro/"):
        return errors.MetadataDamaged(table=table, found="manifest.avro")
    return None


def _of_duckdb(table: str, wrong: BaseException) -> QiantangError | None:
    """What DuckDB says when it writes or reads data files for the lake itself."""
    if not type(wrong).__module__.startswith(("duckdb", "_duckdb")):
        return None
    said = str(wrong)
    if any(sign in said for sign in ("No space left", "max_temp_directory_size", "Disk quota")):
        return errors.DiskFull(found=type(wrong).__name__)
    if "Permission denied" in said or "Read-only file system" in said:
        return errors.FolderReadOnly(found=type(wrong).__name__)
    file = next(iter(_PARQUET.findall(said)), "")
    if "No files found" in said or "No such file" in said:
        return errors.DataFileMissing(table=table, found=Path(file).name)
    if file:
        return errors.DataFileDamaged(table=table, found=Path(file).name)
    return None


def _raised_in(wrong: BaseException, part: str) -> bool:
    step = wrong.__traceback__
    while step is not None:
        if part in step.tb_frame.f_code.co_filename:
            return True
        step = step.tb_next
    return False
