"""A target's chart from its JSON form: units, the level to reach, what is shown and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from qiantang.doors.charts import target_chart
from qiantang.kernel.text import Text

NAMES = {"core_va": Text("核心产业增加值", "Core value added")}


def row(id: str, period: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "indicator": "core_va",
        "period": period,
        "value": value,
        "unit": "亿元",
        "kind": "actual",
        "source_title": "公报",
        **more,
    }


def target(**more: Any) -> dict[str, Any]:
    return {
        "name": {"zh": "增加值", "en": "Value added"},
        "unit": "亿元",
        "comparator": ">",
        "limits": {"low": 5500, "high": None},
        "due": {"from": "2019-01-01", "to": "2019-12-31", "basis": None},
        "base": None,
        "pace": None,
        "evidence": [row("A", "2014", 2854), row("B", "2019", 6228.9)],
        "rejected": [],
        **more,
    }


def points(spec: dict[str, Any]) -> list[dict[str, Any]]:
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    return layers[0]["data"]["values"] if layers else []


def words(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["text"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]


def rules(spec: dict[str, Any]) -> list[float]:
    found = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule"]
    return [r["value"] for r in found[0]["data"]["values"]] if found else []


def test_chinese_counts_in_the_target_s_unit() -> None:
    spec = target_chart(target(), "zh", NAMES)
    assert [p["value"] for p in points(spec)] == [2854, 6228.9]
    assert rules(spec) == [5500]
    assert "目标：超过5,500亿元" in words(spec)
    assert points(spec)[0]["series"] == "核心产业增加值"


def test_english_counts_money_in_billions_and_the_axis_agrees_with_the_words() -> None:
    spec = target_chart(target(), "en", NAMES)
    assert [p["value"] for p in points(spec)] == pytest.approx([285.4, 622.89])
    assert rules(spec) == [550]
    assert "Target: above 550 billion yuan" in words(spec)


@pytest.mark.parametrize(
    ("mode", "level"), [("difference", [10.9]), ("growth", [pytest.approx(9.1)])]
)
def test_a_change_is_drawn_as_the_level_it_asks_for(mode: str, level: list[float]) -> None:
    asked = 2 if mode == "difference" else 2.247191
    data = target(
        unit="百分点" if mode == "difference" else "%",
        comparator=">=",
        limits={"low": asked, "high": None},
        base={"year": 2015, "mode": mode, "value": 8.9, "needed": None},
        evidence=[row("A", "2019", 10.9, unit="%")],
    )
    assert rules(target_chart(data, "zh", NAMES)) == level


def test_a_change_from_an_unknown_base_has_no_level_to_draw() -> None:
    base = {"year": 2015, "mode": "difference", "value": None, "needed": 8.9}
    spec = target_chart(target(base=base, unit="百分点"), "zh", NAMES)
    assert rules(spec) == []
    assert points(spec)


def test_figures_set_aside_are_shown_as_such_and_incomparable_ones_not_at_all() -> None:
    rejected = [
        row("C", "2018", 5000, code="grade_d"),
        row("D", "2018", 500000, unit="万元", code="outside_period"),
        row("E", "2018", 12, unit="%", code="unit_mismatch"),
        row("F", "2018", 12, unit="家", code="grade_d"),
        row("G", "2018", 1, code="withdrawn"),
    ]
    spec = target_chart(target(rejected=rejected), "zh", NAMES)
    aside = [p for p in points(spec) if p["mark"] == "未采用"]
    assert [p["value"] for p in aside] == [50, 5000]


def test_a_figure_used_twice_is_drawn_once() -> None:
    evidence = [row("A", "2014", 2854), row("A", "2014", 2854)]
    assert len(points(target_chart(target(evidence=evidence), "zh", NAMES))) == 1


def test_the_needed_pace_is_in_the_unit_of_the_chart() -> None:
    pace = {"mode": "growth", "needed": 0.14, "seen": 0.1, "first": "2014", "last": "2019"}
    spec = target_chart(target(pace=pace), "en", NAMES)
    dashed = next(layer for layer in spec["layer"] if "strokeDash" in layer["encoding"])
    path = [v["value"] for v in dashed["data"]["values"]]
    assert path[0] == pytest.approx(285.4)
    assert path[-1] == pytest.approx(285.4 * 1.14**5)


def test_a_milestone_without_figure_or_deadline_is_an_empty_frame() -> None:
    data = target(
        comparator=None, limits={"low": None, "high": None}, due=None, evidence=[], unit=""
    )
    spec = target_chart(data, "en", NAMES)
    assert spec["description"] == "Value added: no data."
    assert spec["layer"]
