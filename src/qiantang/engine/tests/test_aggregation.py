"""Parts become a whole only when all of them, as they stood then, are there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qiantang.engine.aggregation import Way, Why, aggregate, parts_of
from qiantang.kernel.currency import ExchangeRate
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code

BEFORE, SINCE = date(2021, 4, 8), date(2021, 4, 9)
CITY = "330100"


def district(code: str, since: date | None = None, until: date | None = None) -> Code:
    return Code(code, Text(code, code), CITY, since, until)


#: As in Hangzhou: one district keeps its code and changes its area, one ends, one begins.
DISTRICTS = [
    district("330102", until=BEFORE),
    district("330102", since=SINCE),
    district("330104", until=BEFORE),
    district("330108"),
    district("330114", since=SINCE),
    Code("330200", Text("330200", "330200"), "330000"),
]
OLD, NEW = ("330102", "330104", "330108"), ("330102", "330108", "330114")
Y2020, Y2021, Y2022 = (Period.parse(y) for y in ("2020", "2021", "2022"))


def figure(code: str, value: str, period: Period = Y2020, **more: object) -> Observation:
    given: dict[str, object] = {
        "id": f"{code}-{period}-{value}",
        "indicator": "gdp",
        "unit": "亿元",
        "kind": ObservationKind.ACTUAL,
        "source": Source("s", grade="B"),
    }
    made = {**given, **more}
    return Observation(division=code, period=period, value=Decimal(value), **made)  # type: ignore[arg-type]


def test_the_parts_are_those_of_the_period() -> None:
    assert tuple(p.code for p in parts_of(DISTRICTS, CITY, Y2020)) == OLD
    assert tuple(p.code for p in parts_of(DISTRICTS, CITY, Y2022)) == NEW


def test_all_parts_in_force_make_a_whole() -> None:
    found = aggregate(DISTRICTS, CITY, Y2020, [figure(c, "0.1") for c in OLD], unit="亿元")
    assert found.value == Decimal("0.3")
    assert found.missing == ()
    assert len(found.used) == 3


def test_a_part_that_is_missing_is_named_and_nothing_is_added_up() -> None:
    some = [figure(c, "1") for c in OLD[:2]]
    found = aggregate(DISTRICTS, CITY, Y2020, some, unit="亿元")
    assert found.value is None
    assert [(m.part.code, m.why) for m in found.missing] == [("330108", Why.NO_FIGURE)]


def test_old_areas_never_complete_a_later_period() -> None:
    old = [figure(c, "1", Y2020) for c in OLD] + [figure(c, "1", Y2022) for c in OLD]
    found = aggregate(DISTRICTS, CITY, Y2022, old, unit="亿元")
    assert found.value is None
    assert [m.part.code for m in found.missing] == ["330114"]


def test_a_year_of_change_is_added_up_only_when_the_caller_says_which_areas_count() -> None:
    figures = [figure(c, "2", Y2021) for c in NEW]
    found = aggregate(DISTRICTS, CITY, Y2021, figures, unit="亿元")
    assert found.value is None
    assert {d.code for d in found.changed} == {"330102", "330104", "330114"}
    assert {(m.part.code, m.why) for m in found.missing} == {
        ("330102", Why.AREA_CHANGED),
        ("330114", Why.AREA_CHANGED),
    }
    said = aggregate(DISTRICTS, CITY, Y2021, figures, unit="亿元", areas_of_last_day=True)
    assert said.value == 6
    assert said.changed == found.changed


def test_a_moment_has_the_areas_of_its_day() -> None:
    day = Period.parse("2021-04-08")
    found = aggregate(DISTRICTS, CITY, day, [figure(c, "1", day) for c in OLD], unit="亿元")
    assert (found.value, found.changed) == (3, ())


def test_units_are_converted_exactly_and_others_refused() -> None:
    figures = [figure(OLD[0], "1"), figure(OLD[1], "3", unit="万元"), figure(OLD[2], "0")]
    assert aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元").value == Decimal("1.0003")
    figures[1] = figure(OLD[1], "3", unit="人")
    found = aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元")
    assert [m.why for m in found.missing] == [Why.UNIT]


def test_another_currency_needs_the_rate_of_the_period() -> None:
    figures = [figure(OLD[0], "1"), figure(OLD[1], "2", unit="亿美元"), figure(OLD[2], "0")]
    assert aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元").value is None
    wrong = ExchangeRate("美元", Decimal("7.0"), Y2021, "s")
    right = ExchangeRate("美元", Decimal("6.9"), Y2020, "s")
    assert aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元", rates=[wrong]).value is None
    found = aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元", rates=[wrong, right])
    assert found.value == Decimal("14.8")


def test_means_and_weights() -> None:
    figures = [figure(c, v) for c, v in zip(OLD, ("10", "20", "60"), strict=True)]
    mean = aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元", way=Way.MEAN)
    assert mean.value == 30
    weights = {OLD[0]: Decimal(3), OLD[1]: Decimal(1), OLD[2]: Decimal(0)}
    ways = {"unit": "亿元", "way": Way.WEIGHTED}
    weighed = aggregate(DISTRICTS, CITY, Y2020, figures, weights=weights, **ways)  # type: ignore[arg-type]
    assert weighed.value == Decimal("12.5")
    del weights[OLD[1]]
    lacking = aggregate(DISTRICTS, CITY, Y2020, figures, weights=weights, **ways)  # type: ignore[arg-type]
    assert lacking.value is None
    assert [(m.part.code, m.why) for m in lacking.missing] == [(OLD[1], Why.NO_WEIGHT)]


@pytest.mark.parametrize(
    ("grade", "value", "why"), [("A", Decimal(5), None), ("B", None, Why.AMBIGUOUS)]
)
def test_of_several_sources_the_better_grade_counts_and_equals_that_differ_do_not(
    grade: str, value: Decimal | None, why: Why | None
) -> None:
    figures = [figure(OLD[0], "2"), figure(OLD[1], "1"), figure(OLD[2], "1")]
    figures.append(figure(OLD[0], "3", source=Source("t", grade=grade)))
    found = aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元")
    assert found.value == value
    assert [m.why for m in found.missing] == ([why] if why else [])


def test_aims_and_withdrawn_figures_are_no_parts() -> None:
    figures = [figure(c, "1") for c in OLD[:2]]
    figures.append(figure(OLD[2], "1", kind=ObservationKind.LATER_TARGET))
    figures.append(figure(OLD[2], "2", withdrawn=True))
    figures.append(figure(OLD[2], "3", kind=ObservationKind.LOWER_BOUND))
    assert aggregate(DISTRICTS, CITY, Y2020, figures, unit="亿元").value is None


def test_a_place_without_parts_has_no_whole() -> None:
    assert aggregate(DISTRICTS, "330999", Y2020, [], unit="亿元").value is None
