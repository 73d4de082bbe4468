"""Editions of single years: what moved since last year's edition, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.rooms.indices import making, selectors
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.indices.tests.yearly import (
    FIRST,
    SECOND,
    SMALL,
    declare,
    publish_year,
    small,
)

__all__ = ["declare", "publish_year"]


def test_ranks_and_scores_are_held_against_last_years_edition(
    publish_year: Callable[..., EditionView],
) -> None:
    publish_year(2018, FIRST)
    assert selectors.movement(selectors.made(ANONYMOUS, SMALL)) is None
    publish_year(2019, SECOND)
    made = selectors.made(ANONYMOUS, SMALL)
    assert (made.years, made.single_year) == ((), 2019)
    rows = {row.unit: row for row in selectors.ranking(made) if row.rank}
    # 2018: Flights 100, 33.3, 0 and LPI 0, 100, 50; 2019: Flights 100, 0, 40 and LPI 0, 100, 50.
    assert rows["AUS"].score_before == rows["AUS"].score == pytest.approx(75)
    assert (rows["AUS"].before, rows["AUS"].rank, rows["AUS"].moved) == (1, 1, 0)
    assert rows["CHN"].score_before == pytest.approx(50)
    assert (rows["CHN"].score, rows["CHN"].before, rows["CHN"].rank) == (25, 2, 3)
    assert rows["CHN"].because == "Flights"
    assert (rows["KOR"].before, rows["KOR"].moved, rows["KOR"].score_before) == (None, None, None)
    told = selectors.movement(made)
    assert told is not None
    assert told.edition is not None
    assert (told.year, told.before, told.edition.number) == (2019, 2018, 1)
    assert [unit for unit, _ in told.appeared] == ["KOR"]
    assert [unit for unit, _ in told.vanished] == ["JPN"]


def test_the_moved_yardstick_is_told_apart_from_the_figures(
    publish_year: Callable[..., EditionView],
) -> None:
    publish_year(2018, FIRST)
    publish_year(2019, SECOND)
    made = selectors.made(ANONYMOUS, SMALL)
    told = selectors.movement(made)
    assert told is not None
    assert [code for code, _ in told.rescaled] == ["Flights"]
    assert not told.other_rules
    # Flights went from 10-40 to 10-60: 40 is 100 on the scale of then and 60 on today's.
    aus = selectors.profile(made, "AUS").since
    assert aus is not None
    assert [(s.code, s.share) for s in aus.shares] == [("Flights", pytest.approx(0.75 * 40))]
    assert aus.yardstick == pytest.approx(-0.75 * 40)
    assert (aus.total, aus.rules, aus.regime) == (pytest.approx(0), pytest.approx(0), 0)
    china = selectors.profile(made, "CHN").since
    assert china is not None
    assert china.total == pytest.approx(-25)
    assert china.yardstick == pytest.approx(0.75 * (20 - 100 / 3))
    parts = sum(s.share for s in china.shares) + china.regime + china.yardstick + china.rules
    assert parts == pytest.approx(china.total)
    korea = selectors.profile(made, "KOR").since
    assert korea is not None
    assert (korea.total, korea.shares) == (None, ())
    assert korea.no_shares is not None


def test_other_weights_are_told_apart_from_figures_and_yardstick(
    publish_year: Callable[..., EditionView], declare: Callable[..., None]
) -> None:
    publish_year(2018, FIRST)
    elements = tuple(replace(e, weight=1.0) for e in small().elements)
    declare(elements=elements)
    publish_year(2019, FIRST)
    made = selectors.made(ANONYMOUS, SMALL)
    told = selectors.movement(made)
    assert told is not None
    assert told.rescaled == ()
    assert [(c.key, c.before, c.after) for c in told.structure] == [
        ("Flights.weight", "3.0", "1.0")
    ]
    china = selectors.profile(made, "CHN").since
    assert china is not None
    assert china.shares == ()
    assert (china.yardstick, china.rules) == (0, pytest.approx(200 / 3 - 50))
    assert china.total == pytest.approx(china.rules)


def test_an_edition_of_the_same_year_is_a_correction_and_not_last_year(
    publish_year: Callable[..., EditionView],
) -> None:
    publish_year(2018, FIRST)
    publish_year(2018, SECOND, corrects=1, reason="flights counted anew")
    assert selectors.movement(selectors.made(ANONYMOUS, SMALL)) is None
    publish_year(2019, FIRST)
    told = selectors.movement(selectors.made(ANONYMOUS, SMALL))
    assert told is not None
    assert told.edition is not None
    assert told.edition.number == 2
    assert selectors.movement(selectors.made(ANONYMOUS, SMALL, 2)) is None


def test_a_lost_bundle_of_last_year_does_not_take_this_years_page_along(
    publish_year: Callable[..., EditionView], settings: Any
) -> None:
    publish_year(2018, FIRST)
    publish_year(2019, SECOND)
    lost = Edition.objects.get(index=SMALL, number=1)
    (Path(settings.QIANTANG_EDITIONS) / lost.file).unlink()
    making.forget()
    made = selectors.made(ANONYMOUS, SMALL)
    assert selectors.movement(made) is None
    assert selectors.ranking(made)[0].before is None


def test_present_figures_of_a_new_year_are_held_against_the_last_edition(
    publish_year: Callable[..., EditionView], officer: Actor
) -> None:
    publish_year(2018, FIRST)
    publish_year(2019, SECOND)
    told = selectors.movement(selectors.working(officer, SMALL))
    assert told is not None
    assert (told.year, told.before) == (2019, 2018)


def test_a_method_that_compares_units_moves_ranks_without_shares(
    publish_year: Callable[..., EditionView], declare: Callable[..., None]
) -> None:
    recipe = {**small().recipe, "aggregate": {"method": "topsis"}}
    declare(recipe=recipe)
    publish_year(2018, FIRST)
    publish_year(2019, SECOND)
    made = selectors.made(ANONYMOUS, SMALL)
    rows = {row.unit: row for row in selectors.ranking(made)}
    assert (rows["AUS"].before, rows["AUS"].because) == (1, "")
    since = selectors.profile(made, "AUS").since
    assert since is not None
    assert since.no_shares is not None
