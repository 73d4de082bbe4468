"""From a sent file to its table: the format told by content, the right reader opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.csv_table import CsvTable, Score, sniff_delimiter
from qiantang.engine.quality.reading.encodings import (
    canonical,
    doubtful,
    fits,
    require,
    sniff,
    text_chunks,
)
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.kinds import text_kind
from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.engine.quality.reading.tables import Table


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the opening, by hints or by a recipe. ``score`` rates rows as headers."""

    score: Score
    encoding: str | None = None
    delimiter: str | None = None
    path: str | None = None
    lenient: bool = False
    """Whether another encoding than the one wished for is followed."""
    certain: bool = False
    """Whether the whole text is known to be in the encoding wished for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file opened as tables: one for text and records, one per sheet for workbooks."""

    format: str
    encoding: str | None
    delimiter: str | None
    doubts: tuple[Doubt, ...]
    sheet_names: tuple[str, ...]
    table: Callable[[str | None], Table]
    """The table of a sheet (None for formats without sheets)."""


def opened(sent: SentFile, wish: Wish) -> Opened:
    """Open what was sent. Raises the errors of this part."""
    if sent.kind in ("xlsx", "xls"):
        return _workbook(sent)
    if sent.kind == "parquet":
        from qiantang.engine.quality.reading.parquet_table import ParquetTable

        table = ParquetTable(sent)
        return Opened("parquet", None, None, (), (), lambda _: table)
    return _text(sent, wish)


def _workbook(sent: SentFile) -> Opened:
    from qiantang.engine.quality.reading.excel_table import Workbook

    book = Workbook(sent)
    return Opened(sent.kind, None, None, (), book.sheet_names, book.table)


def _text(sent: SentFile, wish: Wish) -> Opened:
    encoding, doubts = _encoding(sent, wish)
    start = next(text_chunks(sent, encoding), "")
    kind = text_kind(start, sent.member or sent.name)
    if kind in ("json", "ndjson"):
        from qiantang.engine.quality.reading.json_table import JsonTable

        records = JsonTable(sent, encoding, lines=kind == "ndjson", path=wish.path)
        return Opened(kind, encoding, None, tuple(doubts), (), lambda _: records)
    delimiter, unclear = _delimiter(sent, encoding, wish)
    if unclear:
        doubts.append(say.delimiter_guessed(delimiter))
    table = CsvTable(sent, encoding, delimiter)
    return Opened("csv", encoding, delimiter, tuple(doubts), (), lambda _: table)


def _encoding(sent: SentFile, wish: Wish) -> tuple[str, list[Doubt]]:
    wished = canonical(wish.encoding) if wish.encoding else None
    if wished and wish.certain:
        return wished, []
    if wished and not wish.lenient:
        require(sent, wished)
        return wished, []
    if wished and fits(sent, wished):
        return wished, []
    found = sniff(sent)
    if wished:
        zh = f"编码由 {wished} 变为 {found}，已按 {found} 读取。"
        en = f"The encoding changed from {wished} to {found}; it is read as {found}."
        return found, [say.followed("encoding_changed", zh, en)]
    if found == "big5":
        return found, [say.encoding_guessed("Big5")]
    odd = doubtful(sent) if found == "gb18030" else None
    return found, [say.encoding_odd(*odd)] if odd else []


def _delimiter(sent: SentFile, encoding: str, wish: Wish) -> tuple[str, bool]:
    if wish.delimiter and not wish.lenient:
        return wish.delimiter, False
    return sniff_delimiter(sent, encoding, wish.score, wish.delimiter)
