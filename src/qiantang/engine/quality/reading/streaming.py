"""Rows of a sent file by its recipe: frames of text with declared fields, in bounded memory.

What is no data (titles, headings, blanks, totals, footnotes) is left out with row and reason,
never in silence; everything else is a sent row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.reading import cut_doubts
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.encodings import canonical
from qiantang.engine.quality.reading.errors import SecondTableFound
from qiantang.engine.quality.reading.excel_table import SheetTable
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.fitting import Fitted, fitted
from qiantang.engine.quality.reading.mapping import Names
from qiantang.engine.quality.reading.months import LostZeros, ShownMonths
from qiantang.engine.quality.reading.opening import Wish, opened
from qiantang.engine.quality.reading.proposing import score_by
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.row_ends import RowEnds
from qiantang.engine.quality.reading.row_kinds import KIND, RowKinds
from qiantang.engine.quality.reading.second_tables import SecondTable, SecondTables
from qiantang.engine.quality.reading.shapes import (
    LIMITS,
    SKIP_TEXTS,
    BrokenLine,
    Doubt,
    MisshapenRow,
    ReadingLimits,
    SkippedRow,
)
from qiantang.engine.quality.reading.tables import MORE, ROW
from qiantang.packkit.compiled import Resource

SHEET: Final = "_sheet"
DETAILED: Final = 10_000
"""So many rows left out, and so many misshapen, are kept with their cells."""


def open_rows(
    path: Path,
    recipe: Recipe,
    resource: Resource,
    *,
    batch_rows: int = 100_000,
    limits: ReadingLimits = LIMITS,
    same_file: bool = False,
) -> RowStream:
    """The rows of the file, opened and compared with the recipe before the first is given.
    ``same_file``: the recipe was proposed for this very file, whose encoding is known to be right.

    Raises `RecipeUnfit` with the comparison, and the errors of `propose`. Close the stream, or
    use it as a context manager: temporary files go with it.
    """
    sent = SentFile(path, limits, recipe.member)
    try:
        wish = Wish(
            score_by(Names(resource)),
            canonical(recipe.encoding) if recipe.encoding else None,
            recipe.delimiter,
            recipe.path,
            lenient=True,
            certain=same_file,
        )
        fit = fitted(opened(sent, wish), recipe, resource, sent.place, same_file=same_file)
        again = partial(
            open_rows,
            path,
            fit.recipe,
            resource,
            batch_rows=batch_rows,
            limits=limits,
            same_file=True,
        )
        return RowStream(sent, fit, resource, batch_rows, again)
    except BaseException:
        sent.close()
        raise


class RowStream:
    """Iterate once. Frames are all String: the declared fields (absent ones null), ``_sheet``,
    and ``_row`` (Int64, from 1: the line in text, the row in sheets, the record otherwise).

    ``sent``, ``skipped_rows``, ``skipped``, ``doubts``, ``misshapen`` and ``broken`` grow as it is
    read.
    """

    def __init__(
        self,
        file: SentFile,
        fit: Fitted,
        resource: Resource,
        batch_rows: int,
        again: Callable[[], RowStream],
    ) -> None:
        self._file, self._resource, self._batch, self._again = file, resource, batch_rows, again
        self._table: Any = fit.table
        self._fit: Fitted | None = fit
        self.recipe = fit.recipe
        """As this file is read: positions and rows of harmless drift are adjusted."""
        self.factors: Mapping[str, Decimal] = fit.recipe.factors
        """Field id -> factor from the column's unit to the field's; cells are given raw."""
        self.rounded = fit.recipe.rounded
        """Fields whose numbers a person lets be rounded."""
        self.unmarked = fit.recipe.unmarked
        """Fields whose figures are read without marks of notes behind them."""
        self.named = fit.recipe.named
        """Fields whose cells may name a code of their list."""
        self.sources = {c.field: c.source for c in fit.recipe.columns if c.field}
        """Field id -> the column's name in the source."""
        self.asks = True
        """Stop where a second table begins and the recipe does not say what to do; else end."""
        self.passed_over = file.passed_over
        """The other files of the archive, which are not read."""
        self.sent = 0
        self.skipped: Counter[str] = Counter()
        self.skipped_rows: list[SkippedRow] = []
        self.misshapen: dict[int, MisshapenRow] = {}
        """Row -> a sent row with more cells than the header: its values may have shifted."""
        self.broken: dict[int, BrokenLine] = getattr(fit.table, "broken", {})
        """Row -> a sent line that is no record: its row is empty. Whoever deals with one takes it
        out, so that a file of broken lines does not fill the memory."""
        self._doubts = list(fit.doubts)
        self._ends = RowEnds(fit.recipe, resource)
        self._only: pl.Series | None = None
        self._zeros = LostZeros(fit.recipe, resource)
        self._shown = ShownMonths(fit.recipe, resource, fit.table)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        more = () if self._table is None else self._table.doubts()
        return (*self._doubts, *(d for d in more if d not in self._doubts))

    def again(self) -> RowStream:
        """The same rows from the start, once this stream has come to its end: a sheet is in memory
        already, what is held of another file is let go first. Raises what `open_rows` raises."""
        fit = self._fit if isinstance(self._table, SheetTable) else None
        self._doubts, self._table, self._fit = list(self.doubts), None, None
        if fit is None:
            stream = self._again()
        else:
            stream = RowStream(self._file, fit, self._resource, self._batch, self._again)
        stream.asks = self.asks
        return stream

    def narrow(self, rows: pl.Series) -> None:
        """Give the rows of these numbers alone (``_row``), which an earlier reading of the file
        gave: what is no data was told apart then, and what is not asked for need not be parsed."""
        self._only = rows

    def __iter__(self) -> Iterator[pl.DataFrame]:
        waiting: list[pl.DataFrame] = []
        height = 0
        if self._only is not None:
            yield from self._narrowed(self._only)
            return
        try:
            for frame in self._frames():
                waiting.append(frame)
                height += frame.height
                while height >= self._batch:
                    whole = pl.concat(waiting)
                    yield whole.head(self._batch)
                    waiting = [whole.slice(self._batch)]
                    height -= self._batch
            if height:
                yield pl.concat(waiting)
        finally:
            self.close()

    def __enter__(self) -> RowStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
        self._release()

    def close(self) -> None:
        """Remove temporary files. Safe to call twice."""
        self._file.close()

    def _release(self) -> None:
        """Let go of a sheet's cells."""
        if isinstance(self._table, SheetTable):
            self._table.release()

    def _narrowed(self, only: pl.Series) -> Iterator[pl.DataFrame]:
        """The frames as they are read, without the rows that are not asked for."""
        width, filler = max(self.recipe.width, 1), _Filler(self.recipe, self._table)
        # What is filled down comes from other rows.
        with_rows = None if filler.positions else getattr(self._table, "frames_with", None)
        frames = self._table.frames(width) if with_rows is None else with_rows(only, width)
        asked = pl.col(ROW).is_in(only.implode())
        try:
            for frame in frames:
                found = filler.filled(frame).filter(asked)
                self.sent += found.height
                if found.height:
                    yield self._fields(found)
        finally:
            self.close()
            self._release()

    def _frames(self) -> Iterator[pl.DataFrame]:
        recipe, table = self.recipe, self._table
        kinds = RowKinds(recipe, self._resource)
        filler = _Filler(recipe, table)
        for frame in self._first_table(table.frames(max(recipe.width, 1))):
            data, left_out = kinds.split(filler.filled(frame))
            self._leave_out(left_out)
            if data.height:
                yield self._sent(data)
        late, left_out = kinds.ending()
        if late is not None:
            yield self._sent(late)
        self._leave_out(left_out)
        unended = getattr(table, "unended", 0)
        self._doubts += self._ends.doubts(unended)
        if kinds.lone.cut and kinds.lone.cut == unended:
            self._doubts.append(cut_doubts.file_cut(unended))
        if kinds.subtotals.unlike:
            self._doubts.append(say.total_unlike(kinds.subtotals.unlike))
        if kinds.lone.kept:
            self._doubts.append(say.last_rows_lone(kinds.lone.kept))
        self._doubts += self._zeros.doubts()

    def _sent(self, data: pl.DataFrame) -> pl.DataFrame:
        self._note_misshapen(data)
        self._ends.note(data)
        self._zeros.note(data)
        self.sent += data.height
        return self._fields(data)

    def _first_table(self, frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The frames up to a second table, if the recipe does not read on."""
        if self.recipe.keyed or self.recipe.second_table == "read":
            yield from frames
            return
        looking = SecondTables(self.recipe, self._resource)
        for frame in frames:
            own, beyond = looking.cut(frame)
            if own.height:
                yield own
            if beyond is not None and looking.found:
                self._end_before(looking.found, beyond)
        rest = looking.ending()
        if rest is not None:
            yield rest

    def _end_before(self, second: SecondTable, beyond: pl.DataFrame) -> None:
        if self.asks and self.recipe.second_table == "ask":
            found, place = second.title[:40], self._file.place
            raise SecondTableFound(row=second.row, found=found, place=place)
        filled = pl.any_horizontal(pl.col(r"^c\d+$").is_not_null())
        named = pl.when(filled).then(pl.lit("second-table")).otherwise(pl.lit("blank"))
        self._leave_out(beyond.with_columns(named.alias(KIND)))

    def _fields(self, frame: pl.DataFrame) -> pl.DataFrame:
        by_field = {c.field: c.position for c in self.recipe.columns if c.field}
        columns = [
            pl.col(f"c{by_field[f.id]}").alias(f.id)
            if f.id in by_field
            else pl.lit(None, pl.String).alias(f.id)
            for f in self._resource.fields
        ]
        frame = self._shown.told(frame)
        return frame.select(*columns, pl.lit(self.recipe.sheet or "").alias(SHEET), pl.col(ROW))

    def _leave_out(self, frame: pl.DataFrame | None) -> None:
        if frame is None:
            return
        # Blank rows must not use up the room of those that say something.
        blank, blanks = frame["_kind"] == "blank", self.skipped["blank"]
        others = frame.filter(~blank).head(max(DETAILED - self.skipped.total() + blanks, 0))
        kept = pl.concat([frame.filter(blank).head(max(DETAILED - blanks, 0)), others])
        for row in kept.sort(ROW).iter_rows(named=True):
            cells = tuple(v or "" for k, v in row.items() if k.startswith("c"))
            kind = row["_kind"]
            self.skipped_rows.append(SkippedRow(row[ROW], kind, SKIP_TEXTS[kind], cells))
        self.skipped.update(frame["_kind"].to_list())

    def _note_misshapen(self, frame: pl.DataFrame) -> None:
        more = frame.filter(pl.col(MORE).is_not_null())
        if not more.height:
            return
        if not self.misshapen:
            self._doubts.append(say.more_cells(more[ROW][0]))
        for row in more.iter_rows(named=True):
            cells = tuple(v or "" for k, v in row.items() if k.startswith("c"))
            shape = MisshapenRow(row[ROW], (*cells, row[MORE]), self.recipe.width)
            self.misshapen[row[ROW]] = shape


class _Filler:
    """Fills merged cells down: the merged range in workbooks, blanks in text where asked."""

    def __init__(self, recipe: Recipe, table: object) -> None:
        named = {c.source: c.position for c in recipe.columns}
        self.positions = [named[n] for n in recipe.fill_down if n in named]
        self.first = recipe.data_first
        self.ranges: dict[int, list[tuple[int, int]]] = {}
        self.carried: dict[int, str | None] = {}
        self.exact = isinstance(table, SheetTable)
        if isinstance(table, SheetTable):
            table.frame  # noqa: B018 - reading the sheet fills its marks
            for top, left, bottom, right in table.marks.merges:
                at = left - table.left
                if bottom > top and left == right and at in self.positions and top >= self.first:
                    self.ranges.setdefault(at, []).append((top, bottom))

    def filled(self, frame: pl.DataFrame) -> pl.DataFrame:
        for position in self.positions:
            name = f"c{position}"
            if self.exact:
                frame = self._by_range(frame, name, position)
            else:
                frame = self._by_blank(frame, name, position)
        return frame

    def _by_range(self, frame: pl.DataFrame, name: str, position: int) -> pl.DataFrame:
        if not frame.height or position not in self.ranges:
            return frame
        start, end = int(frame[ROW][0]), int(frame[ROW][-1])
        values = frame[name].to_list()
        for top, bottom in self.ranges[position]:
            if bottom < start or top > end:
                continue
            text = values[top - start] if top >= start else self.carried.get(position)
            for row in range(max(top, start), min(bottom, end) + 1):
                values[row - start] = values[row - start] or text
        self.carried[position] = values[-1]
        return frame.with_columns(pl.Series(name, values, pl.String))

    def _by_blank(self, frame: pl.DataFrame, name: str, position: int) -> pl.DataFrame:
        blank = pl.all_horizontal(pl.col(r"^c\d+$").is_null())
        body = pl.col(ROW) >= self.first
        value = pl.when(body).then(pl.col(name)).forward_fill()
        filled = value.fill_null(pl.lit(self.carried.get(position), pl.String))
        frame = frame.with_columns(
            pl.when(body & ~blank).then(filled).otherwise(pl.col(name)).alias(name)
        )
        kept = frame.filter(body)[name].drop_nulls()
        if len(kept):
            self.carried[position] = kept[-1]
        return frame
