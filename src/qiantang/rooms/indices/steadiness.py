"""The robustness of an edition in plain words, from what its bundle holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from qiantang.engine.index.in_words import usual_places
from qiantang.engine.index.robustness import Usual, usual
from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import FactorRow, FailedRow, Made, Robustness, RobustRow

STATISTICS = ("nominal", "mean", "median", "low", "high", "best", "worst")
Row = Sequence[float | None]


def robustness(made: Made) -> Robustness:
    """Ranks over all ways to compute the index; empty where its recipe names no choice."""
    told = made.survey
    if not told:
        return Robustness(0, 0, 0, False, False, made.latest_year)
    moved = told.get("sensitivity") or {}
    return Robustness(
        combinations=told["combinations"],
        possible=told["possible"],
        seed=told["seed"],
        whole=told["combinations"] == told["possible"],
        exact=bool(moved.get("exact")),
        year=told["year"],
        rows=_rows(made, told),
        factors=tuple(_factor(each, told["units"]) for each in moved.get("factors", ())),
        failed=tuple(
            FailedRow(Text(f["reason"]["zh"], f["reason"]["en"]), f["count"], f["choices"])
            for f in told["failed"]
        ),
    )


def _rows(made: Made, told: Mapping[str, Any]) -> tuple[RobustRow, ...]:
    units = told["units"]
    above, places = told.get("above", ()), told.get("acceptability", ())
    ways = told["combinations"] - sum(each["count"] for each in told["failed"])
    found = []
    for i, unit in enumerate(units):
        own = places[i] if places else ()
        stats = {name: told[name][i] if name in told else None for name in STATISTICS}
        says = usual_places(made.unit_name(unit), _usual(own), ways) if own else _range(stats)
        found.append(
            RobustRow(
                unit=unit,
                name=made.unit_name(unit),
                says=says,
                places=tuple(own),
                above=dict(zip(units, above[i], strict=True)) if above else {},
                **stats,
            )
        )
    return tuple(sorted(found, key=lambda r: (r.nominal is None, r.nominal or 0, r.unit)))


def _usual(places: Row) -> Usual | None:
    return usual(np.array([share or 0.0 for share in places]))


def _range(stats: Mapping[str, Any]) -> Text:
    """Where there are too many units to keep each place."""
    low, high = stats["low"], stats["high"]
    if low is None:
        return Text("没有名次。", "It has no rank.")
    return Text(
        f"十次中有九次排第 {low:g} 至第 {high:g} 位。",
        f"Nine times of ten between place {low:g} and {high:g}.",
    )


def _factor(each: Mapping[str, Any], units: Sequence[str]) -> FactorRow:
    pairs = zip(each["unit_first"], each["unit_total"], strict=True)
    return FactorRow(
        name=each["name"],
        alternatives=each["alternatives"],
        first=each["first"],
        total=each["total"],
        first_bounds=(each["first_bounds"][0], each["first_bounds"][1]),
        total_bounds=(each["total_bounds"][0], each["total_bounds"][1]),
        units=dict(zip(units, pairs, strict=True)),
    )
