"""The file as sent, unpacked where it is packed: one stream of bytes that can be opened again.

Archives are unfolded while they are read, never trusted by the sizes they state; formats that need
a file on the disk get a private temporary one, removed on `close` whatever happened.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, cast

from qiantang.engine.quality.reading.archives import choose_member, refuse_nested
from qiantang.engine.quality.reading.errors import (
    FileDamaged,
    FileEmpty,
    FileForbidden,
    FileMissing,
    FolderGiven,
    PasswordProtected,
    ReadingFailed,
    UnfoldsTooLarge,
)
from qiantang.engine.quality.reading.kinds import HEAD, kind_of, ole_kind, zip_kind
from qiantang.engine.quality.reading.shapes import ReadingLimits
from qiantang.kernel.places import Place

CHUNK: Final = 1024 * 1024
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile)


def digest_of(path: Path) -> str:
    """The SHA-256 of the file as sent, hex: the same delivery has the same digest."""
    _check(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SentFile:
    """A file made readable: ``kind`` is text, xlsx, xls or parquet after unpacking.

    Use as a context manager. ``name`` is what errors call it; ``member`` is the part of the
    archive that was taken, ``passed_over`` are its other files.
    """

    def __init__(self, path: Path, limits: ReadingLimits, member: str | None = None) -> None:
        self.path, self.limits, self.name = path, limits, path.name
        self.member: str | None = None
        self.passed_over: tuple[str, ...] = ()
        self._stack = ExitStack()
        self._opener: Callable[[], BinaryIO] = lambda: path.open("rb")
        self.packed = 0
        self._disk: Path | None = path
        _check(path)
        try:
            self.kind = self._unpack(member)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> SentFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove temporary files. Safe to call twice."""
        self._stack.close()

    @property
    def place(self) -> Place:
        return Place(file=f"{self.name}/{self.member}" if self.member else self.name)

    def open(self) -> BinaryIO:
        """The unpacked bytes from the start."""
        try:
            raw = self._opener()
        except _BROKEN as error:
            raise self._damaged(error) from error
        except RuntimeError as error:
            raise PasswordProtected(kind="ZIP", place=self.place) from error
        if not self.packed:
            return raw
        counted = _Counted(raw, self)
        return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, counted), CHUNK))

    def on_disk(self) -> Path:
        """A file with the unpacked bytes: the one sent, or a private temporary copy."""
        if self._disk is None:
            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="qiantang-read-"))
            self._disk = Path(folder) / "unpacked"
            try:
                with self.open() as source, self._disk.open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK)
            except OSError as error:
                raise ReadingFailed(found=error.strerror or error, place=self.place) from error
        return self._disk

    def _unpack(self, member: str | None) -> str:
        kind = kind_of(self._head(), self.name)
        if kind == "zip":
            kind = self._look_into(member)
        elif kind == "gz":
            self._through(lambda: _gunzip(self.path), self.path.stat().st_size)
            kind = self._inner_kind()
        if kind == "ole":
            kind = ole_kind(self.on_disk(), self.name)
        if kind == "encrypted":
            raise PasswordProtected(kind="Excel", place=self.place)
        return kind

    def _look_into(self, member: str | None) -> str:
        try:
            with zipfile.ZipFile(self.path) as archive:
                if zip_kind(archive.namelist(), self.name) == "xlsx":
                    return "xlsx"
                info, shown, others = choose_member(archive, member, Place(file=self.name))
        except _BROKEN as error:
            raise self._damaged(error) from error
        self.member, self.passed_over = shown, others
        path, inner = self.path, info.filename
        self._through(lambda: _open_member(path, inner), info.compress_size)
        return self._inner_kind()

    def _through(self, opener: Callable[[], BinaryIO], packed: int) -> None:
        self._opener, self.packed, self._disk = opener, max(packed, 1), None

    def _inner_kind(self) -> str:
        head = self._head()
        if not head:
            raise FileEmpty(place=self.place)
        kind = kind_of(head, self.member or self.name)
        if kind == "gz":
            raise refuse_nested(self.place)
        if kind == "zip":
            with _zip_at(self.on_disk(), self) as archive:
                if zip_kind(archive.namelist(), self.name) != "xlsx":
                    raise refuse_nested(self.place)
            return "xlsx"
        return kind

    def _head(self) -> bytes:
        with self.open() as file:
            return file.read(HEAD)

    def _damaged(self, error: Exception) -> FileDamaged:
        kind = "GZ" if isinstance(error, gzip.BadGzipFile) else "ZIP"
        return FileDamaged(kind=kind, found=str(error) or "EOF", place=self.place)


def _zip_at(path: Path, sent: SentFile) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise FileDamaged(kind="ZIP", found=str(error), place=sent.place) from error


def _gunzip(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(path))


def _open_member(path: Path, inner: str) -> BinaryIO:
    with zipfile.ZipFile(path) as archive:
        # The member keeps the archive's file open by itself.
        return cast(BinaryIO, archive.open(inner))


class _Counted(io.RawIOBase):
    """Counts what comes out of an archive and stops a bomb."""

    def __init__(self, raw: BinaryIO, sent: SentFile) -> None:
        self.raw, self.sent, self.out = raw, sent, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self.raw.read(len(buffer))
        except _BROKEN as error:
            raise FileDamaged(
                kind="ZIP" if self.sent.member else "GZ",
                found=str(error) or "EOF",
                place=self.sent.place,
            ) from error
        self.out += len(data)
        self._check()
        buffer[: len(data)] = data
        return len(data)

    def _check(self) -> None:
        limits = self.sent.limits
        fat = self.out > limits.ratio_from and self.out > self.sent.packed * limits.ratio
        if self.out > limits.unfolded or fat:
            raise UnfoldsTooLarge(
                found=f"{self.out // 2**20} MB",
                expected=f"{limits.unfolded // 2**20} MB / {limits.ratio}:1",
                place=self.sent.place,
            )

    def close(self) -> None:
        if not self.closed:
            self.raw.close()
        super().close()


def _check(path: Path) -> None:
    """Raises what is wrong with the path itself."""
    try:
        if path.is_dir():
            raise FolderGiven(found=path.name)
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise FileMissing(found=path.name) from error
    except PermissionError as error:
        raise FileForbidden(found=path.name) from error
    except OSError as error:
        raise ReadingFailed(found=error.strerror or str(error), place=Place(path.name)) from error
    if empty:
        raise FileEmpty(place=Place(file=path.name))
