"""Streams of a compound file, the container of old Office documents (MS-CFB).

A file of sectors with a table of which follows which; small streams live in a file within it.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import Final

_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA
"""From here on a sector's number is a mark: free, end of chain, part of the tables."""
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5
_SHIFTS: Final = (9, 12)
_SMALL_SHIFT: Final = 6


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def stream_of(data: bytes, name: str) -> bytes | None:
    """The stream of a name; None where there is none or the file is not as it should be."""
    try:
        return _stream(data, name) if data.startswith(_MAGIC) else None
    except (struct.error, IndexError, ValueError):
        return None


def _stream(data: bytes, name: str) -> bytes | None:
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in _SHIFTS or small_shift != _SMALL_SHIFT:
        return None
    size, small = 1 << shift, 1 << small_shift
    directory, cutoff, minis = struct.unpack_from("<I4xII", data, 48)
    table = _table(data, size)
    entries = _entries(_chained(data, table, directory, size, size))
    wanted = next((e for e in entries if e.kind == _STREAM and e.name == name), None)
    root = next((e for e in entries if e.kind == _ROOT), None)
    if wanted is None or root is None:
        return None
    if wanted.size >= cutoff:
        return _chained(data, table, wanted.start, size, size)[: wanted.size]
    inside = _chained(data, table, root.start, size, size)
    following = _numbers(_chained(data, table, minis, size, size))
    return _chained(inside, following, wanted.start, small, 0)[: wanted.size]


def _table(data: bytes, size: int) -> array[int]:
    """Sector -> the one after it, from the sectors that the header and its continuation list."""
    listed = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        if more >= _LAST:
            break
        *numbers, more = struct.unpack_from(f"<{size // 4}I", data, size + more * size)
        listed += numbers
    used = [n for n in listed if n < _LAST][: len(data) // size]
    parts = (data[size + n * size : size + (n + 1) * size] for n in used)
    return _numbers(b"".join(parts))


def _numbers(data: bytes) -> array[int]:
    return array("I", struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chained(data: bytes, table: array[int], start: int, size: int, first: int) -> bytes:
    """The sectors from ``start`` on, as the table chains them; ``first`` is where sector 0 is."""
    parts: list[bytes] = []
    while start < _LAST and len(parts) <= len(data) // size:
        parts.append(data[first + start * size : first + (start + 1) * size])
        start = table[start]
    return b"".join(parts)


def _entries(directory: bytes) -> list[_Entry]:
    found = []
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        found.append(_Entry(name, kind, start, size))
    return found
