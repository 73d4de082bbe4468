"""Charts of an edition's robustness: ranges of ranks, pairs, places, and which choice matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest

from qiantang.doors.charts import (
    Choice,
    RankSpan,
    Spec,
    choices_chart,
    grid_chart,
    ranges_chart,
)
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.indices.asking import Asked
from qiantang.doors.portal.indices.drawing import Drawing, unit_asked
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.shapes import FactorRow, Robustness, RobustRow

Maker = Callable[[HttpRequest, Asked, str], Drawing]
PLACES: Final = 60
"""Ranks that the chart of places shows at most; the CSV holds all."""


def robustness(request: HttpRequest, ask: Asked) -> Robustness:
    """What the edition carries. Raises `NoSuchPage` where it carries nothing."""
    found = indices.robustness(ask.made)
    if not found.combinations:
        raise NoSuchPage(found=request.path)
    return found


def ranges_spec(rows: tuple[RobustRow, ...], lang: str, unit: str = "") -> Spec:
    """The rank ranges; ``unit`` stands out."""
    spans = [
        RankSpan(
            r.name,
            float(r.nominal),
            float(r.median),
            float(r.low if r.low is not None else r.median),
            float(r.high if r.high is not None else r.median),
            float(r.best if r.best is not None else r.median),
            float(r.worst if r.worst is not None else r.median),
            r.unit == unit,
        )
        for r in rows
        if r.nominal is not None and r.median is not None
    ]
    return ranges_chart(spans, lang=lang, title=Text("名次范围", "Rank ranges"))


def choice_name(name: str) -> Text:
    """A choice's name; a pack writes it once, as ``中文 · English``."""
    zh, mark, en = name.partition(" · ")
    return Text(zh, en) if mark else Text(name, name)


def _ranges(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    found = robustness(request, ask)
    header = ("unit", "name", "nominal", "mean", "median", "low", "high", "best", "worst")
    rows = [
        [r.unit, r.name.in_(lang), r.nominal, r.mean, r.median, r.low, r.high, r.best, r.worst]
        for r in found.rows
    ]
    return Drawing(ranges_spec(found.rows, lang, request.GET.get("unit", "")), header, rows)


def _pairs(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    rows = robustness(request, ask).rows
    names = [r.name for r in rows]
    shares = [[None if r is c else r.above.get(c.unit) for c in rows] for r in rows]
    spec = grid_chart(
        names,
        names,
        shares,
        lang=lang,
        title=Text("谁排在谁前面", "Who stands above whom"),
        heads=(Text("排在前", "Above"), Text("排在后", "Below")),
    )
    table = [
        [r.unit, c.unit, r.name.in_(lang), c.name.in_(lang), r.above.get(c.unit)]
        for r in rows
        for c in rows
        if r is not c
    ]
    return Drawing(spec, ("above", "below", "above_name", "below_name", "share"), table)


def _places(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    rows = robustness(request, ask).rows
    count = max((len(r.places) for r in rows), default=0)
    shown = min(count, PLACES)
    spec = grid_chart(
        [r.name for r in rows],
        [Text(str(n), str(n)) for n in range(1, shown + 1)],
        [list(r.places[:shown]) + [None] * (shown - len(r.places)) for r in rows],
        lang=lang,
        title=Text("各名次的可能", "How often each rank"),
        heads=(Text("单位", "Unit"), Text("名次", "Rank")),
    )
    header = ("unit", "name", *(str(n) for n in range(1, count + 1)))
    table: list[list[Any]] = [[r.unit, r.name.in_(lang), *r.places] for r in rows]
    return Drawing(spec, header, table)


def _choices(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    found = robustness(request, ask)
    shown = [_choice(f, exact=found.exact) for f in found.factors if f.total is not None]
    title = Text("哪个选择影响最大", "Which choice matters")
    spec = choices_chart(shown, lang=lang, title=title)
    header = ("choice", "alternatives", "first", "total", "total_low", "total_high")
    rows = [
        [choice_name(f.name).in_(lang), f.alternatives, f.first, f.total, *f.total_bounds]
        for f in found.factors
    ]
    return Drawing(spec, header, rows)


def _choice(factor: FactorRow, *, exact: bool) -> Choice:
    low, high = factor.total_bounds
    bounds = None if exact or low is None or high is None else (low, high)
    return Choice(choice_name(factor.name), factor.first or 0.0, factor.total or 0.0, bounds)


def _unit_choices(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    found = robustness(request, ask)
    unit = unit_asked(request, ask)
    pairs = [(f, f.units.get(unit, (None, None))) for f in found.factors]
    shown = [
        Choice(choice_name(f.name), first or 0.0, total)
        for f, (first, total) in pairs
        if total is not None
    ]
    name = ask.made.unit_name(unit)
    title = Text(f"哪个选择影响{name.zh}的名次", f"Which choice matters for {name.en}")
    rows = [[choice_name(f.name).in_(lang), first, total] for f, (first, total) in pairs]
    return Drawing(choices_chart(shown, lang=lang, title=title), ("choice", "first", "total"), rows)


KINDS: Final[Mapping[str, Maker]] = {
    "ranges": _ranges,
    "pairs": _pairs,
    "places": _places,
    "choices": _choices,
    "unit-choices": _unit_choices,
}
