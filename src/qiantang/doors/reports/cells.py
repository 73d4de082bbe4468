"""Cells that a spreadsheet must not run: the one place where exports defuse formulas.

A text that begins with ``= + - @``, a tab or a carriage return would be taken as a formula by
spreadsheet programs. A leading apostrophe makes it a text; plain numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

Cell = str | int | float | Decimal | bool | date | datetime | None

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The full-width forms count too: some programs fold them before they look."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")
_BOM: Final = "\ufeff"


def csv_safe(value: Cell) -> str:
    """One cell as text that no spreadsheet program will run."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case int() | float():
            return str(value)
        case datetime() | date():
            return value.isoformat()
    text = str(value).replace("\x00", "")
    if text.lstrip(" ").startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file as Excel opens it: UTF-8 with byte order mark, CRLF, every cell defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_safe(h) for h in header])
    writer.writerows([csv_safe(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode("utf-8")
