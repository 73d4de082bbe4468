"""What cleaning one column gives: typed values, and which rows could not be read, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl


class Finding(NamedTuple):
    """Rows of a batch that fail for one reason.

    ``rows`` are positions in the batch; ``expected`` says, for each of them, what would be right,
    where that differs from row to row.
    """

    code: str
    rows: pl.Series
    expected: pl.Series | None = None


@dataclass(slots=True)
class Cleaned:
    """A typed column; what could not be read is null in ``values`` and told in ``findings``."""

    values: pl.Series
    findings: list[Finding] = field(default_factory=list)
    precision: pl.Series | None = None

    def refuse(self, code: str, wrong: pl.Series, at: pl.Series | None = None) -> None:
        """Note the rows where ``wrong`` (booleans, null is false) holds; ``at`` are positions."""
        rows = wrong.fill_null(value=False).arg_true()
        if rows.len():
            self.findings.append(Finding(code, rows if at is None else at.gather(rows)))


def unread(texts: pl.Series, values: pl.Series) -> pl.Series:
    """Positions of texts that have no value yet."""
    return (texts.is_not_null() & values.is_null()).arg_true()


def put(values: pl.Series, rows: pl.Series, found: pl.Series) -> pl.Series:
    """``values`` with ``found`` at the positions ``rows``; ``values`` itself may change."""
    return values.scatter(rows, found) if rows.len() else values


def by_distinct(texts: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """``read`` applied to every distinct text once; for columns with few different values."""
    known = texts.drop_nulls().unique()
    found = pl.Series([read(text) for text in known], dtype=pl.String)
    return texts.replace_strict(known, found, default=None, return_dtype=pl.String)
