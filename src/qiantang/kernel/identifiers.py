"""Identifiers with a fixed form: administrative division codes (GB/T 2260)."""

from __future__ import annotations

import re

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text

_DIVISION = re.compile(r"[1-9]\d{5}", re.ASCII)


class BadDivisionCode(Invalid):
    code = "kernel.bad_division_code"
    title = Text(zh="行政区划代码错误", en="Malformed division code")
    detail = Text(zh="“{found}”不是行政区划代码。", en='"{found}" is not a division code.')
    hint = Text(
        zh="请填写 6 位数字代码，如 330100（杭州市）。",
        en="Give the six-digit code, such as 330100 (Hangzhou).",
    )


def division_code(text: str) -> str:
    """The six digits of GB/T 2260. Raises `BadDivisionCode`."""
    code = text.strip()
    if not _DIVISION.fullmatch(code):
        raise BadDivisionCode(found=text)
    return code


def division_level(code: str) -> str:
    """``province`` (330000), ``city`` (330100) or ``county`` (330102), from the code's zeros."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"
