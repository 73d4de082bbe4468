"""Builds an index step by step; every step's table stays readable beside the recipe.

Order of the handbook: denominate, impute, screen, treat, normalise, weigh and aggregate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.checking import check
from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.denominating import denominate
from qiantang.engine.index.errors import NoUnits
from qiantang.engine.index.group_weights import GroupWeights
from qiantang.engine.index.imputing import METHODS, Imputed, impute, unfilled
from qiantang.engine.index.levels import aggregated_columns, inexact_orders, weigh_all, weights_of
from qiantang.engine.index.mixing import mixed_scales
from qiantang.engine.index.normalising import NOISE
from qiantang.engine.index.ranking import ranks_of
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.scaling import Column
from qiantang.engine.index.screening import Screened, screen
from qiantang.engine.index.shape import shape
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.treating import Treated, treat
from qiantang.kernel.text import Text

__all__ = ["Index", "Prepared", "aggregated_columns", "build", "prepare", "weights_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A built index. ``steps`` maps a step's name to its table, in order; ``aggregated`` holds
    indicators and aggregates; ``ranks`` has 1 for the best. ``notes`` say what needs a look.
    ``weights`` are those that were used, ``weighed`` how each group came by them."""

    structure: Structure
    recipe: Recipe
    steps: Mapping[str, Data]
    scores: Data
    ranks: Floats
    filled: Flags
    screened: Screened | None = None
    treated: tuple[Treated, ...] = ()
    notes: tuple[Text, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    weighed: tuple[GroupWeights, ...] = ()
    imputed: Imputed | None = None

    def filled_cells(self) -> Iterator[tuple[str, int | None, str, float, str]]:
        """Every cell that was filled, before screening: unit, year, indicator, value, method."""
        table = self.steps.get("imputed")
        if table is None or self.imputed is None:
            return
        for row, column in np.argwhere(self.imputed.filled):
            year = table.times[row] if table.times else None
            yield (table.units[row], year, table.columns[column],
                   float(table.values[row, column]),
                   METHODS[self.imputed.method[row, column]])  # fmt: skip

    def score(self, code: str) -> Floats:
        return self.scores.column(code)

    def rank(self, code: str) -> Floats:
        return self.ranks[:, self.scores.at(code)]


def build(data: Data, structure: Structure, recipe: Recipe) -> Index:
    """Make the index. Raises the errors of the steps, each naming the cell that it is about."""
    return finished(prepare(data, structure, recipe), structure, recipe)


def finished(made: Prepared, structure: Structure, recipe: Recipe) -> Index:
    """The index from tables that are prepared already: weights and aggregation alone are new.
    ``recipe`` must agree with the one of `prepare` in every earlier step."""
    normalised = made.steps["normalised"]
    weights, weighed = weigh_all(normalised, structure, recipe)
    columns = aggregated_columns(normalised, structure, recipe, weights)
    scores = replace(
        normalised, columns=tuple(columns), values=np.stack(list(columns.values()), axis=1)
    )
    ranks = ranks_of(scores.values.T, scores.times).T
    return Index(
        structure, recipe, {**made.steps, "aggregated": scores}, scores, ranks,
        made.filled, made.screened, made.treated,
        (*made.notes, *_notes_on(weighed), *mixed_scales(structure, recipe),
         *inexact_orders(columns, structure, recipe, weights)),
        {code: float(weight) for code, weight in weights.items()}, weighed, made.imputed,
    )  # fmt: skip


def _notes_on(weighed: tuple[GroupWeights, ...]) -> tuple[Text, ...]:
    return tuple(Text(f"“{w.group}”组：{n.zh}", f'Group "{w.group}": {n.en}')
                 for w in weighed for n in w.notes)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """All steps up to the normalised table, which ends ``steps``."""

    steps: Mapping[str, Data]
    filled: Flags
    imputed: Imputed
    screened: Screened | None
    treated: tuple[Treated, ...]
    notes: tuple[Text, ...]


def prepare(data: Data, structure: Structure, recipe: Recipe) -> Prepared:
    """Every step before aggregation; weights and aggregation play no part in it."""
    check(data, structure, recipe)
    notes: list[Text] = []
    steps: dict[str, Data] = {"raw": data.picked(structure.codes)}
    now = steps["raw"]
    if recipe.denominate and any(e.denominator for e in structure.indicators):
        now = steps["denominated"] = now.with_values(
            denominate(data, structure, dict(recipe.factors))
        )
    imputed = unfilled(now)
    if recipe.impute:
        imputed = impute(now, structure, recipe.impute, recipe.impute_only)
        now = steps["imputed"] = now.with_values(imputed.values)
    screened, filled = None, imputed.filled
    if recipe.screen:
        screened = screen(now, recipe.screen)
        if not screened.included.any():
            raise NoUnits(found=Text("筛选", "Screening"))
        now = steps["screened"] = now.kept(screened.included)
        filled = filled[screened.included]
    treated: list[Treated] = []
    if recipe.treat or recipe.treat_only:
        now = steps["treated"] = now.with_values(_treated(now, recipe, treated, notes))
    steps["normalised"] = now.with_values(_normalised(now, structure, recipe, notes))
    notes += _without_figures(steps["raw"], steps["normalised"])
    return Prepared(steps, filled, imputed, screened, tuple(treated), tuple(notes))


def _treated(data: Data, recipe: Recipe, done: list[Treated], notes: list[Text]) -> Floats:
    """In a panel all years together, else each year would move its own posts; apart if asked."""
    values = data.values.copy()
    for year, rows in _pools(data, recipe):
        part = data.values[rows]
        shapes = np.stack(shape(part), axis=1).tolist()
        for place, code in enumerate(data.columns):
            how = recipe.treatment(code)
            if how is None:
                continue
            before = (shapes[place][0], shapes[place][1])
            values[rows, place], record = treat(part[:, place], code, how, before)
            cells = {int(rows[row]): what for row, what in record.cells.items()}
            done.append(replace(record, cells=cells, year=year))
            if record.still_fails:
                name = code if year is None else f"{code} {year}"
                notes.append(Text(f"“{name}”经处理后仍有异常值。",
                                  f'"{name}" has outliers even after treatment.'))  # fmt: skip
    return values


def _pools(data: Data, recipe: Recipe) -> list[tuple[int | None, NDArray[np.int64]]]:
    """The rows among which outliers are looked for, with their year where years are apart."""
    if not data.times or recipe.treat_years == "all":
        return [(None, np.arange(len(data.units)))]
    years = np.array(data.times)
    return [(int(year), np.flatnonzero(years == year)) for year in np.unique(years)]


def _normalised(data: Data, structure: Structure, recipe: Recipe, notes: list[Text]) -> Floats:
    values = np.empty(data.values.shape)
    for place, each in enumerate(structure.indicators):
        column = data.values[:, place]
        on_scale = Column(each, column, recipe.scale(each.code), data, recipe.years)
        values[:, place] = on_scale.normalised()
        if np.isnan(column).all():
            notes.append(Text(f"“{each.code}”没有任何数值，不计入得分。",
                              f'"{each.code}" has no figure at all and is not in the '
                              "scores."))  # fmt: skip
        lost = ~np.isnan(column) & np.isnan(values[:, place])
        if lost.any():
            notes.append(_lost(each.code, column, lost, data))
    return values


def _without_figures(raw: Data, normalised: Data) -> list[Text]:
    """Units that came without any figure, and what becomes of them."""
    rows = np.flatnonzero(np.isnan(raw.values).all(axis=1))
    names = [raw.label(int(row)) for row in rows]
    scored = {normalised.label(row) for row in range(len(normalised.units))
              if not np.isnan(normalised.values[row]).all()}  # fmt: skip
    told = []
    if filled := [name for name in names if name in scored]:
        told.append(Text(f"没有任何数值、全部由补缺得来的有 {len(filled)} 个："
                         f"{_few(filled, '、')}。",
                         f"Without any figure, all of it filled in ({len(filled)}): "
                         f"{_few(filled, ', ')}."))  # fmt: skip
    if empty := [name for name in names if name not in scored]:
        told.append(Text(f"没有任何数值、因而没有得分和名次的有 {len(empty)} 个："
                         f"{_few(empty, '、')}。",
                         f"Without any figure, so without score and rank ({len(empty)}): "
                         f"{_few(empty, ', ')}."))  # fmt: skip
    return told


def _few(names: list[str], comma: str) -> str:
    return comma.join(names[:5]) + (" …" if len(names) > 5 else "")


def _lost(code: str, column: Floats, lost: Flags, data: Data) -> Text:
    """Why figures are not on the scale: they do not vary, or what they are held to is missing."""
    there = column[~np.isnan(column)]
    if there.max() - there.min() <= NOISE * np.abs(there).max():
        return Text(f"“{code}”所有数值相同，不能区分评价单元，按缺失处理。",
                    f'"{code}" does not vary: it tells no units apart and counts as '
                    "missing.")  # fmt: skip
    names = [data.label(int(row)) for row in np.flatnonzero(lost)]
    return Text(f"“{code}”有 {lost.sum()} 个数值不能归一化（{_few(names, '、')}），按缺失处理。",
                f'"{code}": {lost.sum()} figures cannot be normalised ({_few(names, ", ")}) '
                "and count as missing.")  # fmt: skip
