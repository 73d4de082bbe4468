"""Read ``elements/*.csv``: data elements, defined once and followed by fields of resources."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Element, FieldType, Personal
from qiantang.packkit.draft import LOCAL_FORM, LOCAL_ID, Draft
from qiantang.packkit.identifier_kinds import IDENTIFIERS
from qiantang.packkit.options import OPTIONS
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import check_unit, check_validity
from qiantang.packkit.readers.norms import STATUSES
from qiantang.packkit.sheets import Row

COLUMNS: Final = (
    *("id", "zh", "en", "definition_zh", "definition_en", "type", "unit", "codes", "identifier"),
    *("pattern", "minimum", "maximum", "personal", "standard", "valid_from", "valid_to", "status"),
)


def read_elements(draft: Draft) -> None:
    """Fill ``draft.elements``; ids are unique over all files of the pack."""
    validity: list[tuple[str, Row, date | None, date | None]] = []
    for name in draft.files.names("elements", ".csv"):
        with draft.reading(name) as stem:
            draft.check_stem(name, stem)
            sheet = draft.files.sheet(name)
            if sheet is None or not sheet.require(COLUMNS, allowed=("note",)):
                draft.lost.add("elements")
                continue
            if not sheet.complete:
                draft.lost.add("elements")
            for row in sheet:
                found = _element(draft, row)
                if found.id:
                    draft.first_use(f"element/{found.id}", row.place("id"), found=found.id)
                    draft.elements.setdefault(found.id, found)
                    key = f"{found.id}@{row.number}"
                    validity.append((key, row, found.valid_from, found.valid_to))
    check_validity(validity)


def _element(draft: Draft, row: Row) -> Element:
    key = row.text("id")
    if key and not LOCAL_ID.fullmatch(key):
        row.problem("pack.id_malformed", "id", found=key, expected=LOCAL_FORM)
    kind = FieldType(row.choice("type", [t.value for t in FieldType]) or FieldType.TEXT)
    low, high = _number(row, "minimum"), _number(row, "maximum")
    if low is not None and high is not None and low > high:
        row.problem("pack.range_reversed", "minimum", low=low, high=high)
    _misplaced(row, kind)
    return Element(
        id=key,
        pack=draft.id,
        name=Text(row.text("zh"), row.text("en")),
        definition=Text(row.text("definition_zh"), row.text("definition_en")),
        type=kind,
        standard=row.text("standard"),
        unit=_unit(row),
        codes=_codes(draft, row, kind),
        identifier=_identifier(row),
        pattern=_pattern(row),
        minimum=low,
        maximum=high,
        personal=Personal(row.choice("personal", [p.value for p in Personal]) or Personal.NONE),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        verified=row.choice("status", STATUSES) == "verified",
    )


def _identifier(row: Row) -> str | None:
    if not row.text("identifier", required=False):
        return None
    return row.choice("identifier", list(IDENTIFIERS)) or None


def _number(row: Row, column: str) -> Decimal | None:
    return row.decimal(column) if row.text(column, required=False) else None


def _misplaced(row: Row, kind: FieldType) -> None:
    columns = {"unit": "unit", "codes": "codes", "pattern": "pattern", "identifier": "identifier",
               "minimum": "min", "maximum": "max"}  # fmt: skip
    for column, option in columns.items():
        if row.text(column, required=False) and kind not in OPTIONS[option]:
            row.problem("pack.option_misplaced", column, found=column, type=kind.value)


def _unit(row: Row) -> str | None:
    found = row.text("unit", required=False)
    if found and not check_unit(found):
        row.problem("pack.unit_unknown", "unit", found=found, expected=", ".join(UNITS),
                    near=nearest(found, UNITS))  # fmt: skip
    return found or None


def _codes(draft: Draft, row: Row, kind: FieldType) -> str | None:
    found = row.text("codes", required=False)
    if not found:
        if kind is FieldType.CODE:
            row.problem("pack.code_without_list", "codes", found=row.text("id", required=False))
        return None
    listed = draft.find("codes", found, row.place("codes"))
    return f"{listed.pack}.{listed.id}" if listed else None


def _pattern(row: Row) -> str | None:
    found = row.text("pattern", required=False)
    try:
        re.compile(found)
    except (re.error, RecursionError, OverflowError) as error:
        row.problem("pack.pattern_invalid", "pattern", reason=error)
        return None
    return found or None
