"""Every chart of an index by its name, each with the figures that it draws as rows of a CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from qiantang.doors.charts import (
    Area,
    Course,
    Layer,
    Part,
    Ranked,
    Spec,
    YearScore,
    boundary_codes,
    courses_chart,
    map_chart,
    parts_chart,
    ranking_chart,
    scores_chart,
    stack_chart,
)
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.indices import robust_drawings, tables
from qiantang.doors.portal.indices.asking import Asked
from qiantang.doors.portal.indices.drawing import Drawing, unit_asked
from qiantang.doors.portal.indices.pages import is_division, side_names
from qiantang.doors.portal.indices.tree import branches, level_name, shares_up, under_root, within
from qiantang.doors.portal.indices.values import middle_half, ranks_over_years
from qiantang.doors.portal.language import language_of
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.shapes import Made
from qiantang.rooms.shelf import selectors as shelf

PARTS_DRAWN: Final = 20
"""Bars of a difference; the table lists all."""
STACKED: Final = 60
"""Parts of one layer of the stack; a level with more is left to the table."""
OUTSTANDING: Final = 6
POINTS: Final = Text("分", "points")
Maker = Callable[[HttpRequest, Asked, str], Drawing]


def drawing(request: HttpRequest, ask: Asked, kind: str) -> Drawing:
    """The chart named ``kind``. Raises `NoSuchPage` for another name."""
    maker = KINDS.get(kind)
    if maker is None:
        raise NoSuchPage(found=request.path)
    return maker(request, ask, language_of(request))


def mapped(made: Made) -> bool:
    """Whether the units have boundaries, so that a map can be drawn."""
    if not is_division(made):
        return False
    found = boundary_codes(shelf.boundaries())
    return any(unit in found for unit in made.units)


def scores_spec(made: Made, year: int | None, lang: str) -> Spec:
    """The units by score, the best first."""
    rows = [
        Ranked(r.name, None if r.score is None else Decimal(f"{r.score:.2f}"))
        for r in indices.ranking(made, year)
    ]
    return ranking_chart(rows, lang=lang, title=_titled(made, year), unit=POINTS.in_(lang))


def map_spec(made: Made, year: int | None, lang: str, height: int = 430) -> Spec:
    """The scores on the map; a click leads to the unit."""
    areas = [
        Area(
            code=r.unit,
            name=r.name,
            value=None if r.score is None else Decimal(f"{r.score:.2f}"),
            note=Text(f"第 {r.rank}", f"rank {r.rank}").in_(lang) if r.rank else "",
            href=reverse("portal:index_unit", args=[made.declared.key, r.unit]),
        )
        for r in indices.ranking(made, year)
    ]
    return map_chart(
        shelf.boundaries(),
        areas,
        lang=lang,
        title=_titled(made, year),
        unit=POINTS.in_(lang),
        height=height,
    )


def _titled(made: Made, year: int | None) -> Text:
    name = made.declared.name
    return Text(f"{name.zh} {year}", f"{name.en} {year}") if year else name


def _results(ask: Asked, lang: str) -> tuple[tuple[str, ...], list[list[Any]]]:
    ranking = indices.ranking(ask.made, ask.year)
    header = ("unit", "name", "year", "rank", "score", *tables.aggregates(ask.made))
    return header, tables.results(ask.made, ranking, ask.year, lang)


def _scores(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    return Drawing(scores_spec(ask.made, ask.year, lang), *_results(ask, lang))


def _map(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    if not mapped(ask.made):
        raise NoSuchPage(found=request.path)
    return Drawing(map_spec(ask.made, ask.year, lang), *_results(ask, lang))


def _courses(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    ranks = ranks_over_years(ask.made)
    standing = sorted(ranks, key=lambda u: -_travelled(ranks[u]))[:OUTSTANDING]
    courses = [Course(ask.made.unit_name(u), r, u in standing) for u, r in ranks.items()]
    title = Text("历年名次", "Ranks over the years")
    rows = [
        [u, ask.made.unit_name(u).in_(lang), *("" if v is None else int(v) for v in r)]
        for u, r in ranks.items()
    ]
    spec = courses_chart(courses, ask.made.years, lang=lang, title=title)
    return Drawing(spec, ("unit", "name", *(str(y) for y in ask.made.years)), rows)


def _travelled(ranks: Sequence[float | None]) -> float:
    """How many places a unit moved from its first year to its last."""
    known = [r for r in ranks if r is not None]
    return abs(known[-1] - known[0]) if len(known) > 1 else 0.0


def _stack(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    profile = indices.profile(ask.made, unit_asked(request, ask), ask.year)
    sums = shares_up(ask.made, profile.shares)
    tops = [ask.made.name(e.code) for e in under_root(ask.made)]
    title = Text(f"{profile.name.zh}的得分", f"The score of {profile.name.en}")
    spec = stack_chart(
        _layers(ask.made, sums),
        tops,
        lang=lang,
        title=title,
        unit=Text("分，与全部单位的平均水平相比", "points, against the mean of all units").in_(
            lang
        ),
    )
    rows = [
        [b.code, b.name.in_(lang), b.parent, b.depth, sums[b.code]]
        for b in branches(ask.made)
        if b.code in sums
    ]
    return Drawing(spec, ("code", "name", "parent", "depth", "share"), rows)


def _layers(made: Made, sums: Mapping[str, float]) -> list[Layer]:
    """One layer a depth; an indicator that hangs higher stands in the lower layers too, so that
    every layer adds up to the same."""
    tree = [b for b in branches(made) if b.code in sums]
    layers = []
    for depth in range(1, max((b.depth for b in tree), default=0) + 1):
        shown = [b for b in tree if b.depth == depth or (b.leaf and b.depth < depth)]
        if len(shown) > STACKED:
            break
        leaves = all(b.leaf for b in shown)
        parts = tuple(Part(b.name, sums[b.code], b.branch) for b in shown if b.depth)
        layers.append(Layer(level_name(depth, leaf=leaves), parts))
    return layers


def _difference(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    units = [r.unit for r in indices.ranking(ask.made, ask.year)]
    unit = request.GET.get("unit", "") or units[0]
    other = request.GET.get("other", "") or units[-1]
    found = indices.compared(ask.made, unit, other, ask.year, _year_other(request, ask))
    first, second = side_names(found)
    title = Text(f"{first.zh}与{second.zh}的差距", f"{first.en} against {second.en}")
    rows = tables.differences(ask.made, found, within)
    parts = [Part(r["name"], r["value"]) for r in rows[:PARTS_DRAWN]]
    spec = parts_chart(parts, lang=lang, title=title, unit=POINTS.in_(lang))
    table = [
        [r["code"], r["name"].in_(lang), r["within"].in_(lang), r["first"], r["second"], r["value"]]
        for r in rows
    ]
    return Drawing(spec, ("code", "name", "within", "first", "second", "share"), table)


def _year_other(request: HttpRequest, ask: Asked) -> int | None:
    text = request.GET.get("year_other", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else ask.year


def _series(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    profile = indices.profile(ask.made, unit_asked(request, ask), ask.year)
    points = []
    for p in profile.series:
        low, middle, high = middle_half(ask.made, p.year)
        points.append(YearScore(p.year, p.score, middle, low, high))
    title = Text("历年得分", "Scores over the years")
    spec = scores_chart(points, lang=lang, title=title, name=profile.name)
    rows = [
        [p.year, "" if p.score is None else p.score, p.rank or "", m.low, m.middle, m.high]
        for p, m in zip(profile.series, points, strict=True)
    ]
    return Drawing(spec, ("year", "score", "rank", "quartile_1", "median", "quartile_3"), rows)


def _element(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    page = indices.element_page(ask.made, request.GET.get("element", ""), ask.year)
    rows = [Ranked(r.name, None if r.score is None else Decimal(f"{r.score:.2f}"))
            for r in page.rows]  # fmt: skip
    spec = ranking_chart(rows, lang=lang, title=page.name, unit=POINTS.in_(lang))
    table = [
        [r.unit, r.name.in_(lang), "" if r.raw is None else r.raw,
         "" if r.score is None else r.score, r.rank or "", r.filled]
        for r in page.rows
    ]  # fmt: skip
    return Drawing(spec, ("unit", "name", "raw", "score", "rank", "filled"), table)


def _indicators(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    profile = indices.profile(ask.made, unit_asked(request, ask), ask.year)
    header = (
        *("code", "name", "raw", "unit", "normalised", "rank", "of", "filled", "treated"),
        "source",
    )
    return Drawing(None, header, tables.indicators(profile.indicators, lang))


def _weights(request: HttpRequest, ask: Asked, lang: str) -> Drawing:
    header = (
        *("code", "name", "parent", "depth", "weight", "effective", "direction", "source"),
        "verified",
    )
    return Drawing(None, header, tables.weights(ask.made, lang))


KINDS: Final[Mapping[str, Maker]] = {
    "scores": _scores,
    "map": _map,
    "courses": _courses,
    "stack": _stack,
    "difference": _difference,
    "series": _series,
    "element": _element,
    "indicators": _indicators,
    "weights": _weights,
    **robust_drawings.KINDS,
}
