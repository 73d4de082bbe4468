"""Dates that stand for a month or a year: the column beside them that says so, and how both are
told. What is known to the month is told as ``2020-05``: no day is invented.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

_BESIDE: Final = "__precision"


def companion(column: str) -> str:
    """The name of the column that says how exact a date is: ``day``, ``month`` or ``year``."""
    return f"{column}{_BESIDE}"


def is_vague(column: str, known: Collection[str]) -> bool:
    """Whether a column is a date of varying exactness in a table with the columns ``known``."""
    return companion(column) in known


def told(column: str, known: Collection[str]) -> str:
    """The column in a select's list: a vague date as text no more exact than it is known."""
    name = _quoted(column)
    if not is_vague(column, known):
        return name
    return (
        f"CASE {_quoted(companion(column))} WHEN 'year' THEN strftime({name}, '%Y')"
        f" WHEN 'month' THEN strftime({name}, '%Y-%m') ELSE CAST({name} AS VARCHAR) END AS {name}"
    )


def told_batch(batch: pa.RecordBatch, columns: Collection[str]) -> pa.RecordBatch:
    """These columns of a batch, told as by `told`; vague ones are read with their companions."""
    import pyarrow as pa

    known = set(batch.schema.names)
    arrays = [
        _texts(batch.column(c), batch.column(companion(c))) if is_vague(c, known) else batch[c]
        for c in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _texts(dates: pa.Array, exactness: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    texts = pc.strftime(dates, "%Y-%m-%d")
    for word, length in (("month", 7), ("year", 4)):
        short = pc.utf8_slice_codeunits(texts, 0, length)
        texts = pc.if_else(pc.fill_null(pc.equal(exactness, word), False), short, texts)
    return texts


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
