"""What a report needs to know of an assessment, and how its figures are written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from qiantang.engine.targets.wording import amount
from qiantang.kernel.digits import digits
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.plans import Plan

Names = Mapping[str, Text]


class Assessed(Protocol):
    """An assessed plan; the indicators room's `AssessmentView` is one."""

    @property
    def plan(self) -> Plan: ...
    @property
    def as_of(self) -> date: ...
    @property
    def division(self) -> str: ...
    @property
    def headline(self) -> Text: ...
    @property
    def computed_at(self) -> datetime: ...
    def as_json(self) -> dict[str, Any]: ...


def names_on_shelf() -> dict[str, Text]:
    """Names of indicators and divisions by their codes, from the installed packs."""
    from qiantang.rooms.shelf import selectors

    names = {code.code: code.name for code in selectors.divisions()}
    return names | {key: found.name for key, found in selectors.indicators().items()}


def named(names: Names, code: str, lang: str) -> str:
    """The name of a code; the code itself when nothing names it."""
    found = names.get(code)
    return found.in_(lang) if found else code


def said(text: Mapping[str, str] | None, lang: str) -> str:
    """One language of a JSON text."""
    if not text:
        return ""
    return text["en" if lang.startswith("en") else "zh"]


def number(value: float | int | None, *, signed: bool = False) -> str:
    """``5547.70`` -> ``5,547.7``; a real minus sign; empty for None."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    text = digits(abs(exact), grouped=True)
    if exact < 0:
        return f"\N{MINUS SIGN}{text}"
    return f"+{text}" if signed and exact > 0 else text


def percent(share: float | int | None, *, signed: bool = False) -> str:
    """``0.1234`` -> ``12.3%``."""
    if share is None:
        return ""
    return f"{number(round(float(share) * 100, 1), signed=signed)}%"


def unit_name(symbol: str, lang: str) -> str:
    found = UNITS.get(symbol)
    return found.in_(lang) if found else symbol


def quantity(value: float | int | None, unit: str, lang: str, *, signed: bool = False) -> str:
    """A figure with its unit as running text: ``6,228.9亿元`` / ``622.89 billion yuan``."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    text = amount(abs(exact), unit).in_(lang)
    if exact < 0:
        return f"\N{MINUS SIGN}{text}"
    return f"+{text}" if signed and exact > 0 else text


def period_name(written: str | None, lang: str) -> str:
    return Period.parse(written).as_text().in_(lang) if written else ""


def aim(data: Mapping[str, Any], lang: str) -> str:
    """What the plan asks, as a figure in words; empty where it names no figure."""
    low, high = data["limits"]["low"], data["limits"]["high"]
    one = quantity(low if low is not None else high, data["unit"], lang)
    if not one:
        return ""
    zh, en = {
        ">": (f"超过{one}", f"above {one}"),
        ">=": (f"不低于{one}", f"at least {one}"),
        "<": (f"低于{one}", f"below {one}"),
        "<=": (f"不高于{one}", f"at most {one}"),
        "~": (f"{one}左右", f"about {one}"),
        "range": (
            f"{number(low)}至{quantity(high, data['unit'], 'zh')}",
            f"{number(low)} to {quantity(high, data['unit'], 'en')}",
        ),
    }.get(data["comparator"] or "", (one, one))
    return en if lang.startswith("en") else zh


def due(data: Mapping[str, Any]) -> str:
    """The deadline as years: ``2019`` or ``2020–2022``."""
    when = data.get("due")
    if not when:
        return ""
    first, last = when["from"][:4], when["to"][:4]
    return last if first == last else f"{first}–{last}"


def pace(data: Mapping[str, Any], side: str) -> str:
    """Yearly growth needed or seen: a percentage, or points a year for shares."""
    found = data.get("pace")
    if not found or found[side] is None:
        return ""
    if found["mode"] == "growth":
        return percent(found[side], signed=True)
    return number(round(found[side], 3), signed=True)
