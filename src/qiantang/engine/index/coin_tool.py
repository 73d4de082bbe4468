"""Reads a workbook of the JRC's COIN Tool: its Database and Framework sheets become data, structure
and recipe.

Layout (COIN Tool 1.0 of 2019). Database: units from row 17 (name in B, code in C), indicators from
column E; of each indicator row 7 has the weight, 8 the direction, 9 and 10 the lower and upper
goalpost, 11 to 14 index, sub-index, pillar, sub-pillar, 15 the name, 16 the code. Framework: code
in C, weight in E, name in H, from the row below the header of row 4 (row 5 before the release).
Unused places hold ``--``, ``n/a`` or nothing. A complaint names sheet and cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import CoinToolUnreadable
from qiantang.engine.index.opening import opened
from qiantang.engine.index.sheets import Cell, Sheet
from qiantang.engine.index.structure import Element, Structure
from qiantang.engine.index.tables import written
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

DATABASE, FRAMEWORK = "Database", "Framework"
FIRST_UNIT, FIRST_INDICATOR = 17, 5
NAME_ROW, CODE_ROW = 15, 16
WEIGHT_ROW, DIRECTION_ROW, LOWER_ROW, UPPER_ROW = 7, 8, 9, 10
ABOVE_ROWS: Final = (14, 13, 12, 11)
"""Rows with the codes above an indicator, the nearest first; the last is the index."""
HEADER: Final = "Dimension/indicator"


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """What the workbook holds. ``posts``: worst and best by indicator; ``empty`` names indicators
    without any figure, which are left out."""

    data: Data
    structure: Structure
    posts: Mapping[str, tuple[float, float]]
    empty: tuple[str, ...] = ()

    def recipe(self) -> str:
        """The recipe as TOML."""
        lines = ["[normalise]", 'method = "min-max"', "range = [0, 100]", ""]
        for code, (worst, best) in self.posts.items():
            lines += [f"[normalise.only.{json.dumps(code)}]", 'method = "goalposts"',
                      f"posts = [{written(worst)}, {written(best)}]", ""]  # fmt: skip
        return "\n".join([*lines, "[aggregate]", 'method = "arithmetic"', ""])


def read_coin_tool(path: Path) -> Imported:
    """The workbook at ``path``. Raises `CoinToolUnreadable`, `StructureBroken`, `SheetTooLarge`,
    and errors of `quality.reading` for damaged files."""

    def unreadable(found: Text) -> CoinToolUnreadable:
        return CoinToolUnreadable(
            place=Place(file=path.name), found=found,
            reason=Text("不是可以读取的 Excel 工作簿", "It is no Excel workbook that can be read"),
            expected=Text("请选择 COIN Tool 的 .xlsx 或 .xlsm 文件。",
                          "Choose the COIN Tool's .xlsx or .xlsm file."),
        )  # fmt: skip

    with opened(path, unreadable) as book:
        return _imported(Sheet(book, DATABASE), Sheet(book, FRAMEWORK))


def _imported(base: Sheet, frame: Sheet) -> Imported:
    rows = _unit_rows(base)
    columns = [c for c in range(FIRST_INDICATOR, base.width + 1)
               if base.text(NAME_ROW, c) or any(base.text(r, c) for r in rows)]  # fmt: skip
    values = np.array([[base.number(r, c) for c in columns] for r in rows], dtype=float)
    values = values.reshape(len(rows), len(columns))
    full = ~np.isnan(values).all(axis=0)
    if not full.any():
        base.refuse(
            (FIRST_UNIT, FIRST_INDICATOR),
            "-",
            Text("没有任何数据", "There are no figures"),
            Text("请从第 17 行、E 列起填写数据。", "Figures start at row 17, column E."),
        )
    kept = [c for c, keep in zip(columns, full, strict=True) if keep]
    codes = [_code(base, CODE_ROW, c) for c in kept]
    tree = _Tree(base, frame, kept)
    elements = [_indicator(base, code, c, tree.path(c)[0][1])
                for code, c in zip(codes, kept, strict=True)]  # fmt: skip
    data = Data(
        units=tuple(_code(base, r, 3) for r in rows), columns=tuple(codes), values=values[:, full],
        names=tuple(base.text(r, 2) or base.text(r, 3) for r in rows),
    )  # fmt: skip
    return Imported(
        data,
        Structure((*elements, *tree.aggregates()), file=base.file),
        {e.code: posts for e, c in zip(elements, kept, strict=True)
         for posts in _posts(base, c, e.direction)},
        tuple(base.text(NAME_ROW, c) for c, k in zip(columns, full, strict=True) if not k),
    )  # fmt: skip


def _unit_rows(base: Sheet) -> list[int]:
    return [
        row for row in range(FIRST_UNIT, len(base.rows) + 1)
        if any(base.text(row, c) for c in (2, 3))
        or any(base.text(row, c) for c in range(FIRST_INDICATOR, base.width + 1))
    ]  # fmt: skip


def _code(base: Sheet, row: int, column: int) -> str:
    found = base.text(row, column)
    if not found:
        base.refuse((row, column), "-", Text("缺少编码", "The code is missing"),
                    Text("每个评价单元和指标都须有编码。",
                         "Every unit and every indicator needs a code."))  # fmt: skip
    return found


def _indicator(base: Sheet, code: str, column: int, parent: str) -> Element:
    direction, weight = base.number(DIRECTION_ROW, column), base.number(WEIGHT_ROW, column)
    if direction not in (1, -1):
        base.refuse(
            (DIRECTION_ROW, column),
            base.text(DIRECTION_ROW, column) or "-",
            Text("方向有误", "The direction is not valid"),
            Text("应为 1（越大越好）或 -1。", "It is 1 (more is better) or -1."),
        )
    _check_weight(base, (WEIGHT_ROW, column), weight)
    return Element(code, base.text(NAME_ROW, column) or code, 1, parent, weight, int(direction))


def _check_weight(sheet: Sheet, cell: Cell, weight: float) -> None:
    if not weight >= 0:
        sheet.refuse(
            cell,
            sheet.text(*cell) or "-",
            Text("权重有误", "The weight is not valid"),
            Text("应为不小于 0 的数值。", "It is a number of 0 or more."),
        )


def _posts(base: Sheet, column: int, direction: int) -> list[tuple[float, float]]:
    """Worst and best in the indicator's own unit; none where the tool has no goalposts."""
    low, high = base.number(LOWER_ROW, column), base.number(UPPER_ROW, column)
    if np.isnan(low) or np.isnan(high):
        return []
    if low >= high:
        base.refuse(
            (LOWER_ROW, column),
            f"{low:g}, {high:g}",
            Text("目标区间的下限不小于上限", "The lower goalpost is not below the upper"),
            Text("请改正第 9、10 行。", "Correct rows 9 and 10."),
        )
    return [(low, high) if direction > 0 else (high, low)]


class _Tree:
    """The groups that indicators lie under: where from the Database, name and weight from the
    Framework."""

    def __init__(self, base: Sheet, frame: Sheet, columns: list[int]) -> None:
        self.base, self.frame, self.columns = base, frame, columns
        self.row_of = _framework(frame)
        self.rows = [row for row in ABOVE_ROWS if self._used(row)]

    def _used(self, row: int) -> bool:
        """A level with one and the same code everywhere that the Framework lacks is not used."""
        codes = {self.base.text(row, c) for c in self.columns}
        return row == ABOVE_ROWS[-1] or len(codes) > 1 or bool(codes & self.row_of.keys())

    def path(self, column: int) -> list[tuple[int, str]]:
        """Row and code of what is above an indicator, the nearest first."""
        found = [(row, code) for row in self.rows if (code := self.base.text(row, column))]
        if not found:
            self.base.refuse((ABOVE_ROWS[-1], column), "-",
                             Text("指标不在框架中", "The indicator is in no group"),
                             Text("请在第 11 至 14 行填写它的上级。",
                                  "Rows 11 to 14 name what is above it."))  # fmt: skip
        return found

    def aggregates(self) -> list[Element]:
        """Every group, level by level, the index last."""
        found: dict[str, Element] = {}
        for column in self.columns:
            path = self.path(column)
            for (row, code), parent in zip(path, [*(c for _, c in path[1:]), ""], strict=True):
                each = self._group(code, (row, column), parent)
                if found.setdefault(code, each) != each:
                    right = found[code].parent
                    self.base.refuse(
                        (row, column),
                        code,
                        Text("同一编码有不同的上级", "The code has different parents"),
                        Text(f"上级应为“{right}”。", f'Its parent is "{right}".'),
                    )
        return sorted(found.values(), key=lambda e: e.level)

    def _group(self, code: str, cell: Cell, parent: str) -> Element:
        row = self.row_of.get(code)
        if row is None:
            self.base.refuse(cell, code,
                             Text("框架表中没有该编码", "The Framework sheet has no such code"),
                             Text(f"框架表有：{'、'.join(self.row_of)}。",
                                  f"The Framework has: {', '.join(self.row_of)}."))  # fmt: skip
        weight = self.frame.number(row, 5) if parent else 1.0
        _check_weight(self.frame, (row, 5), weight)
        level = self.rows.index(cell[0]) + 2
        return Element(code, self.frame.text(row, 8) or code, level, parent, weight)


def _framework(frame: Sheet) -> dict[str, int]:
    """The row of every code."""
    head = next((r for r in (4, 5) for c in range(3, 9) if frame.text(r, c) == HEADER), None)
    if head is None:
        frame.refuse(
            (4, 3),
            frame.text(4, 3) or "-",
            Text(f"没有表头“{HEADER}”", f'There is no header "{HEADER}"'),
            Text("请使用 COIN Tool 的原始框架表。", "Use the COIN Tool's own Framework."),
        )
    rows = range(head + 1, len(frame.rows) + 1)
    return {code: row for row in rows if (code := frame.text(row, 3))}
