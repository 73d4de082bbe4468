"""What cannot be made into a table that may be published."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text


class NegativeContribution(Invalid):
    code = "disclosure.negative_contribution"
    title = Text(zh="存在负值", en="A negative value")
    detail = Text(
        zh="“{found}”的数值为 {value}；隐私规则和边界计算只适用于非负数值。",
        en='"{found}" has {value}; the rules and the bounds hold for values that are not negative.',
    )
    hint = Text(
        zh="请改用非负的量，或分别制表。",
        en="Use a quantity that is never negative, or two tables.",
    )


class NamesTheReporter(Invalid):
    code = "disclosure.names_the_reporter"
    title = Text(zh="行或列指明了报告单位", en="Rows or columns name the reporter")
    detail = Text(
        zh="“{found}”就是报告单位，不能作为可公布表的行或列。",
        en='"{found}" is the reporter; it cannot be the rows or columns of a table that may be '
        "published.",
    )
    hint = Text(zh="请选择类别字段。", en="Choose a field of categories.")


class NotANumber(Invalid):
    code = "disclosure.not_a_number"
    title = Text(zh="不是数值", en="Not a number")
    detail = Text(
        zh="第 {row} 条记录的“{found}”不是数值，不能相加。",
        en='"{found}" in record {row} is no number and cannot be added up.',
    )
    hint = Text(
        zh="请更正该记录，缺失的留空；不选数值列则统计记录数。",
        en="Correct the record and leave missing ones empty; without a value column records are "
        "counted.",
    )


class RulesMalformed(Invalid):
    code = "disclosure.rules_malformed"
    title = Text(zh="保密规则无效", en="Malformed rules of confidentiality")
    detail = Text(zh="{key} 的值 {found} 无效。", en="{key} cannot be {found}.")
    hint = Text(zh="应为：{expected}。", en="Expected: {expected}.")


class CannotProtect(Invalid):
    code = "disclosure.cannot_protect"
    title = Text(zh="无法保护该表", en="The table cannot be protected")
    detail = Text(
        zh="隐去全部数据后，单元格 {found} 仍可被推算。",
        en="Cell {found} can be inferred even when everything is left out.",
    )
    hint = Text(zh="请合并类别后重新制表。", en="Merge categories and make the table again.")


class TableTooLarge(Invalid):
    code = "disclosure.table_too_large"
    title = Text(zh="表过大", en="The table is too large")
    detail = Text(
        zh="该表过大（{found}），无法在限定的计算量内保护；上限为 {expected}。",
        en="The table is too large to be protected ({found}); the most is {expected}.",
    )
    hint = Text(
        zh="请选择类别较少的字段，或合并类别。",
        en="Choose fields with fewer categories, or merge categories.",
    )
