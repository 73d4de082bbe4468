"""The worked example: figures digit by digit, every step as published, and nothing artificial
mixed into the real index."""

from __future__ import annotations

import numpy as np
import pytest

from qiantang.engine.index.choices import factors_of
from qiantang.engine.index.declared import structure_of
from qiantang.packs.tests.building_indices import LOADED, built, index_of, table_of, units_of
from qiantang.packs.tests.rows import collected, shipped

REAL, PANEL = "asem-connectivity.connectivity", "asem-connectivity.connectivity-panel"
STEPS = {
    "denominated": "2_Denominated",
    "imputed": "3_Imputed",
    "screened": "4_Screened",
    "treated": "5_Treated",
    "normalised": "6_Normalised",
}


def test_the_tree_is_that_of_the_source() -> None:
    index = index_of(REAL)
    levels = [e.level for e in index.elements]
    assert [levels.count(n) for n in (1, 2, 3, 4)] == [49, 8, 2, 1]
    assert len(units_of(index)) == 51
    for row in collected("asem/iMeta.csv"):
        element = index.element(row["iCode"])
        if row["Type"] in {"Indicator", "Aggregate"}:
            assert element is not None
            assert element.parent == row["Parent"]
            assert element.denominator == row["Denominator"]
            assert element.level == int(row["Level"])
            assert element.direction == int(row["Direction"])


@pytest.mark.parametrize(
    ("file", "source"),
    [("connectivity", "iData"), ("connectivity_panel", "iData_panel")],
)
def test_figures_are_those_of_the_source_digit_by_digit(file: str, source: str) -> None:
    codes = list(index_of(REAL).columns)
    wanted = {
        (row["uCode"], code, row["Time"], row[code])
        for row in collected(f"asem/{source}.csv")
        for code in codes
        if row[code]
    }
    rows = shipped(f"asem-connectivity/data/{file}.csv")
    assert {tuple(row.values()) for row in rows} == wanted
    assert len(rows) == len(wanted)


@pytest.mark.parametrize(("step", "file"), STEPS.items())
def test_every_step_is_the_published_one(step: str, file: str) -> None:
    index = index_of(REAL)
    made = built(index, table_of(index)).steps[step]
    expected = {row["uCode"]: row for row in collected(f"asem/expected_steps/{file}.csv")}
    assert set(made.units) == set(expected)
    for place, unit in enumerate(made.units):
        wanted = [float(expected[unit][code] or "nan") for code in made.columns]
        np.testing.assert_allclose(made.values[place], wanted, rtol=1e-9, atol=1e-9)


def test_scores_and_ranks_are_the_published_ones() -> None:
    index = index_of(REAL)
    made = built(index, table_of(index))
    scores = {row["uCode"]: row for row in collected("asem/expected_steps/aggregate_scores.csv")}
    ranks = {row["uCode"]: row for row in collected("asem/expected_steps/aggregate_ranks.csv")}
    for code in (e.code for e in index.elements if e.level > 1):
        for unit, score, rank in zip(
            made.scores.units, made.score(code), made.rank(code), strict=True
        ):
            assert score == pytest.approx(float(scores[unit][code]), abs=1e-9)
            assert int(rank) == int(ranks[unit][code])


def test_there_are_two_thousand_ways_to_compute_it() -> None:
    index = index_of(REAL)
    factors = factors_of(index.recipe, structure_of(index))
    assert [len(f.alternatives) for f in factors] == [5, 2, 100, 2]


def test_the_artificial_panel_is_kept_apart_and_says_so() -> None:
    real, panel = index_of(REAL), index_of(PANEL)
    assert real.figures != panel.figures
    assert {row["year"] for row in shipped("asem-connectivity/data/connectivity.csv")} == {"2018"}
    resource = LOADED["asem-connectivity"].resources["connectivity-panel-figures"]
    for text in (panel.name, panel.note, resource.name, resource.description):
        assert text is not None
        assert "人造" in text.zh
        assert "artificial" in text.en.lower()


def test_the_panel_gives_every_year_its_scores() -> None:
    panel = index_of(PANEL)
    made = built(panel, table_of(panel))
    assert sorted(set(made.scores.times)) == [2018, 2019, 2020, 2021, 2022]
    assert not np.isnan(made.score("Index")).any()


def test_the_notice_of_the_licence_is_shipped() -> None:
    notice = (LOADED["asem-connectivity"].path / "LICENCES.md").read_text(encoding="utf-8")
    assert "Copyright (c) 2022 William Becker" in notice
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notice
