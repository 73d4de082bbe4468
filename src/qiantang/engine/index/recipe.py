"""The recipe of an index: every choice as data, in the handbook's words, checked by name.

Read from TOML or JSON. A table for all columns may carry ``only.CODE`` tables for single ones, or
``level.N`` and ``group.CODE`` tables; those change just the keys that they name. Unknown keys and
words are refused with what is known.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from qiantang.engine.index.aggregating import Aggregation
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.group_weights import Weighing
from qiantang.engine.index.imputing import Imputation
from qiantang.engine.index.judging import only_among
from qiantang.engine.index.normalising import Scale
from qiantang.engine.index.screening import Screening
from qiantang.engine.index.settings import numbers, one_of, refuse, step, table, weighing
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.treating import Treatment
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

Tables = Mapping[str, Any]
Narrow = TypeVar("Narrow", Imputation, Treatment, Scale)
Group = TypeVar("Group", Weighing, Aggregation)
STEPS: Final = (
    "denominate", "impute", "screen", "treat", "normalise", "weigh", "aggregate", "panel",
)  # fmt: skip
BY_ELEMENT: Final = (
    "factors", "impute_only", "treat_only", "scale_only", "weigh_groups", "weights", "groups",
)  # fmt: skip
"""What a recipe says by element."""
NEEDS: Final[Mapping[str, str]] = {
    "goalposts": "posts",
    "scaled": "posts",
    "distance-to-reference": "reference",
    "categories": "steps",
}
"""What a method needs beside its name, per indicator."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an index is made. A step that is None is not done. ``..._only`` are by indicator,
    ``levels`` by level, ``groups`` by aggregate, the latter as the keys they change; the narrower
    one counts. ``weights`` are numbers that stand whatever the method."""

    denominate: bool = True
    factors: Mapping[str, float] = field(default_factory=dict)
    impute: Imputation | None = None
    impute_only: Mapping[str, Imputation] = field(default_factory=dict)
    screen: Screening | None = None
    treat: Treatment | None = None
    treat_only: Mapping[str, Treatment] = field(default_factory=dict)
    normalise: Scale = field(default_factory=Scale)
    scale_only: Mapping[str, Scale] = field(default_factory=dict)
    weigh: Weighing = field(default_factory=Weighing)
    weigh_levels: Mapping[int, Weighing] = field(default_factory=dict)
    weigh_groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """Those of ``weights`` that stand under ``weigh.given``."""
    aggregate: Aggregation = field(default_factory=Aggregation)
    levels: Mapping[int, Aggregation] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    years: str = "all"
    """Whose values fix the parameters of a panel's scales and the weights that are computed:
    ``all`` years (comparable), one year (the base year) for all, or, for scales alone, ``each``
    year its own."""
    treat_years: str = "all"
    """Among whose values outliers of a panel are looked for: ``all`` years', so that they stay
    comparable, or ``each`` year's own."""

    def treatment(self, indicator: str) -> Treatment | None:
        return self.treat_only.get(indicator, self.treat)

    def scale(self, indicator: str) -> Scale:
        return self.scale_only.get(indicator, self.normalise)

    def weighing(self, code: str, level: int) -> Weighing:
        wide, narrow = self.weigh_levels.get(level, self.weigh), self.weigh_groups.get(code)
        return replace(wide, **narrow) if narrow else wide

    def aggregation(self, code: str, level: int) -> Aggregation:
        wide, narrow = self.levels.get(level, self.aggregate), self.groups.get(code)
        return replace(wide, **narrow) if narrow else wide

    def fitted(self, structure: Structure) -> Recipe:
        """The recipe with only what it says of the elements that ``structure`` has."""
        changes: dict[str, Any] = {}
        for name in BY_ELEMENT:
            told: Mapping[str, Any] = getattr(self, name)
            changes[name] = {c: v for c, v in told.items() if c in structure.by_code}
        changes["given"] = self.given & structure.by_code.keys()
        weighed = changes["weigh_groups"].items()
        changes["weigh_groups"] = {c: only_among(structure.by_code, v) for c, v in weighed}
        there = {e.level for e in structure.aggregates}
        for name in ("weigh_levels", "levels"):
            changes[name] = {n: v for n, v in getattr(self, name).items() if n in there}
        return replace(self, **changes)


def read_recipe(path: Path) -> Recipe:
    """A recipe from a ``.toml`` or ``.json`` file. Raises `RecipeInvalid`."""
    return recipe_of(read_tables(path), path.name)


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a recipe's file as they are written. Raises `RecipeInvalid`."""
    try:
        text = path.read_text(encoding="utf-8")
        told: Any = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise RecipeInvalid(
            place=Place(file=path.name), key=path.name, found=str(error),
            reason=Text("不能读取", "it cannot be read"), expected="TOML, JSON",
        ) from None  # fmt: skip
    return dict(table(told, path.name, path.name))


def recipe_of(told: Mapping[str, Any], file: str = "") -> Recipe:
    """A recipe from plain tables: ``denominate``, ``impute``, ``screen``, ``treat``, ``normalise``,
    ``weigh``, ``aggregate``, ``panel``. Raises `RecipeInvalid`."""
    for key in told:
        one_of(key, STEPS, key, file)
    impute, impute_only = _with_only(told, "impute", Imputation(), file)
    treat, treat_only = _with_only(told, "treat", Treatment(), file)
    scale, scale_only = _with_only(told, "normalise", Scale(), file)
    factors = {} if isinstance(told.get("denominate"), bool) else told.get("denominate", {})
    recipe = Recipe(
        denominate=told.get("denominate") is not False,
        factors=numbers(factors, "denominate", file),
        impute=impute if "impute" in told else None,
        impute_only=impute_only,
        screen=step(Screening(), table(told["screen"], "screen", file), "screen", file)
        if "screen" in told
        else None,
        treat=treat if "treat" in told else None,
        treat_only=treat_only,
        normalise=scale,
        scale_only=scale_only,
        **_panel(told, file),
        **_weights(told, file),
        **_aggregations(told, file),
    )
    _check_needs("normalise", scale, file)
    for code, each in scale_only.items():
        _check_needs(f"normalise.only.{code}", each, file)
    return recipe


def _with_only(
    told: Tables, name: str, default: Narrow, file: str
) -> tuple[Narrow, dict[str, Narrow]]:
    wide = table(told.get(name, {}), name, file)
    plain = step(default, _without(wide, "only"), name, file)
    narrow = table(wide.get("only", {}), f"{name}.only", file)
    return plain, {
        code: step(plain, table(each, f"{name}.only.{code}", file), f"{name}.only.{code}", file)
        for code, each in narrow.items()
    }


def _aggregations(told: Tables, file: str) -> dict[str, Any]:
    wide = table(told.get("aggregate", {}), "aggregate", file)
    plain = step(Aggregation(), _without(wide, "level", "group"), "aggregate", file)
    levels, groups = _narrowed(wide, "aggregate", plain, step, file)
    return {"aggregate": plain, "levels": levels, "groups": groups}


def _weights(told: Tables, file: str) -> dict[str, Any]:
    """``[weigh]``: the method with its settings; every other key is a code with its number."""
    wide = table(told.get("weigh", {}), "weigh", file)
    known = tuple(f.name for f in fields(Weighing))
    plain = weighing(Weighing(), {k: v for k, v in wide.items() if k in known}, "weigh", file)
    levels, groups = _narrowed(wide, "weigh", plain, weighing, file)
    hint = f" ({', '.join((*known, 'level', 'group', 'given'))})"
    by_code = numbers(_without(wide, *known, "level", "group", "given"), "weigh", file, hint)
    given = numbers(wide.get("given", {}), "weigh.given", file)
    return {
        "weigh": plain, "weigh_levels": levels, "weigh_groups": groups,
        "weights": by_code | given, "given": frozenset(given),
    }  # fmt: skip


def _narrowed(
    wide: Tables, name: str, plain: Group, read: Callable[[Group, Tables, str, str], Group],
    file: str,
) -> tuple[dict[int, Group], dict[str, dict[str, Any]]]:  # fmt: skip
    """``level.N`` as settings, ``group.CODE`` as the keys that it changes."""
    levels = {
        _level(level, name, file): read(plain, table(each, where, file), where, file)
        for level, each in table(wide.get("level", {}), f"{name}.level", file).items()
        for where in [f"{name}.level.{level}"]
    }
    groups = {}
    for code, each in table(wide.get("group", {}), f"{name}.group", file).items():
        where = f"{name}.group.{code}"
        found = read(plain, table(each, where, file), where, file)
        groups[code] = {key: getattr(found, key) for key in each}
    return levels, groups


def _level(level: str, name: str, file: str) -> int:
    if not str(level).isdigit() or int(level) < 2:
        refuse(f"{name}.level.{level}", level, Text("没有这个层级", "there is no such level"),
               "2, 3, ...", file)  # fmt: skip
    return int(level)


def _panel(told: Tables, file: str) -> dict[str, Any]:
    panel = table(told.get("panel", {}), "panel", file)
    for key in panel:
        one_of(key, ("years", "treat"), f"panel.{key}", file)
    years, treated = str(panel.get("years", "all")), str(panel.get("treat", "all"))
    if not years.isdigit():
        one_of(years, ("all", "each"), "panel.years", file)
    one_of(treated, ("all", "each"), "panel.treat", file)
    return {"years": years, "treat_years": treated}


def _check_needs(name: str, scale: Scale, file: str) -> None:
    needed = NEEDS.get(scale.method)
    if needed and name != "normalise" and getattr(scale, needed) in (None, ()):
        said = Text(f"还须给出 {needed}", f"it also needs {needed}")
        refuse(f"{name}.method", scale.method, said, f"{needed} = ...", file)


def _without(told: Tables, *keys: str) -> dict[str, Any]:
    return {k: v for k, v in told.items() if k not in keys}
