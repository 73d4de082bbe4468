"""Rows of the index's tables as pages and CSV files carry them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qiantang.doors.portal.indices.tree import branches
from qiantang.doors.portal.indices.values import figure, row_of, rows_of
from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import Compared, IndicatorRow, Made, RankRow, Side

Rows = list[list[Any]]


def differences(
    made: Made, found: Compared, within: Callable[[Made, str], Text]
) -> list[dict[str, Any]]:
    """Each indicator's part of the difference with both normalised figures, the largest first."""
    first, second = (_normalised(made, side) for side in (found.one, found.other))
    return [
        {
            "code": s.code,
            "name": s.name,
            "within": within(made, s.code),
            "first": first.get(s.code),
            "second": second.get(s.code),
            "value": s.share,
        }
        for s in sorted(found.shares, key=lambda s: -abs(s.share))
    ]


def _normalised(made: Made, side: Side) -> dict[str, float | None]:
    """The normalised figures of one side by indicator."""
    scores = made.index.scores
    row = row_of(scores, side.unit, side.year)
    if row is None:
        return {}
    return {c: figure(scores.values[row, scores.at(c)]) for c in made.structure.codes}


def results(made: Made, ranking: Sequence[RankRow], year: int | None, lang: str) -> Rows:
    """Rank, score and every aggregate's score for each unit."""
    scores = made.index.scores
    place = {scores.units[r]: r for r in rows_of(scores, year)}
    codes = aggregates(made)
    return [
        [
            *(r.unit, r.name.in_(lang), year if year is not None else ""),
            *(r.rank if r.rank is not None else "", "" if r.score is None else r.score),
            *(_cell(made, place.get(r.unit), c) for c in codes),
        ]
        for r in ranking
    ]


def aggregates(made: Made) -> list[str]:
    """The codes of all aggregates below the index, from the top."""
    return [b.code for b in branches(made) if not b.leaf and b.depth]


def _cell(made: Made, row: int | None, code: str) -> Any:
    if row is None:
        return ""
    value = figure(made.index.scores.values[row, made.index.scores.at(code)])
    return "" if value is None else value


def indicators(rows: Sequence[IndicatorRow], lang: str) -> Rows:
    """A unit's figures with what was done to them and where they come from."""
    return [
        [
            *(r.code, r.name.in_(lang), "" if r.raw is None else r.raw, r.unit),
            *("" if r.normalised is None else r.normalised, r.rank or "", r.of),
            *(r.filled, r.treated, r.origin.title if r.origin else ""),
        ]
        for r in rows
    ]


def weights(made: Made, lang: str) -> Rows:
    """The structure with its weights, sources and verified marks."""
    return [
        [
            *(b.code, b.name.in_(lang), b.parent, b.depth, b.weight, b.effective),
            *(b.declared.direction if b.declared and b.leaf else "",),
            *(b.declared.source if b.declared else "",),
            *(bool(b.declared and b.declared.verified),),
        ]
        for b in branches(made)
    ]
