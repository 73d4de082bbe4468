"""How large a workbook would become in memory, found out before any of it is laid out.

An .xlsx file is a zip of XML: a few kilobytes can unfold to gigabytes, and two cells in opposite
corners make a reader lay out every cell between them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from qiantang.rooms.indicators.errors import SheetFormat, SheetTooLarge

LARGEST_UNFOLDED: Final = 200 * 1024 * 1024
MOST_COLUMNS: Final = 500
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 64
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,4})(\d{1,12})["']""")
_FOREIGN: Final = ("content.xml", "xl/workbook.bin")
"""Parts by which a reader would take the file for another format."""


def check_unfolded(content: bytes, filename: str, most_rows: int) -> None:
    """Refuses a workbook that is no .xlsx or too large inside.

    Raises `SheetFormat`, `SheetTooLarge`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            _check(book, filename, most_rows)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        # RuntimeError: a password, or a way of packing that zipfile does not know.
        raise SheetFormat(found=filename, expected=".xlsx") from error


def _check(book: zipfile.ZipFile, filename: str, most_rows: int) -> None:
    parts = book.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or any(name in names for name in _FOREIGN):
        raise SheetFormat(found=filename, expected=".xlsx")
    left = LARGEST_UNFOLDED
    for part in parts:
        sheet = part.filename.startswith("xl/worksheets/")
        with book.open(part) as file:
            for piece in _pieces(file):
                left -= len(piece)
                if left < 0:
                    limit = f"{LARGEST_UNFOLDED // 2**20} MB"
                    raise SheetTooLarge(name=filename, found=f"> {limit}", expected=limit)
                if sheet:
                    _check_places(piece, filename, most_rows)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that overlap a little, so that no cell's place is cut in two."""
    tail = b""
    while piece := file.read(_PIECE):
        yield tail + piece
        tail = piece[-_OVERLAP:]


def _check_places(piece: bytes, filename: str, most_rows: int) -> None:
    for letters, number in _PLACE.findall(piece):
        if int(number) > most_rows:
            raise SheetTooLarge(
                name=filename, found=f"row {int(number)}", expected=f"{most_rows} rows"
            )
        if _column(letters) > MOST_COLUMNS:
            raise SheetTooLarge(
                name=filename,
                found=f"column {letters.decode()}",
                expected=f"{MOST_COLUMNS} columns",
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
