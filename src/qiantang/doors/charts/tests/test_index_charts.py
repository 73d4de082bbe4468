"""Charts of an index: parts add up, ranks stand the right way round, every figure is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.doors.charts import (
    Choice,
    Course,
    Layer,
    Part,
    RankSpan,
    YearScore,
    choices_chart,
    courses_chart,
    grid_chart,
    parts_chart,
    ranges_chart,
    render_svgs,
    scores_chart,
    stack_chart,
)
from qiantang.kernel.text import Text

TITLE = Text("得分的构成", "What makes the score")
A, B = Text("联通", "Connectivity"), Text("可持续", "Sustainability")
LAYERS = (
    Layer(Text("指数", "Index"), (Part(A, 4.0, 0), Part(B, -1.5, 1))),
    Layer(Text("支柱", "Pillars"), (Part(A, 5.0, 0), Part(A, -1.0, 0), Part(B, -1.5, 1))),
)


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["data"]["values"]
    return found


def test_each_level_of_the_stack_adds_up_to_the_same_and_parts_do_not_overlap() -> None:
    made = rows(stack_chart(LAYERS, (A, B), lang="zh", title=TITLE))
    for layer in ("指数", "支柱"):
        parts = [r for r in made if r["layer"] == layer]
        assert sum(r["to"] - r["from"] for r in parts) == pytest.approx(2.5)
        assert all(r["from"] * r["to"] >= 0 for r in parts)
    assert [(r["from"], r["to"]) for r in made[2:]] == [(0, 5), (0, -1), (-1, -2.5)]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8))
def test_any_parts_stack_outwards_from_zero(values: list[float]) -> None:
    layer = Layer(A, tuple(Part(A, v) for v in values))
    made = rows(stack_chart([layer], [A], lang="en", title=TITLE))
    up = sum(v for v in values if v >= 0)
    assert max(0.0, *(r["to"] for r in made)) == pytest.approx(up, abs=1e-4)


def test_parts_are_ordered_by_their_effect_and_carry_their_sign() -> None:
    spec = parts_chart([Part(A, 1.0), Part(B, -3.0)], lang="en", title=TITLE)
    assert [(r["name"], r["said"]) for r in rows(spec)] == [
        ("Sustainability", "−3.00"),
        ("Connectivity", "+1.00"),
    ]
    assert "Sustainability -3.00" in spec["description"]


def test_two_parts_of_one_name_keep_a_bar_each() -> None:
    made = rows(parts_chart([Part(A, 1.0), Part(A, 2.0)], lang="zh", title=TITLE))
    assert len({r["name"] for r in made}) == 2


def test_ranges_list_the_best_first_and_say_how_far_it_may_fall() -> None:
    spans = [
        RankSpan(B, 2, 2, 1, 3, 1, 4),
        RankSpan(A, 1, 1, 1, 2, 1, 3, highlight=True),
    ]
    spec = ranges_chart(spans, lang="zh", title=TITLE)
    assert [r["name"] for r in rows(spec)] == ["联通", "可持续"]
    assert "联通第 1 至 3" in spec["description"]
    scale = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert scale == [0.5, 2.5]


def test_rank_one_stands_on_top_and_a_year_without_rank_has_no_point() -> None:
    courses = [Course(A, (1.0, 2.0), highlight=True), Course(B, (None, 1.0))]
    spec = courses_chart(courses, [2015, 2016], lang="en", title=TITLE)
    assert spec["layer"][0]["encoding"]["y"]["scale"]["reverse"] is True
    assert len(rows(spec)) == 3
    assert "Connectivity from 1 to 2" in spec["description"]


def test_units_that_share_a_rank_share_a_label() -> None:
    spec = courses_chart([Course(A, (1.0,)), Course(B, (1.0,))], [2016], lang="zh", title=TITLE)
    assert [r["name"] for r in spec["layer"][1]["data"]["values"]] == ["联通、可持续"]


def test_a_grid_says_each_share_and_leaves_gaps_empty() -> None:
    spec = grid_chart(
        [A, B], [A, B], [[None, 0.931], [0.069, None]], lang="zh", title=TITLE,
        heads=(A, B),
    )  # fmt: skip
    made = [(r["row"], r["column"], r["share"], r["label"]) for r in rows(spec)]
    assert made == [("联通", "可持续", 0.931, "93"), ("可持续", "联通", 0.069, "7")]


def test_the_choice_that_matters_most_comes_first_with_its_bounds() -> None:
    spec = choices_chart(
        [Choice(A, 0.1, 0.2), Choice(B, 0.5, 0.7, (0.6, 0.8))], lang="en", title=TITLE
    )
    made = rows(spec)
    assert [r["said"] for r in made] == ["50% / 70%", "10% / 20%"]
    assert (made[0]["low"], made[0]["high"]) == (0.6, 0.8)
    assert (made[1]["low"], made[1]["high"]) == (0.2, 0.2)


def test_a_year_without_score_is_a_gap_not_a_zero() -> None:
    spec = scores_chart(
        [YearScore(2015, None), YearScore(2016, 41.2, 40, 30, 50)], lang="zh", title=TITLE, name=A
    )
    assert rows(spec)[0]["score"] is None
    assert "41.2" in spec["description"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_is_drawn_even_with_nothing_or_hostile_names(lang: str) -> None:
    hostile = Text("<script>'\"\\]", "</text>'+x\\u")
    specs = [
        stack_chart([Layer(hostile, (Part(hostile, 1.0),))], [hostile], lang=lang, title=TITLE),
        parts_chart([], lang=lang, title=TITLE),
        ranges_chart([], lang=lang, title=TITLE),
        courses_chart([], [], lang=lang, title=TITLE),
        grid_chart([], [], [], lang=lang, title=TITLE, heads=(A, B)),
        choices_chart([], lang=lang, title=TITLE),
        scores_chart([], lang=lang, title=TITLE, name=hostile),
    ]
    drawn = render_svgs(specs)
    assert len(drawn) == len(specs)
    assert all("<svg" in one and "<script>" not in one for one in drawn)
