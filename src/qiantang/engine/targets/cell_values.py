"""The value of one cell, or exactly why it cannot be read.

Each reader takes the cleaned text (None when the cell was already reported) and gives the value
or a `BadCell`; it never raises and never guesses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.cells import BadCell, bad
from qiantang.engine.targets.numbers import INTEGER_DIGITS, PLACES, storable, tidy
from qiantang.kernel.identifiers import BadDivisionCode, division_code
from qiantang.kernel.periods import BadPeriod, Period
from qiantang.kernel.text import Text

LONGEST_TEXT: Final = 4000
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,40})(\.\d{0,40})?([eE][+-]?\d{1,2})?")
_CODE: Final = re.compile(r"\w[\w.:\-]{0,63}")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_FORMULA: Final = ("=", "+", "-", "@")


def code(text: str, known: Container[str] | None) -> str | BadCell:
    plain = unicodedata.normalize("NFKC", text)
    if not _CODE.fullmatch(plain):
        return bad(
            "bad_code",
            text,
            Text("字母、数字、_ . ： -，不超过 64 个字符", "letters, digits, _ . : -, at most 64"),
            Text(
                "“{found}”不是有效的编号，应为：{expected}。",
                '"{found}" is not a code; use {expected}.',
            ),
        )
    if known is not None and plain not in known:
        return bad(
            "unknown_code",
            text,
            Text("已登记的编号", "a registered code"),
            Text("编号“{found}”未登记。", 'The code "{found}" is not registered.'),
        )
    return plain


def division(text: str | None, known: Container[str] | None) -> str | BadCell | None:
    if text is None:
        return None
    try:
        found = division_code(unicodedata.normalize("NFKC", text))
    except BadDivisionCode:
        return bad(
            "bad_division",
            text,
            Text("6 位行政区划代码，如 330100", "a six-digit division code such as 330100"),
            Text(
                "“{found}”不是行政区划代码，应为：{expected}。",
                '"{found}" is not a division code; give {expected}.',
            ),
        )
    if known is not None and found not in known:
        return bad(
            "unknown_division",
            text,
            Text("已登记的行政区划", "a registered division"),
            Text("行政区划“{found}”未登记。", 'The division "{found}" is not registered.'),
        )
    return found


def period(text: str | None) -> Period | BadCell | None:
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace("〜", "~")
    try:
        return Period.parse(plain)
    except BadPeriod:
        return bad(
            "bad_period",
            text,
            Text(
                "2019、2019-01/2019-09、2019-12-31、2016/2020 或 ~2016",
                "2019, 2019-01/2019-09, 2019-12-31, 2016/2020 or ~2016",
            ),
            Text(
                "“{found}”不是有效的时期，应写成 {expected}。",
                '"{found}" is not a period; write {expected}.',
            ),
        )


def value(text: str | None) -> Decimal | BadCell | None:
    """An exact number; ``1,234.5`` and ``１２３４．５`` are fine, formulas and words are not."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        return _no_number(text, plain)
    number = storable(Decimal(plain.replace(",", "")))
    if number is None:
        return bad(
            "value_out_of_range",
            text,
            Text(
                f"至多 {INTEGER_DIGITS} 位整数、{PLACES} 位小数",
                f"at most {INTEGER_DIGITS} digits before and {PLACES} after the point",
            ),
            Text(
                "数值“{found}”超出范围：{expected}。",
                'The number "{found}" is out of range: {expected}.',
            ),
        )
    return tidy(number)


def _no_number(text: str, plain: str) -> BadCell:
    if plain.startswith(_FORMULA):
        return bad(
            "formula",
            text,
            Text("数值本身", "the number itself"),
            Text(
                "“{found}”像是公式，请填写{expected}。",
                '"{found}" looks like a formula; give {expected}.',
            ),
        )
    return bad(
        "not_a_number",
        text,
        Text(
            "数字，如 6228.94；约数请在 kind 列注明",
            'a number such as 6228.94; say "about" in the column kind',
        ),
        Text("“{found}”不是数字，应为{expected}。", '"{found}" is not a number; give {expected}.'),
    )


def day(text: str | None) -> date | BadCell | None:
    """A calendar day; blank is None, for many sources do not date themselves."""
    if not text:
        return None
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    return bad(
        "bad_date",
        text,
        Text("2019-12-31", "2019-12-31"),
        Text(
            "“{found}”不是日期，应写成 {expected}。", '"{found}" is not a date; write {expected}.'
        ),
    )


def free_text(text: str | None) -> str | BadCell | None:
    if text is None:
        return None
    if len(text) > LONGEST_TEXT:
        limit = Text(f"不超过 {LONGEST_TEXT} 个字符", f"at most {LONGEST_TEXT} characters")
        return bad("too_long", text, limit, Text("文字过长，{expected}。", "Too long: {expected}."))
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        return bad(
            "control_character",
            ascii(text),
            Text("可见文字", "readable text"),
            Text("文字中有控制字符。", "The text holds control characters."),
        )
    return text
