"""How a resource's fields differ from the data elements that they follow.

Pure functions over what is declared. Sources: GB/T 18391 (ISO/IEC 11179) for the registry; each
element names the standard behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Element, Personal

Declared = Mapping[str, Any]


class Rule(StrEnum):
    """In what a field may differ."""

    UNKNOWN = "element-unknown"
    NOT_IN_FORCE = "element-not-in-force"
    TYPE = "type-differs"
    CODES = "codes-differ"
    IDENTIFIER = "identifier-differs"
    UNIT = "unit-differs"
    PATTERN = "pattern-differs"
    PERSONAL = "personal-weaker"
    WITHOUT = "without-element"


RULE_NAMES: Final[Mapping[Rule, Text]] = {
    Rule.UNKNOWN: Text("引用的数据元不存在", "Refers to no known element"),
    Rule.NOT_IN_FORCE: Text("引用的数据元未在有效期内", "The element is not in force"),
    Rule.TYPE: Text("类型不一致", "Type differs"),
    Rule.CODES: Text("代码表不一致", "Code list differs"),
    Rule.IDENTIFIER: Text("标识规则不一致", "Identifier rule differs"),
    Rule.UNIT: Text("计量单位不一致", "Unit differs"),
    Rule.PATTERN: Text("格式不一致", "Pattern differs"),
    Rule.PERSONAL: Text("个人信息级别低于数据元", "Classified below the element"),
    Rule.WITHOUT: Text("已有同名数据元但未引用", "An element of this name exists, not used"),
}
_LEVELS: Final = tuple(level.value for level in Personal)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. ``found`` and ``expected`` are what is written and what the registry has."""

    field: str
    rule: Rule
    element: str
    found: str
    expected: str


def findings(
    fields: Iterable[Declared], elements: Mapping[str, Element], on: date
) -> tuple[Finding, ...]:
    """Every difference of a resource's fields on a day, in order of fields."""
    named = _by_name(elements, on)
    return tuple(each for field in fields for each in _of_field(field, elements, named, on))


def _of_field(
    field: Declared, elements: Mapping[str, Element], named: Mapping[str, str], on: date
) -> list[Finding]:
    id, referred = str(field["id"]), str(field.get("element") or "")
    if not referred:
        twin = next((named[key] for key in _names(field) if key in named), "")
        return [Finding(id, Rule.WITHOUT, twin, "", twin)] if twin else []
    element = elements.get(referred)
    if element is None:
        return [Finding(id, Rule.UNKNOWN, referred, referred, "")]
    found = [] if in_force(element, on) else [_out_of_force(id, referred, element)]
    for rule, told, wanted in _compared(field, element):
        if wanted and told != wanted:
            found.append(Finding(id, rule, referred, told, wanted))
    told = str(field.get("personal") or Personal.NONE)
    if _LEVELS.index(told) < _LEVELS.index(element.personal):
        found.append(Finding(id, Rule.PERSONAL, referred, told, element.personal.value))
    return found


def _compared(field: Declared, element: Element) -> list[tuple[Rule, str, str]]:
    def told(key: str) -> str:
        return str(field.get(key) or "")

    return [
        (Rule.TYPE, told("type"), element.type.value),
        (Rule.CODES, told("codes"), element.codes or ""),
        (Rule.IDENTIFIER, told("identifier"), element.identifier or ""),
        (Rule.UNIT, told("unit"), element.unit or ""),
        (Rule.PATTERN, told("pattern"), element.pattern or ""),
    ]


def _out_of_force(field: str, referred: str, element: Element) -> Finding:
    told = f"{element.valid_from or ''}/{element.valid_to or ''}"
    return Finding(field, Rule.NOT_IN_FORCE, referred, told, "")


def in_force(element: Element, on: date) -> bool:
    """``valid_to`` is the last day."""
    started = element.valid_from is None or element.valid_from <= on
    return started and (element.valid_to is None or on <= element.valid_to)


def _by_name(elements: Mapping[str, Element], on: date) -> dict[str, str]:
    """Names under which an element in force is found; a name of two elements finds neither."""
    seen: dict[str, str] = {}
    for key, element in elements.items():
        if in_force(element, on):
            for name in {_folded(n) for n in (element.name.zh, element.id)}:
                seen[name] = "" if name in seen else key
    return {name: key for name, key in seen.items() if key}


def _names(field: Declared) -> list[str]:
    """Chinese name and id; English names ("Name", "Date") are too general to tell by."""
    name = field.get("name") or {}
    return [_folded(n) for n in (str(name.get("zh", "")), str(field["id"])) if n]


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")
