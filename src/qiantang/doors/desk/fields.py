"""The fields of the observation form: labels, hints and choices in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qiantang.doors.portal import names
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Code, Indicator
from qiantang.rooms.indicators.errors import CellProblem
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

Choice = tuple[str, Text]
COLUMNS: Final = (
    *("id", "indicator", "division", "period", "value", "unit", "kind", "grade"),
    *("source_title", "source_address", "source_kind", "published"),
    *("quote", "scope_note", "quality_flag"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One input with its value and what is wrong with it."""

    id: str
    label: Text
    hint: Text
    kind: str = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    value: str = ""
    errors: tuple[tuple[Text, Text], ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What the actor may send figures of: departments in divisions, through officer roles."""

    indicators: tuple[Indicator, ...]
    divisions: tuple[Code, ...]

    @property
    def is_empty(self) -> bool:
        return not self.indicators or not self.divisions


def reach_of(actor: Actor) -> Reach:
    """The indicators and divisions that the actor's officer roles cover."""
    covered = [
        o for o in people.organisations() if o.department and actor.has(Role.OFFICER, o.path)
    ]
    departments = {o.department for o in covered}
    divisions = {o.division for o in covered}
    return Reach(
        tuple(i for i in shelf.indicators().values() if i.owner in departments),
        tuple({d.code: d for d in shelf.divisions() if d.code in divisions}.values()),
    )


def observation_fields(
    values: Mapping[str, str],
    reach: Reach,
    problems: Iterable[CellProblem] = (),
    *,
    correcting: bool = False,
) -> tuple[Field, ...]:
    """The form's fields in their order, filled with ``values``, problems at their fields."""
    wrong: dict[str, list[tuple[Text, Text]]] = {}
    for p in problems:
        wrong.setdefault(p.place.column or p.place.field or "", []).append((p.text, p.hint))
    return tuple(
        Field(
            id=id,
            value=values.get(id, ""),
            errors=tuple(wrong.get(id, ())),
            fixed=correcting and id in {"indicator", "division"},
            **rest,
        )
        for id, rest in _declared(reach)
    )


def unplaced(problems: Iterable[CellProblem]) -> list[CellProblem]:
    """Problems that belong to no field of the form."""
    shown = {id for id, _ in _declared(Reach((), ()))}
    return [p for p in problems if (p.place.column or p.place.field or "") not in shown]


def _declared(reach: Reach) -> Sequence[tuple[str, dict[str, Any]]]:
    indicators = tuple((i.id, i.name) for i in reach.indicators)
    divisions = tuple(
        (d.code, Text(f"{d.name.zh} {d.code}", f"{d.name.en} {d.code}")) for d in reach.divisions
    )
    units = tuple((u.symbol, Text(u.symbol, u.en)) for u in UNITS.values())
    kinds = tuple((str(k), name) for k, name in names.KINDS.items())
    grades = tuple((g, Text(f"{g} {n.zh}", f"{g} {n.en}")) for g, n in names.GRADES.items())
    return (
        _one("indicator", Text("指标", "Indicator"), Text("只列出本部门负责的指标。", "Those that your department answers for."), choices=indicators, required=True),
        _one("division", Text("地区", "Place"), Text("", ""), choices=divisions, required=True),
        _one("period", Text("时期", "Period"), Text("如 2019、2019-01/2019-09、2019-12-31。", "Such as 2019, 2019-01/2019-09 or 2019-12-31."), required=True),
        _one("value", Text("数值", "Figure"), Text("只写数字，不带单位。", "The number alone, without unit."), required=True),
        _one("unit", Text("单位", "Unit"), Text("须与指标的单位可以换算。", "One that converts to the indicator's."), choices=units, required=True),
        _one("kind", Text("数据性质", "Kind"), Text("原文写“约”“超过”的，请如实选择。", "Choose what the source says: about, more than ..."), choices=kinds, required=True),
        _one("grade", Text("来源可信等级", "Grade of the source"), Text("", ""), choices=grades, required=True),
        _one("source_title", Text("来源标题", "Source"), Text("文件或网页的标题。", "Title of the document or page."), required=True),
        _one("source_address", Text("来源网址", "Address"), Text("以 http:// 或 https:// 开头。", "Begins with http:// or https://."), kind="url"),
        _one("published", Text("发布日期", "Published on"), Text("按日期判定时，发布之前不计入。", "Before that day the figure does not count."), kind="date"),
        _one("quote", Text("原文摘录", "Quote"), Text("数字所在的原句。", "The sentence that carries the figure."), kind="long"),
        _one("scope_note", Text("口径说明", "Scope"), Text("", "")),
        _one("quality_flag", Text("质量提示", "Caution"), Text("", "")),
    )  # fmt: skip


def _one(id: str, label: Text, hint: Text, **rest: Any) -> tuple[str, dict[str, Any]]:
    kind = rest.pop("kind", "choice" if "choices" in rest else "text")
    return id, {"label": label, "hint": hint, "kind": kind, **rest}
