"""The header repeated among the rows: the same table goes on, or another with the same columns
begins.

Another begins where the repeated header, the row under it or the lines right above it state another
unit, or where a title stands above it that the first table does not have. A page that goes on
(``（续）``, ``第2页``, the first table's own titles) is the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from qiantang.engine.quality.reading.header_units import (
    Scaled,
    read_unit,
    unit_of_header,
    without_label,
    without_unit,
)
from qiantang.engine.quality.reading.mapping import JOIN
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.engine.quality.reading.tables import ROW
from qiantang.engine.quality.reading.unit_lines import UnitsSoFar
from qiantang.engine.quality.reading.unit_statements import Statement, stated_in
from qiantang.engine.quality.reading.words import FOOT, bare, cleaned

ABOVE: Final = 6
"""So many rows above a header may be its titles."""
_NUMBERED: Final = re.compile(r"#\d+$")
_NAME: Final = re.compile(r"[^(（\[【〔〖]*")
_GOES_ON: Final = re.compile(
    r"[(（]\s*续\s*[\d一二三四五六七八九十]*\s*[)）]|续[表页上]|续\s*$|接上[页表]|"
    r"第\s*[\d一二三四五六七八九十]+\s*页|(?i:\bpage\b|continued)"
)
Cells = Sequence[str | None]


class HeadersAgain:
    """Looks for the header of one recipe among its rows."""

    def __init__(self, recipe: Recipe, units: UnitsSoFar) -> None:
        self.first = recipe.data_first
        self.units = units
        self.sources: list[tuple[int, str]] = []
        for use in recipe.columns if recipe.header_first else ():
            source = _NUMBERED.sub("", use.source.rsplit(JOIN, 1)[-1])
            if use.position in units.at and _stem(source):
                self.sources.append((use.position, source))
        self._titles: set[str] = set()

    def marks(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows name the columns again, perhaps with other units."""
        known = [(f"c{p}", _stem(s)) for p, s in self.sources if f"c{p}" in rows.columns]
        if len(known) < 2:
            return pl.repeat(value=False, n=rows.height, eager=True)
        column, stem = known[0]
        at = rows[column].str.contains(stem, literal=True).fill_null(value=False).arg_true()
        for column, stem in known:
            named = rows[column].gather(at).str.strip_chars().str.starts_with(stem)
            at = at.filter(named.fill_null(value=False))
        return pl.repeat(value=False, n=rows.height, eager=True).scatter(at, values=True)

    def note_titles(self, rows: pl.DataFrame, cells: Sequence[str]) -> None:
        """Keep what stands above the first header."""
        if rows.height and rows[ROW][0] < self.first:
            top = rows.filter(pl.col(ROW) < self.first).select(cells).rows()
            self._titles |= {cleaned(c) for row in top for c in row if c}

    def begins(self, rows: Sequence[Cells], at: int) -> int | None:
        """Where the other table begins whose header is the row ``at``; None where the same goes
        on. ``rows``: those from the first table's on."""
        if any(bare(_said(rows[at], p)) and not self._same_name(rows[at], p, s)
               for p, s in self.sources):  # fmt: skip
            return None
        begin, other = at, self._in_other_units(rows[at]) or self._under(rows, at)
        for above in range(at - 1, max(at - 1 - ABOVE, -1), -1):
            said = [c for c in rows[above] if c]
            statement = stated_in([RawRow(0, tuple(said))]) if len(said) <= 2 else Statement()
            if len(said) > 1 and not statement.texts:
                break
            if any(self._is_news(c) for c in said):
                begin, other = above, True
        return begin if other else None

    def _is_news(self, text: str) -> bool:
        """Whether a line above a repeated header says what the first table's do not."""
        if self.units.are_others_than(stated_in([RawRow(0, (text,))], titles=True)):
            return True
        known = cleaned(text) in self._titles or not bare(text)
        return not (known or _GOES_ON.search(text) or FOOT.match(text))

    def _same_name(self, row: Cells, position: int, source: str) -> bool:
        return _plain(_said(row, position)) == _plain(source)

    def _in_other_units(self, header: Cells) -> bool:
        for position, source in self.sources:
            then, now = unit_of_header(source), unit_of_header(_said(header, position))
            if now is None and then is None:
                continue
            if now is None or not _same(self.units.at[position], now):
                return True
        return False

    def _under(self, rows: Sequence[Cells], at: int) -> bool:
        """Whether the next row states other units: for the table, or one in each column."""
        row = next((r for r in rows[at + 1 :] if any(r)), ())
        said = [c for c in row if c]
        if len(said) == 1 and self.units.are_others_than(stated_in([RawRow(0, tuple(said))])):
            return True
        units = dict(_units(row))
        if len(units) < len(said):
            return False
        return any(p in units and not _same(u, units[p]) for p, u in self.units.at.items())


def _units(row: Cells) -> Iterator[tuple[int, Scaled]]:
    for position, cell in enumerate(row):
        unit = read_unit(without_label((cell or "").strip("()（） ")))
        if unit:
            yield position, unit


def _same(one: Scaled | None, other: Scaled) -> bool:
    return one is not None and one.same_as(other)


def _said(row: Cells, position: int) -> str:
    return (row[position] if position < len(row) else None) or ""


def _stem(source: str) -> str:
    """The name as it begins, without its unit."""
    found = _NAME.match(source)
    return without_unit(found[0] if found else "").strip()


def _plain(name: str) -> str:
    return bare(without_unit(name))
