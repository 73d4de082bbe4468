"""A second table under the first: after a blank row, a title alone in its row, then a header; or
the header at once; or the first table's own header with another title or other units; or a line
that states another unit.

Its rows would be read as data under the first table's columns. Where it begins the reader stops
and asks, ends the table, or reads on, as the recipe says (``second_table``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.texts import EXCEL_ERROR, NOTHING, NULL_WORDS
from qiantang.engine.quality.reading.headers_again import ABOVE, HeadersAgain
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.tables import ROW
from qiantang.engine.quality.reading.unit_lines import UnitLines, UnitsSoFar
from qiantang.engine.quality.reading.words import FOOT
from qiantang.packkit.compiled import NUMBERS, FieldType, Resource

_MEASURED: Final = frozenset(
    {
        *NUMBERS,
        *(FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD),
    }
)
_APPENDED: Final = re.compile(r"\s*(?:附表|附件|表\s*[一二三四五六七八九十\d]+)")
_FIGURES: Final = re.compile(rf"[\d０-９〇一二三四五六七八九十]|{EXCEL_ERROR}")
_NAMES: Final = re.compile(
    r"(?:[序编]号|[编代]码|名称?|姓名|日期|时间|年份|月份|[金总]?额|数量?|产量|总量|[率值价]|价格|电话|联系方式|"
    r"地址|住所|职[务称位]|单位|部门|类[别型]|种类|性质|状态|备注|说明|面积|项目|地区|区域|指标|等级|级别|规格|型号|"
    r"性别|年龄|学历)(?:[（(][^）)]*[）)])?$"
    r"|^(?i:no\.?|id|name|date|amount|phone|tel|code|title|unit|type|address|remarks?|notes?|area)$"
)
"""How the heads of columns end."""
_EMPTY: Final = frozenset({*NULL_WORDS, NOTHING})
_NEAR: Final = 3
"""The header stands at most so many rows under its title."""
_HELD: Final = ABOVE + _NEAR + 2
"""So many rows wait for what follows them, which may make them the beginning of a table."""
Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class SecondTable:
    """Where it begins: the row of its title, counted as the source counts."""

    row: int
    title: str


class SecondTables:
    """Looks for a second table in the rows of one recipe, piece by piece."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        self.first = recipe.data_first
        self.found: SecondTable | None = None
        self.sources = [(c.position, c.source) for c in recipe.columns if c.field and c.source]
        fields = {f.id: f for f in resource.fields}
        uses = [(c.position, fields[c.field]) for c in recipe.columns if c.field in fields]
        self.measured = [p for p, f in uses if f.type in _MEASURED]
        self.values = [(p, frozenset(f.values)) for p, f in uses if f.values]
        units = UnitsSoFar(recipe, resource)
        self.again = HeadersAgain(recipe, units)
        self.lines = UnitLines(units, self.measured)
        self._body = False
        self._held: pl.DataFrame | None = None

    def cut(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """The rows before a second table and those from its title on (None: there is none so far).
        The last rows wait for the next frame, or for `ending`."""
        if self.found:
            return frame.head(0), frame
        rows = frame if self._held is None else pl.concat([self._held, frame])
        cells = [c for c in rows.columns if re.fullmatch(r"c\d+", c)]
        self.again.note_titles(rows, cells)
        filled = rows.select(pl.sum_horizontal(pl.col(c).is_not_null() for c in cells)).to_series()
        body = (filled > 0) & (rows[ROW] >= self.first)
        after_blank = (filled == 0).shift(1, fill_value=False)
        again = self.again.marks(rows)
        lines = self.lines.marks(rows, filled, cells)
        for at in ((after_blank | again | lines) & body).arg_true().to_list():
            begin = self._again(rows.select(cells), at) if again[at] else at
            if begin is None or not (self._body or body.head(begin).any()):
                continue
            near = rows.slice(at, _NEAR + 1).select(cells).rows()
            if (
                again[at]
                or (lines[at] and self.lines.begins(near[1:]))
                or (after_blank[at] and self._begins_with(near))
            ):
                title = " ".join(c for c in rows.select(cells).row(begin) if c)
                self.found = SecondTable(int(rows[ROW][begin]), title)
                self._held = None
                return rows.head(begin), rows.slice(begin)
        sure = max(rows.height - _HELD, 0)
        self._body = self._body or bool(body.head(sure).any())
        self._held = rows.slice(sure)
        return rows.head(sure), None

    def ending(self) -> pl.DataFrame | None:
        """The rows that waited when the source ended."""
        rows, self._held = self._held, None
        return rows

    def _again(self, cells: pl.DataFrame, at: int) -> int | None:
        """Where another table begins whose header, the same as the first's, is the row ``at``."""
        top = max(at - ABOVE, 0)
        begin = self.again.begins(cells.slice(top, at - top + _NEAR).rows(), at - top)
        return None if begin is None else top + begin

    def _begins_with(self, near: Sequence[Cells]) -> bool:
        """Whether another table begins with the first of these rows, which follow a blank one."""
        return self._begins(near) if _filled(near[0]) == 1 else self._begins_at_once(near)

    def _begins(self, near: Sequence[Cells]) -> bool:
        """Whether the first of these rows is the title of a table whose header follows."""
        title = next((c for c in near[0] if c), "")
        header = next((row for row in near[1:] if _filled(row)), ())
        if FOOT.match(title) or not self._may_be_header(header):
            return False
        plain = not any(_FIGURES.search(c) for c in header if c)
        return self._over_figures(header) or (plain and bool(_APPENDED.match(title)))

    def _begins_at_once(self, near: Sequence[Cells]) -> bool:
        """Whether the first of these rows is a header: most of its cells are such words, none is a
        figure, and a row follows that has some."""
        header, below = near[0], near[1] if len(near) > 1 else ()
        said = [cell for cell in header if cell]
        if not self._may_be_header(header) or any(_FIGURES.search(c) for c in said):
            return False
        named = sum(_is_head(c) for c in said)
        under = [b for a, b in zip(header, below, strict=False) if a and b]
        if len(under) < 2 or not any(_FIGURES.search(c) for c in under):
            return False
        over = [text for p in self.measured if (text := _at(header, p))]
        if over:
            return named * 2 >= len(said) and all(_is_head(text) for text in over)
        return named == len(said) > 2

    def _may_be_header(self, header: Cells) -> bool:
        """Whether nothing speaks against it: figures, known values, words of totals and notes."""
        if _filled(header) < 2 or self._is_header_again(header):
            return False  # whether it begins another table, `HeadersAgain` tells
        if FOOT.match(next(c for c in header if c)):
            return False
        if any(_at(header, p) in known for p, known in self.values):
            return False
        measured = [text for p in self.measured if (text := _at(header, p))]
        return not any(_FIGURES.search(text) or text.strip() in _EMPTY for text in measured)

    def _over_figures(self, header: Cells) -> bool:
        """Whether it has words where the columns hold figures or dates."""
        return any(_at(header, p) for p in self.measured)

    def _is_header_again(self, header: Cells) -> bool:
        said = [(source, _at(header, p)) for p, source in self.sources]
        return all(text == source for source, text in said)


def second_table(head: pl.DataFrame, recipe: Recipe, resource: Resource) -> SecondTable | None:
    """The second table that begins in the first rows of a file; None where there is none."""
    if recipe.keyed or not head.height:
        return None
    looking = SecondTables(recipe, resource)
    looking.cut(head)
    return looking.found


def _is_head(text: str) -> bool:
    return _NAMES.search(text.strip()) is not None


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell)


def _at(row: Cells, position: int) -> str:
    return (row[position] if position < len(row) else None) or ""
