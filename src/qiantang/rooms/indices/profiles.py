"""Pages of one unit and of one element, and the comparison of two units or years."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qiantang.engine.index.bundle import Origin
from qiantang.engine.index.data import Data
from qiantang.engine.index.weighing import effective
from qiantang.rooms.indices.finding import (
    element_of,
    plain,
    rows_in,
    unit_of,
    whole,
    year_of,
)
from qiantang.rooms.indices.moving import unit_move
from qiantang.rooms.indices.ranks import ranking
from qiantang.rooms.indices.shapes import (
    Compared,
    ElementPage,
    ElementRow,
    ElementValue,
    IndicatorRow,
    Made,
    PairRow,
    Profile,
    RankRow,
    Side,
    YearPoint,
)
from qiantang.rooms.indices.sharing import share_rows, shares_between, shares_from_mean

PEERS = 5
SHOWN = 5


def profile(made: Made, unit: str, year: int | None = None) -> Profile:
    """Raises `UnitUnknown`, `YearUnknown`."""
    now, code = year_of(made, year), made.structure.root.code
    row = rows_in(made, now).get(unit_of(made, unit))
    table = ranking(made, now)
    own = next(r for r in table if r.unit == unit)
    indicators = _indicators(made, unit, now)
    shares, why = shares_from_mean(made, row, now)
    ranked = sorted((i for i in indicators if i.rank is not None), key=lambda i: i.rank or 0)
    return Profile(
        unit=unit,
        name=made.unit_name(unit),
        year=now,
        score=own.score,
        rank=own.rank,
        of=sum(r.rank is not None for r in table),
        shares=share_rows(made, shares),
        total=shares.total if shares else 0.0,
        regime=shares.regime if shares else 0.0,
        no_shares=why,
        elements=_elements(made, row),
        indicators=indicators,
        strengths=tuple(ranked[:SHOWN]),
        weaknesses=tuple(reversed(ranked[-SHOWN:])) if len(ranked) > SHOWN else (),
        peers=_peers(table, own),
        series=_series(made, unit, code),
        since=unit_move(made, own, now),
    )


def element_page(made: Made, element: str, year: int | None = None) -> ElementPage:
    """Raises `ElementUnknown`, `YearUnknown`."""
    code, now = element_of(made, element), year_of(made, year)
    each, told = made.structure.by_code[code], made.declared.element(code)
    rows, at = rows_in(made, now), made.index.scores.at(code)
    values = tuple(_value(made, unit, code, rows.get(unit), now) for unit in made.units)
    ordered = sorted(values, key=lambda v: (v.rank is None, v.rank or 0, v.unit))
    return ElementPage(
        code=code,
        name=made.name(code),
        description=told.description if told else None,
        level=each.level,
        parent=each.parent,
        unit=each.unit,
        direction=each.direction,
        source=told.source if told else "",
        weight=weights_in_index(made)[code],
        children=tuple(c.code for c in made.structure.children(code)),
        path=made.structure.path(code),
        year=now,
        rows=tuple(ordered),
        missing=sum(v.score is None for v in values),
        series=_mean_series(made, at),
    )


def compared(
    made: Made,
    unit: str,
    other: str,
    year: int | None = None,
    year_other: int | None = None,
) -> Compared:
    """Why ``unit`` (in ``year``) differs from ``other`` (in ``year_other``, by default the same).
    Raises `UnitUnknown`, `YearUnknown`."""
    first, second = year_of(made, year), year_of(made, year if year_other is None else year_other)
    here = rows_in(made, first).get(unit_of(made, unit))
    there = rows_in(made, second).get(unit_of(made, other))
    shares, why = shares_between(made, there, here)
    pairs = tuple(
        PairRow(e.code, made.name(e.code), e.level, *_pair(made, e.code, here, there))
        for e in reversed(made.structure.aggregates)
    )
    return Compared(
        one=_side(made, unit, first, here),
        other=_side(made, other, second, there),
        total=shares.total if shares else 0.0,
        shares=share_rows(made, shares),
        regime=shares.regime if shares else 0.0,
        rest=shares.rest if shares else 0.0,
        no_shares=why,
        elements=pairs,
    )


def weights_in_index(made: Made) -> dict[str, float]:
    """Each element's share in the whole index."""
    return effective(made.structure, made.index.weights)


def _indicators(made: Made, unit: str, year: int | None) -> tuple[IndicatorRow, ...]:
    row = rows_in(made, year).get(unit)
    raw = _raw(made, unit, year)
    origins = _origins(made, unit, year)
    found = []
    for e in made.structure.indicators:
        at = made.index.scores.at(e.code)
        ranks = made.index.ranks[list(rows_in(made, year).values()), at]
        found.append(
            IndicatorRow(
                code=e.code,
                name=made.name(e.code),
                parent=e.parent,
                unit=e.unit,
                raw=raw.get(e.code),
                normalised=None if row is None else plain(made.index.scores.values[row, at]),
                rank=None if row is None else whole(made.index.ranks[row, at]),
                of=int((~np.isnan(ranks)).sum()),
                filled=row is not None and _filled(made, row, e.code),
                treated=row is not None and _treated(made, row, e.code),
                origin=origins.get(e.code),
            )
        )
    return tuple(found)


def _raw(made: Made, unit: str, year: int | None) -> Mapping[str, float | None]:
    data = made.data
    for row, each in enumerate(data.units):
        if each == unit and (not data.times or data.times[row] == year):
            return {c: plain(data.values[row, i]) for i, c in enumerate(data.columns)}
    return {}


def _origins(made: Made, unit: str, year: int | None) -> Mapping[str, Origin]:
    return {
        o.column: o for o in made.origins if o.unit == unit and (year is None or o.year == year)
    }


def _filled(made: Made, row: int, code: str) -> bool:
    return bool(made.index.filled[row, made.structure.codes.index(code)])


def _treated(made: Made, row: int, code: str) -> bool:
    """Whether the cell was moved as an outlier."""
    steps = made.index.steps
    if "treated" not in steps:
        return False
    before: Data = next(
        steps[name] for name in ("screened", "imputed", "denominated", "raw") if name in steps
    )
    one, other = before.column(code)[row], steps["treated"].column(code)[row]
    return bool(one != other and not (np.isnan(one) and np.isnan(other)))


def _elements(made: Made, row: int | None) -> tuple[ElementRow, ...]:
    weights = weights_in_index(made)
    return tuple(
        ElementRow(
            e.code, made.name(e.code), e.level, e.parent, *_cell(made, e.code, row), weights[e.code]
        )
        for e in reversed(made.structure.aggregates)
    )


def _cell(made: Made, code: str, row: int | None) -> tuple[float | None, int | None]:
    if row is None:
        return None, None
    at = made.index.scores.at(code)
    return plain(made.index.scores.values[row, at]), whole(made.index.ranks[row, at])


def _pair(
    made: Made, code: str, here: int | None, there: int | None
) -> tuple[float | None, float | None, int | None, int | None]:
    (one, rank), (other, other_rank) = _cell(made, code, here), _cell(made, code, there)
    return one, other, rank, other_rank


def _side(made: Made, unit: str, year: int | None, row: int | None) -> Side:
    return Side(unit, made.unit_name(unit), year, *_cell(made, made.structure.root.code, row))


def _value(made: Made, unit: str, code: str, row: int | None, year: int | None) -> ElementValue:
    score, rank = _cell(made, code, row)
    leaf = made.structure.by_code[code].level == 1
    return ElementValue(
        unit=unit,
        name=made.unit_name(unit),
        raw=_raw(made, unit, year).get(code) if leaf else None,
        score=score,
        rank=rank,
        filled=leaf and row is not None and _filled(made, row, code),
        treated=leaf and row is not None and _treated(made, row, code),
    )


def _peers(table: tuple[RankRow, ...], own: RankRow) -> tuple[RankRow, ...]:
    """The units nearest in score, in order of rank."""
    others = [r for r in table if r.score is not None and r.unit != own.unit]
    if own.score is None:
        return ()
    near = sorted(others, key=lambda r: (abs((r.score or 0.0) - (own.score or 0.0)), r.unit))
    return tuple(sorted(near[:PEERS], key=lambda r: (r.rank or 0, r.unit)))


def _series(made: Made, unit: str, code: str) -> tuple[YearPoint, ...]:
    return tuple(
        YearPoint(year, *_cell(made, code, rows_in(made, year).get(unit))) for year in made.years
    )


def _mean_series(made: Made, at: int) -> tuple[YearPoint, ...]:
    found = []
    for year in made.years:
        values = made.index.scores.values[list(rows_in(made, year).values()), at]
        there = values[~np.isnan(values)]
        found.append(YearPoint(year, float(there.mean()) if there.size else None, None))
    return tuple(found)
