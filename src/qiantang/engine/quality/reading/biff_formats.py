"""Number formats of the figures in an XLS, which its bulk reader drops (MS-XLS, BIFF8).

The workbook is a stream of records: formats and cell styles first, then each sheet with a record
for each figure that names its style.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Collection, Iterator
from typing import Final

from qiantang.engine.quality.reading.excel_styles import Form, Shown, form_of

_BOF, _EOF, _SHEET, _FORMAT, _STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_NUMBER, _SHORT, _SHORTS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_BIFF8: Final = 0x0600
_SHIFTS: Final = (b"\x09\x00\x06\x00", b"\x0c\x00\x06\x00")
Record = tuple[int, bytes]
Cell = tuple[int, int]


def old_forms(
    data: bytes, sheet: str, octobers: Collection[Cell] = frozenset()
) -> dict[Form, list[Cell]] | None:
    """How the figures of a sheet are shown: row from 1 and column from 0 of those whose format
    says more than they store. ``octobers``: cells with figures such as 2019.1, of which alone two
    decimal places say more. None where that cannot be told (an older or a damaged file)."""
    import olefile

    if data[30:34] not in _SHIFTS:  # sizes of 2 ** 65535 would be counted out (MS-CFB 2.2)
        return None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return _forms(container.openstream("Workbook").read(), sheet, octobers)
    except (OSError, struct.error, IndexError):
        return None


def _forms(book: bytes, sheet: str, octobers: Collection[Cell]) -> dict[Form, list[Cell]] | None:
    codes: dict[int, str] = {}
    styles: list[int] = []
    start = None
    for kind, body in _records(book, 0):
        if kind == _BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
            return None
        if kind == _FORMAT:
            number, length, flags = struct.unpack_from("<HHB", body)
            codes[number] = _text(body[5:], flags, length)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET and _text(body[8:], body[7], body[6]) == sheet:
            start = struct.unpack_from("<I", body)[0]
    forms = {i: form for i, number in enumerate(styles) if (form := form_of(number, codes))}
    if start is None:
        return None
    found: dict[Form, list[Cell]] = {}
    for row, column, style in _figures(book, start) if forms else ():
        form, at = forms.get(style), (row + 1, column)
        if form and (form is not Shown.PLACES or at in octobers):
            found.setdefault(form, []).append(at)
    return found


def _records(book: bytes, at: int) -> Iterator[Record]:
    """The records of one part of the stream, without those of charts inside it."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + size]
        elif depth <= 0:
            return
        at += 4 + size


def _figures(book: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Row, column and style of each figure."""
    for kind, body in _records(book, start):
        if kind in (_NUMBER, _SHORT) or (kind == _FORMULA and body[12:14] != b"\xff\xff"):
            yield struct.unpack_from("<HHH", body)
        elif kind == _SHORTS:
            row, column = struct.unpack_from("<HH", body)
            for i in range((len(body) - 6) // 6):
                yield row, column + i, struct.unpack_from("<H", body, 4 + 6 * i)[0]


def _text(body: bytes, flags: int, length: int) -> str:
    """Characters of one byte, or of two where the flag says so."""
    if flags & 1:
        return body[: 2 * length].decode("utf-16-le", "replace")
    return body[:length].decode("latin-1")
