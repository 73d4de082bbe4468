"""Maps, verdict bars and rankings: right way round, missing named as missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.doors.charts import (
    VERDICT_COLOURS,
    Area,
    Ranked,
    lights_chart,
    map_chart,
    ranking_chart,
)
from qiantang.doors.charts.rings import area, hatched, middle, rewound
from qiantang.doors.charts.theme import ink_on
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.text import Text

LEFT = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]
HOLE = [[1.0, 1.0], [1.0, 3.0], [3.0, 3.0], [3.0, 1.0], [1.0, 1.0]]
TITLE = Text("人口", "Population")


def boundaries(*codes: str) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"adcode": int(code)},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[x + 5 * n, y] for x, y in LEFT]],
                },
            }
            for n, code in enumerate(codes)
        ],
    }


def city(code: str, value: str | None) -> Area:
    name = Text(f"{code}市", f"City {code}")
    return Area(code, name, Decimal(value) if value else None, href=f"/divisions/{code}/")


def layers(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def test_outer_rings_turn_right_and_holes_left_whatever_the_source_did() -> None:
    for outer in (LEFT, LEFT[::-1]):
        for hole in (HOLE, HOLE[::-1]):
            turned = rewound({"type": "Polygon", "coordinates": [outer, hole]})
            (one,) = turned["coordinates"]
            assert area(one[0]) < 0 < area(one[1])
            assert rewound(turned) == turned


def test_hatching_stays_inside_and_spares_the_hole() -> None:
    strokes = hatched({"type": "Polygon", "coordinates": [LEFT, HOLE]}, step=0.5)["coordinates"]
    assert strokes
    for (x1, y1), (x2, y2) in strokes:
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        assert 0 <= x <= 4
        assert 0 <= y <= 4
        assert not (1.01 < x < 2.99 and 1.01 < y < 2.99)


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=3, max_size=8))
def test_any_ring_can_be_turned_hatched_and_labelled(points: list[tuple[float, float]]) -> None:
    ring = [list(p) for p in [*points, points[0]]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    assert area(rewound(shape)["coordinates"][0][0]) <= 1e-9
    assert all(len(stroke) == 2 for stroke in hatched(shape)["coordinates"])
    assert len(middle(shape)) == 2


def test_an_area_without_data_is_hatched_and_in_the_legend() -> None:
    spec = map_chart(
        boundaries("330100", "330200"),
        [city("330100", "1194"), city("330200", None)],
        lang="zh",
        title=TITLE,
        unit="万人",
    )
    fill, hatch, _ = layers(spec, "geoshape")
    values = [row["properties"]["value"] for row in fill["data"]["values"]]
    assert values == [1194.0, None]
    assert fill["data"]["values"][1]["properties"]["said"] == "暂无数据"
    assert hatch["encoding"]["stroke"]["scale"]["domain"] == ["暂无数据"]
    assert hatch["data"]["values"][0]["geometry"]["type"] == "MultiLineString"
    assert "1 个地区暂无数据" in spec["description"]


def test_a_map_of_nothing_but_gaps_still_draws() -> None:
    spec = map_chart(boundaries("330100"), [city("330100", None)], lang="en", title=TITLE)
    assert "condition" not in spec["layer"][0]["encoding"]["color"]
    assert spec["description"] == "Population: 1 areas without data."


def test_an_area_without_boundary_is_left_out() -> None:
    spec = map_chart(boundaries("330100"), [city("999999", "1")], lang="zh", title=TITLE)
    assert spec["layer"][0]["data"]["values"] == []


def test_the_verdict_bar_counts_in_the_fixed_order_and_leaves_out_what_is_not_there() -> None:
    counts = {Verdict.NO_EVIDENCE: 15, Verdict.MET: 2, Verdict.NOT_MET: 1, Verdict.UNDECIDED: 0}
    spec = lights_chart(counts, VERDICT_NAMES, lang="zh", title=TITLE)
    rows = spec["data"]["values"]
    assert [(r["verdict"], r["from"], r["to"]) for r in rows] == [
        ("已实现", 0, 2),
        ("未实现", 2, 3),
        ("证据不足", 3, 18),
    ]
    assert "已实现 2 项" in spec["description"]


def test_every_verdict_has_a_colour_of_its_own_with_readable_words_on_it() -> None:
    assert set(VERDICT_COLOURS) == set(Verdict)
    assert len(set(VERDICT_COLOURS.values())) == len(Verdict)
    for colour in VERDICT_COLOURS.values():
        assert contrast(colour, ink_on(colour)) >= 4.5


def test_the_longest_bar_is_first_and_gaps_come_last_with_their_word() -> None:
    rows = [
        Ranked(Text("甲", "A"), Decimal(1)),
        Ranked(Text("乙", "B"), None),
        Ranked(Text("丙", "C"), Decimal(3)),
    ]
    spec = ranking_chart(rows, lang="en", title=TITLE, unit="")
    assert [(v["name"], v["said"]) for v in spec["data"]["values"]] == [
        ("C", "3"),
        ("A", "1"),
        ("B", "No data"),
    ]
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["C", "A", "B"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_ranking_of_nothing_says_so(lang: str) -> None:
    said = ranking_chart([], lang=lang, title=TITLE)["description"]
    assert said == {"zh": "人口：暂无数据。", "en": "Population: no data."}[lang]


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_on_every_verdict_colour_can_be_read() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for verdict, colour in VERDICT_COLOURS.items():
        low, high = sorted((light(colour), light(ink_on(colour))))
        assert (high + 0.05) / (low + 0.05) >= 4.5, verdict


def test_a_ranking_is_as_high_as_its_bars() -> None:
    """A height in steps would make the library drop the fitting and say so in the console."""
    rows = [Ranked(Text(n, n), Decimal(5)) for n in "abc"]
    spec = ranking_chart(rows, lang="zh", title=TITLE)
    assert spec["height"] == 3 * 24
