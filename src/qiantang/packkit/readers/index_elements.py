"""Read the elements of a composite index: a CSV file, or tables in the index's own file.

Both forms have the same columns and become the same rows, so that whatever is wrong is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.draft import Draft, some
from qiantang.packkit.indices import IndexElement
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.norms import STATUSES
from qiantang.packkit.sections import Section
from qiantang.packkit.sheets import Row, Sheet

COLUMNS: Final = ("code", "zh", "en", "level", "parent")
OPTIONAL: Final = (
    *("weight", "direction", "unit", "unit_en", "target", "denominator", "indicator"),
    *("weight_norm", "source", "status", "description_zh", "description_en", "note"),
)
_LEAF_ONLY: Final = ("direction", "target", "denominator", "indicator", "unit")
_SIZE: Final = Text("规模列（sizes）", "size column (sizes)")
_LEVELS: Final = Text("1、2、3……的整数", "a whole number from 1 up")
_WEIGHTS: Final = Text("不小于 0 的数", "a number of 0 or more")


@dataclass(frozen=True, slots=True)
class TableRow(Row):
    """An element that stands in the TOML file: its places are lines of that file."""

    table: Section

    def place(self, column: str) -> Place:
        return self.table.place(column)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the index gives to its elements: codes of sizes, and whether figures are published
    observations, whose indicators must be declared."""

    sizes: tuple[str, ...]
    published: bool


def element_rows(draft: Draft, section: Section) -> list[Row] | None:
    """The rows of ``elements``: a path of a CSV file or an array of tables; None when that cannot
    be read, which is reported."""
    section.asked.append("elements")
    written = section.values.get("elements")
    if isinstance(written, list):
        return list(_inline(section))
    path = section.text("elements")
    name = draft.files.inside(path, section.place("elements")) if path.strip() else None
    sheet = draft.files.sheet(name) if name else None
    if sheet is None or not sheet.require(COLUMNS, allowed=OPTIONAL):
        return None
    return sheet.rows


def read_element(draft: Draft, row: Row, frame: Frame) -> IndexElement:
    """One element, with whatever is wrong with it alone reported."""
    level = _level(row)
    found = IndexElement(
        code=row.text("code"),
        name=Text(row.text("zh"), row.text("en")),
        level=level,
        parent=row.text("parent", required=False),
        weight=_weight(row),
        direction=-1 if _choice(row, "direction", ("1", "-1")) == "-1" else 1,
        unit=row.text("unit", required=False),
        target=_number(row, "target"),
        denominator=_denominator(row, frame),
        indicator=row.text("indicator", required=False),
        weight_norm=_weight_norm(draft, row),
        source=row.text("source", required=False),
        verified=_choice(row, "status", STATUSES) == "verified",
        description=_description(row),
        unit_en=row.text("unit_en", required=False),
    )
    if level > 1:
        for key in _LEAF_ONLY:
            if row.text(key, required=False):
                row.problem("pack.index_indicators_only", key, key=key)
    elif frame.published:
        return _as_published(draft, row, found)
    return found


def check_tree(rows: Sequence[tuple[Row, IndexElement]], where: Place, draft: Draft) -> None:
    """Report everything that keeps the elements from being one tree with levels that grow."""
    known = {e.code: e for _, e in rows if e.code}
    tops = [(row, e) for row, e in rows if not e.parent]
    if len(tops) != 1:
        place = tops[1][0].place("parent") if tops else where
        names = ", ".join(e.code for _, e in tops) or "-"
        draft.findings.add("pack.index_top", place, found=names)
    reported: set[str] = set()
    for row, each in rows:
        if each.parent and each.parent not in known:
            above = [e.code for e in known.values() if e.level > 1]
            row.problem("pack.index_parent", "parent", found=each.parent, expected=some(above),
                        near=nearest(each.parent, above))  # fmt: skip
        elif each.code not in reported and (cycle := _cycle(each.code, known)):
            reported.update(cycle)
            row.problem("pack.index_cycle", "parent", found=" → ".join([*cycle, cycle[0]]))
        elif each.parent and each.code not in reported:
            above_level = known[each.parent].level
            if above_level <= each.level:
                row.problem("pack.index_level", "level", found=each.level, parent=each.parent,
                            above=above_level)  # fmt: skip
    _check_children(rows)


def _check_children(rows: Sequence[tuple[Row, IndexElement]]) -> None:
    weights: dict[str, list[float]] = {}
    given: set[str] = set()
    for _, each in rows:
        weights.setdefault(each.parent, []).append(each.weight)
        if each.weight_norm:
            given.add(each.parent)
    for row, each in rows:
        below = weights.get(each.code, [])
        if each.level > 1 and not below:
            row.problem("pack.index_childless", "code", found=each.code)
        elif below and not any(below) and each.code not in given:
            row.problem("pack.index_weights_zero", "code", found=each.code)


def _cycle(code: str, known: Mapping[str, IndexElement]) -> list[str]:
    """The codes of the cycle on which an element lies, or nothing."""
    seen = [code]
    at = known[code].parent if code in known else ""
    while at in known and at not in seen:
        seen.append(at)
        at = known[at].parent
    return seen if at == code else []


def _inline(section: Section) -> Iterator[Row]:
    for table in section.tables("elements"):
        for key in table.values:
            if key not in (*COLUMNS, *OPTIONAL):
                valid = (*COLUMNS, *OPTIONAL)
                table.problem("pack.key_unknown", key, found=key, expected=", ".join(valid),
                              near=nearest(key, valid))  # fmt: skip
        cells = {key: str(value) for key, value in table.values.items()}
        sheet = Sheet(section.files, section.name, COLUMNS)
        yield TableRow(0, cells, sheet, table)


def _level(row: Row) -> int:
    found = row.text("level")
    if found and not (found.isascii() and found.isdigit() and 1 <= int(found) <= 99):
        row.problem("pack.index_number_out_of_range", "level", key="level", found=found,
                    expected=_LEVELS)  # fmt: skip
        return 1
    return int(found or 1)


def _weight(row: Row) -> float:
    found = _decimal(row, "weight")
    if found is not None and found < 0:
        row.problem("pack.index_number_out_of_range", "weight", key="weight", found=found,
                    expected=_WEIGHTS)  # fmt: skip
    return 1.0 if found is None else float(found)


def _number(row: Row, column: str) -> float | None:
    found = _decimal(row, column)
    return None if found is None else float(found)


def _decimal(row: Row, column: str) -> Decimal | None:
    return row.decimal(column) if row.text(column, required=False) else None


def _choice(row: Row, column: str, valid: Sequence[str]) -> str:
    return row.choice(column, valid) if row.text(column, required=False) else ""


def _denominator(row: Row, frame: Frame) -> str:
    found = row.text("denominator", required=False)
    if found and found not in frame.sizes:
        row.problem("pack.reference_unknown", "denominator", kind=_SIZE, found=found,
                    expected=some(list(frame.sizes)), near=nearest(found, frame.sizes))  # fmt: skip
    return found


def _weight_norm(draft: Draft, row: Row) -> str:
    """``pack.local`` of the norm that gives the weight."""
    found = row.text("weight_norm", required=False)
    norm = draft.find("norms", found, row.place("weight_norm")) if found else None
    return f"{norm.pack}.{norm.id}" if norm else ""


def _description(row: Row) -> Text | None:
    zh, en = (row.text(f"description_{lang}", required=False) for lang in ("zh", "en"))
    if bool(zh) != bool(en):
        row.problem("pack.cell_empty", "description_en" if zh else "description_zh")
    return Text(zh, en) if zh and en else None


def _as_published(draft: Draft, row: Row, element: IndexElement) -> IndexElement:
    """Published figures carry declared indicators; the unit is theirs."""
    column = "indicator" if element.indicator else "code"
    if not element.figures:
        return element
    found: Indicator | None = draft.find("indicators", element.figures, row.place(column))
    if found is None:
        return element
    if element.unit and element.unit != found.unit:
        row.problem("pack.unit_incompatible", "unit", found=element.unit, expected=found.unit)
    return replace(element, unit=found.unit)
