"""Texts as people type them: widths, blanks, invisible characters, words for "nothing"."""
# ruff: noqa: E501 - lists of characters stand on one line each

from __future__ import annotations

import re
from typing import Final

import polars as pl

BLANKS: Final = " \t\r\n\x0b\x0c\x00\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"
_INVISIBLE: Final = "[\ufeff\u200b\u2060\u00ad\u200e\u200f\\x00]"
_ODD: Final = "[\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\\x00\u0300-\u036f\u1100-\u11ff\u3099\u309a\uf900-\ufaff０-９Ａ-Ｚａ-ｚ]"
"""Characters that prose is rid of, or that have a composed or plain form."""
_WIDE: Final = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
_NARROW: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_JOINED: Final = "\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
"""Scripts whose letters change with the joiners U+200C and U+200D (Unicode Standard, 23.2), and
symbols that one of them makes into a single picture (UTS #51); elsewhere they are noise."""
_JOINERS: Final = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")

MARKS: Final = "\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff"
"""Raised, lowered and circled characters. Behind a digit they mark a note or a power."""
_MARKED: Final = rf"(^|[\d.,%)）])\s*[{MARKS}]"

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
_FORMULA: Final = r'^="([^"]*)"$'
_APOSTROPHE: Final = r"^'(\d[0-9A-Z-]*)$"
EXCEL_ERROR: Final = (
    r"^(?:#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|BLOCKED!|"
    r"CONNECT!|BUSY!|UNKNOWN!|EXTERNAL!|PYTHON!|TIMEOUT!)|Err:5\d\d)$"
)
"""What a cell shows whose formula failed (Microsoft, ERROR.TYPE function; LibreOffice Calc error
codes): no value of any kind, in whatever format it was sent on."""
FORMULA: Final = (
    r"(?s)^(?:=\s*[^=\s].*|[@+-][A-Za-z][A-Za-z0-9_.]+\s*\(.*|[@+-][A-Za-z][^|]*\|[^!]*!.*)$"
)
"""What a spreadsheet would run when it opens an export (OWASP, CSV injection): everything behind
``=``, calls of a function and of another program behind ``+ - @``. No value; the cell's result is."""
NO_FORMULA: Final = r"^=[^(!&+*/\":|]*\p{Han}[^(!&+*/\":|]*$"
A_CELL: Final = r"(?i)(?:^|[^A-Z])\$?[A-Z]{1,3}\$?\d"
"""Chinese words behind ``=`` without a call, an operator or (`A_CELL`) a cell are a note: =退款."""
LIKE_A_FORMULA: Final = r"^(?:[#=@]|[+-][A-Za-z]|Err:)"
"""How what matches `EXCEL_ERROR` or `FORMULA` begins: one look at a column finds that it has none."""


def tidied(raw: pl.Series, *, prose: bool) -> pl.Series:
    """Without blanks at the ends and invisible characters inside, in plain width.

    Prose keeps its punctuation: only full-width letters and digits are made narrow. Everything
    else comes in Unicode's compatibility form (NFKC), but for digits with a raised or circled
    mark: 100① would become 1001.
    """
    plain = _unguarded(raw.str.strip_chars(BLANKS))
    rows = (plain.str.len_bytes() != plain.str.len_chars()).fill_null(value=False).arg_true()
    if not rows.len():
        return plain
    whole = rows.len() == plain.len()
    some = plain if whole else plain.gather(rows)
    some = _prose(some) if prose else _compatible(some)
    return some if whole else plain.scatter(rows, some)


def _unguarded(texts: pl.Series) -> pl.Series:
    """Without what keeps Excel from taking a code for a number: ``="00123"`` and ``'00123``."""
    guarded = (texts.str.starts_with('="') | texts.str.starts_with("'")).fill_null(value=False)
    if not guarded.any():
        return texts
    return texts.str.replace(_FORMULA, "$1").str.replace(_APOSTROPHE, "$1")


def _compatible(texts: pl.Series) -> pl.Series:
    texts = _visible(texts)
    plain = texts.str.normalize("NFKC")
    marked = texts.str.contains(_MARKED).fill_null(value=False).arg_true()
    if marked.len():
        plain = plain.scatter(marked, _prose(texts.gather(marked)))
    return plain.str.strip_chars(BLANKS)


def _visible(texts: pl.Series) -> pl.Series:
    """Without invisible characters; joiners stay where they join."""
    if texts.str.contains(_INVISIBLE).any():
        texts = texts.str.replace_all(_INVISIBLE, "")
    rows = texts.str.contains("[\u200c\u200d]").fill_null(value=False).arg_true()
    if not rows.len():
        return texts
    plain = [_JOINERS.sub("", text) for text in texts.gather(rows)]
    return texts.clone().scatter(rows, pl.Series(plain, dtype=pl.String))


def _prose(texts: pl.Series) -> pl.Series:
    """Most texts need nothing: one scan finds those that do."""
    rows = texts.str.contains(_ODD).fill_null(value=False).arg_true()
    if not rows.len():
        return texts
    odd = _visible(texts.gather(rows)).str.normalize("NFC")
    return texts.scatter(rows, odd.str.replace_many(list(_WIDE), list(_NARROW)))


def without_nothing(texts: pl.Series, *, nothing: bool, keep: frozenset[str]) -> pl.Series:
    """Empty cells and words for empty cells as null. ``keep`` are words that are values here."""
    words = [
        word for word in ("", *NULL_WORDS, *((NOTHING,) if nothing else ())) if word not in keep
    ]
    empty = texts.is_in(words).fill_null(value=False).arg_true()
    return texts.scatter(empty, None) if empty.len() else texts
