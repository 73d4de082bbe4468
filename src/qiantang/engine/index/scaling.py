"""One indicator put on its scale: what the method compares it with - target, reference, base - is
found in structure and data, and figures that it cannot take are refused with unit and column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np

from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.errors import RecipeInvalid, ValueForbids
from qiantang.engine.index.normalising import Scale, normalise
from qiantang.engine.index.structure import Element
from qiantang.kernel.text import Text

NAMES: Final = {
    "distance-to-target": Text("与目标的距离", "Distance to target"),
    "base-period": Text("基期法", "Base period"),
    "share-of-best": Text("与最优值之比", "Share of best"),
}
NO_SUCH_UNIT: Final = Text("数据中没有这个评价单元", "the data have no such unit")
NO_SUCH_YEAR: Final = Text("数据中没有这一年", "the data have no such year")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """An indicator's figures with the scale they go on. ``years`` says whose values fix the scale's
    parameters: ``all``, ``each`` year its own, or one year."""

    of: Element
    values: Floats
    scale: Scale
    data: Data
    years: str

    def normalised(self) -> Floats:
        """Raises `RecipeInvalid` for a figure that the scale needs and that is nowhere,
        `ValueForbids` for one that its method cannot take."""
        self._check_scale()
        anchor, values, direction = self.anchor(), self.values, self.of.direction
        times = np.array(self.data.times)
        if not times.size or self.years == "all":
            return normalise(values, direction, self.scale, None, anchor)
        if self.years != "each":
            pool = values[times == int(self.years)]
            return normalise(values, direction, self.scale, pool, anchor)
        found = np.empty(values.shape)
        for year in sorted(set(self.data.times)):
            rows = times == year
            own = None if anchor is None else anchor[rows]
            found[rows] = normalise(values[rows], direction, self.scale, None, own)
        return found

    def _check_scale(self) -> None:
        """Worst comes first; posts the wrong way round would turn the indicator's direction."""
        scale, direction = self.scale, self.of.direction
        if scale.method in ("goalposts", "scaled"):
            if scale.posts is None:
                self._lacks("posts", "[20, 80]" if direction > 0 else "[80, 20]")
            if (scale.posts[1] - scale.posts[0]) * direction <= 0:
                self._refuse("posts", list(scale.posts),
                             Text(f"与方向 {direction} 矛盾",
                                  f"they contradict direction {direction}"),
                             "[20, 80]" if direction > 0 else "[80, 20]")  # fmt: skip
        if scale.method == "categories" and not scale.steps:
            self._lacks("steps", "[10, 20, 50]")
        if scale.method == "share-of-best":
            self._demand(self.values >= 0, self.values)

    def anchor(self) -> Floats | None:
        """The figure that every row is compared with, in the indicator's own unit."""
        method, values = self.scale.method, self.values
        if method == "distance-to-target":
            return np.full(values.shape, self._target())
        if method == "distance-to-reference" and self.scale.reference != "mean":
            return self._reference()
        if method != "base-period":
            return None
        base = self._base()
        self._demand(base > 0, base)
        if self.of.direction < 0:
            self._demand(values > 0, values)
        return base

    def _target(self) -> float:
        given = self.scale.target
        target = self.of.target if given is None else given
        if np.isnan(target):
            self._lacks("target", "80")
        directed = self.values[~np.isnan(self.values)] * self.of.direction
        if directed.size and target * self.of.direction <= directed.min() < directed.max():
            raise ValueForbids(
                method=NAMES["distance-to-target"], unit="-", column=self.of.code,
                found=f"target = {target:g}",
                expected=Text("目标须优于最差的数值。",
                              "The target must be better than the worst figure."),
            )  # fmt: skip
        return target

    def _reference(self) -> Floats:
        """A figure, or a unit's: of the base year, of each year, or else of the latest year."""
        told, data = self.scale.reference, self.data
        if told is None:
            self._lacks("reference", '80, "mean", "HZ"')
        if not isinstance(told, str):
            return np.full(self.values.shape, float(told))
        if told not in data.units:
            self._refuse("reference", told, NO_SUCH_UNIT, _listed(("mean", *data.units)))
        own = {data.times[row] if data.times else 0: self.values[row]
               for row, unit in enumerate(data.units) if unit == told}  # fmt: skip
        if data.times and self.years == "each":
            return np.array([own.get(year, np.nan) for year in data.times])
        year = int(self.years) if data.times and self.years.isdigit() else max(own)
        return np.full(self.values.shape, own.get(year, np.nan))

    def _base(self) -> Floats:
        """One figure for all, one unit's figure of the base year, or each unit's own."""
        scale, data = self.scale, self.data
        if scale.base is not None:
            return np.full(self.values.shape, float(scale.base))
        if scale.base_year is None:
            self._lacks("base", "base = 100, base_year = 2015")
        if scale.base_year not in data.times:
            self._refuse("base_year", scale.base_year, NO_SUCH_YEAR, _listed(sorted(data.times)))
        own = {unit: self.values[row] for row, unit in enumerate(data.units)
               if data.times[row] == scale.base_year}  # fmt: skip
        if scale.base_unit and scale.base_unit not in own:
            self._refuse("base_unit", scale.base_unit, NO_SUCH_UNIT, _listed(own))
        return np.array([own.get(scale.base_unit or unit, np.nan) for unit in data.units])

    def _demand(self, fine: Flags, values: Floats) -> None:
        bad = np.flatnonzero(~fine & ~np.isnan(values))
        if bad.size:
            row = int(bad[0])
            raise ValueForbids(
                method=NAMES[self.scale.method], unit=self.data.label(row), column=self.of.code,
                found=float(values[row]),
                expected=Text("请改用其他归一化方法，或更正该数值。",
                              "Use another method of normalisation, or correct the figure."),
            )  # fmt: skip

    def _lacks(self, key: str, expected: str) -> NoReturn:
        self._refuse(key, "-", Text("须给出该值", "it is needed"), expected)

    def _refuse(self, key: str, found: object, reason: Text, expected: str) -> NoReturn:
        raise RecipeInvalid(
            key=f"normalise.only.{self.of.code}.{key}", found=found, reason=reason,
            expected=expected,
        )  # fmt: skip


def _listed(names: Iterable[object]) -> str:
    return ", ".join(list(dict.fromkeys(map(str, names)))[:20]) or "-"
