"""Reads one table of a recipe into the settings of its step; a refusal names key, found, expected.

A table changes just the keys that it names; the others stay as in the wider settings it narrows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from math import inf, isfinite
from typing import Any, Final, NoReturn, TypeVar

from qiantang.engine.index import aggregating, group_weights, imputing, normalising, treating
from qiantang.engine.index.aggregating import Aggregation
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.formula import Formula
from qiantang.engine.index.group_weights import Weighing
from qiantang.engine.index.imputing import Imputation
from qiantang.engine.index.judging import Judgement
from qiantang.engine.index.normalising import Scale
from qiantang.engine.index.screening import Screening
from qiantang.engine.index.treating import Treatment
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

Step = TypeVar("Step", Imputation, Screening, Treatment, Scale, Aggregation, Weighing, Judgement)
WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("impute", "method"): ("none", *imputing.METHODS),
    ("impute", "then"): ("", *imputing.METHODS),
    ("treat", "then"): ("", *treating.TRANSFORMS),
    ("normalise", "method"): tuple(normalising.METHODS),
    ("weigh", "method"): group_weights.METHODS,
    ("normalise", "spread"): ("sample", "population"),
    ("aggregate", "method"): tuple(m for m in aggregating.METHODS if m != "custom"),
    ("aggregate", "missing"): ("drop", "missing", "refuse"),
}
LIMITS: Final[Mapping[tuple[str, str], tuple[float, float]]] = {
    ("impute", "neighbours"): (1, inf), ("impute", "reach"): (0, inf), ("impute", "seed"): (0, inf),
    ("impute", "rounds"): (1, inf), ("impute", "draws"): (1, inf),
    ("screen", "data_share"): (0, 1), ("screen", "nonzero_share"): (0, 1),
    ("treat", "points"): (0, inf), ("treat", "skew"): (0, inf),
    ("weigh", "low"): (0, 1), ("weigh", "high"): (0, 1), ("weigh", "keep"): (0, inf),
    ("weigh", "trust"): (0, inf), ("aggregate", "share"): (0, 1),
    ("aggregate", "low"): (0, 1), ("aggregate", "high"): (0, 1),
}  # fmt: skip


def step(default: Step, told: Mapping[str, Any], name: str, file: str) -> Step:
    """``default`` with what ``told`` names. ``range`` stands for the two ends."""
    values = dict(told)
    if isinstance(default, Scale) and "range" in values:
        low, high = ends(values.pop("range"), f"{name}.range", file)
        values = {"low": low, "high": high, **values}
    known = tuple(f.name for f in fields(default) if f.name != "function")
    head = name.partition(".")[0]
    for key, value in values.items():
        where = f"{name}.{key}"
        one_of(key, known, where, file)
        words = WORDS.get((head, key))
        if words is not None:
            one_of(value, words, where, file)
        values[key] = _typed(value, getattr(default, key), where, file)
        _within(values[key], LIMITS.get((head, key)), where, file)
        if key == "formula":
            Formula(value, where, file)
    return replace(default, **values)


def ends(told: Any, key: str, file: str) -> tuple[float, float]:
    right = isinstance(told, list | tuple) and len(told) == 2 and all(map(_is_number, told))
    if not right or told[0] >= told[1]:
        refuse(key, told, Text("应为由小到大的两个数", "two numbers, the lower first"),
               "[0, 100]", file)  # fmt: skip
    return float(told[0]), float(told[1])


def numbers(told: Any, name: str, file: str, hint: str = "") -> dict[str, float]:
    """Numbers of 0 or more by code."""
    for code, value in table(told, name, file).items():
        if not _is_number(value) or not 0 <= value < inf:
            refuse(f"{name}.{code}", value, Text("应为不小于 0 的数值", "no number of 0 or more"),
                   f"0.3{hint}", file)  # fmt: skip
    return {code: float(value) for code, value in told.items()}


def judgements(told: Any, name: str, file: str) -> tuple[Judgement, ...]:
    found = []
    for number, each in enumerate(_tables(told, name, file), start=1):
        where = f"{name}[{number}]"
        rest = {k: v for k, v in each.items() if k != "over"}
        over = table(each.get("over", {}), f"{where}.over", file)
        pairs = {one: numbers(o, f"{where}.over.{one}", file) for one, o in over.items()}
        found.append(replace(step(Judgement(), rest, where, file), over=pairs))
    return tuple(found)


def weighing(default: Weighing, told: Mapping[str, Any], name: str, file: str) -> Weighing:
    """The settings of weights, with their judgements, allocations and influence."""
    values: dict[str, Any] = {}
    if "judgements" in told:
        values["judgements"] = judgements(told["judgements"], f"{name}.judgements", file)
    if "allocations" in told:
        listed = _tables(told["allocations"], f"{name}.allocations", file)
        values["allocations"] = tuple(
            numbers(each, f"{name}.allocations[{number}]", file)
            for number, each in enumerate(listed, start=1)
        )
    if "influence" in told:
        values["influence"] = numbers(told["influence"], f"{name}.influence", file)
    rest = {k: v for k, v in told.items() if k not in values}
    return replace(step(default, rest, name, file), **values)


def one_of(value: Any, known: tuple[str, ...], key: str, file: str) -> None:
    if value not in known:
        words = ", ".join(k or '""' for k in known)
        refuse(key, value, Text("没有这个词", "there is no such word"), words, file)


def table(told: Any, name: str, file: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        refuse(name, told, Text("应为表", "it should be a table"), f"[{name}]", file)
    return told


def refuse(key: str, found: Any, reason: Text, expected: str, file: str) -> NoReturn:
    raise RecipeInvalid(
        place=Place(file=file or None), key=key, found=found, reason=reason, expected=expected
    )


def _tables(told: Any, name: str, file: str) -> list[Mapping[str, Any]]:
    if not isinstance(told, list | tuple) or not told:
        refuse(name, told, Text("应为一组表", "it should be a list of tables"), f"[[{name}]]", file)
    return [table(each, f"{name}[{n}]", file) for n, each in enumerate(told, start=1)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _typed(value: Any, like: Any, key: str, file: str) -> Any:
    """``value`` when it is of the kind that ``like`` has; None stands for a figure not given."""
    last = key.rpartition(".")[2]
    if last in LISTS:
        return _listed(value, LISTS[last], key, file)
    if like is None:
        right = _is_number(value) or (last == "reference" and isinstance(value, str))
    elif isinstance(like, bool | str):
        right = type(value) is type(like)
    elif isinstance(like, int):
        right = _is_number(value) and float(value).is_integer()
    else:
        right = _is_number(value)
    if not right:
        kind = "float" if like is None else type(like).__name__
        refuse(key, value, Text("类型不对", "wrong type"), kind, file)
    return value


def _listed(value: Any, kind: type, key: str, file: str) -> tuple[Any, ...]:
    right = isinstance(value, list | tuple) and all(
        _is_number(v) if kind is float else isinstance(v, kind) for v in value
    )
    if not right or (key.endswith(".posts") and (len(value) != 2 or value[0] == value[1])):
        refuse(key, value, Text("应为列表", "it should be a list"), EXAMPLES[kind], file)
    return tuple(value)


def _within(value: Any, limits: tuple[float, float] | None, key: str, file: str) -> None:
    if limits and not limits[0] <= value <= limits[1]:
        low, high = limits
        refuse(key, value, Text("超出范围", "out of range"),
               f"{low:g} … {high:g}" if high < inf else f">= {low:g}", file)  # fmt: skip


LISTS: Final[Mapping[str, type]] = {
    "posts": float, "steps": float, "order": float, "always": str, "never": str,
}  # fmt: skip
EXAMPLES: Final[Mapping[type, str]] = {float: "[0, 100]", str: '["HZ", "NB"]'}
