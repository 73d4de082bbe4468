"""What can go wrong while an index is built, each said in both languages with the next step."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid, TooLarge
from qiantang.kernel.text import Text


class CellUnreadable(Invalid):
    code = "index.cell_unreadable"
    title = Text(zh="单元格不是数值", en="Cell is not a number")
    detail = Text(zh="“{found}”不是数值。", en='"{found}" is not a number.')
    hint = Text(
        zh="请填数值，缺失的留空；不要写单位或千位分隔符。",
        en="Write a number, leave it empty when missing; no units or thousands separators.",
    )


class CellEmpty(Invalid):
    code = "index.cell_empty"
    title = Text(zh="单元格为空", en="Cell is empty")
    detail = Text(zh="单元格为空，但这一列须填写。", en="The cell is empty, and it must not be.")
    hint = Text(
        zh="请填写编码；不需要的行请整行删除。",
        en="Write the code; delete the whole row if it is not needed.",
    )


class CellNotWhole(Invalid):
    code = "index.cell_not_whole"
    title = Text(zh="单元格不是整数", en="Cell is no whole number")
    detail = Text(zh="“{found}”不是整数。", en='"{found}" is no whole number.')
    hint = Text(
        zh="年份、层级和方向应为整数，如 2024、1、-1。",
        en="Years, levels and directions are whole numbers, such as 2024, 1 or -1.",
    )


class RowTooLong(Invalid):
    """A row with more cells than the header; ``cell`` is the first that has no column."""

    code = "index.row_too_long"
    title = Text(zh="行的单元格多于表头", en="The row is longer than the header")
    detail = Text(
        zh="本行有 {found} 个单元格，表头只有 {expected} 列；多出的是“{cell}”。",
        en='The row has {found} cells, the header {expected} columns; "{cell}" is beyond them.',
    )
    hint = Text(
        zh="含逗号的内容请加英文双引号，不要写千位分隔符；或在表头补上这一列。",
        en="Put double quotes around text with commas, write no thousands separators, or give the "
        "column a header.",
    )


class RowTooShort(Invalid):
    """A row with fewer cells than the header; the place is the first column without one."""

    code = "index.row_too_short"
    title = Text(zh="行的单元格少于表头", en="The row is shorter than the header")
    detail = Text(
        zh="本行只有 {found} 个单元格，表头有 {expected} 列。",
        en="The row has {found} cells only, the header {expected} columns.",
    )
    hint = Text(
        zh="请检查文件是否完整；缺失的数值也要留出空单元格（逗号）。",
        en="See whether the file is whole; a missing figure needs its empty cell (the comma) too.",
    )


class TableUnreadable(Invalid):
    code = "index.table_unreadable"
    title = Text(zh="表格不能读取", en="Table cannot be read")
    detail = Text(zh="不是 UTF-8 编码的 CSV（{found}）。", en="It is no CSV in UTF-8 ({found}).")
    hint = Text(
        zh="请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。",
        en='Save it from Excel as "CSV UTF-8 (comma delimited)".',
    )


class ColumnMissing(Invalid):
    code = "index.column_missing"
    title = Text(zh="缺少列", en="Column missing")
    detail = Text(zh="没有列“{found}”。", en='There is no column "{found}".')
    hint = Text(zh="现有的列：{expected}。", en="The columns are: {expected}.")


class ColumnUndeclared(Invalid):
    code = "index.column_undeclared"
    title = Text(zh="列没有说明", en="Column not declared")
    detail = Text(
        zh="数据表的列“{found}”在结构表中没有对应的一行。",
        en='Column "{found}" of the data has no row in the structure table.',
    )
    hint = Text(
        zh="请在结构表中为它加一行，或从数据表中删除该列。",
        en="Give it a row in the structure table, or take the column out of the data.",
    )


class ColumnRepeated(Invalid):
    code = "index.column_repeated"
    title = Text(zh="列名重复", en="Column repeated")
    detail = Text(
        zh="列名“{found}”出现了不止一次。", en='The column "{found}" occurs more than once.'
    )
    hint = Text(zh="请改名或删去其中一列。", en="Rename or delete one of the two.")


class NoUnits(Invalid):
    code = "index.no_units"
    title = Text(zh="没有评价单元", en="No units")
    detail = Text(zh="{found}没有留下任何评价单元。", en="{found} leaves no unit.")
    hint = Text(
        zh="请检查数据表是否有行，以及筛选的门槛是否过高。",
        en="See that the data have rows, and that screening does not ask too much.",
    )


class UnitRepeated(Invalid):
    code = "index.unit_repeated"
    title = Text(zh="评价单元重复", en="Unit repeated")
    detail = Text(
        zh="评价单元“{found}”出现了不止一次。", en='Unit "{found}" occurs more than once.'
    )
    hint = Text(
        zh="每个评价单元（每年）只能有一行。", en="Give each unit one row (one a year in a panel)."
    )


class RowRepeated(UnitRepeated):
    """A unit with a second row in a table that was read; ``first`` is the number of the first."""

    code = "index.row_repeated"
    detail = Text(
        zh="评价单元“{found}”在第 {first} 行已经出现。",
        en='Unit "{found}" stands in row {first} already.',
    )


class StructureBroken(Invalid):
    code = "index.structure_broken"
    title = Text(zh="指标结构有误", en="Structure not valid")
    detail = Text(zh="“{found}”：{reason}", en='"{found}": {reason}')
    hint = Text(zh="应为：{expected}", en="It should be: {expected}")


class RecipeInvalid(Invalid):
    code = "index.recipe_invalid"
    title = Text(zh="计算方案有误", en="Recipe not valid")
    detail = Text(zh="{key} = {found}：{reason}", en="{key} = {found}: {reason}")
    hint = Text(zh="可用：{expected}", en="Use one of: {expected}")


class ElementUnknown(RecipeInvalid):
    """A recipe, or a change of one, that names what the structure does not have. ``where`` is the
    whole key as it was written, ``key`` the table that it stands in."""

    code = "index.element_unknown"
    title = Text(zh="指数中没有这个元素", en="No such element in the index")
    detail = Text(
        zh="{where}：指数中没有元素“{found}”。", en='{where}: the index has no element "{found}".'
    )
    hint = Text(zh="{expected}", en="{expected}")


class ValueForbids(Invalid):
    code = "index.value_forbids"
    title = Text(zh="数值不适用此方法", en="A value forbids the method")
    detail = Text(
        zh="{method}不能用于“{unit}”的“{column}”，其值为 {found}。",
        en='{method} cannot take "{column}" of "{unit}", which is {found}.',
    )
    hint = Text(zh="{expected}", en="{expected}")


class WeightsUnfit(Invalid):
    code = "index.weights_unfit"
    title = Text(zh="权重不成立", en="Weights do not work")
    detail = Text(zh="“{group}”的权重：{reason}", en='Weights of "{group}": {reason}')
    hint = Text(zh="{expected}", en="{expected}")


class CoinToolUnreadable(Invalid):
    code = "index.coin_tool_unreadable"
    title = Text(zh="COIN Tool 工作簿不能读取", en="COIN Tool workbook cannot be read")
    detail = Text(zh="{reason}（{found}）。", en="{reason} ({found}).")
    hint = Text(zh="{expected}", en="{expected}")


class UnitUnknown(Invalid):
    code = "index.unit_unknown"
    title = Text(zh="没有这个评价单元", en="No such unit")
    detail = Text(zh="数据中没有评价单元“{found}”。", en='The data has no unit "{found}".')
    hint = Text(zh="是否要找：{expected}？", en="Did you mean: {expected}?")


class BookUnreadable(Invalid):
    code = "index.book_unreadable"
    title = Text(zh="工作簿不能读取", en="Workbook cannot be read")
    detail = Text(zh="{reason}。", en="{reason}.")
    hint = Text(zh="{expected}", en="{expected}")


class SheetTooLarge(TooLarge):
    """A sheet that reaches too far; ``found`` are its rows and columns, ``last`` the corner."""

    code = "index.sheet_too_large"
    title = Text(zh="工作表过大", en="The sheet is too large")
    detail = Text(
        zh="有内容的单元格一直到 {last}，共 {found}（行 × 列）。",
        en="Filled cells reach as far as {last}: {found} (rows × columns).",
    )
    hint = Text(
        zh="最多读取 {columns} 列、{expected} 个单元格；请清除表格以外的单元格，再另存工作簿。",
        en="At most {columns} columns and {expected} cells are read; clear the cells beyond the "
        "table and save the workbook.",
    )
