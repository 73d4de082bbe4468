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

_REQUIRED: Final = frozenset(
    ("indicator", "division", "period", "value", "unit", "kind", "grade", "source_title")
)
_KINDS: Final = {"source_address": "url", "published": "date", "quote": "long"}
_NO_HINT: Final = Text("", "")
_WORDS: Final[tuple[tuple[str, Text, Text], ...]] = (
    (
        "indicator",
        Text("指标", "Indicator"),
        Text("只列出本部门负责的指标。", "Those that your department answers for."),
    ),
    ("division", Text("地区", "Place"), _NO_HINT),
    (
        "period",
        Text("时期", "Period"),
        Text(
            "如 2019、2019-01/2019-09、2019-12-31。",
            "Such as 2019, 2019-01/2019-09 or 2019-12-31.",
        ),
    ),
    (
        "value",
        Text("数值", "Figure"),
        Text("只写数字，不带单位。", "The number alone, without unit."),
    ),
    (
        "unit",
        Text("单位", "Unit"),
        Text("须与指标的单位可以换算。", "One that converts to the indicator's."),
    ),
    (
        "kind",
        Text("数据性质", "Kind"),
        Text(
            "原文写“约”“超过”的，请如实选择。",
            "Choose what the source says: about, more than ...",
        ),
    ),
    ("grade", Text("来源可信等级", "Grade of the source"), _NO_HINT),
    (
        "source_title",
        Text("来源标题", "Source"),
        Text("文件或网页的标题。", "Title of the document or page."),
    ),
    (
        "source_address",
        Text("来源网址", "Address"),
        Text("以 http:// 或 https:// 开头。", "Begins with http:// or https://."),
    ),
    (
        "published",
        Text("发布日期", "Published on"),
        Text("按日期判定时，发布之前不计入。", "Before that day the figure does not count."),
    ),
    (
        "quote",
        Text("原文摘录", "Quote"),
        Text("数字所在的原句。", "The sentence that carries the figure."),
    ),
    ("scope_note", Text("口径说明", "Scope"), _NO_HINT),
    ("quality_flag", Text("质量提示", "Caution"), _NO_HINT),
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
    choices = _choices(reach)
    return tuple(
        (
            id,
            {
                "label": label,
                "hint": hint,
                "kind": "choice" if id in choices else _KINDS.get(id, "text"),
                "required": id in _REQUIRED,
                "choices": choices.get(id, ()),
            },
        )
        for id, label, hint in _WORDS
    )


def _choices(reach: Reach) -> dict[str, tuple[Choice, ...]]:
    return {
        "indicator": tuple((i.id, i.name) for i in reach.indicators),
        "division": tuple((d.code, _with_code(d)) for d in reach.divisions),
        "unit": tuple((u.symbol, Text(u.symbol, u.en)) for u in UNITS.values()),
        "kind": tuple((str(k), name) for k, name in names.KINDS.items()),
        "grade": tuple((g, Text(f"{g} {n.zh}", f"{g} {n.en}")) for g, n in names.GRADES.items()),
    }


def _with_code(division: Code) -> Text:
    name = division.name
    return Text(f"{name.zh} {division.code}", f"{name.en} {division.code}")
