"""Observations: when a figure could be known, and which kinds are only aims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qiantang.kernel.observations import AIMS, GRADES, Observation, ObservationKind, Source
from qiantang.kernel.periods import Period


def _figure(period: str, published: date | None) -> Observation:
    return Observation(
        id="P001",
        indicator="core_va",
        division="330000",
        period=Period.parse(period),
        value=Decimal("6228.94"),
        unit="亿元",
        kind=ObservationKind.ACTUAL,
        source=Source(title="统计公报", published=published),
    )


@pytest.mark.parametrize(
    ("period", "published", "known"),
    [
        ("2019", date(2020, 1, 13), date(2020, 1, 13)),
        ("2019", None, date(2019, 12, 31)),
        ("2019-01/2019-09", None, date(2019, 9, 30)),
        ("2020-11-01", None, date(2020, 11, 1)),
    ],
)
def test_a_figure_is_known_from_its_publication_else_from_the_end_of_its_period(
    period: str, published: date | None, known: date
) -> None:
    assert _figure(period, published).known_on == known


def test_aims_are_two_kinds_and_no_result() -> None:
    assert {ObservationKind.LATER_TARGET, ObservationKind.OTHER_PLAN_TARGET} == AIMS
    assert len(set(ObservationKind) - AIMS) == 6


def test_grades_run_from_official_to_unattributed() -> None:
    assert GRADES[0] == "A"
    assert GRADES[-1] == "D"
    assert len(set(GRADES)) == len(GRADES)


def test_a_value_is_an_exact_decimal() -> None:
    assert _figure("2019", None).value == Decimal("6228.94")
    assert str(_figure("2019", None).value) == "6228.94"
