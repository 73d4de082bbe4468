"""Excel and CSV sheets of observations: the template to fill, and what was filled read back.

Cells are taken as text; nothing is evaluated. The first row is the header; a second row that only
repeats the column names in words (the template's) is passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from qiantang.engine.targets.rows import COLUMNS
from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.text import Text
from qiantang.rooms.indicators.errors import (
    NoSuchIndicator,
    NothingToSubmit,
    SheetEncoding,
    SheetFormat,
    SheetHeader,
    SheetTooLarge,
)
from qiantang.rooms.indicators.issued import Filled, rows_issued, without_untouched
from qiantang.rooms.indicators.unfolding import check_unfolded
from qiantang.rooms.shelf import selectors as shelf

LARGEST: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 50_000
REQUIRED: Final = COLUMNS[1:9]
COLUMN_NAMES: Final[Mapping[str, Text]] = {
    "id": Text("编号（新增可留空）", "id (leave empty for a new figure)"),
    "indicator": Text("指标编号", "indicator id"),
    "division": Text("行政区划代码", "division code"),
    "period": Text("时期", "period"),
    "value": Text("数值", "value"),
    "unit": Text("单位", "unit"),
    "kind": Text("数据性质", "kind"),
    "grade": Text("可信等级", "grade"),
    "source_title": Text("来源标题", "source title"),
    "source_address": Text("来源地址", "source address"),
    "source_kind": Text("来源类型", "source kind"),
    "published": Text("发布日期", "published"),
    "quote": Text("原文摘录", "quote"),
    "scope_note": Text("口径说明", "scope note"),
    "quality_flag": Text("质量提示", "quality flag"),
}
_WORDS: Final = frozenset(t for n in COLUMN_NAMES.values() for t in (n.zh, n.en))
_DEFUSED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ALIASES: Final = {
    words: column for column, n in COLUMN_NAMES.items() for words in (n.zh, n.en.lower())
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: ``rows`` below the header, blank ones kept so that numbering holds.
    ``unfilled``: rows that came back as we issued them; they are blank here."""

    name: str | None
    rows: tuple[dict[str, str], ...]
    unfilled: int = 0


def template(subject: str = "", prefilled: Sequence[Mapping[str, str]] = ()) -> bytes:
    """An Excel workbook to fill for an indicator (or every indicator of a resource's pack).

    With lists to choose from, the indicators with their units, and a sheet of instructions.
    ``prefilled``: rows that wait for their figures, cells by column. Raises `NoSuchIndicator`.
    """
    from qiantang.rooms.indicators.template import workbook

    known = shelf.indicators()
    if subject in known:
        chosen = [known[subject]]
    else:
        packs = {r.pack for key, r in shelf.resources().items() if subject in (key, r.id)}
        chosen = [i for i in known.values() if not subject or i.pack in packs]
    if not chosen:
        raise NoSuchIndicator(found=subject)
    kinds = [k.value for k in ObservationKind]
    return workbook((chosen, COLUMNS, COLUMN_NAMES), (GRADES, kinds), prefilled)


def read_sheet(content: bytes, filename: str) -> Sheet:
    """The rows of an .xlsx or .csv file as text.

    Raises `SheetTooLarge` (over 10 MB or 50,000 rows), `SheetFormat`, `SheetEncoding`,
    `SheetHeader`, `NothingToSubmit`.
    """
    if len(content) > LARGEST:
        raise SheetTooLarge(name=filename, found=f"{len(content) / 2**20:.1f} MB", expected="10 MB")
    name = filename.lower()
    if name.endswith(".csv"):
        return Sheet(None, _rows(_csv_cells(content, filename), filename))
    if name.endswith((".xlsx", ".xlsm")):
        title, cells, waiting = _excel_cells(content, filename)
        return Sheet(title, *without_untouched(_rows(cells, filename), waiting))
    raise SheetFormat(found=filename, expected=".xlsx / .csv")


def _csv_cells(content: bytes, filename: str) -> list[list[str]]:
    text = _decoded(content, filename)
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = csv_rows(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[_as_typed(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise SheetFormat(found=filename, expected=".csv") from error


def _as_typed(cell: str) -> str:
    """Without the apostrophe by which our own exports keep a text from being run as a formula."""
    bare = cell.removeprefix("'")
    return bare if bare.lstrip(" ").startswith(_DEFUSED) else cell


def _decoded(content: bytes, filename: str) -> str:
    """UTF-8 (with or without mark) first; GB18030, as Excel saves it in China, next."""
    if (
        content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"))
        or b"\x00" in content[:4096]
    ):
        raise SheetFormat(found=filename, expected=".csv")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetEncoding(found=filename)


def _excel_cells(content: bytes, filename: str) -> tuple[str, list[list[str]], frozenset[Filled]]:
    """Name and cells of the first sheet, and the rows that we issued the workbook with."""
    from python_calamine import CalamineError, CalamineWorkbook

    if not content:
        raise NothingToSubmit()
    check_unfolded(content, filename, MOST_ROWS + 2)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        title = book.sheet_names[0]
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        waiting = rows_issued(book)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise SheetFormat(found=filename, expected=".xlsx") from error
    return title, [[_cell_text(cell) for cell in row] for row in found], waiting


def _cell_text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not cell.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(cell)


def _rows(cells: Sequence[Sequence[str]], filename: str) -> tuple[dict[str, str], ...]:
    if not any(any(cell.strip() for cell in row) for row in cells):
        raise NothingToSubmit()
    header = [_column(h) for h in cells[0]]
    missing = [c for c in REQUIRED if c not in header]
    if missing:
        raise SheetHeader(found="、".join(missing), expected="、".join(COLUMNS))
    body = [dict(_named(header, row)) for row in cells[1:]]
    while body and not any(v.strip() for v in body[-1].values()):
        body.pop()
    if body and {v for v in body[0].values() if v} <= _WORDS:
        body[0] = dict.fromkeys(body[0], "")
    if not any(v.strip() for row in body for v in row.values()):
        raise NothingToSubmit()
    if len(body) > MOST_ROWS:
        raise SheetTooLarge(name=filename, found=f"{len(body)} rows", expected=f"{MOST_ROWS} rows")
    return tuple(body)


def _column(words: str) -> str:
    plain = words.strip().lstrip("\ufeff")
    return plain if plain in COLUMNS else _ALIASES.get(plain.lower(), plain)


def _named(header: Sequence[str], row: Sequence[str]) -> Iterable[tuple[str, str]]:
    for index, name in enumerate(header):
        if name:
            yield name, row[index] if index < len(row) else ""
    for extra in row[len(header) :]:
        if extra.strip():
            yield f"+{len(header) + 1}", extra
