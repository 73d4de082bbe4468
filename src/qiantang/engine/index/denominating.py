"""Denomination: an indicator divided by a size column, so that large and small units compare."""

from __future__ import annotations

import numpy as np

from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.errors import ValueForbids
from qiantang.engine.index.structure import Structure
from qiantang.kernel.text import Text


def denominate(data: Data, structure: Structure, factors: dict[str, float] | None = None) -> Floats:
    """The indicators' values, divided where the structure names a denominator (times its factor,
    1 unless given). A missing denominator gives a missing figure; a zero one is refused with
    `ValueForbids`, never infinity."""
    found = data.picked(structure.codes).values.copy()
    for place, each in enumerate(structure.indicators):
        if not each.denominator:
            continue
        size = data.column(each.denominator)
        zeros = np.flatnonzero((size == 0) & ~np.isnan(found[:, place]))
        if zeros.size:
            raise ValueForbids(
                method=Text("按规模折算", "Denomination"), unit=data.label(int(zeros[0])),
                column=each.denominator, found=0,
                expected=Text("请补正该分母，或留空（折算结果即为缺失）。",
                              "Correct the denominator, or leave it empty: the figure is missing."),
            )  # fmt: skip
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, place] = found[:, place] / size * (factors or {}).get(each.code, 1.0)
    return found
