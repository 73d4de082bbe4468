"""Texts as people type them: widths, blanks, invisible characters, words for "nothing"."""
# ruff: noqa: E501 - lists of characters stand on one line each

from __future__ import annotations

from typing import Final

import polars as pl

BLANKS: Final = " \t\r\n\x0b\x0c\x00\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"
_INVISIBLE: Final = "[\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\\x00]"
_WIDE: Final = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
_NARROW: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

NULL_WORDS: Final = [
    "NULL",
    "Null",
    "null",
    "None",
    "none",
    "NaN",
    "nan",
    "NA",
    "N/A",
    "n/a",
    "N/a",
    "#N/A",
    "nil",
    "Nil",
    "(null)",
    "(NULL)",
    "(blank)",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "―",
    "－",
    "/",
    "//",
    "\\",
    ".",
    "..",
    "...",
    "…",
    "空",
    "(空)",
    "（空）",
    "缺失",
    "暂无",
    "／",
]
"""Words that stand for an empty cell in every field, unless the field's own list has them."""
NOTHING: Final = "无"
"""Stands for an empty cell too, but not where the field is required or a yes-or-no."""

LOST_DIGITS: Final = r"^[+-]?\d(\.\d+)?[eE]\+?\d{2,}$"
"""What Excel makes of a long number: 1.23457E+17."""
EXCEL_ERROR: Final = r"^#(REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$"


def trimmed(raw: pl.Series) -> pl.Series:
    """Without blanks of any kind at the ends and without invisible characters inside."""
    plain = raw.str.strip_chars(BLANKS)
    rows = _not_ascii(plain)
    if not rows.len():
        return plain
    cleaned = plain.gather(rows).str.replace_all(_INVISIBLE, "")
    return plain.scatter(rows, cleaned)


def narrow(texts: pl.Series) -> pl.Series:
    """Full-width letters and digits in their plain width; punctuation stays as it was written."""
    rows = _not_ascii(texts)
    if not rows.len():
        return texts
    plain = texts.gather(rows).str.normalize("NFC")
    wide = plain.str.contains("[０-９Ａ-Ｚａ-ｚ]").fill_null(value=False).arg_true()
    if wide.len():
        plain = plain.scatter(wide, plain.gather(wide).str.replace_many(list(_WIDE), list(_NARROW)))
    return texts.scatter(rows, plain)


def compatible(texts: pl.Series) -> pl.Series:
    """In Unicode's compatibility form (NFKC): for everything that is not prose."""
    rows = _not_ascii(texts)
    if not rows.len():
        return texts
    return texts.scatter(rows, texts.gather(rows).str.normalize("NFKC").str.strip_chars(BLANKS))


def without_nothing(texts: pl.Series, *, nothing: bool, keep: frozenset[str]) -> pl.Series:
    """Empty cells and words for empty cells as null. ``keep`` are words that are values here."""
    words = [
        word for word in ("", *NULL_WORDS, *((NOTHING,) if nothing else ())) if word not in keep
    ]
    empty = texts.is_in(words).fill_null(value=False).arg_true()
    return texts.scatter(empty, None) if empty.len() else texts


def _not_ascii(texts: pl.Series) -> pl.Series:
    return (texts.str.len_bytes() != texts.str.len_chars()).fill_null(value=False).arg_true()
