"""The facets of the catalogue: where each takes its values from, its names and its counts."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.attributes import FORMATS, SHARING
from qiantang.rooms.catalogue.indexing import CLASSES, class_parents, with_parents
from qiantang.rooms.catalogue.keeping import name_of, value_of
from qiantang.rooms.catalogue.selectors.columns import Coded, Columns, Ints, Listed, Mask
from qiantang.rooms.catalogue.selectors.views import Facet, FacetValue
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown

Column = Coded | Listed
MOST_VALUES: Final = 200
"""Values of one facet that are given, the most frequent ones."""
FRESHNESS: Final = ("fresh", "overdue", "never", "no-cycle")
_FRESHNESS_NAMES: Final = {
    "fresh": Text("及时", "Up to date"),
    "overdue": Text("逾期", "Overdue"),
    "never": Text("尚无数据", "No data yet"),
    "no-cycle": Text("不定期", "Irregular"),
}
_LEVELS: Final = {
    "province": Text("省级", "Province"),
    "city": Text("市级", "City"),
    "county": Text("县级", "County"),
}
_OPENNESS: Final = {"open": Text("向社会开放", "Open"), "closed": Text("不开放", "Not open")}
_STATUS: Final = {
    "draft": Text("草稿", "Draft"),
    "review": Text("审核中", "In review"),
    "published": Text("已发布", "Published"),
    "retired": Text("已停用", "Withdrawn"),
}
_GRADES: Final = {"": Text("未评价", "Not judged")}
NO_LICENCE: Final = "notspecified"
"""As CKAN calls it."""
_LICENCES: Final = {NO_LICENCE: Text("未注明", "Not stated")}
_HERE: Final = "local"
_ORIGINS: Final = {_HERE: Text("本平台", "This platform")}


def _as_it_is(value: str) -> Text:
    return Text(value, value)


def _from(known: Mapping[str, Text]) -> Callable[[str], Text]:
    return lambda value: known.get(value) or _as_it_is(value)


def _of_list(list_id: str) -> Callable[[str], Text]:
    def name(value: str) -> Text:
        try:
            found = shelf.code_list(list_id).find(value)
        except CodeListUnknown:
            found = None
        return found.name if found else _as_it_is(value)

    return name


department_name: Final = _of_list("geography.department")


@dataclass(frozen=True, slots=True)
class FacetKind:
    """``column`` of the index; ``many``: a text holds several values joined by ``|``; ``named``: it
    holds a value and its names; ``blank`` stands for an empty text, which has no value where
    ``blank`` is empty, too."""

    id: str
    column: str
    name: Text
    value_name: Callable[[str], Text]
    many: bool = False
    named: bool = False
    blank: str = ""


KINDS: Final[Mapping[str, FacetKind]] = {
    kind.id: kind
    for kind in (
        FacetKind("class", "classes", Text("分类", "Class"), _of_list(CLASSES), many=True),
        FacetKind("department", "department", Text("部门", "Department"), department_name),
        FacetKind("level", "level", Text("层级", "Level"), _from(_LEVELS)),
        FacetKind(
            "division",
            "divisions",
            Text("行政区划", "Division"),
            _of_list("geography.division"),
            many=True,
        ),
        FacetKind("sharing", "sharing", Text("共享类型", "Share type"), _from(SHARING)),
        FacetKind("open", "openness", Text("开放属性", "Openness"), _from(_OPENNESS)),
        FacetKind("format", "format", Text("格式", "Format"), _from(FORMATS)),
        FacetKind("form", "forms", Text("文件格式", "File format"), _as_it_is, many=True),
        FacetKind(
            "cycle", "cycle", Text("更新周期", "Update cycle"), cycles.cycle_name, blank="none"
        ),
        FacetKind("status", "status", Text("状态", "Status"), _from(_STATUS)),
        FacetKind("freshness", "", Text("时效", "Freshness"), _from(_FRESHNESS_NAMES)),
        FacetKind("grade", "grade", Text("质量等级", "Quality"), _from(_GRADES), blank="none"),
        FacetKind("origin", "origin", Text("来源", "Origin"), _from(_ORIGINS), blank=_HERE),
        FacetKind("keyword", "keywords", Text("关键词", "Keyword"), _as_it_is),
        FacetKind(
            "licence",
            "licence",
            Text("使用许可", "Licence"),
            _from(_LICENCES),
            named=True,
            blank=NO_LICENCE,
        ),
        FacetKind("provider", "provider", Text("提供机构", "Provider"), _as_it_is, named=True),
    )
}


def column_of(kind: FacetKind, columns: Columns, today: date) -> Column:
    """The column of a facet; freshness is worked out as of today."""
    if kind.column in columns.listed:
        return columns.listed[kind.column]
    if kind.id != "freshness":
        return columns.coded[kind.column]
    due, now = columns.numbers["due"], today.toordinal()
    codes = np.where(due >= now, 0, 1).astype(np.int32)
    codes[due == cycles.NOTHING_YET] = 2
    codes[due == cycles.NO_CYCLE] = 3
    return Coded(codes, FRESHNESS)


def values_of(kind: FacetKind, text: str) -> tuple[str, ...]:
    """The values that a text of the column stands for."""
    if not text:
        return (kind.blank,) if kind.blank else ()
    if kind.named:
        return (value_of(text),)
    return tuple(text.split("|")) if kind.many else (text,)


def chosen_mask(kind: FacetKind, column: Column, values: Iterable[str]) -> Mask:
    """For each row whether it has one of the values."""
    wanted = set(values)
    if isinstance(column, Listed):
        return column.having(wanted)
    return column.where(not wanted.isdisjoint(values_of(kind, text)) for text in column.texts)


def with_classes_above(codes: Iterable[str]) -> tuple[str, ...]:
    """Classes and every class above them, each once: those whose entries this one is among."""
    return tuple(with_parents(codes, class_parents()))


def fitting_mask(kind: FacetKind, column: Column, fits: Callable[[str], bool]) -> Mask:
    """For each row whether one of its values fits."""
    if isinstance(column, Listed):
        return column.having({text for text in column.texts if fits(text)})
    return column.where(any(map(fits, values_of(kind, text))) for text in column.texts)


def counted(
    kind: FacetKind,
    column: Column,
    rows: Ints | None,
    chosen: tuple[str, ...],
    most: int = MOST_VALUES,
) -> Facet:
    """How many of the rows have each value, the ``most`` frequent ones and those that are chosen,
    even where nothing has them; ``rows`` None counts all."""
    numbers = column.counts(rows)
    counts: dict[str, int] = dict.fromkeys(chosen, 0)
    texts: dict[str, str] = {}
    for code in _worth_a_look(column, numbers, chosen, most):
        for value in values_of(kind, text := column.texts[code]):
            counts[value] = counts.get(value, 0) + int(numbers[code])
            texts.setdefault(value, text)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    kept = ordered[:most] + [pair for pair in ordered[most:] if pair[0] in chosen]
    values = (
        FacetValue(value, _name(kind, value, texts), count, value in chosen)
        for value, count in kept
    )
    occurring = np.count_nonzero(numbers if isinstance(column, Listed) else [*counts.values()])
    further = int(occurring) - sum(1 for _, count in kept if count)
    return Facet(kind.id, kind.name, tuple(values), further)


def _name(kind: FacetKind, value: str, texts: Mapping[str, str]) -> Text:
    text = texts.get(value) if kind.named else None
    return name_of(text) if text else kind.value_name(value)


def _worth_a_look(
    column: Column, numbers: Ints, chosen: tuple[str, ...], most: int
) -> Iterable[int]:
    """The texts that occur; of a list's, which are many and a value each, the ``most`` frequent
    ones, equally frequent ones in their order, and those that are chosen."""
    codes = np.flatnonzero(numbers)
    if not isinstance(column, Listed) or len(codes) <= most:
        return codes.tolist()
    bar = np.partition(numbers[codes], -most)[-most]
    more, tied = np.flatnonzero(numbers > bar), np.flatnonzero(numbers == bar)
    first = heapq.nsmallest(most - len(more), tied.tolist(), key=column.texts.__getitem__)
    named = (column.texts.index(value) for value in chosen if value in column.texts)
    return dict.fromkeys((*more.tolist(), *first, *named))
