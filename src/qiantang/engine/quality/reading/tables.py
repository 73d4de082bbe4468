"""What every format's reader gives: the first rows as they stand, and all rows as text frames.

A frame has string columns ``c0`` .. ``c{width-1}`` in source order, ``_row`` (the row in the
source) and ``_more`` (what stands in cells beyond the width, joined). Empty cells are null. Those
of delimited text also have ``_short``: whether the row ends before the last column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from qiantang.engine.quality.reading.shapes import Doubt, RawRow, SheetInfo

ROW = "_row"
MORE = "_more"
SHORT = "_short"
TAIL_ROWS = 30
Raw = dict[int, tuple[str, ...]]


class Table(Protocol):
    """One table of a sent file, opened. ``names`` is set where records name their columns."""

    format: str
    names: tuple[str, ...] | None

    def head(self) -> tuple[RawRow, ...]:
        """The first rows, enough to find the header and to show a sample."""

    def tail(self) -> tuple[RawRow, ...]:
        """The last rows, where notes stand; none where the first rows are all there are."""

    def frames(self, width: int) -> Iterator[pl.DataFrame]:
        """All rows of the table, the header among them, in bounded memory."""

    def sheets(self) -> tuple[SheetInfo, ...]: ...

    def doubts(self) -> tuple[Doubt, ...]:
        """What the format's reader had to guess, so far."""


@dataclass(slots=True)
class Rows:
    """Collects rows into frames of one width."""

    width: int
    numbers: list[int] = field(default_factory=list)
    cells: list[tuple[str | None, ...]] = field(default_factory=list)
    more: list[str | None] = field(default_factory=list)

    def add(self, number: int, cells: tuple[str | None, ...]) -> None:
        self.numbers.append(number)
        self.more.append(" | ".join(c for c in cells[self.width :] if c) or None)
        if len(cells) < self.width:
            cells = cells + (None,) * (self.width - len(cells))
        self.cells.append(cells[: self.width])

    def __len__(self) -> int:
        return len(self.numbers)

    def frame(self) -> pl.DataFrame:
        """The rows so far as a frame; the collection starts anew."""
        frame = framed(self.width, self.cells)
        frame = frame.with_columns(
            pl.Series(ROW, self.numbers, pl.Int64), pl.Series(MORE, self.more, pl.String)
        )
        self.numbers, self.cells, self.more = [], [], []
        return frame


def framed(width: int, cells: list[tuple[str | None, ...]]) -> pl.DataFrame:
    """Rows of equal width as string columns ``c0`` ..; "" becomes null."""
    columns = list(zip(*cells, strict=True)) if cells else [()] * width
    return pl.DataFrame(
        [
            pl.Series(f"c{i}", [v or None for v in column], pl.String)
            for i, column in enumerate(columns)
        ]
    )


def head_frame(rows: Iterable[RawRow], width: int) -> pl.DataFrame:
    """The first rows of a table as a frame, without what stands beyond the width."""
    listed = list(rows)
    cells = [(*r.cells[:width], *[None] * (width - len(r.cells))) for r in listed]
    return framed(width, cells).with_columns(pl.Series(ROW, [r.row for r in listed], pl.Int64))


def nulled(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """ "" becomes null, only where there is any."""
    empty = frame.select((pl.col(columns) == "").any())
    touched = [c for c in columns if empty[c][0]]
    if not touched:
        return frame
    return frame.with_columns([pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in touched])


Cancelled = Callable[[], bool]
