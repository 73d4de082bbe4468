"""A table that may be published, as CSV and as a workbook: a line for every cell, the reason beside
the ones left out, and a sheet as it would be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.doors.reports.cells import csv_bytes
from qiantang.doors.reports.tables_book import Marked, TableSheet, Value, tables_workbook
from qiantang.engine.disclosure import Published, Rules, ToldCell, Why, lines_of
from qiantang.kernel.digits import digits
from qiantang.kernel.text import Text

WHY: Final[Mapping[Why, Text]] = {
    Why.FEW_REPORTERS: Text("报告单位过少", "too few reporters"),
    Why.DOMINANCE: Text("少数单位占比过高", "a few reporters dominate"),
    Why.P_PERCENT: Text("单位之间可相互推算", "one reporter could tell another"),
    Why.SECONDARY: Text("防止由合计推算", "could be computed from the totals"),
}
PRIMARY: Final = Text("主要隐去", "primary")
SECONDARY: Final = Text("次要隐去", "secondary")
TOTAL: Final = Text("合计", "Total")
LEFT_OUT: Final = "×"
"""What stands in a cell that is left out."""
Label = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Heads:
    """What a table is of: the names of its rows, columns and figures in one language, and how the
    codes of rows and columns are called."""

    title: str
    rows: str
    columns: str
    value: str
    row: Label = str
    column: Label = str


def why_said(cell: ToldCell, lang: str) -> str:
    """Why a cell is left out; empty for one that is told."""
    if cell.suppressed is None:
        return ""
    kind = SECONDARY if cell.suppressed is Why.SECONDARY else PRIMARY
    reason = WHY[cell.suppressed]
    return f"{kind.zh}：{reason.zh}" if lang == "zh" else f"{kind.en}: {reason.en}"


def rules_said(rules: Rules) -> tuple[tuple[Text, str], ...]:
    """The rules that were applied, for people."""
    said = [(Text("最少报告单位数", "Fewest reporters"), str(rules.minimum))]
    if rules.dominance is not None:
        n, share = rules.dominance
        name = Text(f"最大 {n} 家的份额上限", f"Largest share of the {n} largest")
        said.append((name, _percent(share)))
    if rules.p is not None:
        said.append((Text("相互推算的最小误差 p", "Least error p"), _percent(rules.p)))
    said.append((Text("单位过少时的余地", "Doubt about few reporters"), _percent(rules.doubt)))
    return tuple(said)


def publishable_csv(found: Published, heads: Heads, lang: str) -> bytes:
    """A line for every cell: row, column, value, and why it is left out."""
    header = _header(heads, lang)
    lines = (
        [*_named(cell, heads, lang), cell.value, why_said(cell, lang)] for cell in _cells(found)
    )
    return csv_bytes(header, lines)


def publishable_workbook(found: Published, heads: Heads, rules: Rules, lang: str) -> bytes:
    """The table as printed, every cell with its reason, and the rules."""
    about = [(name.in_(lang), value) for name, value in rules_said(rules)]
    legend = Text("该格不公布，原因见“单元格”表", "left out; the sheet of cells says why")
    about.append((LEFT_OUT, legend.in_(lang)))
    cells = TableSheet(
        Text("单元格", "Cells").in_(lang),
        _header(heads, lang),
        [[*_named(c, heads, lang), _figure(c.value), why_said(c, lang)] for c in _cells(found)],
    )
    first = Text("说明", "About").in_(lang)
    return tables_workbook(heads.title, about, [_printed(found, heads, lang), cells], first)


def _printed(found: Published, heads: Heads, lang: str) -> TableSheet:
    lines = lines_of(found)
    total = TOTAL.in_(lang)
    if found.table.one_dimension:
        names = [heads.value]
    else:
        names = [total if c.column is None else heads.column(c.column) for c in lines[0]]
    rows: list[list[Value | Marked]] = [
        [
            total if line[0].row is None else heads.row(line[0].row),
            *(Marked(LEFT_OUT) if c.suppressed else _figure(c.value) for c in line),
        ]
        for line in lines
    ]
    return TableSheet(Text("公布表", "Table").in_(lang), (heads.rows, *names), rows)


def _header(heads: Heads, lang: str) -> tuple[str, ...]:
    why = Text("未公布原因", "Why it is left out").in_(lang)
    return (heads.rows, *([heads.columns] if heads.columns else []), heads.value, why)


def _named(cell: ToldCell, heads: Heads, lang: str) -> list[str]:
    total = TOTAL.in_(lang)
    names = [total if cell.row is None else heads.row(cell.row)]
    if heads.columns:
        names.append(total if cell.column is None else heads.column(cell.column))
    return names


def _cells(found: Published) -> Iterator[ToldCell]:
    return (cell for line in lines_of(found) for cell in line)


def _figure(value: Decimal | None) -> Value:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _percent(share: Decimal) -> str:
    return f"{digits(share * 100)} %"
