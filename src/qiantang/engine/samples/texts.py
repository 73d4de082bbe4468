"""Columns of text made of whole arrays: digits of fixed width, words by position, joined parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from qiantang.engine.samples.chance import Index, Mask

Letters = npt.NDArray[np.uint8]


def fixed(letters: Letters) -> pl.Series:
    """A matrix of ASCII codes, one row a text."""
    rows, width = letters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    data = np.ascontiguousarray(letters, dtype=np.uint8)
    array = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))
    return pl.Series(values=array)


def digits(numbers: Index, width: int) -> Letters:
    """Decimal digits with leading zeros, as a matrix of ASCII codes."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + 48).astype(np.uint8)


def serial(numbers: Index, width: int) -> pl.Series:
    """Decimal digits with at least ``width`` places."""
    return pl.Series(values=numbers).cast(pl.String).str.zfill(width)


def words(choices: Sequence[str], positions: Index) -> pl.Series:
    """The chosen word of each row."""
    return pl.Series(values=list(choices), dtype=pl.String).gather(pl.Series(values=positions))


def joined(*parts: pl.Series | str) -> pl.Series:
    """The parts of each row set beside each other."""
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def blank(column: pl.Series, where: Mask) -> pl.Series:
    """Null where ``where`` is true."""
    return column.set(pl.Series(values=where), None) if where.any() else column


def iso_dates(days: Index) -> pl.Series:
    """Days since 1970-01-01 as ``YYYY-MM-DD``."""
    return pl.Series(values=days.astype(np.int32)).cast(pl.Date).dt.strftime("%Y-%m-%d")


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(f"{year:04}-{month:02}-{day:02}").astype(np.int64))
