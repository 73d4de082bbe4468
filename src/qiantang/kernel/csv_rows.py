"""Rows of CSV under a limit of the reader's own.

The standard library keeps one limit on the length of a field for the whole process: two readers at
once would change each other's. Here it is lifted once, and every reader counts for itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

LONGEST_CELL: Final = 131_072
"""Characters of a cell that a table written by people may have."""

csv.field_size_limit(2**31 - 1)


def csv_rows(
    lines: Iterable[str], *, delimiter: str = ",", strict: bool = False, longest: int = LONGEST_CELL
) -> Iterator[list[str]]:
    """The cells of every record (RFC 4180). Raises `csv.Error` where the text is not CSV, and where
    a cell has more than ``longest`` characters, when its record has been read: whoever passes the
    lines bounds them."""
    for cells in csv.reader(lines, delimiter=delimiter, strict=strict):
        if cells and len(max(cells, key=len)) > longest:
            raise csv.Error(f"field larger than field limit ({longest})")
        yield cells
