"""Units that headers and titles state, and the factor from them to the declared unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.kernel.units import UNITS

_IN_BRACKETS: Final = re.compile(r"\((?:计量)?(?:单位)?:?([^()]+)\)")
_BEHIND: Final = re.compile(r"[/_:]([^/_:()]+)$")
_TITLE: Final = re.compile(r"(?:计量|金额)?单位\s*[:：]\s*(?:人民币)?\s*([^\s,，;；()（）]+)")
_SCALES: Final = {
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}


@dataclass(frozen=True, slots=True)
class Scaled:
    """A unit as read: ``factor`` of the base unit of ``dimension`` ("" for a bare 万)."""

    text: str
    dimension: str
    factor: Decimal


def read_unit(text: str) -> Scaled | None:
    """万元, 亿元, 千人, 万, % ...; None when it is no unit."""
    word = unicodedata.normalize("NFKC", text).strip().removeprefix("人民币")
    if word in UNITS:
        unit = UNITS[word]
        return Scaled(word, unit.dimension, unit.factor)
    for length in (2, 1):
        scale, rest = word[:length], word[length:]
        if scale not in _SCALES:
            continue
        factor = Decimal(10) ** _SCALES[scale]
        if not rest:
            return Scaled(word, "", factor)
        if rest in UNITS:
            return Scaled(word, UNITS[rest].dimension, factor * UNITS[rest].factor)
    return None


def unit_of_header(name: str) -> Scaled | None:
    """The unit at the end of a header cell, in brackets or behind a stroke."""
    plain = unicodedata.normalize("NFKC", name)
    for found in reversed(_IN_BRACKETS.findall(plain)):
        scaled = read_unit(found)
        if scaled:
            return scaled
    behind = _BEHIND.search(plain.strip())
    return read_unit(behind.group(1)) if behind else None


def unit_of_titles(rows: Iterable[RawRow]) -> Scaled | None:
    """The unit that a title row states for the whole table; None unless exactly one is stated."""
    found = {m for r in rows for c in r.cells if c for m in _TITLE.findall(c)}
    units = [u for u in (read_unit(word) for word in found) if u]
    return units[0] if len(units) == 1 else None


def factor_between(found: Scaled, declared: str | None) -> Decimal | None:
    """What a figure in ``found`` is multiplied by to be in ``declared``; None: not comparable."""
    target = read_unit(declared) if declared else None
    if target is None:
        return found.factor if found.dimension == "" or not declared else None
    if found.dimension == "":
        return found.factor
    return found.factor / target.factor if found.dimension == target.dimension else None
