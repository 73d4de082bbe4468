"""Code lists, concepts and the agency: from the packs, and the few that the house itself has.

The codes of frequency, status and confidentiality are those of SDMX's cross-domain lists
(CL_FREQ 2.1, CL_OBS_STATUS 2.2, CL_CONF_STATUS 1.2), so far as figures here use them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings

from qiantang.doors.protocols.sdmx.units import multiple_items, unit_items
from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.rooms.shelf import selectors as shelf
from qiantang.standards.sdmx.codes import id_of
from qiantang.standards.sdmx.model import Item, Kind, Ref, Scheme

_FREQ: Final = {
    "A": Text("年", "Annual"), "S": Text("半年", "Half-yearly"), "Q": Text("季", "Quarterly"),
    "M": Text("月", "Monthly"), "_O": Text("其他时段（如1—9月累计）", "Other stretch of time"),
    "_Z": Text("时点", "Does not apply: a moment"),
    "_U": Text("时期不明确", "Not specified: the source is vague"),
}  # fmt: skip
_STATUS: Final = {
    "A": Text("正常值", "Normal value"), "E": Text("估计值", "Estimated value"),
    "F": Text("预期值", "Forecast value"),
    "I": Text("插补值", "Imputed value"), "P": Text("初步值", "Provisional value"),
}  # fmt: skip
_CONFIDENTIAL: Final = {"F": Text("可公开", "Free for publication")}
_KINDS: Final = {
    ObservationKind.ACTUAL: Text("实际值", "Actual"),
    ObservationKind.PRELIMINARY: Text("初步值", "Preliminary"),
    ObservationKind.APPROXIMATE: Text("约数", "Approximate"),
    ObservationKind.LOWER_BOUND: Text("下限", "Lower bound"),
    ObservationKind.UPPER_BOUND: Text("上限", "Upper bound"),
    ObservationKind.DERIVED: Text("推算值", "Derived"),
    ObservationKind.LATER_TARGET: Text("后续规划目标", "Target of a later plan"),
    ObservationKind.OTHER_PLAN_TARGET: Text("其他规划目标", "Target of another plan"),
}
_SETTLED: Final = {
    "A": Text("来源一致或只有一个", "One source, or sources that agree"),
    "G": Text("按来源等级取舍", "The better grade decided"),
    "M": Text("按同级来源多数取舍", "Most sources of equal grade decided"),
    "U": Text("来源冲突，未能取舍", "Sources conflict, undecided"),
}
_GRADE: Final = Text("{grade} 级来源", "Source of grade {grade}")
CONCEPTS: Final = {
    "FREQ": Text("频率", "Frequency"),
    "INDICATOR": Text("指标", "Indicator"),
    "REF_AREA": Text("地区", "Reference area"),
    "FIGURE": Text("数据编号", "Number of the figure"),
    "TIME_PERIOD": Text("时期", "Time period"),
    "OBS_VALUE": Text("数值", "Observation value"),
    "UNIT_MEASURE": Text("计量单位", "Unit of measure"),
    "UNIT_MULT": Text("单位乘数（10 的幂）", "Unit multiplier (power of ten)"),
    "OBS_STATUS": Text("数据状态", "Observation status"),
    "CONF_STATUS": Text("保密状态", "Confidentiality status"),
    "FIGURE_KIND": Text("数据种类", "Kind of figure"),
    "OTHER_FIGURES": Text("同期其他数据个数", "Number of other figures for the same key"),
    "SETTLED_BY": Text("取舍依据", "How conflicting sources were settled"),
    "SOURCE_TITLE": Text("来源名称", "Title of the source"),
    "SOURCE_ADDRESS": Text("来源地址", "Address of the source"),
    "SOURCE_KIND": Text("来源种类", "Kind of source"),
    "SOURCE_GRADE": Text("来源可信等级", "Reliability grade of the source"),
    "PUBLISHED": Text("来源发布日期", "Day on which the source was published"),
    "REVISION": Text("版次", "Revision"),
    "RECORDED_AT": Text("入库时间", "Moment at which the revision was recorded"),
    "SCOPE_NOTE": Text("口径说明", "Note on scope"),
    "QUALITY_NOTE": Text("质量说明", "Note on quality"),
    "QUOTE": Text("原文", "Words of the source"),
}
SHARED: Final = Ref("SDMX", "AGENCIES", "1.0")
"""The scheme of agencies at the top of the world, of which this zone is one."""


def agency() -> str:
    """The agency that this zone is: the country and its division."""
    return f"CN_{settings.QIANTANG_DIVISION}"


def own(id: str) -> Ref:
    """An artefact that this zone maintains."""
    return Ref(agency(), id)


def schemes() -> tuple[Scheme, ...]:
    """Every list that the dataflows of figures rest on."""
    return (
        agencies(),
        concepts(),
        frequencies(),
        _codelist("CL_INDICATOR", Text("指标", "Indicators"), _indicators()),
        _codelist("CL_AREA", Text("行政区划", "Divisions"), _areas(shelf.divisions())),
        _codelist("CL_UNIT", Text("计量单位", "Units of measure"), unit_items()),
        _codelist("CL_UNIT_MULT", Text("单位乘数", "Unit multipliers"), multiple_items()),
        statuses(),
        _codelist(
            "CL_CONF_STATUS", Text("保密状态", "Confidentiality status"), _named(_CONFIDENTIAL)
        ),
        _codelist(
            "CL_FIGURE_KIND",
            Text("数据种类", "Kinds of figure"),
            _named({kind.value: name for kind, name in _KINDS.items()}),
        ),
        _codelist(
            "CL_SETTLED_BY", Text("取舍依据", "How conflicts were settled"), _named(_SETTLED)
        ),
        _codelist(
            "CL_GRADE",
            Text("来源可信等级", "Reliability grades of sources"),
            tuple(Item(grade, _GRADE.format(grade=grade)) for grade in GRADES),
        ),
    )


def agencies() -> Scheme:
    name: Text = settings.QIANTANG_NAME
    all_of_them = Text("机构", "Agencies")
    return Scheme(Kind.AGENCIES, SHARED, all_of_them, (Item(agency(), name),), partial=True)


def frequencies() -> Scheme:
    return _codelist("CL_FREQ", Text("频率", "Frequency"), _named(_FREQ))


def statuses() -> Scheme:
    return _codelist("CL_OBS_STATUS", Text("数据状态", "Observation status"), _named(_STATUS))


def concepts() -> Scheme:
    return Scheme(Kind.CONCEPTS, own("CS_FIGURES"), Text("统计概念", "Concepts"), _named(CONCEPTS))


def _codelist(id: str, name: Text, items: tuple[Item, ...]) -> Scheme:
    return Scheme(Kind.CODELIST, own(id), name, items)


def _named(names: dict[str, Text]) -> tuple[Item, ...]:
    return tuple(Item(id, name) for id, name in names.items())


def _indicators() -> tuple[Item, ...]:
    return tuple(
        Item(
            id_of(id),
            found.name,
            description=found.description or Text("", ""),
            notes=(
                ("UNIT", found.unit),
                ("NATURE", found.nature.value),
                ("OWNER", found.owner),
                ("PACK", found.pack),
            ),
        )
        for id, found in shelf.indicators().items()
    )


def _areas(rows: Iterable[Code]) -> tuple[Item, ...]:
    """One code for each division, abolished ones included; each of its rows is a note ``VALID``
    with the first and last day and, where the parent was another, that parent."""
    grouped: dict[str, list[Code]] = {}
    for row in rows:
        grouped.setdefault(row.code, []).append(row)
    known = set(grouped)
    return tuple(_area(code, found, known) for code, found in grouped.items())


def _area(code: str, rows: list[Code], known: set[str]) -> Item:
    last = shelf.division(code)
    notes = [("LEVEL", last.extra.get("level", ""))]
    for row in rows:
        if row.valid_from or row.valid_to or row.parent != last.parent:
            days = f"{row.valid_from or '..'}/{row.valid_to or '..'}"
            under = f" ({row.parent})" if row.parent != last.parent else ""
            notes.append(("VALID", f"{days}{under}"))
    parent = id_of(last.parent) if last.parent in known else ""
    return Item(id_of(code), last.name, parent, notes=tuple(n for n in notes if n[1]))
