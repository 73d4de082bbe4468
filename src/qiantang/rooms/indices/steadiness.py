"""The robustness of an edition in plain words, from what its bundle holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import FactorRow, FailedRow, Made, Robustness, RobustRow

ENOUGH = 0.9
"""Share of ways that the places named in a unit's sentence must hold."""
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


def sentence(places: Row, ways: int) -> Text:
    """ "Third or fourth in 93 % of 2,000 ways to compute it": the fewest neighbouring places that
    hold nine ways of ten, around the likeliest."""
    known = [share or 0.0 for share in places]
    if not any(known):
        return Text("没有名次。", "It has no rank.")
    low = high = max(range(len(known)), key=lambda i: (known[i], -i))
    while sum(known[low : high + 1]) < ENOUGH and (low > 0 or high < len(known) - 1):
        left = known[low - 1] if low > 0 else -1.0
        right = known[high + 1] if high < len(known) - 1 else -1.0
        low, high = (low - 1, high) if left >= right else (low, high + 1)
    share = sum(known[low : high + 1])
    zh, en = _place(low + 1, high + 1)
    part = "100" if share >= 1 - 1e-12 else f"{min(99.9, share * 100):.3g}"
    return Text(
        f"在 {ways:,} 种计算方式中，{part}% 的情况下{zh}。",
        f"{en} in {part} % of {ways:,} ways to compute it.",
    )


def _place(low: int, high: int) -> tuple[str, str]:
    if low == high:
        return f"排第 {low} 位", f"{_nth(low)}"
    if high == low + 1:
        return f"排第 {low} 或第 {high} 位", f"{_nth(low)} or {_nth(high)}"
    return f"排第 {low} 至第 {high} 位", f"{_nth(low)} to {_nth(high)}"


def _nth(place: int) -> str:
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def _rows(made: Made, told: Mapping[str, Any]) -> tuple[RobustRow, ...]:
    units = told["units"]
    above, places = told.get("above", ()), told.get("acceptability", ())
    found = []
    for i, unit in enumerate(units):
        own = places[i] if places else ()
        stats = {name: told[name][i] if name in told else None for name in STATISTICS}
        says = sentence(own, told["combinations"]) if own else _range(stats)
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
