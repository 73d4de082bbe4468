"""Identifiers checked a column at a time: bytes in a matrix, weights in one product.

A column of a million resident ids takes about a tenth of a second. The tables of weights are the
kernel's; division codes that were ever in force come from python-stdnum.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from qiantang.engine.quality.cleaning.cleaned import Finding
from qiantang.kernel.identifiers import (
    CREDIT_ALPHABET,
    CREDIT_WEIGHTS,
    OLDEST,
    RESIDENT_CHECKS,
    RESIDENT_WEIGHTS,
)

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
_RESIDENT: Final = r"^[1-9]\d{16}[\dX]$"
_OLD_RESIDENT: Final = r"^[1-9]\d{14}$"
_CREDIT: Final = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_ZERO: Final = ord("0")


def letters(texts: pl.Series, width: int) -> Bytes:
    """ASCII texts of one length, no nulls, as rows of bytes."""
    array: Any = texts.to_arrow()
    array = array.cast(pa.large_string()) if array.type != pa.large_string() else array
    data, start = np.frombuffer(array.buffers()[2], dtype=np.uint8), array.offset * width
    return data[start : start + len(array) * width].reshape(-1, width)


def texts_of(matrix: Bytes) -> pl.Series:
    """Rows of bytes as texts."""
    rows, width = matrix.shape
    offsets = pa.py_buffer((np.arange(rows + 1, dtype=np.int64) * width).tobytes())
    data = pa.py_buffer(np.ascontiguousarray(matrix).tobytes())
    array = pa.LargeStringArray.from_buffers(rows, offsets, data)
    return cast(pl.Series, pl.from_arrow(array))


def resident_checks(matrix: Bytes) -> Bytes:
    """The right check characters for rows whose first 17 bytes are digits."""
    table = np.frombuffer(RESIDENT_CHECKS.encode(), dtype=np.uint8)
    return table[_sums(matrix[:, :17] - _ZERO, RESIDENT_WEIGHTS) % 11]


def credit_checks(matrix: Bytes) -> Bytes:
    """The right check characters for rows whose first 17 bytes are of the alphabet."""
    alphabet = np.frombuffer(CREDIT_ALPHABET.encode(), dtype=np.uint8)
    places = np.zeros(256, dtype=np.uint8)
    places[alphabet] = np.arange(31)
    return alphabet[-_sums(places[matrix[:, :17]], CREDIT_WEIGHTS) % 31]


def _sums(digits: Bytes, weights: tuple[int, ...]) -> NDArray[np.int16]:
    """Weighted sums, exact: none comes near what a float of four bytes holds."""
    total = digits.astype(np.float32) @ np.array(weights, dtype=np.float32)
    return total.astype(np.int16)


def number_at(matrix: Bytes, start: int, stop: int) -> NDArray[np.int32]:
    """The digits of columns ``start`` to ``stop`` as numbers."""
    weights = 10.0 ** np.arange(stop - start - 1, -1, -1)
    digits = (matrix[:, start:stop] - _ZERO).astype(np.float64)
    return cast("NDArray[np.int32]", (digits @ weights).astype(np.int32))


def real_births(matrix: Bytes, on: date) -> Flags:
    """Whether characters 7 to 14 are a day that has been, in the last 130 years."""
    whole = number_at(matrix, 6, 14)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    most = np.where(month <= 12, _MONTH_DAYS[np.minimum(month, 12)], 0)
    most = np.where((month == 2) & ~leap, 28, most)
    today = on.year * 10_000 + on.month * 100 + on.day
    return (year >= on.year - OLDEST) & (whole <= today) & (day >= 1) & (day <= most)


@lru_cache(maxsize=1)
def known_divisions() -> Flags:
    """For every six-digit number whether it was ever a division code, abolished ones included."""
    from stdnum import numdb

    known = np.zeros(1_000_000, dtype=np.bool_)
    for _, low, _high, _props, children in numdb.get("cn/loc").prefixes:
        for _, local, *_rest in children:
            code = int(low + local)
            known[[code, code // 100 * 100, code // 10_000 * 10_000]] = True
    for residence_permits in (810_000, 820_000, 830_000):
        known[residence_permits] = True
    return known


def check_resident_ids(ids: pl.Series, on: date) -> tuple[pl.Series, list[Finding]]:
    """Resident ids in their 18 characters, and what is wrong; a wrong one becomes null.

    Ids of 15 digits are brought to 18. A foreigner's permanent residence id (first digit 9) has
    no division to check.
    """
    plain, rows = _modern(ids.str.to_uppercase())
    found = _form(plain, rows)
    if rows.len():
        matrix = letters(plain.gather(rows), 18)
        found += _wrong_residents(matrix, rows, on)
    return _without(plain, found), found


def _modern(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Ids with the old form converted, and the positions of those that have the new form."""
    old = ids.str.contains(_OLD_RESIDENT).fill_null(value=False).arg_true()
    if old.len():
        short = letters(ids.gather(old), 15)
        matrix = np.empty((old.len(), 18), dtype=np.uint8)
        matrix[:, :6], matrix[:, 6:8] = short[:, :6], np.frombuffer(b"19", dtype=np.uint8)
        matrix[:, 8:17] = short[:, 6:]
        matrix[:, 17] = resident_checks(matrix)
        ids = ids.scatter(old, texts_of(matrix))
    return ids, ids.str.contains(_RESIDENT).fill_null(value=False).arg_true()


def _wrong_residents(matrix: Bytes, rows: pl.Series, on: date) -> list[Finding]:
    right = resident_checks(matrix) == matrix[:, 17]
    # Excel keeps 15 digits: what it made of a long number ends in three zeros.
    zeros = ~right & (matrix[:, 15:] == _ZERO).all(axis=1)
    born = real_births(matrix, on)
    placed = known_divisions()[number_at(matrix, 0, 6)] | (matrix[:, 0] == ord("9"))
    marks = {"digits_lost": zeros, "id_check_digit": ~right & ~zeros,
             "id_birth_date": right & ~born, "id_division": right & born & ~placed}  # fmt: skip
    return _marked(marks, rows)


def check_credit_codes(codes: pl.Series) -> tuple[pl.Series, list[Finding]]:
    """Unified social credit codes, upper case, and what is wrong; a wrong one becomes null."""
    plain = codes.str.to_uppercase()
    rows = plain.str.contains(_CREDIT).fill_null(value=False).arg_true()
    found = _form(plain, rows)
    if rows.len():
        matrix = letters(plain.gather(rows), 18)
        found += _marked({"id_check_digit": credit_checks(matrix) != matrix[:, 17]}, rows)
    return _without(plain, found), found


def _form(plain: pl.Series, sound: pl.Series) -> list[Finding]:
    """Those that do not have the form at all."""
    wrong = plain.is_not_null()
    if sound.len():
        wrong = wrong.scatter(sound, values=False)
    rows = wrong.arg_true()
    return [Finding("id_form", rows)] if rows.len() else []


def _marked(marks: dict[str, Flags], rows: pl.Series) -> list[Finding]:
    return [
        Finding(code, rows.filter(pl.Series(flags))) for code, flags in marks.items() if flags.any()
    ]


def _without(plain: pl.Series, found: list[Finding]) -> pl.Series:
    for each in found:
        plain = plain.scatter(each.rows, None)
    return plain
