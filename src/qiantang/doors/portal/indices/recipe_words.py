"""A recipe read aloud: each step in a sentence, with every parameter that was set.

Nothing is left out: a key that has no sentence of its own is listed as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from qiantang.doors.portal.indices import methods
from qiantang.kernel.text import Text

Tables = Mapping[str, Any]
Namer = Callable[[str], Text]
"""From an element's code to its name."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting: its name, its value as read, and the recipe's own key."""

    name: Text
    value: Text
    key: str


@dataclass(frozen=True, slots=True)
class StepSaid:
    """One step of the recipe. ``exceptions`` are settings of single elements or levels."""

    id: str
    title: Text
    said: Text
    parameters: tuple[Parameter, ...] = ()
    exceptions: tuple[tuple[Text, tuple[Parameter, ...]], ...] = ()


TITLES: Final[Mapping[str, Text]] = {
    "denominate": Text("除以规模", "Divide by size"),
    "impute": Text("补缺", "Fill gaps"),
    "screen": Text("筛选单位", "Screen units"),
    "treat": Text("处理极端值", "Treat outliers"),
    "normalise": Text("标准化", "Normalise"),
    "panel": Text("跨年可比", "Compare years"),
    "weigh": Text("赋权", "Weigh"),
    "aggregate": Text("逐级合成", "Aggregate"),
}
"""The steps in the order in which they are done."""


def steps_said(tables: Tables, name: Namer, *, denominated: bool) -> tuple[StepSaid, ...]:
    """Every step that the recipe does, in order; ``denominated``: whether any element is divided
    by a size."""
    found = []
    for id, title in TITLES.items():
        if id == "denominate" and (not denominated or tables.get(id) is False):
            continue
        if id in {"impute", "screen", "treat", "panel"} and id not in tables:
            continue
        told = tables.get(id)
        table: Tables = told if isinstance(told, Mapping) else {}
        said = _SENTENCES[id](table)
        found.append(StepSaid(id, title, said, _plain(id, table, name), _narrow(id, table, name)))
    return tuple(found)


def factors_said(tables: Tables) -> tuple[tuple[Text, Text], ...]:
    """The choices that the makers could have made otherwise: name and alternatives."""
    return tuple(
        (_name_of(t, f"{number}"), _alternatives(t))
        for number, t in enumerate(tables.get("uncertain", ()), start=1)
    )


def _name_of(table: Tables, number: str) -> Text:
    name = table.get("name", number)
    if isinstance(name, Mapping):
        return Text(str(name.get("zh", number)), str(name.get("en", number)))
    zh, mark, en = str(name).partition(" · ")
    return Text(zh, en) if mark else Text(zh, zh)


def _alternatives(table: Tables) -> Text:
    if "set" in table:
        step, _, _ = str(table["set"]).partition(".")
        each = [_value(step, str(table["set"]).rpartition(".")[2], v) for v in table.get("to", ())]
        return _joined(each)
    if "noise" in table:
        return Text(
            f"权重在 ±{100 * float(table['noise']):g}% 内随机变动，{table.get('sets', 100)} 组",
            f"weights moved at random within ±{100 * float(table['noise']):g} %, "
            f"{table.get('sets', 100)} sets",
        )
    return _joined([_name_of(way, str(n)) for n, way in enumerate(table.get("ways", ()), 1)])


def _denominated(table: Tables) -> Text:
    return Text(
        "有规模的指标先除以人口、产值等规模，大小不同的单位才能比较。",
        "Indicators that have a size are divided by it (people, output), so that large and small "
        "units can be compared.",
    )


def _imputed(table: Tables) -> Text:
    how = methods.said("impute", str(table.get("method", "none")))
    return Text(
        f"缺少的数据用“{how.zh}”补上；补上的每一格都永久标明。",
        f"Missing figures are filled by the {how.en}; every filled cell is marked for ever.",
    )


def _screened(table: Tables) -> Text:
    share = 100 * float(table.get("data_share", 2 / 3))
    return Text(
        f"数据完整率低于 {share:.3g}% 的单位不参加排名。",
        f"Units with less than {share:.3g} % of their figures are not ranked.",
    )


def _treated(table: Tables) -> Text:
    points, then = table.get("points", 5), methods.THEN.get(str(table.get("then", "log")))
    after = then or Text(str(table.get("then")), str(table.get("then")))
    return Text(
        f"分布过偏的指标，先把最多 {points} 个极端值拉回到相邻的值；仍过偏的，{after.zh}。",
        f"Where an indicator is too skewed, at most {points} extreme figures are pulled to the "
        f"next one; where that is not enough: {after.en}.",
    )


def _normalised(table: Tables) -> Text:
    how = methods.said("normalise", str(table.get("method", "min-max")))
    return Text(
        f"各指标用“{how.zh}”换成同一尺度，方向统一为越大越好。",
        f"Every indicator is put on one scale by {how.en}, turned so that more is better.",
    )


def _over_years(table: Tables) -> Text:
    years = str(table.get("years", "all"))
    if years == "all":
        return Text(
            "各年共用同一套参数，得分可以跨年比较。",
            "All years share one set of parameters, so that scores compare over years.",
        )
    if years == "each":
        return Text(
            "每年用当年的参数，得分只能在当年内比较。",
            "Each year has its own parameters; scores compare within a year only.",
        )
    return Text(f"各年都用 {years} 年的参数。", f"All years use the parameters of {years}.")


def _weighed(table: Tables) -> Text:
    if isinstance(table.get("method"), str):
        how = methods.said("weigh", str(table["method"]))
        return Text(
            f"权重用“{how.zh}”得出（见下表），只在同一组内起作用。",
            f"Weights come from {how.en} (table below); they count within a group.",
        )
    if table:
        return Text(
            "权重由计算方案给出（见下表），只在同一组内起作用。",
            "The recipe gives the weights (table below); they count within a group.",
        )
    return Text(
        "权重由结构表给出（见下表），只在同一组内起作用。",
        "The structure gives the weights (table below); they count within a group.",
    )


def _aggregated(table: Tables) -> Text:
    how = methods.said("aggregate", str(table.get("method", "arithmetic")))
    return Text(
        f"每一级用“{how.zh}”合成上一级，直到总指数。",
        f"Each level makes the one above by {how.en}, up to the index.",
    )


_SENTENCES: Final[Mapping[str, Callable[[Tables], Text]]] = {
    "denominate": _denominated,
    "impute": _imputed,
    "screen": _screened,
    "treat": _treated,
    "normalise": _normalised,
    "panel": _over_years,
    "weigh": _weighed,
    "aggregate": _aggregated,
}
_NARROW: Final = {"only", "level", "group"}


def _plain(step: str, table: Tables, name: Namer) -> tuple[Parameter, ...]:
    kept = {k: v for k, v in table.items() if not (k in _NARROW and isinstance(v, Mapping))}
    if step in {"weigh", "denominate"}:
        return tuple(
            _parameter(step, step, k, v)
            if isinstance(v, str)
            else Parameter(name(k), _written(v), f"{step}.{k}")
            for k, v in kept.items()
        )
    return tuple(_parameter(step, step, k, v) for k, v in kept.items())


def _narrow(
    step: str, table: Tables, name: Namer
) -> tuple[tuple[Text, tuple[Parameter, ...]], ...]:
    return tuple(_exceptions(step, table, name))


def _exceptions(
    step: str, table: Tables, name: Namer
) -> Iterator[tuple[Text, tuple[Parameter, ...]]]:
    for kind in ("level", "group", "only"):
        narrow = table.get(kind)
        if not isinstance(narrow, Mapping):
            continue
        for code, told in narrow.items():
            who = Text(f"第 {code} 层", f"Level {code}") if kind == "level" else name(str(code))
            prefix = f"{step}.{kind}.{code}"
            yield who, tuple(_parameter(step, prefix, k, v) for k, v in dict(told).items())


def _parameter(step: str, prefix: str, key: str, value: Any) -> Parameter:
    name = methods.PARAMETERS.get(key, Text(key, key))
    return Parameter(name, _value(step, key, value), f"{prefix}.{key}")


def _value(step: str, key: str, value: Any) -> Text:
    if key == "method":
        return methods.said(step, str(value))
    if key == "then":
        return methods.THEN.get(str(value), Text(str(value), str(value)))
    return _written(value)


def _written(value: Any) -> Text:
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no")
    if isinstance(value, list | tuple):
        return _joined([_written(v) for v in value])
    if isinstance(value, float):
        return Text(f"{value:g}", f"{value:g}")
    return Text(str(value), str(value))


def _joined(texts: list[Text]) -> Text:
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
