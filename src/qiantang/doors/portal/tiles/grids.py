"""The tile ``table``: rows of a resource, a code list, an indicator or a measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from qiantang.doors.portal import figures, names
from qiantang.doors.portal.tiles.shapes import Asked, Export, Made
from qiantang.doors.portal.written import observation_columns, observation_plain
from qiantang.kernel.errors import NotFound
from qiantang.kernel.notes import twin_note
from qiantang.kernel.periods import BadPeriod, Period
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Measure
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.tables import measure_rows, resource_rows
from qiantang.rooms.shelf import selectors as shelf

SHOWN: Final = 200
"""Rows on a page where the pack says nothing; the CSV has them all."""
LARGEST: Final = 500
_CODE_COLUMNS: Final = {
    "code": Text("代码", "Code"),
    "zh": Text("名称", "Chinese name"),
    "en": Text("英文名称", "English name"),
    "parent": Text("上级", "Parent"),
    "valid_from": Text("生效日期", "Valid from"),
    "valid_to": Text("失效日期", "Valid to"),
}
_COLUMNS: Final = {
    "id": Text("编号", "Id"),
    "revision": Text("版本", "Revision"),
    "indicator": Text("指标", "Indicator"),
    "division": Text("地区", "Place"),
    "period": Text("时期", "Period"),
    "value": Text("数值", "Figure"),
    "unit": Text("单位", "Unit"),
    "kind": Text("数据性质", "Kind"),
    "grade": Text("可信等级", "Grade"),
    "source_title": Text("来源", "Source"),
    "source_address": Text("来源网址", "Address"),
    "published": Text("发布日期", "Published"),
    "quote": Text("原文摘录", "Quote"),
    "scope_note": Text("口径说明", "Scope"),
    "quality_flag": Text("质量提示", "Caution"),
}


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    name: Text
    number: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and where it leads."""

    said: str
    number: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of any origin: column ids with their names, plain values."""

    names: Mapping[str, Text]
    rows: Sequence[Mapping[str, Any]]
    title: Text


def made(declared: Mapping[str, Any], asked: Asked) -> Made:
    """The columns asked for in their order, else all; so many rows as ``limit`` says."""
    origin = next(key for key in _ORIGINS if declared.get(key))
    found = _ORIGINS[origin](str(declared[origin]), declared, asked)
    wanted = [c for c in declared.get("columns") or () if c in found.names] or list(found.names)
    rows = _within(found, str(declared.get("division") or ""))
    limit = min(int(declared.get("limit") or SHOWN), LARGEST)
    numbers = {c for c in wanted if _is_number(c, rows)}
    return Made(
        context={
            "columns": [Column(c, found.names[c], c in numbers) for c in wanted],
            "rows": [[_cell(c, row.get(c), asked.lang) for c in wanted] for row in rows[:limit]],
            "total": len(rows),
            "shown": min(limit, len(rows)),
        },
        export=Export(wanted, [[_plain(row.get(c)) for c in wanted] for row in rows]),
        title=found.title,
    )


def _of_resource(id: str, declared: Mapping[str, Any], asked: Asked) -> _Rows:
    found = resource_rows(asked.actor, id)
    return _Rows({f.id: f.name for f in found.fields}, found.rows, found.resource.name)


def _of_measure(id: str, declared: Mapping[str, Any], asked: Asked) -> _Rows:
    found = measure_rows(asked.actor, id)
    known = _measure_names(found.measure)
    names = {c: known.get(c) or Text(c, c) for c in found.columns}
    return _Rows(names, found.rows, found.measure.name)


def _measure_names(measure: Measure) -> dict[str, Text]:
    """What the measure's header says; for a column that is a field of its resources, the field."""
    own = shelf.packs()[measure.pack]
    fields = {f.id: f.name for r in own.resources.values() for f in r.fields}
    return {**_COLUMNS, **fields, **measure.columns}


def _of_codes(id: str, declared: Mapping[str, Any], asked: Asked) -> _Rows:
    pack, _, local = id.partition(".")
    if local == "indicator" and pack in shelf.packs():
        return _of_indicators(pack)
    listed = shelf.code_list(id)
    extra = {key: _field_name(pack, local, key) for c in listed.codes for key in c.extra}
    rows = [
        {
            "code": c.code,
            "zh": c.name.zh,
            "en": c.name.en,
            "parent": c.parent,
            "valid_from": c.valid_from,
            "valid_to": c.valid_to,
            **c.extra,
        }
        for c in listed.codes
    ]
    return _Rows({**_CODE_COLUMNS, **extra}, rows, Text(id, id))


def _of_indicators(pack: str) -> _Rows:
    columns = {
        "indicator": _COLUMNS["indicator"],
        "unit": _COLUMNS["unit"],
        "nature": Text("性质", "Nature"),
    }
    rows = [
        {"indicator": i.id, "unit": i.unit, "nature": i.nature.value}
        for i in shelf.packs()[pack].indicators.values()
    ]
    return _Rows(columns, rows, Text("指标", "Indicators"))


def _field_name(pack: str, local: str, column: str) -> Text:
    """The name that a resource of the same list gives a column."""
    resource = shelf.resources().get(f"{pack}.{local}")
    declared = resource.field(column) if resource else None
    return declared.name if declared else Text(column, column)


def _of_indicator(id: str, declared: Mapping[str, Any], asked: Asked) -> _Rows:
    found = indicators.indicator(id)
    known = indicators.newest_first(indicators.figures(indicators=[id]))
    rows = [observation_plain(o) for o in known]
    columns = {c: _COLUMNS.get(c) or Text(c, c) for c in observation_columns()}
    return _Rows(columns, rows, found.name)


_Origin = Callable[[str, Mapping[str, Any], Asked], _Rows]
_ORIGINS: Final[Mapping[str, _Origin]] = {
    "resource": _of_resource,
    "codes": _of_codes,
    "indicator": _of_indicator,
    "measure": _of_measure,
}


def _within(found: _Rows, division: str) -> Sequence[Mapping[str, Any]]:
    if not division or "division" not in found.names:
        return found.rows
    return [row for row in found.rows if row.get("division") == division]


def _is_number(column: str, rows: Iterable[Mapping[str, Any]]) -> bool:
    values = [v for v in (row.get(column) for row in rows) if v is not None]
    return bool(values) and all(
        isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values
    )


def _plain(value: Any) -> Any:
    return value.in_("zh") if isinstance(value, Text) else value


def _cell(column: str, value: Any, lang: str) -> Cell:
    """The value as a reader of the language expects it; codes of places and indicators by name."""
    if value is None or value == "":
        return Cell("")
    if isinstance(value, bool):
        return Cell(Text("是" if value else "否", "yes" if value else "no").in_(lang))
    if isinstance(value, int | float | Decimal):
        return Cell(figures.number(value), number=True)
    if isinstance(value, date | datetime):
        return Cell(figures.day(value, lang))
    return _WORDS[column](str(value), lang) if column in _WORDS else Cell(str(value))


def _indicator_cell(value: str, lang: str) -> Cell:
    found = shelf.indicators().get(value)
    if found is None:
        return Cell(value)
    return Cell(found.name.in_(lang), href=reverse("portal:indicator", args=[value]))


def _division_cell(value: str, lang: str) -> Cell:
    try:
        found = shelf.division(value)
    except NotFound:
        return Cell(value)
    return Cell(found.name.in_(lang), href=reverse("portal:division", args=[value]))


def _period_cell(value: str, lang: str) -> Cell:
    try:
        return Cell(Period.parse(value).as_text().in_(lang))
    except BadPeriod:
        return Cell(value)


_WORDS: Final[Mapping[str, Callable[[str, str], Cell]]] = {
    "indicator": _indicator_cell,
    "division": _division_cell,
    "period": _period_cell,
    "unit": lambda value, lang: Cell(figures.unit_name(value, lang)),
    "scope_note": lambda value, lang: Cell(twin_note(value).in_(lang)),
    "quality_flag": lambda value, lang: Cell(twin_note(value).in_(lang)),
    "kind": lambda value, lang: Cell(names.name_of("kind", value).in_(lang)),
    "nature": lambda value, lang: Cell(names.name_of("nature", value).in_(lang)),
}
