"""What the number formats of an XLSX say that its stored values do not: percent, dates, zeros.

Excel stores 12.5% as 0.125, 2017年4月 as the first day of that month, and the code 00012 as 12. The
bulk reader gives what is stored; what the person saw stands in the format of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

import polars as pl
from lxml import etree

from qiantang.engine.quality.reading.figures import excel_text
from qiantang.engine.quality.reading.number_formats import UnitForm, unit_form


class Shown(StrEnum):
    """How a cell shows a value that it stores otherwise."""

    PERCENT = "percent"
    MONTH = "month"
    YEAR = "year"
    PLACES = "places"
    """With two decimal places: a month written as 2019.10, which is stored as 2019.1."""


Form = Shown | int | UnitForm
"""How a cell shows its value; a number: with zeros before it, to so many digits."""

_BUILT_IN: Final[Mapping[int, Form]] = {
    2: Shown.PLACES,
    **dict.fromkeys((9, 10), Shown.PERCENT),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), Shown.MONTH),
}
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PLACES: Final = re.compile(r"[#0]*0\.00")
OCTOBER: Final = r"(?:19|20)\d\d\.1"
"""What is stored of a month written as 2019.10."""
_PLAIN: Final = r"^-?\d+(\.\d+)?$"
_FIGURE: Final = r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$"


def shown_styles(tree: etree._Element) -> dict[int, Form]:
    """Index of a cell style -> what it shows, of ``styles.xml``; others are left out."""
    codes = {
        int(each.get("numFmtId", "-1")): str(each.get("formatCode", ""))
        for each in tree.iter("{*}numFmt")
    }
    found: dict[int, Form] = {}
    for styles in tree.iter("{*}cellXfs"):
        for index, style in enumerate(styles.iter("{*}xf")):
            kind = form_of(int(style.get("numFmtId", "0")), codes)
            if kind:
                found[index] = kind
    return found


def form_of(number: int, codes: Mapping[int, str]) -> Form | None:
    """What the format of a number shows: one that the workbook declares, or one that Excel has."""
    return format_kind(codes[number]) if number in codes else _BUILT_IN.get(number)


def format_kind(code: str) -> Form | None:
    """What a number format shows: a kind, or how many digits of a whole number at least.

    >>> [str(format_kind(c)) for c in ('0.0%', 'yyyy"年"m"月"', 'yyyy', 'yyyy-mm-dd')]
    ['percent', 'month', 'year', 'None']
    >>> format_kind('00000'), format_kind('0'), format_kind('#,##0.00'), str(format_kind('0.00'))
    (5, None, None, 'places')
    """
    first = code.split(";", 1)[0].strip()
    if len(first) > 1 and not first.strip("0"):
        return len(first)
    plain = _QUOTED.sub("", first).lower()
    if "%" in plain:
        return Shown.PERCENT
    letters = set(re.sub(r"[^a-z]", "", plain))
    if "y" not in letters or letters - {"y", "m", "e"}:
        places = _PLACES.fullmatch(_QUOTED.sub("", code.split(";", 1)[0]).strip())
        return unit_form(code) or (Shown.PLACES if places else None)
    return Shown.MONTH if "m" in letters else Shown.YEAR


def as_kept(values: pl.Series, rows: Iterable[int], figures: Iterable[float]) -> pl.Series:
    """``values`` (texts) with ``figures`` to the 15 digits that Excel keeps at ``rows`` (from 1);
    a day, which is stored as a figure too, stays."""
    found = pl.DataFrame(
        {"at": pl.Series(rows, dtype=pl.UInt32) - 1, "figure": pl.Series(figures)}
    ).filter(pl.col("at") < values.len())
    told = values.gather(found["at"]).str.contains(_FIGURE).fill_null(value=False)
    found = found.filter(told)
    made = [excel_text(figure) for figure in found["figure"]]
    return values.scatter(found["at"], pl.Series(made, dtype=pl.String))


def as_shown(values: pl.Series, kind: Form, rows: Iterable[int]) -> pl.Series:
    """``values`` (texts) with those at ``rows`` as their format shows them.

    A month or year is told only where the stored day is its first: another day was typed.
    """
    at = pl.Series(list(rows), dtype=pl.UInt32)
    texts = values.gather(at)
    if kind is Shown.PERCENT:
        figures = texts.str.contains(_FIGURE).fill_null(value=False)
        told = {text: _percent(text) for text in texts.filter(figures).unique()}
        made = texts.replace(told) if told else texts
    elif kind is Shown.MONTH:
        made = texts.str.replace(r"^(\d{4}-\d\d)-01$", "$1")
    elif kind is Shown.PLACES:
        made = texts.str.replace(f"^({OCTOBER})$", "${1}0")
    elif isinstance(kind, UnitForm):
        made = _with_units(texts, kind)
    elif isinstance(kind, int):
        whole = texts.str.contains(r"^\d+$").fill_null(value=False)
        made = texts.str.zfill(kind).zip_with(whole, texts)
    else:
        made = texts.str.replace(r"^(\d{4})-01-01$", "$1")
    return values.scatter(at, made)


def _with_units(texts: pl.Series, form: UnitForm) -> pl.Series:
    figures = texts.str.contains(_PLAIN).fill_null(value=False)
    alone = form.alone
    if alone is not None and not alone.power:
        return (texts + alone.unit).zip_with(figures, texts)
    told = {text: form.told(text) for text in texts.filter(figures).unique()}
    return texts.replace(told) if told else texts


def _percent(text: str) -> str:
    """0.125 is 12.5%; exact, for the point moves in the text."""
    moved = format(Decimal(text).scaleb(2), "f")
    return (moved.rstrip("0").rstrip(".") if "." in moved else moved) + "%"
