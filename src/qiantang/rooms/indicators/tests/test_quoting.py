"""Which of several sources is quoted for one period: as verdicts have it, and said how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.rooms.indicators.selectors import quoted


def figure(id: str, value: str, grade: str = "A", **more: Any) -> Observation:
    published = more.pop("published", date(2020, 9, 1))
    return Observation(
        id=id,
        indicator="core_va",
        division="330000",
        period=Period.parse("2019"),
        value=Decimal(value),
        unit=more.pop("unit", "亿元"),
        kind=ObservationKind(more.pop("kind", "actual")),
        source=Source(more.pop("title", f"来源{id}"), grade=grade, published=published),
    )


@pytest.mark.parametrize(
    ("figures", "id", "by"),
    [
        ([figure("a", "100")], "a", "agreed"),
        ([figure("a", "100", "C"), figure("b", "100.2", "A")], "b", "agreed"),
        ([figure("a", "100", "A"), figure("b", "90", "C")], "a", "grade"),
        (
            [
                figure("a", "100"),
                figure("b", "100"),
                figure("c", "90", published=date(2021, 1, 1)),
            ],
            "a",
            "majority",
        ),
        ([figure("a", "100"), figure("b", "90")], "a", "undecided"),
        ([figure("a", "90", kind="preliminary"), figure("b", "100", "B")], "b", "agreed"),
        ([figure("a", "100", "D"), figure("b", "90", "C")], "b", "agreed"),
        ([figure("a", "100", "D")], "a", "agreed"),
        ([figure("a", "95", kind="lower_bound"), figure("b", "100", "B")], "b", "agreed"),
        ([figure("a", "100"), figure("b", "1000000", unit="万元")], "a", "agreed"),
    ],
)
def test_the_figure_that_is_quoted(figures: list[Observation], id: str, by: str) -> None:
    for order in (figures, figures[::-1]):
        found = quoted(order)
        assert (found.observation.id, found.by, found.others) == (id, by, len(figures) - 1)
