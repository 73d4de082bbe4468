"""Read ``codes/*.csv``: effective-dated code lists, and the indicators among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS, UnknownUnit, unit
from qiantang.packkit.compiled import Code, CodeList, Indicator, Nature
from qiantang.packkit.draft import DEPARTMENTS, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.sheets import Row, Sheet

COLUMNS: Final = ("code", "zh", "en", "parent", "valid_from", "valid_to")
INDICATOR_COLUMNS: Final = (*COLUMNS, "unit", "nature", "owner")
DEPARTMENT: Final = Text("部门代码", "department code")


def read_codes(draft: Draft) -> None:
    """Fill ``draft.codes`` and ``draft.indicators``."""
    names = draft.files.names("codes", ".csv")
    for name in sorted(names, key=lambda n: n == "codes/indicator.csv"):
        with draft.reading(name) as stem:
            sheet = draft.files.sheet(name)
            if sheet is None or not sheet.require(COLUMNS) or not sheet.complete:
                draft.lost.update({"indicators"} if stem == "indicator" else ())
            elif stem == "indicator":
                _indicators(draft, sheet)
            else:
                draft.check_stem(name, stem)
                draft.codes[stem] = CodeList(stem, draft.id, _code_rows(sheet))


def check_unit(found: str) -> bool:
    """Whether the kernel knows the unit."""
    try:
        unit(found)
    except UnknownUnit:
        return False
    return True


def check_validity(rows: Iterable[tuple[str, Row, date | None, date | None]]) -> None:
    """Report reversed and overlapping validities of rows with the same key."""
    earlier: dict[str, list[tuple[date, date, Row]]] = {}
    for key, row, valid_from, valid_to in rows:
        start, end = valid_from or date.min, valid_to or date.max
        if end < start:
            row.problem("pack.validity_reversed", "valid_to", found=end, first=start)
            continue
        for other_start, other_end, other in earlier.setdefault(key, []):
            if start <= other_end and other_start <= end:
                row.problem("pack.validity_overlap", "valid_from", found=key, first=other.number)
                break
        earlier[key].append((start, end, row))


def _code_rows(sheet: Sheet) -> tuple[Code, ...]:
    found = [(row, _code(row)) for row in sheet]
    check_validity((c.code, row, c.valid_from, c.valid_to) for row, c in found if c.code)
    _check_parents(found)
    return tuple(code for _, code in found)


def _code(row: Row) -> Code:
    return Code(
        code=row.text("code"),
        name=Text(row.text("zh"), row.text("en")),
        parent=row.text("parent", required=False),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        extra={k: v.strip() for k, v in row.cells.items() if k not in COLUMNS},
    )


def _check_parents(rows: Sequence[tuple[Row, Code]]) -> None:
    listed: dict[str, list[Code]] = {}
    for _, code in rows:
        listed.setdefault(code.code, []).append(code)
    reported: set[str] = set()
    for row, code in rows:
        if code.parent and code.parent not in listed:
            near = nearest(code.parent, listed)
            row.problem("pack.parent_unknown", "parent", found=code.parent, near=near)
        elif code.code not in reported and (cycle := _cycle(code, listed)):
            reported.update(cycle)
            row.problem("pack.parent_cycle", "parent", found=" → ".join([*cycle, cycle[0]]))


def _cycle(code: Code, listed: Mapping[str, Sequence[Code]]) -> list[str]:
    """The codes of the cycle on which the row lies on the day it begins, or nothing.

    A list may turn a child into a parent later on, so only rows of one day are followed.
    """
    day = code.valid_from or code.valid_to
    seen = [code.code]
    at = code.parent
    while at and at not in seen:
        seen.append(at)
        rows = [c for c in listed.get(at, ()) if day is None or c.in_force(day)]
        at = next((c.parent for c in rows if c.parent), "")
    return seen if at == code.code else []


def _indicators(draft: Draft, sheet: Sheet) -> None:
    if not sheet.require(INDICATOR_COLUMNS[len(COLUMNS) :]):
        draft.lost.add("indicators")
        return
    codes = _code_rows(sheet)
    for row, code in zip(sheet, codes, strict=True):
        if code.code:
            draft.indicators[code.code] = _indicator(draft, row, code)


def _indicator(draft: Draft, row: Row, code: Code) -> Indicator:
    for other in draft.others.values():
        if code.code in other.indicators:
            row.problem("pack.id_taken", "code", found=code.code, first=other.id)
    symbol = row.text("unit")
    if symbol and not check_unit(symbol):
        row.problem("pack.unit_unknown", "unit", found=symbol, expected=", ".join(UNITS),
                    near=nearest(symbol, UNITS))  # fmt: skip
    nature = row.choice("nature", [n.value for n in Nature])
    owner = row.text("owner")
    draft.check_code(DEPARTMENTS, owner, row.place("owner"), DEPARTMENT)
    zh, en = (row.text(f"description_{lang}", required=False) for lang in ("zh", "en"))
    if bool(zh) != bool(en):
        row.problem("pack.cell_empty", "description_en" if zh else "description_zh")
    return Indicator(
        id=code.code,
        pack=draft.id,
        name=code.name,
        unit=symbol,
        nature=Nature(nature or Nature.STOCK),
        owner=owner,
        description=Text(zh, en) if zh and en else None,
    )
