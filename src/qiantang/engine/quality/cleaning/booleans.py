"""Yes and no as people write them."""

from __future__ import annotations

from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import Cleaned

YES: Final = (
    "是",
    "有",
    "对",
    "真",
    "√",
    "✓",
    "✔",
    "☑",
    "Y",
    "y",
    "YES",
    "Yes",
    "yes",
    "TRUE",
    "True",
    "true",
    "T",
    "t",
    "1",
    "1.0",
    "同意",
    "合格",
)
NO: Final = (
    "否",
    "无",
    "不是",
    "没有",
    "错",
    "假",
    "×",
    "✗",
    "✘",
    "☐",
    "N",
    "n",
    "NO",
    "No",
    "no",
    "FALSE",
    "False",
    "false",
    "F",
    "f",
    "0",
    "0.0",
    "不同意",
    "不合格",
)
_WORDS: Final = pl.Series([*YES, *NO])
_MEANING: Final = pl.Series([True] * len(YES) + [False] * len(NO))


def read_booleans(plain: pl.Series) -> Cleaned:
    """True and false. Code: ``not_a_boolean``."""
    found = Cleaned(plain.replace_strict(_WORDS, _MEANING, default=None, return_dtype=pl.Boolean))
    found.refuse("not_a_boolean", plain.is_not_null() & found.values.is_null())
    return found
