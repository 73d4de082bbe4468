"""Which rows a workbook was issued with, so that those that come back untouched are known.

A workbook with prefilled rows carries them once more in a hidden sheet. A row that comes back just
as it was issued waits for its figure still: it is left out and counted. A row in which anything was
written or changed is sent and checked like any other, and so is every row of a file without the
mark: nothing that a person typed is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

SHEET: Final = "预填 issued"
Filled = frozenset[tuple[str, str]]
"""The cells of a row that hold anything, by column."""


def mark(book: Any, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write the rows into the hidden sheet of an XlsxWriter workbook."""
    sheet = book.add_worksheet(SHEET)
    sheet.very_hidden()
    sheet.write_row(0, 0, columns)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(number, place, row[column])


def rows_issued(book: CalamineWorkbook) -> frozenset[Filled]:
    """The rows that the workbook was issued with; nothing where it has no mark."""
    if SHEET not in book.sheet_names:
        return frozenset()
    header, *rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False) or [[]]
    cells = (dict(zip(map(str, header), map(str, row), strict=False)) for row in rows)
    return frozenset(_filled(row) for row in cells) - {frozenset()}


def without_untouched(
    rows: Sequence[dict[str, str]], issued: frozenset[Filled]
) -> tuple[tuple[dict[str, str], ...], int]:
    """The rows, those blank that are as they were ``issued`` (numbers stay), and how many."""
    untouched = [_filled(row) in issued for row in rows]
    kept = (dict.fromkeys(r, "") if u else r for r, u in zip(rows, untouched, strict=True))
    return tuple(kept), sum(untouched)


def _filled(row: Mapping[str, str]) -> Filled:
    return frozenset((column, cell.strip()) for column, cell in row.items() if cell.strip())
