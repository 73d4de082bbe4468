"""A declared index as the engine sees it: its tree, its table of figures, what is wrong with it.

The declaration comes from a pack (`packkit.indices`); nothing here knows where figures are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from qiantang.engine.index.building import build
from qiantang.engine.index.checking import check_elements
from qiantang.engine.index.choices import factors_of, plain
from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import ElementUnknown, RecipeInvalid
from qiantang.engine.index.recipe import Recipe, recipe_of
from qiantang.engine.index.structure import Element, Structure
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.observations import AIMS
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``indicator`` is the code under which it is published."""

    unit: str
    indicator: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a declared index: ``key`` is the way into its recipe, ``element`` the
    code of the element that is meant."""

    text: Text
    expected: Text
    key: tuple[str | int, ...] = ()
    element: str = ""


def structure_of(declared: CompositeIndex, weights: Mapping[str, float] | None = None) -> Structure:
    """The tree of a declared index. ``weights`` stand in place of declared ones, by code (those
    that norms in force give). Raises `StructureBroken`."""
    given = weights or {}
    return Structure(
        tuple(
            Element(
                code=each.code,
                name=each.name.zh,
                level=each.level,
                parent=each.parent,
                weight=given.get(each.code, each.weight),
                direction=each.direction,
                unit=each.unit,
                target=math.nan if each.target is None else each.target,
                denominator=each.denominator,
            )
            for each in declared.elements
        ),
        tuple(size.code for size in declared.sizes),
        declared.units.groups,
    )


def data_of(
    declared: CompositeIndex, units: Sequence[Code], figures: Iterable[Figure]
) -> Data:  # fmt: skip
    """The table of a declared index: a row for each unit (for each unit and year where figures
    come from several years), a column for each indicator and size, NaN where there is no figure.
    Figures of other units or indicators are left alone; of two for one cell the later counts.
    """
    columns: dict[str, list[int]] = {}
    for place, code in enumerate(declared.columns.values()):
        columns.setdefault(code, []).append(place)
    known = {code.code for code in units}
    used = [f for f in figures if f.indicator in columns and f.unit in known]
    years = sorted({f.year for f in used}) or [0]
    rows = {(code.code, year): n for n, (year, code) in enumerate(
        (year, code) for year in years for code in units)}  # fmt: skip
    values = np.full((len(rows), len(declared.columns)), np.nan)
    for figure in used:
        values[rows[figure.unit, figure.year], columns[figure.indicator]] = figure.value
    repeated = [code for _ in years for code in units]
    return Data(
        units=tuple(code.code for code in repeated),
        columns=tuple(declared.columns),
        values=values,
        names=tuple(code.name.zh for code in repeated),
        groups={
            group: tuple(declared.units.label(code, group) for code in repeated)
            for group in declared.units.groups
        },
        times=tuple(year for year in years for _ in units) if len(years) > 1 else (),
    )


def result_rows(
    declared: CompositeIndex,
    rows: Iterable[Mapping[str, object]],
    units: Sequence[Code],
    weights: Mapping[str, float],
) -> Iterator[dict[str, object]]:
    """Build the index from rows of its figures (``unit, indicator, year, value``) or from
    observations (``division, indicator, period, value``); a row for each unit, year and element:
    ``unit, year, element, score, rank``, null where there is no score."""
    data = data_of(declared, units, _figures(rows))
    index = build(data, structure_of(declared, weights), recipe_for(declared))
    for place, unit in enumerate(index.scores.units):
        year = index.scores.times[place] if index.scores.times else None
        for column, element in enumerate(index.scores.columns):
            score, rank = index.scores.values[place, column], index.ranks[place, column]
            yield {
                "unit": unit,
                "year": year,
                "element": element,
                "score": None if math.isnan(score) else float(score),
                "rank": None if math.isnan(rank) else int(rank),
            }


def _figures(rows: Iterable[Mapping[str, object]]) -> Iterator[Figure]:
    """Figures of a whole year; aims and observations of a part of a year are passed over."""
    for row in rows:
        if row.get("value") is None or row.get("kind") in AIMS:
            continue
        year = str(row["year"] if "year" in row else row["period"])
        if year.isdigit():
            unit = str(row["unit"] if "year" in row else row["division"])
            yield Figure(unit, str(row["indicator"]), int(year), float(str(row["value"])))


def recipe_for(declared: CompositeIndex) -> Recipe:
    """The recipe of a declared index without its uncertain choices. Raises `RecipeInvalid`."""
    return recipe_of(plain(declared.recipe))


def check_declared(declared: CompositeIndex) -> list[Objection]:
    """Everything that the engine objects to in the tree and the recipe: each table and each
    uncertain choice is looked at on its own, so that one does not hide another."""
    found: list[Objection] = []
    structure = _tried(partial(structure_of, declared), found)
    for key, value in declared.recipe.items():
        if key != "uncertain":
            _tried(partial(_step, structure, key, value), found)
    found.extend(_group(declared))
    if structure is None or found:
        return found
    uncertain = declared.recipe.get("uncertain", ())
    for number, table in enumerate(uncertain if isinstance(uncertain, list) else ()):
        told = {**plain(declared.recipe), "uncertain": [table]}
        objections: list[Objection] = []
        _tried(partial(factors_of, told, structure), objections)
        found.extend(Objection(o.text, o.expected, ("uncertain", number)) for o in objections)
    return found


def _tried(make: Callable[[], Made], found: list[Objection]) -> Made | None:
    """What is made, or None with the refusal among ``found``."""
    try:
        return make()
    except QiantangError as error:
        found.append(_objection(error))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        said = str(error)
        found.append(
            Objection(Text(f"不能读取：{said}", f"it cannot be read: {said}"), Text("", ""))
        )
    return None


def _objection(error: QiantangError) -> Objection:
    hint = error.hint.format(**error.fields)
    key = tuple(part for part in str(error.fields.get("key", "")).split(".") if part)
    if isinstance(error, ElementUnknown):
        return Objection(error.text(), hint, (*key, str(error.fields["found"])))
    if isinstance(error, RecipeInvalid):
        return Objection(error.text(), hint, key)
    return Objection(error.text(), hint, element=str(error.fields.get("found", "")))


def _step(structure: Structure | None, key: str, value: object) -> None:
    """Read one table of a recipe and see whether what it names is in the tree."""
    recipe = recipe_of({key: value})
    if structure is not None:
        check_elements(structure, recipe)


def _group(declared: CompositeIndex) -> Iterator[Objection]:
    """Filling by group needs a column of groups."""
    impute = declared.recipe.get("impute")
    group = impute.get("group") if isinstance(impute, Mapping) else None
    if group and group not in declared.units.groups:
        words = ", ".join(declared.units.groups) or "-"
        yield Objection(
            Text(f"评价单元没有分组“{group}”", f'the units have no group "{group}"'),
            Text(f"可用：{words}", f"Known: {words}"),
            ("impute", "group"),
        )
