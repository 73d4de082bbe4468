"""Refusals of the target engine; everything else that is wrong with evidence becomes a verdict."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text


class ValueOutOfRange(Invalid):
    """A figure that the table of observations cannot hold without loss."""

    code = "targets.value_out_of_range"
    title = Text(zh="数值超出范围", en="Figure out of range")
    detail = Text(
        zh="数据 {id} 的数值“{found}”无法保存。",
        en='The value "{found}" of observation {id} cannot be stored.',
    )
    hint = Text(zh="请填写 {expected} 的数。", en="Give a number with {expected}.")
