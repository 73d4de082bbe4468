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
