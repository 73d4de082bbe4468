"""Cells that hold one of a few words: the unit, the kind of figure, the grade of the source."""

from __future__ import annotations

import unicodedata

from qiantang.engine.targets.cells import BadCell, bad
from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS, UnknownUnit, unit


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
    return bad(
        code,
        text,
        Text("、".join(names), ", ".join(names)),
        Text("“{found}”不在可选值中：{expected}。", '"{found}" is none of: {expected}.'),
    )
