"""Units in the number formats of a workbook, and how many times smaller they show a figure.

``0.00"亿元"`` shows a stored 1.5 as 1.50亿元: whoever reads the sheet reads 150 million. In
``0!.0,"万"`` a comma divides by a thousand and ``!.`` sets a point between digits, so that a stored
15000 is shown as 1.5万, which it is. ``#,##0.00,,`` shows 1500000 as 1.50 and names no unit.
``[$€-407]#,##0`` and ``"$"0.00`` say which currency a figure is in, ``"万元"0.00`` its unit.
(ECMA-376 part 1, 18.8.31: codes of number formats; ``!`` sets off one character in East Asian
editions of Excel.)
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from qiantang.engine.quality.reading.header_units import SIGNS, Scaled, names_time, read_unit

_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?:_|\*).|\[(?P<brackets>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<power>[eE][+-])|(?P<digit>[0#?])|(?P<comma>,)"
    r"|(?P<point>\.)|(?P<other>.)",
    re.DOTALL,
)
_CURRENCY: Final = re.compile(r"\$([^-]*)(?:-([0-9A-Fa-f]+))?")
"""``[$€-407]``: what is shown, and for which place (a Windows language code)."""
_DOLLARS: Final = {0x0404: "TWD", 0x0C04: "HKD", 0x0C09: "AUD", 0x1004: "SGD", 0x1009: "CAD"}
_YEN: Final = 0x0411
"""Places whose sign is that of another currency elsewhere (Microsoft, MS-LCID)."""
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_COMPARED: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_SCALED: Final = re.compile(r"(?:[十百千]?[万亿]|[百千]万|万亿)")
_DATES: Final = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_SECTION: Final = re.compile(r'((?:"[^"]*"|[\\!].|[^;"\\!])*)(?:;|$)')


_LONGEST: Final = 255
"""Characters of a format code in Excel."""
UNSTATED: Final = Scaled("", "unstated", Decimal(1))
"""The unit of figures of which the file says none."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format. ``power``: it shows a figure divided by ten to this; ``unit``: what
    it writes behind, or before."""

    power: int = 0
    unit: str = ""
    condition: tuple[str, Decimal] | None = None
    figures: bool = True
    """Whether it shows the figure at all; some show a dash or nothing."""

    @property
    def written(self) -> bool:
        """Whether its unit is a multiple or a share: without it the figure means another one."""
        found = read_unit(self.unit) if self.unit else None
        return bool(self.unit) and (found is None or found.factor != 1)

    def told(self, text: str) -> str:
        """A stored figure with its unit, as it is shown but not rounded."""
        if not self.written:
            return text
        moved = format(Decimal(text).scaleb(-self.power), "f")
        return (moved.rstrip("0").rstrip(".") if "." in moved else moved) + self.unit


@dataclass(frozen=True, slots=True)
class UnitForm:
    """A number format that names a unit or makes figures smaller."""

    sections: tuple[Section, ...]

    @property
    def alone(self) -> Section | None:
        """The section that holds for every figure."""
        return self.sections[0] if len(set(self.sections)) == 1 else None

    @property
    def written(self) -> bool:
        return any(s.written for s in self.sections)

    @property
    def mark(self) -> tuple[str, int] | None:
        """The unit and the power of figures that are left as they are stored."""
        left = [(s.unit, s.power) for s in self.sections if s.figures and not s.written]
        most = max(left, key=lambda each: (each[1], each[0]), default=("", 0))
        return most if most != ("", 0) else None

    def told(self, text: str) -> str:
        return self._section(Decimal(text)).told(text)

    def _section(self, value: Decimal) -> Section:
        """Excel's choice: by conditions, else positive; negative; zero."""
        parts = self.sections
        if any(p.condition for p in parts):
            met = (p for p in parts if p.condition is None or _met(p.condition, value))
            return next(met, parts[-1])
        if value < 0 and len(parts) > 1:
            return parts[1]
        return parts[2] if value == 0 and len(parts) > 2 else parts[0]


def unit_form(code: str) -> UnitForm | None:
    """The units and powers of a number format; None where it has none, or shows a date.

    >>> unit_form('0.00"亿元"').told("1.5"), unit_form('0!.0,"万"').told("15000")
    ('1.5亿元', '1.5万')
    >>> unit_form('#,##0.00,,').mark, unit_form('#,##0"元"').mark, unit_form('#,##0.00')
    (('', 6), ('元', 0), None)
    """
    sections: list[Section] = []
    if len(code) > _LONGEST:
        return None
    for text in _SECTION.findall(code)[:3]:
        if text or not sections:
            section = _section_of(text)
            if section is None:
                return None
            sections.append(section)
    named = any(s.unit or s.power for s in sections)
    return UnitForm(tuple(sections)) if named else None


def _section_of(text: str) -> Section | None:
    """One section; None where it shows a date, a time or a power of ten."""
    tokens = list(_tokens(text))
    kinds = [kind for kind, _ in tokens]
    if "power" in kinds or any(k == "other" and _DATES.match(t) for k, t in tokens):
        return None
    condition = next((c for k, t in tokens if k == "brackets" and (c := _condition(t))), None)
    digits = [i for i, kind in enumerate(kinds) if kind in ("digit", "general")]
    if not digits:
        return Section(condition=condition, figures=False)
    before, behind = _said(tokens[: digits[0]]), _said(tokens[digits[-1] + 1 :])
    return Section(_power(tokens, digits), _joined(before, behind), condition)


def _said(tokens: list[tuple[str, str]]) -> str:
    """The unit among what stands before or behind the figure."""
    words = "".join(
        _currency(text) if kind == "brackets" else text
        for kind, text in tokens
        if kind in ("quoted", "escaped", "other", "brackets")
    )
    return _unit(words)


def _currency(text: str) -> str:
    found = _CURRENCY.match(text)
    if not found:
        return ""
    sign, place = found[1].strip(), int(found[2] or "0", 16) & 0xFFFF
    if sign in ("¥", "￥") and place == _YEN:
        return "JPY"
    return _DOLLARS.get(place, sign) if sign == "$" else sign


def _joined(before: str, behind: str) -> str:
    """One unit: ``$`` before and 万 behind are 万美元."""
    scale = read_unit(behind) if behind else None
    currency = read_unit(before) if before else None
    if scale and currency and not scale.dimension:
        return behind + currency.text
    return behind or before


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup:
            yield found.lastgroup, found[found.lastgroup]


def _power(tokens: list[tuple[str, str]], digits: list[int]) -> int:
    """Commas that divide by a thousand, and points that are set between digits."""
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    whole = [i for i in digits if i < point]
    commas = (
        sum(1 for i, kind in enumerate(kinds) if kind == "comma" and i > whole[-1]) if whole else 0
    )
    set_in = [i for i, each in enumerate(tokens) if each in (("quoted", "."), ("escaped", "."))]
    shifted = [i for i in whole if set_in and i > set_in[0]]
    return 3 * commas + (len(shifted) if set_in and whole and set_in[0] > whole[0] else 0)


def _unit(text: str) -> str:
    word = text.strip(" ()（）　+-")
    found = read_unit(word) if word else None
    if found is not None:
        return "" if names_time(found) else word
    return word if _SCALED.match(word) else ""


def is_sign(unit: str) -> bool:
    """Whether it names a currency and no multiple of it: ¥, $, USD."""
    return unicodedata.normalize("NFKC", unit).strip().lower() in SIGNS


def _condition(text: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.match(text)
    return (found[1], Decimal(found[2])) if found else None


def _met(condition: tuple[str, Decimal], value: Decimal) -> bool:
    return _COMPARED[condition[0]](value, condition[1])


def made_smaller(unit: Scaled | None, power: int) -> Scaled:
    """The unit of stored figures that are shown in ``unit``, divided by ten to ``power``."""
    if unit is None:
        return replace(UNSTATED, text=f"÷{10**power}")
    factor = unit.factor.scaleb(-power)
    plain = read_unit(unit.text.lstrip("十百千万亿"))
    if plain is not None and (plain.dimension, plain.factor) == (unit.dimension, factor):
        return plain
    return Scaled(f"{unit.text}÷{10**power}", unit.dimension, factor)
