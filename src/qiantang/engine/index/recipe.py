"""The recipe of an index: every choice as data, in the handbook's words, checked by name.

Read from TOML or JSON. A table for all columns may carry ``only.CODE`` tables for single ones;
those change just the keys that they name. Unknown keys and words are refused with what is known.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import inf
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from qiantang.engine.index import aggregating, imputing, normalising, treating
from qiantang.engine.index.aggregating import Aggregation
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.imputing import Imputation
from qiantang.engine.index.normalising import Scale
from qiantang.engine.index.screening import Screening
from qiantang.engine.index.treating import Treatment
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

Step = TypeVar("Step", Imputation, Screening, Treatment, Scale, Aggregation)
WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("impute", "method"): ("none", *imputing.METHODS),
    ("treat", "then"): ("", *treating.TRANSFORMS),
    ("normalise", "method"): tuple(normalising.METHODS),
    ("aggregate", "method"): tuple(aggregating.METHODS),
}
NEEDS: Final[Mapping[str, str]] = {
    "goalposts": "posts",
    "distance-to-target": "target",
    "distance-to-reference": "reference",
    "base-period": "base",
    "categories": "steps",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an index is made. A step that is None is not done. ``treat_only`` and ``scale_only`` are
    by indicator, ``levels`` by level, ``groups`` by aggregate; the narrower one counts."""

    denominate: bool = True
    factors: Mapping[str, float] = field(default_factory=dict)
    impute: Imputation | None = None
    screen: Screening | None = None
    treat: Treatment | None = None
    treat_only: Mapping[str, Treatment] = field(default_factory=dict)
    normalise: Scale = field(default_factory=Scale)
    scale_only: Mapping[str, Scale] = field(default_factory=dict)
    aggregate: Aggregation = field(default_factory=Aggregation)
    levels: Mapping[int, Aggregation] = field(default_factory=dict)
    groups: Mapping[str, Aggregation] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    years: str = "all"
    """Whose values fix the parameters of a panel's scales: ``all`` years (comparable), ``each``
    year its own, or one year (the base year) for all."""

    def treatment(self, indicator: str) -> Treatment | None:
        return self.treat_only.get(indicator, self.treat)

    def scale(self, indicator: str) -> Scale:
        return self.scale_only.get(indicator, self.normalise)

    def aggregation(self, code: str, level: int) -> Aggregation:
        return self.groups.get(code, self.levels.get(level, self.aggregate))


def read_recipe(path: Path) -> Recipe:
    """A recipe from a ``.toml`` or ``.json`` file. Raises `RecipeInvalid`."""
    return recipe_of(read_tables(path), path.name)


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a recipe's file as they are written. Raises `RecipeInvalid`."""
    text = path.read_text(encoding="utf-8")
    try:
        told: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise RecipeInvalid(
            place=Place(file=path.name), key=path.name, found=str(error),
            reason=Text("不能读取", "it cannot be read"), expected="TOML, JSON",
        ) from None  # fmt: skip
    return told


def recipe_of(told: Mapping[str, Any], file: str = "") -> Recipe:
    """A recipe from plain tables: ``denominate``, ``impute``, ``screen``, ``treat``, ``normalise``,
    ``weigh``, ``aggregate``, ``panel``."""
    known = ("denominate", "impute", "screen", "treat", "normalise", "weigh", "aggregate", "panel")
    for key in told:
        _one_of(key, known, key, file)
    treat, treat_only = _with_only(told, "treat", Treatment(), file)
    scale, scale_only = _with_only(told, "normalise", Scale(), file)
    wide = _table(told, "aggregate", file)
    plain = _step(Aggregation(), _without(wide, "level", "group"), "aggregate", file)
    factors = _table(told, "denominate", file) if told.get("denominate") is not False else {}
    recipe = Recipe(
        denominate=told.get("denominate") is not False,
        factors=_numbers(factors, "denominate", file),
        impute=_maybe(told, "impute", Imputation(), file),
        screen=_maybe(told, "screen", Screening(), file),
        treat=treat if "treat" in told else None,
        treat_only=treat_only,
        normalise=scale,
        scale_only=scale_only,
        aggregate=plain,
        levels={
            _level(level, file): _step(plain, each, f"aggregate.level.{level}", file)
            for level, each in wide.get("level", {}).items()
        },
        groups={
            code: _step(plain, each, f"aggregate.group.{code}", file)
            for code, each in wide.get("group", {}).items()
        },
        weights=_numbers(_table(told, "weigh", file), "weigh", file),
        years=_years(_table(told, "panel", file), file),
    )
    for name, each in [("normalise", scale), *((f"normalise.only.{c}", s) for c, s in
                                               scale_only.items())]:  # fmt: skip
        _check_needs(name, each, file)
    return recipe


def _numbers(table: Mapping[str, Any], name: str, file: str) -> dict[str, float]:
    """Numbers of 0 or more by code."""
    for code, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
            _refuse(f"{name}.{code}", value, Text("应为不小于 0 的数值", "no number of 0 or more"),
                    "0.3", file)  # fmt: skip
    return {code: float(value) for code, value in table.items()}


def _level(level: str, file: str) -> int:
    if not str(level).isdigit() or int(level) < 2:
        _refuse(f"aggregate.level.{level}", level, Text("没有这个层级", "there is no such level"),
                "2, 3, ...", file)  # fmt: skip
    return int(level)


def _ends(told: Any, name: str, file: str) -> tuple[float, float]:
    right = isinstance(told, list | tuple) and len(told) == 2 and all(
        isinstance(end, int | float) and not isinstance(end, bool) for end in told
    )  # fmt: skip
    if not right or told[0] >= told[1]:
        _refuse(f"{name}.range", told, Text("应为由小到大的两个数", "two numbers, the lower first"),
                "[0, 100]", file)  # fmt: skip
    return float(told[0]), float(told[1])


def _refuse(key: str, found: Any, reason: Text, expected: str, file: str) -> NoReturn:
    raise RecipeInvalid(
        place=Place(file=file or None), key=key, found=found, reason=reason, expected=expected
    )


def _years(told: Mapping[str, Any], file: str) -> str:
    for key in told:
        _one_of(key, ("years",), f"panel.{key}", file)
    found = str(told.get("years", "all"))
    if not found.isdigit():
        _one_of(found, ("all", "each"), "panel.years", file)
    return found


def _check_needs(name: str, scale: Scale, file: str) -> None:
    needed = NEEDS.get(scale.method)
    if needed and name != "normalise" and not getattr(scale, needed):
        said = Text(f"还须给出 {needed}", f"it also needs {needed}")
        _refuse(f"{name}.method", scale.method, said, f"{needed} = ...", file)


def _with_only(
    told: Mapping[str, Any], name: str, default: Step, file: str
) -> tuple[Step, dict[str, Step]]:
    wide = _table(told, name, file)
    plain = _step(default, _without(wide, "only"), name, file)
    narrow = wide.get("only", {})
    return plain, {c: _step(plain, t, f"{name}.only.{c}", file) for c, t in narrow.items()}


def _maybe(told: Mapping[str, Any], name: str, default: Step, file: str) -> Step | None:
    return _step(default, _table(told, name, file), name, file) if name in told else None


def _step(default: Step, told: Mapping[str, Any], name: str, file: str) -> Step:
    """``default`` with what ``told`` names. ``range`` stands for the two ends."""
    values = dict(told)
    if isinstance(default, Scale) and "range" in values:
        low, high = _ends(values.pop("range"), name, file)
        values = {"low": low, "high": high, **values}
    known = tuple(f.name for f in fields(default))
    head = name.partition(".")[0]
    for key, value in values.items():
        _one_of(key, known, f"{name}.{key}", file)
        words = WORDS.get((head, key))
        if words is not None:
            _one_of(value, words, f"{name}.{key}", file)
        values[key] = _typed(value, getattr(default, key), f"{name}.{key}", file)
    return replace(default, **values)


def _typed(value: Any, like: Any, key: str, file: str) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(like, bool | str):
        right = type(value) is type(like)
    elif isinstance(like, int | float):
        right = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        right = True
    if not right:
        _refuse(key, value, Text("类型不对", "wrong type"), type(like).__name__, file)
    return value


def _one_of(value: Any, known: tuple[str, ...], key: str, file: str) -> None:
    if value not in known:
        words = ", ".join(k or '""' for k in known)
        _refuse(key, value, Text("没有这个词", "there is no such word"), words, file)


def _table(told: Mapping[str, Any], name: str, file: str) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, Mapping):
        _refuse(name, found, Text("应为表", "it should be a table"), f"[{name}]", file)
    return found


def _without(table: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {k: v for k, v in table.items() if k not in keys}
