"""Writes the workbook that a region fills: explanation, structure, figures and method."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qiantang.engine.index.books.layout import (
    ABOUT,
    FIGURE_COLUMNS,
    FIGURES,
    METHOD,
    NOTES,
    READ_ME,
    RECIPE,
    SIZE,
    STRUCTURE,
    STRUCTURE_COLUMNS,
    Column,
    Setting,
)
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex

FONT: Final = "Microsoft YaHei"
SPARE: Final = 500
"""Rows below the filled ones that have drop-downs too."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in the sheets: rows by column key, and values of the method by key."""

    structure: Sequence[Row]
    columns: Sequence[Column]
    figures: Sequence[Row]
    method: Mapping[str, object]


def write_template(
    declared: CompositeIndex | None = None,
    units: Sequence[Code] = (),
    weights: Mapping[str, float] | None = None,
) -> bytes:
    """The workbook as bytes of an ``.xlsx`` file: with a made-up example, or for ``declared`` its
    elements and units with empty cells. ``weights`` are those that norms give, by element."""
    return write_book(example() if declared is None else filling_of(declared, units, weights or {}))


def write_book(filling: Filling) -> bytes:
    """A workbook with what stands in ``filling``."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = _Book(book)
    made.notes()
    made.table(STRUCTURE, STRUCTURE_COLUMNS, filling.structure)
    made.table(FIGURES, filling.columns, filling.figures)
    made.method(filling.method)
    book.close()
    return out.getvalue()


class _Book:
    """A workbook being written, with its formats."""

    def __init__(self, book: Any) -> None:
        plain = {"font_name": FONT, "font_size": 10, "valign": "top"}
        self.book = book
        self.head = book.add_format({**plain, "bold": True, "text_wrap": True,
                                     "bg_color": "#DCE6F1", "border": 1})  # fmt: skip
        self.text = book.add_format({**plain, "text_wrap": True})
        self.words = book.add_format({**plain, "text_wrap": True, "font_color": "#555555"})

    def notes(self) -> None:
        sheet = self.book.add_worksheet(READ_ME)
        sheet.set_column(0, 1, 70)
        for number, note in enumerate(NOTES):
            sheet.write_string(number, 0, note.zh, self.text)
            sheet.write_string(number, 1, note.en, self.text)

    def table(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 48)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.header, self.head)
            for number, row in enumerate(rows, 1):
                self.cell(sheet, (number, place), row.get(column.key))
            if column.choices:
                allowed = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(1, place, len(rows) + SPARE, place, allowed)

    def method(self, values: Mapping[str, object]) -> None:
        sheet = self.book.add_worksheet(METHOD)
        sheet.freeze_panes(1, 0)
        for place, (header, width) in enumerate(
            (("项目\nItem\nkey", 26), ("内容\nValue\nvalue", 40), ("说明", 48), ("Meaning", 48))
        ):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, header, self.head)
        listed = {s.key: s for s in (*ABOUT, *RECIPE)}
        more = [Setting(key, Text("", "")) for key in values if key not in listed]
        for number, setting in enumerate((*listed.values(), *more), 1):
            sheet.write_string(number, 0, setting.key, self.head)
            self.cell(sheet, (number, 1), values.get(setting.key))
            sheet.write_string(number, 2, setting.meaning.zh, self.words)
            sheet.write_string(number, 3, setting.meaning.en, self.words)
            if setting.choices:
                allowed = {"validate": "list", "source": list(setting.choices)}
                sheet.data_validation(number, 1, number, 1, allowed)

    def cell(self, sheet: Any, place: tuple[int, int], value: object) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(*place, value, self.text)
        elif value not in (None, ""):
            sheet.write_string(*place, str(value), self.text)


def filling_of(
    declared: CompositeIndex, units: Sequence[Code], weights: Mapping[str, float]
) -> Filling:
    """The elements and units of a declared index; the cells of its figures are empty."""
    elements: list[Row] = [
        {
            "code": e.code, "zh": e.name.zh, "en": e.name.en, "level": e.level,
            "parent": e.parent, "weight": weights.get(e.code, e.weight),
            "direction": e.direction if e.level == 1 else "",
            "unit": e.unit, "unit_en": e.unit_en, "target": e.target,
            "denominator": e.denominator, "source": e.source,
            "status": "verified" if e.verified else "unverified",
            "description_zh": e.description.zh if e.description else "",
            "description_en": e.description.en if e.description else "",
        }
        for e in declared.elements
    ]  # fmt: skip
    sizes: list[Row] = [
        {"code": s.code, "zh": s.name.zh, "en": s.name.en, "level": SIZE, "unit": s.unit,
         "unit_en": s.unit_en}
        for s in declared.sizes
    ]  # fmt: skip
    groups = [Column(f"group_{g}", Text("分组", "Group"), 14) for g in declared.units.groups]
    fixed = [c for c in FIGURE_COLUMNS if c.key != "group"]
    figures: list[Row] = [
        {"unit": code.code, "zh": code.name.zh, "en": code.name.en,
         **{f"group_{g}": declared.units.label(code, g) for g in declared.units.groups}}
        for code in units
    ]  # fmt: skip
    columns = [*fixed[:3], *groups, *fixed[3:], *_leaves([*elements, *sizes])]
    return Filling([*elements, *sizes], columns, figures, _method(declared))


def _leaves(rows: Iterable[Row]) -> list[Column]:
    """A column of figures for each indicator and size."""
    return [
        Column(str(row["code"]), Text(str(row["zh"]), str(row["en"])), 14)
        for row in rows
        if row["level"] in (1, SIZE)
    ]


def _method(declared: CompositeIndex) -> dict[str, object]:
    found: dict[str, object] = {
        "name_zh": declared.name.zh, "name_en": declared.name.en,
        "description_zh": declared.description.zh, "description_en": declared.description.en,
        "owner": declared.owner, "sources": "; ".join(declared.sources),
    }  # fmt: skip
    if declared.units.codes == "geography.division":
        found |= {"units": declared.units.codes, "level": declared.units.level,
                  "under": declared.units.under}  # fmt: skip
    for key, value in _flat({k: v for k, v in declared.recipe.items() if k != "uncertain"}):
        ours = key == "impute.group" and not declared.units.codes.startswith("geography.")
        found[key] = f"group_{value}" if ours else value
    if declared.recipe.get("uncertain"):
        found["uncertain"] = json.dumps(declared.recipe["uncertain"], ensure_ascii=False)
    return found


def _flat(tables: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, object]]:
    """Every value of nested tables by its dotted key; lists with commas."""
    for key, value in tables.items():
        way = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value, way)
        else:
            yield way, ", ".join(map(str, value)) if isinstance(value, list) else value


def example() -> Filling:
    """Three made-up units that make an index at once."""
    rows: list[Row] = [
        {"code": "speed", "zh": "宽带速率", "en": "Broadband speed", "level": 1,
         "parent": "network", "weight": 1, "direction": 1, "unit": "Mbps"},
        {"code": "cost", "zh": "资费", "en": "Cost", "level": 1, "parent": "network", "weight": 1,
         "direction": -1, "unit": "元"},
        {"code": "shops", "zh": "网店数", "en": "Online shops", "level": 1, "parent": "commerce",
         "weight": 1, "direction": 1, "unit": "个", "denominator": "people"},
        {"code": "network", "zh": "网络", "en": "Network", "level": 2, "parent": "example",
         "weight": 0.6},
        {"code": "commerce", "zh": "电商", "en": "Commerce", "level": 2, "parent": "example",
         "weight": 0.4},
        {"code": "example", "zh": "示例指数", "en": "Example index", "level": 3},
        {"code": "people", "zh": "人口", "en": "Population", "level": SIZE, "unit": "万人"},
    ]  # fmt: skip
    figures: list[Row] = [
        {"unit": "A", "zh": "甲地", "en": "Place A", "group": "east", "year": 2025, "speed": 200,
         "cost": 80, "shops": 5000, "people": 100},
        {"unit": "B", "zh": "乙地", "en": "Place B", "group": "east", "year": 2025, "speed": 150,
         "cost": 60, "shops": 9000, "people": 300},
        {"unit": "C", "zh": "丙地", "en": "Place C", "group": "west", "year": 2025, "speed": 100,
         "cost": 50, "people": 50},
    ]  # fmt: skip
    method = {s.key: s.example for s in (*ABOUT, *RECIPE) if s.example != ""}
    return Filling(rows, [*FIGURE_COLUMNS, *_leaves(rows)], figures, method)
