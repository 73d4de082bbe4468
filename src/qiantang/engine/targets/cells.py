"""One cell of a delivered sheet: read it, or say exactly why it cannot be read.

Each reader takes the cleaned text (None when the cell was already reported) and gives the value
or a `BadCell`; it never raises and never guesses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.numbers import INTEGER_DIGITS, PLACES, storable, tidy
from qiantang.kernel.identifiers import BadDivisionCode, division_code
from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.periods import BadPeriod, Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS, UnknownUnit, unit

LONGEST_TEXT: Final = 4000
_EXCEL_ERROR: Final = re.compile(
    r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!).*", re.I
)
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,40})(\.\d{0,40})?([eE][+-]?\d{1,2})?")
_CODE: Final = re.compile(r"\w[\w.:\-]{0,63}")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with a cell, and what would be right."""

    code: str
    found: str
    expected: Text
    text: Text


def clean(cell: object) -> str:
    """The cell as text: whole floats lose their ``.0``, dates read as ISO, blanks are gone."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat()
            if not cell.time().isoformat("seconds").strip("0:")
            else str(cell)
        )
    return str(cell).strip()


def _bad(code: str, found: str, expected: Text, text: Text) -> BadCell:
    shown = found if len(found) <= 60 else found[:57] + "..."
    return BadCell(code, shown, expected, text.format(found=shown, expected=expected))


def excel_error(text: str) -> BadCell | None:
    if not _EXCEL_ERROR.fullmatch(text):
        return None
    return _bad(
        "excel_error",
        text,
        Text("单元格的值", "a value in the cell"),
        Text(
            "单元格是电子表格错误值“{found}”,请填写数值。",
            'The cell holds the spreadsheet error "{found}"; give a value.',
        ),
    )


def empty() -> BadCell:
    return _bad(
        "empty", "", Text("必填", "a value"), Text("必填项为空。", "A required cell is empty.")
    )


def duplicate(identity: str, row: int) -> BadCell:
    return _bad(
        "duplicate_id",
        identity,
        Text("不重复的编号", "an id that stands once"),
        Text(
            f"编号“{{found}}”已在第 {row} 行出现。",
            f'The id "{{found}}" already stands in row {row}.',
        ),
    )


def missing_column(name: str) -> BadCell:
    return _bad(
        "missing_column",
        "",
        Text(name, name),
        Text("缺少必需的列“{expected}”。", 'The required column "{expected}" is missing.'),
    )


def unknown_column(name: str, known: Iterable[str]) -> BadCell:
    names = list(known)
    return _bad(
        "unknown_column",
        name,
        Text("、".join(names), ", ".join(names)),
        Text(
            "不认识的列“{found}”,可用的列:{expected}。",
            'Unknown column "{found}"; the columns are: {expected}.',
        ),
    )


def surplus(row: Mapping[str, object]) -> BadCell | None:
    """CSV readers put cells beyond the header under the key None."""
    extra = {name: cell for name, cell in row.items() if name is None}
    if not extra:
        return None
    return _bad(
        "too_many_cells",
        str(next(iter(extra.values()))),
        Text("与表头列数一致", "as many cells as the header"),
        Text("本行单元格多于表头:{found}。", "The row has more cells than the header: {found}."),
    )


def code(text: str, known: Container[str] | None) -> str | BadCell:
    plain = unicodedata.normalize("NFKC", text)
    if not _CODE.fullmatch(plain):
        return _bad(
            "bad_code",
            text,
            Text("字母、数字、_ . : -,不超过 64 个字符", "letters, digits, _ . : -, at most 64"),
            Text(
                "“{found}”不是有效的编号,应为:{expected}。",
                '"{found}" is not a code; use {expected}.',
            ),
        )
    if known is not None and plain not in known:
        return _bad(
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
        return _bad(
            "bad_division",
            text,
            Text("6 位行政区划代码,如 330100", "a six-digit division code such as 330100"),
            Text(
                "“{found}”不是行政区划代码,应为:{expected}。",
                '"{found}" is not a division code; give {expected}.',
            ),
        )
    if known is not None and found not in known:
        return _bad(
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
        return _bad(
            "bad_period",
            text,
            Text(
                "2019、2019-01/2019-09、2019-12-31、2016/2020 或 ~2016",
                "2019, 2019-01/2019-09, 2019-12-31, 2016/2020 or ~2016",
            ),
            Text(
                "“{found}”不是有效的时期,应写成 {expected}。",
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
        return _bad(
            "value_out_of_range",
            text,
            Text(
                f"至多 {INTEGER_DIGITS} 位整数、{PLACES} 位小数",
                f"at most {INTEGER_DIGITS} digits before and {PLACES} after the point",
            ),
            Text(
                "数值“{found}”超出范围:{expected}。",
                'The number "{found}" is out of range: {expected}.',
            ),
        )
    return tidy(number)


def _no_number(text: str, plain: str) -> BadCell:
    if plain.startswith(_FORMULA):
        return _bad(
            "formula",
            text,
            Text("数值本身", "the number itself"),
            Text(
                "“{found}”像是公式,请填写{expected}。",
                '"{found}" looks like a formula; give {expected}.',
            ),
        )
    return _bad(
        "not_a_number",
        text,
        Text(
            "数字,如 6228.94;约数请在 kind 列注明",
            'a number such as 6228.94; say "about" in the column kind',
        ),
        Text("“{found}”不是数字,应为{expected}。", '"{found}" is not a number; give {expected}.'),
    )


def unit_symbol(text: str | None) -> str | BadCell | None:
    if text is None:
        return None
    for form in (text, unicodedata.normalize("NFKC", text)):
        try:
            return unit(form).symbol
        except UnknownUnit:
            continue
    return _one_of("unknown_unit", text, tuple(UNITS))


def kind(text: str | None) -> ObservationKind | BadCell | None:
    if text is None:
        return None
    names = tuple(k.value for k in ObservationKind)
    plain = text.lower().replace(" ", "_")
    return ObservationKind(plain) if plain in names else _one_of("unknown_kind", text, names)


def grade(text: str | None) -> str | BadCell | None:
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").upper()
    return plain if plain in GRADES else _one_of("unknown_grade", text, GRADES)


def _one_of(code: str, text: str, names: tuple[str, ...]) -> BadCell:
    return _bad(
        code,
        text,
        Text("、".join(names), ", ".join(names)),
        Text("“{found}”不在可选值中:{expected}。", '"{found}" is none of: {expected}.'),
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
    return _bad(
        "bad_date",
        text,
        Text("2019-12-31", "2019-12-31"),
        Text("“{found}”不是日期,应写成 {expected}。", '"{found}" is not a date; write {expected}.'),
    )


def free_text(text: str | None) -> str | BadCell | None:
    if text is None:
        return None
    if len(text) > LONGEST_TEXT:
        limit = Text(f"不超过 {LONGEST_TEXT} 个字符", f"at most {LONGEST_TEXT} characters")
        return _bad("too_long", text, limit, Text("文字过长,{expected}。", "Too long: {expected}."))
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        return _bad(
            "control_character",
            ascii(text),
            Text("可见文字", "readable text"),
            Text("文字中有控制字符。", "The text holds control characters."),
        )
    return text
