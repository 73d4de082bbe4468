"""Dates as people write them, with how exactly they say the day; nothing is invented.

2017-4-1, 2017/04/01, 2017.4.1, 20170401, 2017年4月1日, 二〇一七年四月一日 are days; 2017年4月 and
2017-04 are months, 2017年 and 2017 are years, kept as such where the field allows it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import Cleaned, Finding, put, unread
from qiantang.packkit.compiled import OPEN_END, Precision

_EARLIEST: Final = 1000
_SEP: Final = r"\s*[-/.年]\s*"
_TIME: Final = (
    r"(?:\s*T?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<i>\d{1,2})\s*[:分]?\s*"
    r"(?:(?P<s>\d{1,2})(?:\.(?P<f>\d{1,9}))?秒?)?)?\s*(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
DAY: Final = (
    rf"^(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号]?{_TIME}$"
)
COMPACT: Final = (
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<i>\d{2})(?P<s>\d{2}))?$"
)
_MONTH: Final = r"^(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*月?份?|(0[1-9]|1[0-2]))$"
_YEAR: Final = r"^(\d{4})\s*年?度?$"
_TWO_DIGITS: Final = r"^'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(\s.*)?$"
_AMBIGUOUS: Final = r"^\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}(\s.*)?$"
_NO_END: Final = (
    r"^(?:长期(?:有效|固定)?|永久(?:有效|性)?|永续|无固定期限|无限期|无期限|不限期限?|不约定期限"
    r"|(?i:permanent(?:ly)?|indefinite(?:ly)?|open[- ]ended|no expiry|long[- ]term))"
    r"(?:\s*[(（].{0,20}[)）])?$"
)
_SERIAL: Final = r"^[1-6]\d{4}(\.\d+)?$"
_SERIAL_EPOCH: Final = 25_569
"""Excel's number of 1970-01-01."""
_RANK: Final = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}


def _chinese_numbers() -> dict[str, str]:
    digits = dict(zip("〇零○Ｏ一二三四五六七八九", "0000123456789", strict=True))
    ones = "一二三四五六七八九"
    found = {"十": "10", "二十": "20", "三十": "30", "廿": "20", "卅": "30"}
    for place, one in enumerate(ones, start=1):
        found |= {f"十{one}": f"1{place}", f"二十{one}": f"2{place}", f"廿{one}": f"2{place}"}
    found |= {"三十一": "31", "卅一": "31"}
    longest_first = sorted(found, key=len, reverse=True)
    return {word: found[word] for word in longest_first} | digits


_CHINESE: Final = _chinese_numbers()


def plain_digits(texts: pl.Series) -> pl.Series:
    """Dates in Chinese numerals with plain digits; other texts as they are."""
    rows = (
        texts.str.contains("^[〇零○Ｏ一二三四五六七八九]{2,4}年").fill_null(value=False).arg_true()
    )
    if not rows.len():
        return texts
    said = texts.gather(rows).str.replace_many(
        list(_CHINESE), list(_CHINESE.values()), leftmost=True
    )
    return texts.scatter(rows, said)


def read_dates(plain: pl.Series, coarsest: Precision, *, open_end: bool = False) -> Cleaned:
    """Days; a month or a year stands for its first day, and ``precision`` says so. ``open_end``:
    what says that there is no end (长期) is `OPEN_END`.

    Codes: ``not_a_date``, ``date_open_ended``, ``date_too_coarse``, ``date_two_digit_year``,
    ``date_ambiguous``, ``date_serial``, ``date_has_time``.
    """
    found = Cleaned(days(plain, "%Y-%m-%d", r"^\d{4}-\d{2}-\d{2}$"))
    if coarsest is not Precision.DAY:
        found.precision = _said(found.values.is_not_null(), Precision.DAY)
    rows = unread(plain, found.values)
    if rows.len():
        texts = _without_open(found, plain.gather(rows), rows, open_end=open_end)
        _read_rest(found, plain_digits(texts), rows, coarsest)
    return found


def _without_open(
    found: Cleaned, texts: pl.Series, rows: pl.Series, *, open_end: bool
) -> pl.Series:
    """The texts without those that say that there is no end, which are read or refused."""
    says = texts.str.contains(_NO_END).fill_null(value=False)
    if not says.any():
        return texts
    if open_end:
        last = pl.Series([OPEN_END]).new_from_index(0, says.len())
        _put(found, rows, last.zip_with(says, _no_day()), Precision.DAY)
    else:
        found.refuse("date_open_ended", says, rows)
    return texts.zip_with(~says, pl.Series([None], dtype=pl.String))


def _read_rest(found: Cleaned, texts: pl.Series, rows: pl.Series, coarsest: Precision) -> None:
    parts = day_parts(texts)
    day = iso_days(parts)
    timed = day.is_not_null() & parts.select(has_time()).to_series()
    found.refuse("date_has_time", timed, rows)
    _put(found, rows, day.zip_with(~timed, _no_day()), Precision.DAY)
    done = day.is_not_null()
    for precision, values in ((Precision.MONTH, _months(texts)), (Precision.YEAR, _years(texts))):
        coarse = values.is_not_null() & ~done
        done |= coarse
        if _RANK[precision] > _RANK[coarsest]:
            found.refuse("date_too_coarse", coarse, rows)
        else:
            _put(found, rows, values.zip_with(coarse, _no_day()), precision)
    refuse_dates(found, texts.zip_with(~done, pl.Series([None], dtype=pl.String)), rows)


def refuse_dates(found: Cleaned, texts: pl.Series, rows: pl.Series) -> None:
    """Say why each text that is left is no date."""
    left = texts.is_not_null()
    serial = texts.str.contains(_SERIAL).fill_null(value=False)
    where = serial.arg_true()
    if where.len():
        number = texts.gather(where).cast(pl.Float64).cast(pl.Int32)
        said = (number - _SERIAL_EPOCH).cast(pl.Date).cast(pl.String)
        found.findings.append(Finding("date_serial", rows.gather(where), said))
        left &= ~serial
    for code, pattern in (
        ("date_two_digit_year", _TWO_DIGITS),
        ("date_ambiguous", _AMBIGUOUS),
    ):
        matched = left & texts.str.contains(pattern).fill_null(value=False)
        found.refuse(code, matched, rows)
        left &= ~matched
    found.refuse("not_a_date", left, rows)


def days(texts: pl.Series, form: str, pattern: str) -> pl.Series:
    """The days of texts in one form; others are null."""
    shaped = texts.str.contains(pattern)
    if not shaped.all():
        texts = texts.zip_with(shaped.fill_null(value=False), pl.Series([None], dtype=pl.String))
    found = texts.str.to_date(form, strict=False)
    return found.zip_with((found.dt.year() >= _EARLIEST).fill_null(value=False), _no_day())


def day_parts(texts: pl.Series) -> pl.DataFrame:
    """Year, month, day and time of day as texts."""
    separated = texts.str.extract_groups(DAY).struct.unnest()
    compact = texts.str.extract_groups(COMPACT).struct.unnest()
    return separated.with_columns(
        pl.coalesce(name, compact[name]).alias(name) for name in ("y", "m", "d", "h", "i", "s")
    )


def has_time() -> pl.Expr:
    """Whether a time of day other than midnight, or a zone, is given."""
    spoken = [pl.col(name).fill_null("0").str.contains("[1-9]") for name in ("h", "i", "s", "f")]
    return pl.any_horizontal(*spoken, pl.col("z").is_not_null())


def iso_days(parts: pl.DataFrame) -> pl.Series:
    month, day = (pl.col(name).str.pad_start(2, "0") for name in ("m", "d"))
    texts = parts.select(pl.concat_str("y", month, day, separator="-")).to_series()
    return days(texts, "%Y-%m-%d", r"^\d{4}-\d{2}-\d{2}$")


def _months(texts: pl.Series) -> pl.Series:
    parts = texts.str.extract_groups(_MONTH).struct.unnest()
    month = pl.coalesce("2", "3").str.pad_start(2, "0")
    first = parts.select(pl.concat_str(pl.col("1"), month, pl.lit("01"), separator="-"))
    return days(first.to_series(), "%Y-%m-%d", r"^\d{4}-\d{2}-\d{2}$")


def _years(texts: pl.Series) -> pl.Series:
    first = texts.str.extract(_YEAR) + "-01-01"
    return days(first, "%Y-%m-%d", r"^\d{4}-\d{2}-\d{2}$")


def _put(found: Cleaned, rows: pl.Series, values: pl.Series, precision: Precision) -> None:
    known = values.is_not_null().arg_true()
    at = rows.gather(known)
    found.values = put(found.values, at, values.gather(known))
    if found.precision is not None and at.len():
        found.precision = found.precision.scatter(at, precision.value)


def _said(known: pl.Series, precision: Precision) -> pl.Series:
    word = pl.Series([precision.value])
    return word.new_from_index(0, known.len()).zip_with(known, pl.Series([None], dtype=pl.String))


def _no_day() -> pl.Series:
    return pl.Series([None], dtype=pl.Date)
