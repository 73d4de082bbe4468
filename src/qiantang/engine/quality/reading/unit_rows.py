"""A row of units beside the header: 万元 | % | 人, or (万元) under each column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from qiantang.engine.quality.reading.header_units import read_unit, without_label
from qiantang.engine.quality.reading.mapping import Names
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.packkit.compiled import NUMBERS, FieldType

_BRACKETED: Final = re.compile(r"^[(\[【〔]([^()\[\]【】〔〕]{1,12})[)\]】〕]$")
_STATES: Final = re.compile(r"单位\s*[:：]|(?i:units?)\s*[:：]")
LABELS: Final = frozenset(("单位", "计量单位", "金额单位", "unit", "units"))
"""What a column of units is called, and the first cell of a row of units."""
_NOTHING: Final = frozenset("-—–/\\") | {"——", "--"}
Merges = Mapping[tuple[int, int], str]


def units_of_row(
    row: RawRow, names: Sequence[str], declared: Names, merges: Merges
) -> dict[int, str]:
    """Position -> unit, where the row under (or over) these names holds nothing but units; empty
    where it holds anything else, or units only where no figure can stand. 单位：万元 alone in
    its row speaks of the whole table.

    A value 元 or 个 below a column of texts is data.
    """
    texts = {i: text for i, c in enumerate(row.cells) if (text := _text(row.row, i, c, merges))}
    if len(texts) == 1 and _STATES.search(next(iter(texts.values()))):
        return {}
    found: dict[int, str] = {}
    known = False
    for position, text in texts.items():
        if text.lower() in LABELS or text in _NOTHING:
            continue
        inside = _BRACKETED.match(unicodedata.normalize("NFKC", text))
        unit = without_label(inside[1] if inside else text)
        if read_unit(unit) is None and not (inside and not any(ch.isdigit() for ch in unit)):
            return {}
        kind = _type_of(names[position] if position < len(names) else "", declared)
        if kind is not None and kind not in NUMBERS:
            if not inside:
                return {}
            continue
        known = known or (kind is not None and read_unit(unit) is not None)
        found[position] = unit
    return found if known else {}


def _text(row: int, position: int, cell: str | None, merges: Merges) -> str:
    """The cell, or what it is merged with in its row; a name that is merged from above is none."""
    merged = merges.get((row, position), "")
    if not cell and merged and merges.get((row - 1, position)) == merged:
        return ""
    return (cell or merged).strip()


def _type_of(name: str, declared: Names) -> FieldType | None:
    field_id = declared.find(name) if name else None
    return next((f.type for f in declared.fields if f.id == field_id), None)
