"""The zip of a bundle: written with the same bytes each time, read without trusting a byte.

Nothing is ever unpacked to disk. A zip bomb is stopped by counting what comes out, not by what the
zip's own directory claims.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from qiantang.engine.index.bundle.errors import BundleTooLarge, BundleUnreadable
from qiantang.kernel.text import Text

LARGEST: Final = 512 * 2**20
"""Bytes that a bundle may hold once unpacked."""
MOST_FILES: Final = 100
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.(json|csv|md)")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 2**20
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
    NotImplementedError,
)  # fmt: skip
"""RuntimeError: a password; NotImplementedError: a way of packing that zipfile does not know."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip with fixed times, rights and order: equal files give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            zipped.writestr(entry, files[name])
    return out.getvalue()


def unpacked(raw: bytes) -> dict[str, bytes]:
    """The files of a zip. Raises `BundleUnreadable`, `BundleTooLarge`."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
            entries = zipped.infolist()
            _check_names([entry.filename for entry in entries])
            found, left = {}, LARGEST
            for entry in entries:
                found[entry.filename] = _content(zipped, entry, left)
                left -= len(found[entry.filename])
    except _BROKEN as error:
        raise unreadable(Text("不是完整的 zip 文件", "It is no whole zip file"), error) from error
    return found


def unreadable(reason: Text, found: object) -> BundleUnreadable:
    """The error for a part that is not as it should be."""
    return BundleUnreadable(reason=reason, found=str(found)[:200] or type(found).__name__)


def _check_names(names: list[str]) -> None:
    if len(names) > MOST_FILES:
        raise BundleTooLarge(found=f"{len(names)} files", expected=f"{MOST_FILES} files")
    seen: set[str] = set()
    for name in names:
        if not _NAME.fullmatch(name):
            raise unreadable(Text("文件名不被允许", "A file's name is not allowed"), ascii(name))
        if name in seen:
            raise unreadable(Text("同一文件出现两次", "A file occurs twice"), name)
        seen.add(name)


def _content(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    pieces, size = [], 0
    with zipped.open(entry) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > left:
                limit = f"{LARGEST // 2**20} MB"
                raise BundleTooLarge(found=f"> {limit}", expected=limit)
            pieces.append(piece)
    return b"".join(pieces)
