"""Parquet as a table of text: typed values written without loss, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isnan
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.quality.reading.errors import FileDamaged, TooManyColumns
from qiantang.engine.quality.reading.figures import LARGE, LARGE_SINGLE, number_text
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.json_table import json_text
from qiantang.engine.quality.reading.shapes import Doubt, RawRow, SheetInfo
from qiantang.engine.quality.reading.tables import MORE, ROW, nulled

_BATCH: Final = 65_536
_BY_VALUE: Final = ("decimal256", "duration", "extension", "list_view")
"""Types, alone or inside others, that Polars does not take: their values are written one by one."""


class ParquetTable:
    """A Parquet file; ``_row`` is the record's number."""

    format = "parquet"

    def __init__(self, sent: SentFile) -> None:
        self.sent = sent
        try:
            self.file: Any = pq.ParquetFile(str(sent.on_disk()))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from error
        self.names: tuple[str, ...] | None = tuple(self.file.schema_arrow.names)
        if len(self.names) > sent.limits.columns:
            found, limit = len(self.names), sent.limits.columns
            raise TooManyColumns(found=found, expected=limit, place=sent.place)

    def head(self) -> tuple[RawRow, ...]:
        frame = next(self._batches(self.sent.limits.head_rows, None), None)
        if frame is None:
            return ()
        rows = frame.head(self.sent.limits.head_rows).rows()
        return tuple(RawRow(i, cells) for i, cells in enumerate(rows, 1))

    def tail(self) -> tuple[RawRow, ...]:
        return ()

    def frames(self, width: int) -> Iterator[pl.DataFrame]:
        row = 1
        for frame in self._batches(_BATCH, width):
            names = frame.columns
            yield nulled(frame, names).with_columns(
                pl.Series(ROW, range(row, row + frame.height), pl.Int64),
                pl.lit(None, pl.String).alias(MORE),
            )
            row += frame.height

    def sheets(self) -> tuple[SheetInfo, ...]:
        rows, columns = int(self.file.metadata.num_rows), len(self.names or ())
        return (SheetInfo(self.sent.member or self.sent.name, rows, columns, chosen=True),)

    def doubts(self) -> tuple[Doubt, ...]:
        return ()

    def _batches(self, size: int, width: int | None) -> Iterator[pl.DataFrame]:
        try:
            for batch in self.file.iter_batches(batch_size=size):
                columns = batch.columns if width is None else batch.columns[:width]
                yield pl.DataFrame([_texts(c, f"c{i}") for i, c in enumerate(columns)])
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> FileDamaged:
        found = (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")
        return FileDamaged(kind="Parquet", found=found, place=self.sent.place)


def _texts(column: Any, name: str) -> pl.Series:
    """One column as text."""
    if any(kind in str(column.type) for kind in _BY_VALUE):
        return pl.Series(name, [_plain(v) for v in column.to_pylist()], pl.String)
    series = pl.Series(name, pl.from_arrow(column))
    kind = series.dtype
    if kind == pl.String:
        return series
    if isinstance(kind, pl.Datetime):
        texts = series.dt.to_string("iso:strict" if kind.time_zone else "iso")
        return texts.str.replace("T", " ").str.replace(r" 00:00:00(?:\.0+)?$", "").alias(name)
    if kind.is_float():
        return _figures(series)
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        values = [_plain(v) for v in series.to_list()]
        return pl.Series(name, values, pl.String)
    return series.cast(pl.String)


def _figures(series: pl.Series) -> pl.Series:
    large = LARGE
    if series.dtype == pl.Float32:
        # The shortest digits that give the figure: 61.9, not the double that lies at its place.
        series, large = series.cast(pl.String).cast(pl.Float64), LARGE_SINGLE
    values = [None if v is None or isnan(v) else _figure(v, large) for v in series.to_list()]
    return pl.Series(series.name, values, pl.String)


def _figure(value: float, large: float) -> str:
    return str(value) if value in (float("inf"), float("-inf")) else number_text(value, large)


def _plain(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace") or None
    if isinstance(value, Decimal):
        return format(value, "f")
    try:
        return json_text(value)
    except TypeError:
        return str(value)
