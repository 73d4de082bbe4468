"""A series against its target: what is drawn, where, and how kinds of figure differ."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from qiantang.doors.charts import Point, TargetLine, pace_path, series_chart
from qiantang.doors.charts.series import at_year
from qiantang.kernel.observations import ObservationKind as Kind
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text

TITLE = Text("核心产业增加值", "Core value added")


def point(period: str, value: str, kind: Kind = Kind.ACTUAL, *, used: bool = True) -> Point:
    return Point(Period.parse(period), Decimal(value), kind, used)


def chart(*points: Point, lang: str = "zh", target: TargetLine | None = None) -> dict[str, Any]:
    return series_chart(points, lang=lang, title=TITLE, unit="亿元", target=target)


def marks(spec: dict[str, Any]) -> dict[str, Any]:
    """The layer of the points."""
    return next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")


def texts(spec: dict[str, Any]) -> list[str]:
    return [m["mark"]["text"] for m in spec["layer"] if m["mark"]["type"] == "text"]


def test_every_kind_of_figure_has_a_shape_and_a_colour_of_its_own() -> None:
    kinds = [point(str(2010 + i), "1", kind) for i, kind in enumerate(Kind)]
    part, aside = point("2020-01/2020-09", "1"), point("2021", "1", used=False)
    encoding = marks(chart(*kinds, part, aside))["encoding"]
    shapes = encoding["shape"]["scale"]["range"]
    names = encoding["shape"]["scale"]["domain"]
    assert len(set(shapes)) == len(shapes) == len(names)
    assert {"实际数", "初步数", "年内累计数", "未采用", "其他文件的目标"} <= set(names)
    assert encoding["color"]["scale"]["domain"] == names


@pytest.mark.parametrize(
    ("period", "where"),
    [("2019", 2019), ("2018-01/2018-09", 2017.75), ("2019-12-31", 2019), ("2018-06-30", 2017.5)],
)
def test_a_cumulated_figure_stands_left_of_its_year(period: str, where: float) -> None:
    assert at_year(Period.parse(period)) == where


def test_part_years_aims_and_figures_set_aside_do_not_join_the_line() -> None:
    spec = chart(
        point("2014", "2854"),
        point("2018-01/2018-09", "3855.7"),
        point("2019", "6229", Kind.PRELIMINARY),
        point("2020", "7000", used=False),
        point("2022", "8000", Kind.LATER_TARGET),
    )
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [row["year"] for row in line["data"]["values"]] == [2014, 2019]


def test_the_target_is_a_rule_with_its_words_and_the_deadline_is_named() -> None:
    target = TargetLine(Text("目标:5500", "Target: 5500"), low=Decimal(5500), due=2019)
    spec = chart(point("2018", "5547.7"), target=target)
    rule = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rule")
    assert rule["data"]["values"] == [{"value": 5500.0}]
    assert texts(spec) == ["完成期限 2019", "目标:5500"]


def test_a_range_is_a_band_between_two_rules() -> None:
    target = TargetLine(Text("", ""), low=Decimal(2), high=Decimal(3), due_from=2020, due=2022)
    spec = chart(target=target)
    bands = [m["data"]["values"][0] for m in spec["layer"] if m["mark"]["type"] == "rect"]
    assert {"low": 2.0, "high": 3.0} in bands
    assert "完成期限 2020–2022" in texts(spec)


def test_the_needed_pace_leads_from_the_first_figure_to_the_target() -> None:
    first = (Period.parse("2014"), Decimal(100))
    growth = pace_path(first, 2016, needed=Decimal("0.1"), growth=True)
    points = pace_path(first, 2016, needed=Decimal(5), growth=False)
    assert [v for _, v in growth] == [100, 110, 121]
    assert points[-1] == (2016.0, Decimal(110))
    spec = chart(target=TargetLine(Text("", ""), due=2016, pace=growth))
    dashed = next(layer for layer in spec["layer"] if "strokeDash" in layer["encoding"])
    assert dashed["encoding"]["strokeDash"]["datum"] == "所需进度"


def test_without_figures_the_frame_still_shows_the_target_and_says_so() -> None:
    spec = chart(target=TargetLine(Text("目标", "Target"), low=Decimal(100), due=2020))
    assert spec["description"] == "核心产业增加值：暂无数据。"
    assert texts(spec)


def test_it_speaks_english_throughout_when_asked() -> None:
    target = TargetLine(Text("目标", "Target"), low=Decimal(5500), due=2019)
    spec = chart(point("2018-01/2018-09", "1"), point("2019", "2"), lang="en", target=target)
    said = json.dumps({**spec, "config": {}}, ensure_ascii=False).replace("亿元", "")
    assert not any("一" <= ch <= "鿿" for ch in said)


def test_values_are_inside_the_specification() -> None:
    spec = chart(point("2018", "5547.7"), target=TargetLine(Text("", ""), low=Decimal(1), due=2019))
    assert all("values" in layer["data"] for layer in spec["layer"])
    assert "url" not in json.dumps(spec)
