"""Which options a field or a data element may have, by its type."""

from __future__ import annotations

from typing import Final

from qiantang.packkit.compiled import NUMBERS, FieldType

OPTIONS: Final = {
    "unit": NUMBERS,
    "min": NUMBERS,
    "max": NUMBERS,
    "codes": frozenset({FieldType.CODE}),
    "pattern": frozenset({FieldType.TEXT, FieldType.PERIOD}),
    "values": frozenset({FieldType.TEXT}),
    "identifier": frozenset({FieldType.TEXT}),
    "agrees": frozenset({FieldType.TEXT}),
    "in_force_on": frozenset({FieldType.CODE}),
    "precision": frozenset({FieldType.DATE}),
    "open_end": frozenset({FieldType.DATE}),
}
"""Option -> the types of fields that it applies to; an option that is not here applies to all."""
