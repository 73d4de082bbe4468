"""The doubts about the units of columns, each in both languages with what to do."""

from __future__ import annotations

from collections.abc import Sequence

from qiantang.engine.quality.reading.doubts import some
from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.kernel.text import Text

_SET_FACTOR = Text(
    "请确认单位；需要换算时填写该列的倍数。",
    "Confirm the unit; where it must be converted, set the factor of the column.",
)


def unit_factor(source: str, unit: str, declared: str, factor: object) -> Doubt:
    return Doubt(
        "unit_factor",
        Text(
            f"“{source}”列的单位是“{unit}”，字段单位是“{declared}”：数值将乘以 {factor}。",
            f'Column "{source}" is in "{unit}", the field in "{declared}": '
            f"values are multiplied by {factor}.",
        ),
        Text("请确认单位。", "Confirm the unit."),
    )


def unit_unlike(source: str, unit: str, declared: str) -> Doubt:
    return Doubt(
        "unit_unlike",
        Text(
            f"“{source}”列的单位“{unit}”不能换算为字段单位“{declared}”。",
            f'Column "{source}" is in "{unit}", which does not convert to "{declared}", '
            "the unit of the field.",
        ),
        Text("请核对列的对应和单位。", "Check the column and its unit."),
    )


def unit_unclear(source: str, units: str, declared: str) -> Doubt:
    return Doubt(
        "unit_unclear",
        Text(
            f"表上写有几个单位（{units}），“{source}”列用的是哪一个看不出来；暂按字段单位“{declared}”读取。",
            f'The table states several units ({units}); which of them column "{source}" is in '
            f'cannot be told. It is read in "{declared}", the unit of the field.',
        ),
        _SET_FACTOR,
    )


def unit_twice(source: str, header: str, row: str) -> Doubt:
    return Doubt(
        "unit_twice",
        Text(
            f"“{source}”列的表头写“{header}”，单位行写“{row}”；暂按字段单位读取。",
            f'Column "{source}" is in "{header}" by its header and in "{row}" by the row of units; '
            "it is read in the unit of the field.",
        ),
        _SET_FACTOR,
    )


def unit_passed_over(source: str, unit: str) -> Doubt:
    return Doubt(
        "unit_passed_over",
        Text(
            f"单位行中别的列写有“{unit}”，“{source}”列没有写：按字段单位读取。",
            f'The row of units says "{unit}" for another column and nothing for "{source}", which '
            "is read in the unit of the field.",
        ),
        _SET_FACTOR,
    )


def unit_unread(text: str) -> Doubt:
    return Doubt(
        "unit_unread",
        Text(
            f"表上写的单位“{text}”没有读懂，没有换算。",
            f'The unit "{text}", which the table states, was not understood; nothing is converted.',
        ),
        _SET_FACTOR,
    )


def table_unit_unlike(units: str, sources: Sequence[str]) -> Doubt:
    return Doubt(
        "table_unit_unlike",
        Text(
            f"表上写的单位“{units}”与各数值列的单位都不相同，没有换算：{some(sources, 'zh')}。",
            f'The unit "{units}", which the table states, is of another kind than every column of '
            f"figures; nothing is converted: {some(sources, 'en')}.",
        ),
        _SET_FACTOR,
    )


def unit_column(source: str, units: Sequence[str]) -> Doubt:
    zh, en = "、".join(units[:5]), ", ".join(units[:5])
    return Doubt(
        "unit_column",
        Text(
            f"“{source}”列逐行写有单位（{zh}），没有据此换算。",
            f'Column "{source}" says a unit in each row ({en}); nothing is converted by it.',
        ),
        Text(
            "单位与字段不同的行，请换算后再提交，或在数值旁写明单位。",
            "Convert the rows in another unit than the field's and send them again, or write the "
            "unit beside the figure.",
        ),
    )


def shown_smaller(source: str, power: int) -> Doubt:
    times = f"{10**power:,}"
    return Doubt(
        "shown_smaller",
        Text(
            f"“{source}”列的单元格格式把数值除以 {times} 后显示；读取的是存储的数值。",
            f'The cells of column "{source}" show their figures divided by {times}; what is stored '
            "is read.",
        ),
        _SET_FACTOR,
    )


def unit_shown(source: str, stated: str, shown: str, taken: str) -> Doubt:
    return Doubt(
        "unit_shown",
        Text(
            f"“{source}”列写明的单位是“{stated}”，单元格显示的却是“{shown}”；按“{taken}”读取。",
            f'Column "{source}" is stated to be in "{stated}", while its cells show "{shown}"; '
            f'it is read in "{taken}".',
        ),
        _SET_FACTOR,
    )
