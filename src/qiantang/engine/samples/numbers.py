"""Identifiers with right check characters, for whole columns at once."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples.chance import Index
from qiantang.engine.samples.texts import Letters, digits, fixed
from qiantang.kernel.identifiers import (
    CREDIT_ALPHABET,
    CREDIT_WEIGHTS,
    ORGANISATION_WEIGHTS,
    RESIDENT_CHECKS,
    RESIDENT_WEIGHTS,
    VIN_CHECKS,
    VIN_VALUES,
    VIN_WEIGHTS,
)

_CREDIT: Final = np.frombuffer(CREDIT_ALPHABET.encode(), dtype=np.uint8)
_VIN_YEARS: Final = "FGHJKLMNPRS"
"""Letters of the model years 2015 to 2025."""

BODY: Final = "MX"
"""How the bodies of made-up organisation codes begin: none so far were given out."""


def resident_ids(divisions: Letters, days: Index, sequence: Index) -> pl.Series:
    """Resident ids of GB 11643: place, date of birth, number of the day, check character."""
    dates = days.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    stamp = years * 10_000 + months * 100 + day
    body = np.hstack([divisions, digits(stamp, 8), digits(sequence, 3)])
    total = (body.astype(np.int64) - 48) @ np.array(RESIDENT_WEIGHTS)
    checks = np.frombuffer(RESIDENT_CHECKS.encode(), dtype=np.uint8)
    return fixed(np.hstack([body, checks[total % 11][:, None]]))


def credit_codes(category: Index, divisions: Letters, numbers: Index) -> pl.Series:
    """Credit codes of GB 32100: ``9``, category, place, organisation code, check character."""
    place = numbers[:, None] // 31 ** np.arange(5, -1, -1, dtype=np.int64) % 31
    head = np.broadcast_to(np.frombuffer(BODY.encode(), dtype=np.uint8), (len(numbers), 2))
    body = np.hstack([head, _CREDIT[place]])
    letters = body >= 65
    values = np.where(letters, body.astype(np.int64) - 55, body.astype(np.int64) - 48)
    check = -(values @ np.array(ORGANISATION_WEIGHTS)) % 11
    organisation = np.frombuffer(b"0123456789X", dtype=np.uint8)[check]
    nine = np.full((len(numbers), 1), ord("9"), dtype=np.uint8)
    code = np.hstack([nine, digits(category, 1), divisions, body, organisation[:, None]])
    places = np.zeros(128, dtype=np.int64)
    places[_CREDIT] = np.arange(31)
    total = places[code] @ np.array(CREDIT_WEIGHTS)
    return fixed(np.hstack([code, _CREDIT[-total % 31][:, None]]))


def vehicle_numbers(numbers: Index) -> pl.Series:
    """VINs of GB 16735, different for different numbers below 33 to the fourth million."""
    letters = np.frombuffer("".join(VIN_VALUES).encode(), dtype=np.uint8)
    values = np.zeros(128, dtype=np.int64)
    values[letters] = tuple(VIN_VALUES.values())
    rest = numbers // 1_000_000
    middle = letters[rest[:, None] // 33 ** np.arange(3, -1, -1, dtype=np.int64) % 33]
    head = np.broadcast_to(np.frombuffer(b"LXX0", dtype=np.uint8), (len(numbers), 4))
    year = np.frombuffer(_VIN_YEARS.encode(), dtype=np.uint8)[numbers % len(_VIN_YEARS)]
    zero = np.full((len(numbers), 1), ord("0"), dtype=np.uint8)
    code = np.hstack([head, middle, zero, year[:, None], zero, digits(numbers % 1_000_000, 6)])
    check = values[code] @ np.array(VIN_WEIGHTS) % 11
    code[:, 8] = np.frombuffer(VIN_CHECKS.encode(), dtype=np.uint8)[check]
    return fixed(code)


def bank_cards(numbers: Index) -> pl.Series:
    """Card numbers of 19 digits with the check digit of ISO/IEC 7812."""
    head = np.broadcast_to(np.frombuffer(b"620000", dtype=np.uint8), (len(numbers), 6))
    body = np.hstack([head, digits(numbers, 12)])
    values = body.astype(np.int64) - 48
    doubled = values[:, ::-2] * 2
    total = np.where(doubled > 9, doubled - 9, doubled).sum(axis=1) + values[:, -2::-2].sum(axis=1)
    return fixed(np.hstack([body, digits(-total % 10, 1)]))
