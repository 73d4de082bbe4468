"""What moved since the year before, and why: within a panel, or between two editions of single
years. Both are told alike; between editions scales and rules may have moved too, which is told
apart from the figures (`engine.index.yardsticks`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qiantang.engine.index import yardsticks
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.yardsticks import Change, Yardstick
from qiantang.kernel.text import Text
from qiantang.rooms.indices.finding import rank_at, rows_in, score_at, year_of
from qiantang.rooms.indices.making import Rider
from qiantang.rooms.indices.moves import Movement, UnitMove
from qiantang.rooms.indices.ruling import recipe_changes, structure_changes
from qiantang.rooms.indices.shapes import Made, RankRow
from qiantang.rooms.indices.sharing import share_rows

UNSCORED = Text(
    "两年中有一年没有得分，不能分解。",
    "It has no score in one of the two years, so nothing can be shared out.",
)
APART = Text("上一年的数据按本版的方法没有得分，不能分解。",
             "By this edition's rules the figures of the year before have no score, so nothing "
             "can be shared out.")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The year before: in the same panel or in an edition of its own (``made``). ``rows`` and
    ``rows_now`` are the results' rows by unit; ``year`` and ``now`` the years as they are told;
    ``root`` the index in the later year's tree."""

    made: Made
    year: int
    now: int
    rows: Mapping[str, int]
    rows_now: Mapping[str, int]
    root: str

    def at(self, code: str) -> int | None:
        """An element's place in the results of then; the whole index stands for the whole."""
        told = self.made.structure.root.code if code == self.root else code
        return self.made.index.scores.at(told) if told in self.made.structure.by_code else None

    def standing(self, unit: str, code: str) -> tuple[float | None, int | None]:
        """Score and rank of a unit then."""
        row, at = self.rows.get(unit), self.at(code)
        if at is None:
            return None, None
        return score_at(self.made, row, at), rank_at(self.made, row, at)


def past_of(made: Made, year: int | None) -> Past | None:
    """The year before ``year`` (of the panel; None: of the edition's only one)."""
    root = made.structure.root.code
    if year is not None:
        earlier = max((y for y in made.years if y < year), default=None)
        if earlier is None:
            return None
        return Past(made, earlier, year, rows_in(made, earlier), rows_in(made, year), root)
    before, now = made.before, made.single_year
    if before is None or before.single_year is None or now is None:
        return None
    return Past(before, before.single_year, now, rows_in(before, None), rows_in(made, None), root)


def movement(made: Made, year: int | None = None) -> Movement | None:
    """What the moves since the year before rest on; None where no such year is known. Raises
    `YearUnknown`."""
    past = past_of(made, year_of(made, year))
    if past is None:
        return None
    other, apart = past.made, past.made is not made
    here = _ranked(made, past.rows_now)
    there = _ranked(other, past.rows)
    moved = _yardstick(made, past).moved
    return Movement(
        year=past.now,
        before=past.year,
        edition=other.edition if apart else None,
        appeared=tuple((u, made.unit_name(u)) for u in sorted(here - there)),
        vanished=tuple((u, other.unit_name(u)) for u in sorted(there - here)),
        rescaled=tuple((code, made.name(code)) for code in moved),
        indicators=len(made.structure.codes),
        recipe=tuple(recipe_changes(other.tables, made.tables)) if apart else (),
        structure=tuple(structure_changes(other.structure, made.structure)) if apart else (),
    )


def unit_move(made: Made, row: RankRow, year: int | None) -> UnitMove | None:
    """Why one unit's score moved since the year before; ``row`` is its place in ``year``."""
    past = past_of(made, year)
    if past is None:
        return None
    root = made.structure.root.code
    change: Change | None = None
    why: Text | None = UNSCORED
    if row.score is not None and row.score_before is not None:
        try:
            change, why = changes(made, past, root).get(row.unit), APART
        except RecipeInvalid as error:
            why = error.text()
    return UnitMove(
        year=past.now,
        before=past.year,
        edition=past.made.edition if past.made is not made else None,
        rank_before=row.before,
        score_before=row.score_before,
        moved=row.moved,
        total=None if row.score is None or row.score_before is None
        else row.score - row.score_before,
        shares=share_rows(made, change.figures) if change else (),
        regime=change.figures.regime if change else 0.0,
        yardstick=change.yardstick if change else 0.0,
        rules=change.rules if change else 0.0,
        no_shares=None if change else why,
    )  # fmt: skip


def largest_causes(made: Made, past: Past, code: str) -> Mapping[str, tuple[str, float | None]]:
    """For each unit the indicator that moved its score most since the year before: for a unit that
    rose the one that added most, for one that fell the one that took most; of any where the rank
    stayed. Nothing where the method compares units: then a score has no shares of indicators."""
    try:
        found = changes(made, past, code)
    except RecipeInvalid:
        return {}
    at, causes = made.index.scores.at(code), {}
    for unit, change in found.items():
        was, rank = past.standing(unit, code)[1], rank_at(made, past.rows_now[unit], at)
        moved = (was or 0) - (rank or 0)
        values = change.figures.values
        towards = values * np.sign(moved) if moved else np.abs(values)
        if len(values) and towards.max() > 0:
            place = int(towards.argmax())
            causes[unit] = change.figures.codes[place], float(values[place])
    return causes


def changes(made: Made, past: Past, code: str) -> Mapping[str, Change]:
    """For each unit with a score in both years what moved it. Raises `RecipeInvalid` for methods
    that compare units."""
    if made.edition is None or past.made.edition is None:
        return _changes(made, past, code)
    key = made.edition.digest, past.made.edition.digest
    return _known_changes(*key, code, past.now, Rider((made, past)))


@lru_cache(maxsize=64)
def _known_changes(
    digest: str, before: str, code: str, year: int, rider: Rider[tuple[Made, Past]]
) -> Mapping[str, Change]:
    return _changes(*rider.given, code)


def _changes(made: Made, past: Past, code: str) -> Mapping[str, Change]:
    now, yard = made.index.scores.at(code), _yardstick(made, past)
    found = {}
    for unit in past.rows_now.keys() & past.rows.keys():
        rows = past.rows[unit], past.rows_now[unit]
        was, score = past.standing(unit, code)[0], score_at(made, rows[1], now)
        if was is None or score is None:
            continue
        change = yardsticks.change((was, score), rows, made.index, yard, code)
        if change is not None:
            found[unit] = change
    return found


def _yardstick(made: Made, past: Past) -> Yardstick:
    if past.made is made and made.index.recipe.years != "each":
        return yardsticks.within(made.index)
    rows = np.array(sorted(past.rows_now.values()), dtype=np.int64)
    return yardsticks.yardstick(past.made.index, made.index, rows)


def _ranked(made: Made, rows: Mapping[str, int]) -> set[str]:
    at = made.index.scores.at(made.structure.root.code)
    return {unit for unit, row in rows.items() if rank_at(made, row, at) is not None}
