"""Read the fields of a resource: their types and options, and the data elements they follow.

A field with ``element`` takes type, codes, identifier, pattern, range, unit and the class of
personal data from it, unless it states its own; what it states may not be looser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Element, Field, FieldType, Personal, Precision, Resource
from qiantang.packkit.draft import LOCAL_FORM, LOCAL_ID, Draft, some
from qiantang.packkit.identifier_kinds import IDENTIFIERS, PARTS
from qiantang.packkit.options import OPTIONS
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import check_unit
from qiantang.packkit.sections import Section

_INHERITED: Final = ("unit", "codes", "identifier", "pattern", "minimum", "maximum")
_CLASSES: Final = tuple(Personal)
_FIELD: Final = Text("字段", "field")
_DATES: Final = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD})


def read_fields(draft: Draft, section: Section) -> tuple[Field, ...]:
    """The fields below ``[fields]`` of a resource, in the order of the file."""
    table = section.table("fields")
    if table is None:
        return ()
    if not table.values:
        section.problem("pack.fields_missing", "fields")
    found = []
    for key, value in table.values.items():
        if not isinstance(value, dict):
            table.table(key)
            continue
        if not LOCAL_ID.fullmatch(key):
            table.problem("pack.id_malformed", key, found=key, expected=LOCAL_FORM)
        found.append(_field(draft, table.child(key, value), key))
    for each in found:
        child = table.child(each.id, table.values[each.id])
        _check_neighbours(child, each, found, known=not _lost(child, each.element))
        if _lost(child, each.element):
            draft.torn.add(f"fields/{PurePosixPath(section.name).stem}")
    return tuple(found)


def check_reference(draft: Draft, section: Section, resource: Resource) -> None:
    """Whether every ``reference`` names a field of its type; run when all resources are read."""
    for each in resource.fields:
        if each.reference is None or each.reference.count(".") != 2:
            continue
        pack, local, key = each.reference.split(".")
        place = section.place("fields", each.id, "reference")
        other: Any = draft.find("resources", f"{pack}.{local}", place)
        if other is None:
            continue
        target = other.field(key)
        if target is None:
            ids = [f"{pack}.{local}.{f.id}" for f in other.fields]
            draft.findings.add("pack.reference_unknown", place, kind=_FIELD, found=each.reference,
                               expected=some(ids), near=nearest(each.reference, ids))  # fmt: skip
        elif target.type is not each.type:
            draft.findings.add("pack.reference_type", place, found=each.type.value,
                               reference=each.reference, expected=target.type.value)  # fmt: skip


def _field(draft: Draft, section: Section, key: str) -> Field:
    element = _element(draft, section)
    followed = section.values.get("element") is not None
    kind = section.choice("type", FieldType, _type_of(element) if followed else None)
    said = _stated(draft, section, kind, key, element)
    found = Field(
        id=key,
        name=section.two_languages(key, only=False),
        type=kind,
        required=section.boolean("required", required=False),
        values=section.words("values", required=False),
        description=section.bilingual("description", required=False),
        unique=section.boolean("unique", required=False),
        element=f"{element.pack}.{element.id}" if element else None,
        reference=_reference(section),
        in_force_on=section.text("in_force_on", required=False) or None,
        precision=section.choice("precision", Precision, Precision.DAY),
        agrees=_agrees(section),
        open_end=section.boolean("open_end", required=False),
        **said,
    )
    for option, types in OPTIONS.items():
        if option in section and kind not in types and not _lost(section, found.element):
            section.problem("pack.option_misplaced", option, found=option, type=kind.value)
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low > high:
        section.problem("pack.range_reversed", "min" if "min" in section else "max",
                        low=low, high=high)  # fmt: skip
    section.done()
    return found


def _element(draft: Draft, section: Section) -> Element | None:
    found = section.text("element", required=False)
    if not found.strip():
        return None
    element: Element | None = draft.find("elements", found, section.place("element"))
    return element


def _lost(section: Section, element: object) -> bool:
    """Whether the field follows an element that is not there, so that its type is not known."""
    return element is None and "element" in section and "type" not in section


def _type_of(element: Element | None) -> FieldType:
    return element.type if element else FieldType.TEXT


def _stated(
    draft: Draft, section: Section, kind: FieldType, key: str, element: Element | None
) -> dict[str, Any]:
    """What the field says itself, the rest from its element; a contradiction is reported."""
    fall_back = element is not None and element.type is FieldType.CODE
    fall_back = fall_back or _lost(section, element)
    said: dict[str, Any] = {
        "unit": _unit(section),
        "codes": _codes(draft, section, kind, "" if fall_back else key),
        "identifier": _identifier(section),
        "pattern": _pattern(section),
        "minimum": section.decimal("min", required=False),
        "maximum": section.decimal("max", required=False),
        "personal": section.choice("personal", Personal, Personal.NONE),
    }
    if element is None:
        return said
    _check_against(section, element, kind, said)
    for name in _INHERITED:
        if said[name] is None and kind in OPTIONS[_OPTION_OF.get(name, name)]:
            said[name] = getattr(element, name)
    if "personal" not in section:
        said["personal"] = element.personal
    return said


_OPTION_OF: Final = {"minimum": "min", "maximum": "max"}


def _check_against(
    section: Section, element: Element, kind: FieldType, said: dict[str, Any]
) -> None:
    """What a field states may be narrower than its element, never other or looser."""
    if "type" in section and kind is not element.type:
        _conflict(section, "type", kind.value, element, element.type.value)
    for name in ("unit", "codes", "identifier"):
        own, theirs = said[name], getattr(element, name)
        if own is not None and theirs is not None and own != theirs:
            _conflict(section, name, own, element, theirs)
    low, high = said["minimum"], said["maximum"]
    if low is not None and element.minimum is not None and low < element.minimum:
        _conflict(section, "min", low, element, element.minimum)
    if high is not None and element.maximum is not None and high > element.maximum:
        _conflict(section, "max", high, element, element.maximum)
    own = said["personal"]
    if "personal" in section and _CLASSES.index(own) < _CLASSES.index(element.personal):
        _conflict(section, "personal", own.value, element, element.personal.value)


def _conflict(
    section: Section, key: str, found: str | Decimal, element: Element, expected: str | Decimal
) -> None:
    section.problem("pack.element_conflict", key, key=key, found=found, expected=expected,
                    element=f"{element.pack}.{element.id}")  # fmt: skip


def _check_neighbours(
    section: Section, each: Field, fields: Iterable[Field], *, known: bool
) -> None:
    """The other fields that this one names must be there and fit; ``known``: its type is."""
    by_id = {f.id: f for f in fields}
    if each.in_force_on is not None:
        other = _neighbour(section, by_id, each.in_force_on, "in_force_on")
        if other is not None and other.type not in _DATES:
            section.problem("pack.field_not_date", "in_force_on", found=each.in_force_on,
                            type=other.type.value)  # fmt: skip
    if each.agrees and known and each.identifier not in PARTS:
        section.problem("pack.agrees_without_identifier", "agrees", found=each.id,
                        expected=", ".join(PARTS))  # fmt: skip
    for part, other_id in each.agrees.items():
        _neighbour(section, by_id, other_id, "agrees", part)


def _neighbour(
    section: Section, by_id: dict[str, Field], wanted: str, *keys: str
) -> Field | None:  # fmt: skip
    if wanted not in by_id:
        section.problem("pack.field_unknown", *keys, found=wanted, expected=some(list(by_id)),
                        near=nearest(wanted, by_id))  # fmt: skip
    return by_id.get(wanted)


def _reference(section: Section) -> str | None:
    found = section.text("reference", required=False)
    if found.strip() and found.count(".") != 2:
        section.problem("pack.reference_malformed", "reference", found=found)
    return found or None


def _identifier(section: Section) -> str | None:
    found = section.text("identifier", required=False)
    return section.one_of("identifier", found, list(IDENTIFIERS)) or None


def _agrees(section: Section) -> dict[str, str]:
    table = section.table("agrees", required=False)
    if table is None:
        return {}
    valid = [part for parts in PARTS.values() for part in parts]
    found = {}
    for part in table.values:
        other = table.text(part)
        if part in valid:
            found[part] = other
        else:
            table.problem("pack.key_unknown", part, found=part, expected=", ".join(valid),
                          near=nearest(part, valid))  # fmt: skip
    return found


def _unit(section: Section) -> str | None:
    found = section.text("unit", required=False)
    if found.strip() and not check_unit(found):
        section.problem("pack.unit_unknown", "unit", found=found, expected=", ".join(UNITS),
                        near=nearest(found, UNITS))  # fmt: skip
    return found or None


def _codes(draft: Draft, section: Section, kind: FieldType, key: str) -> str | None:
    """The full name of the list. ``pack.indicator`` names the indicators of a pack. Without
    ``key`` the list may be absent."""
    found = section.text("codes", required=False)
    if not found.strip():
        if kind is FieldType.CODE and "codes" not in section and key:
            section.problem("pack.code_without_list", "type", found=key, paste='codes = ""')
        return None
    other, _, local = found.rpartition(".")
    if local == "indicator" and (other in {"", draft.id} or other in draft.others):
        return f"{other or draft.id}.indicator"
    listed: Any = draft.find("codes", found, section.place("codes"))
    return f"{listed.pack}.{listed.id}" if listed else None


def _pattern(section: Section) -> str | None:
    found = section.text("pattern", required=False)
    try:
        re.compile(found)
    except (re.error, RecursionError, OverflowError) as error:
        section.problem("pack.pattern_invalid", "pattern", reason=error)
        return None
    return found or None
