"""Write batches of a sample to a file as departments send them: CSV, NDJSON, XLSX, or Parquet."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from qiantang.engine.samples.errors import EncodingUnknown, NowhereToWrite, SheetTooLong
from qiantang.packkit.compiled import Resource

FORMATS: Final = ("csv", "xlsx", "parquet", "ndjson")
HEADERS: Final = ("zh", "en", "id")
MOST_SHEET_ROWS: Final = 1_048_576 - 10


@dataclass(frozen=True, slots=True)
class Form:
    """How the file is written. ``header``: the names of columns in Chinese, English, or field
    ids. ``dressed``: an XLSX with title rows, a header over two rows and a closing line."""

    format: str = "csv"
    encoding: str = "utf-8"
    header: str = "zh"
    dressed: bool = False


def write_sample(
    batches: Iterable[pa.RecordBatch],
    resource: Resource,
    path: Path,
    form: Form,
    progress: Callable[[int], object] = lambda rows: None,
) -> int:
    """Write ``batches`` to ``path`` and give the number of rows.

    The file appears when it is complete; a failure or Ctrl-C leaves nothing behind. Raises
    `EncodingUnknown`, `SheetTooLong`, `NowhereToWrite`.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise NowhereToWrite(found=path.name if path.is_dir() else str(path))
    part = path.with_name(f".{path.name}.part")
    try:
        written = _WRITERS[form.format](_counted(batches, progress), resource, part, form)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    return written


def headings(resource: Resource, header: str) -> list[str]:
    """The names of the columns."""
    if header == "id":
        return [field.id for field in resource.fields]
    return [field.name.in_(header) for field in resource.fields]


def _counted(
    batches: Iterable[pa.RecordBatch], progress: Callable[[int], object]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch
        progress(batch.num_rows)


def _csv(batches: Iterable[pa.RecordBatch], resource: Resource, path: Path, form: Form) -> int:
    written = 0
    with path.open("wb") as file:
        encode = _encoder(form.encoding)
        file.write(encode(_line(headings(resource, form.header))))
        for batch in batches:
            text = _frame_csv(batch)
            file.write(encode(text))
            written += batch.num_rows
    return written


def _frame_csv(batch: pa.RecordBatch) -> str:
    import polars as pl

    return pl.DataFrame(batch).write_csv(include_header=False, line_terminator="\r\n")


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _encoder(encoding: str) -> Callable[[str], bytes]:
    """One encoder for the whole file, so that a byte order mark is written once."""
    try:
        codec = codecs.getincrementalencoder(encoding)()
    except LookupError as error:
        raise EncodingUnknown(found=encoding) from error
    return codec.encode


def _ndjson(batches: Iterable[pa.RecordBatch], resource: Resource, path: Path, form: Form) -> int:
    written = 0
    names = headings(resource, form.header)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for batch in batches:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                said = dict(zip(names, row, strict=True))
                file.write(json.dumps(said, ensure_ascii=False) + "\n")
            written += batch.num_rows
    return written


def _parquet(batches: Iterable[pa.RecordBatch], resource: Resource, path: Path, form: Form) -> int:
    names = headings(resource, form.header)
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    written = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            written += batch.num_rows
    return written


def _xlsx(batches: Iterable[pa.RecordBatch], resource: Resource, path: Path, form: Form) -> int:
    options = {"constant_memory": not form.dressed, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), {**options, "strings_to_formulas": False})
    try:
        sheet = book.add_worksheet(resource.name.zh[:31])
        names = headings(resource, form.header)
        first = _dress(book, sheet, resource, names) if form.dressed else _plain(sheet, names)
        written = 0
        for batch in batches:
            if first + written + batch.num_rows > MOST_SHEET_ROWS:
                found = written + batch.num_rows
                raise SheetTooLong(found=found, expected=MOST_SHEET_ROWS)
            written += _cells(sheet, batch, first + written)
        if form.dressed:
            sheet.write_string(first + written, 0, "合计")
            sheet.write_string(first + written, 1, f"{written}")
            sheet.write_string(first + written + 1, 0, "填报人：演示    审核人：演示")
    finally:
        book.close()
    return written


def _plain(sheet: Any, names: list[str]) -> int:
    sheet.write_row(0, 0, names)
    return 1


def _dress(book: Any, sheet: Any, resource: Resource, names: list[str]) -> int:
    """Two title rows, then a header of two rows with the first columns under one merged cell."""
    middle = book.add_format({"align": "center", "valign": "vcenter", "bold": True})
    last = max(len(names) - 1, 1)
    sheet.merge_range(0, 0, 0, last, f"{resource.name.zh}汇总表", middle)
    sheet.merge_range(1, 0, 1, last, "填报单位：演示区    填报日期：2025年12月31日")
    group = min(3, len(names))
    sheet.merge_range(2, 0, 2, group - 1, "基本信息", middle)
    for at, name in enumerate(names):
        if at < group:
            sheet.write_string(3, at, name, middle)
        else:
            sheet.merge_range(2, at, 3, at, name, middle)
    return 4


def _cells(sheet: Any, batch: pa.RecordBatch, first: int) -> int:
    for number, row in enumerate(zip(*(c.to_pylist() for c in batch.columns), strict=True)):
        for at, value in enumerate(row):
            if value is not None:
                sheet.write_string(first + number, at, value)
    return int(batch.num_rows)


_WRITERS: Final = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "ndjson": _ndjson}
