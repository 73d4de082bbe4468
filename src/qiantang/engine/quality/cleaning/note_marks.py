"""Marks of notes behind figures: 120*, 35①, 100 注, 12† are figures that a note explains.

Raised and lowered digits are none of these: 5² may be a power.
"""

from __future__ import annotations

from typing import Final

import polars as pl

_MARK: Final = (
    r"[*†‡§#※★☆]{1,3}|[\x{2460}-\x{24ff}]{1,2}|\[\d{1,2}\]"
    r"|[(\[【〔]?注\s*[\d一二三四五六七八九十\x{2460}-\x{24ff}]{0,2}[)\]】〕]?"
)
_MARKED: Final = rf"^(.*\d.*?)\s*(?:{_MARK})$"


def without_notes(texts: pl.Series) -> pl.Series:
    """The texts without a mark of a note at their end, where a digit stands before it."""
    return texts.str.replace(_MARKED, "${1}")
