"""What a recipe says of elements, units, groups and years must be there; else nothing is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import NoUnits, RecipeInvalid, StructureBroken
from qiantang.engine.index.imputing import ACROSS_UNITS, ALONG_YEARS, Imputation
from qiantang.engine.index.naming import element_unknown
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.structure import Structure
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text


def check(data: Data, structure: Structure, recipe: Recipe) -> None:
    """Raises `RecipeInvalid` or `ElementUnknown`, naming what the recipe names in vain."""
    if not data.units:
        raise NoUnits(found=Text("数据表", "The data"))
    check_elements(structure, recipe)
    _check_denominators(data, structure, recipe)
    _check_data(data, recipe)
    if recipe.impute:
        _check_imputation(data, "impute", recipe.impute)
    for code, each in recipe.impute_only.items():
        _check_imputation(data, f"impute.only.{code}", each)


def check_elements(structure: Structure, recipe: Recipe) -> None:
    """As `check`, of what concerns the structure alone."""
    for name, codes in _named(recipe):
        for code in codes:
            if code not in structure.by_code:
                raise element_unknown(code, structure.elements, name)
    leaves, aggregates = set(structure.codes), {e.code for e in structure.aggregates}
    for name, codes in _by_indicator(recipe):
        _among(codes, leaves, name, Text("不是指标", "it is no indicator"))
    for name, groups in (("aggregate.group", recipe.groups), ("weigh.group", recipe.weigh_groups)):
        _among(groups, aggregates, name, Text("不是聚合元素", "it is no aggregate"))
    _check_levels(structure, recipe)


def _check_denominators(data: Data, structure: Structure, recipe: Recipe) -> None:
    for each in structure.indicators if recipe.denominate else ():
        if each.denominator and each.denominator not in data.columns:
            raise StructureBroken(
                place=Place(file=structure.file or None, row=each.row, column="Denominator"),
                found=each.code, expected=Text(_listed(data.columns), _listed(data.columns)),
                reason=Text(f"没有分母“{each.denominator}”",
                            f'there is no denominator "{each.denominator}"'),
            )  # fmt: skip


def _named(recipe: Recipe) -> Iterable[tuple[str, Iterable[str]]]:
    return (
        *_by_indicator(recipe), ("aggregate.group", recipe.groups),
        ("weigh.group", recipe.weigh_groups), ("weigh.given", recipe.given),
        ("weigh", recipe.weights),
    )  # fmt: skip


def _by_indicator(recipe: Recipe) -> tuple[tuple[str, Iterable[str]], ...]:
    return (
        ("denominate", recipe.factors), ("impute.only", recipe.impute_only),
        ("treat.only", recipe.treat_only), ("normalise.only", recipe.scale_only),
    )  # fmt: skip


def _check_levels(structure: Structure, recipe: Recipe) -> None:
    there = {e.level for e in structure.aggregates}
    for name, levels in (("aggregate", recipe.levels), ("weigh", recipe.weigh_levels)):
        for level in levels:
            if level not in there:
                _refuse(f"{name}.level.{level}", level,
                        Text("结构中没有这个层级", "the structure has no such level"),
                        map(str, sorted(there)))  # fmt: skip


def _check_data(data: Data, recipe: Recipe) -> None:
    for key in ("always", "never") if recipe.screen else ():
        unit = next((u for u in getattr(recipe.screen, key) if u not in data.units), None)
        if unit is not None:
            _refuse(f"screen.{key}", unit,
                    Text("数据中没有这个评价单元", "the data have no such unit"),
                    data.units)  # fmt: skip
    if data.times and recipe.years.isdigit() and int(recipe.years) not in data.times:
        _refuse("panel.years", recipe.years,
                Text("数据中没有这一年", "the data have no such year"),
                map(str, sorted(set(data.times))))  # fmt: skip


def _check_imputation(data: Data, key: str, how: Imputation) -> None:
    for name, method in (("method", how.method), ("then", how.then)):
        if method.startswith("group") and how.group not in data.groups:
            _refuse(f"{key}.group", how.group or '""',
                    Text("数据中没有这个分组列", "the data have no such group column"),
                    data.groups)  # fmt: skip
        if method in ALONG_YEARS and not data.times:
            _refuse(
                f"{key}.{name}",
                method,
                Text("数据只有一个时期", "the data are of one year only"),
                ACROSS_UNITS,
            )


def _among(named: Iterable[str], known: Iterable[str], key: str, reason: Text) -> None:
    for code in named:
        if code not in known:
            _refuse(f"{key}.{code}", code, reason, sorted(known))


def _refuse(key: str, found: Any, reason: Text, expected: Iterable[str]) -> None:
    raise RecipeInvalid(key=key, found=found, reason=reason, expected=_listed(expected))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:20]) or "-"
