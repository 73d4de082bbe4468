"""The provincial evaluation: real figures alone, the base as published, gaps that stay gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qiantang.engine.index.declared import Figure, data_of
from qiantang.packs.tests.building_indices import LOADED, built, index_of, units_of
from qiantang.packs.tests.rows import shipped

KEY = "information-economy-evaluation.evaluation"
OBSERVATIONS = "statistics-zhejiang/data/observation.csv"
RESULTS = {"actual", "preliminary", "approximate", "derived"}


def _published() -> list[Figure]:
    """Figures of whole years that the statistics pack ships."""
    return [
        Figure(row["division"], row["indicator"], int(row["period"]), float(row["value"]))
        for row in shipped(OBSERVATIONS)
        if row["kind"] in RESULTS and row["period"].isdigit()
    ]


def test_the_base_of_every_indicator_is_the_published_figure_of_the_province() -> None:
    index: Any = index_of(KEY)
    province = {f.indicator: f.value for f in _published()
                if f.unit == "330000" and f.year == 2020}  # fmt: skip
    bases = {code: table["base"] for code, table in index.recipe["normalise"]["only"].items()}
    assert bases.pop("iee_government") == 100
    assert bases == {code: province[code] for code in bases}
    assert set(bases) | {"iee_government"} == {e.code for e in index.elements if e.level == 1}


def test_nothing_is_said_to_be_verified() -> None:
    assert not any(e.verified for e in index_of(KEY).elements)
    assert all(e.source for e in index_of(KEY).elements)


def test_with_the_figures_there_are_cities_get_no_score_and_no_rank() -> None:
    index = index_of(KEY)
    data = data_of(index, units_of(index), _published())
    made = built(index, data)
    assert len(units_of(index)) == 11
    assert not np.isnan(made.score("core_share")).all()
    assert np.isnan(made.score("evaluation")).all()
    assert np.isnan(made.rank("evaluation")).all()


def test_a_city_with_the_figures_of_the_province_stands_at_100() -> None:
    index = index_of(KEY)
    figures = [
        Figure("330100", f.indicator, 2020, f.value)
        for f in _published()
        if f.unit == "330000" and f.year == 2020
    ]
    made = built(index, data_of(index, units_of(index), figures))
    row = made.scores.units.index("330100")
    for element in ("infrastructure", "core", "personal", "enterprise", "evaluation"):
        assert made.score(element)[row] == pytest.approx(100)
    assert made.rank("evaluation")[row] == 1


def test_rows_of_the_example_are_rows_of_the_statistics_pack() -> None:
    rows = shipped("information-economy-evaluation/samples/core_share_of_cities.csv")
    assert rows == [
        row
        for row in shipped(OBSERVATIONS)
        if row["indicator"] == "core_share" and row["division"] != "330000"
    ]
    assert LOADED["information-economy-evaluation"].requires == ("geography", "statistics-zhejiang")


def test_the_words_count_what_the_tree_holds() -> None:
    index = index_of(KEY)
    leaves = [e for e in index.elements if e.level == 1]
    entered = [e for e in leaves if e.parent == "evaluation"]
    assert [e.code for e in entered] == ["iee_government"]
    assert len(leaves) - len(entered) == 11
    pack = LOADED["information-economy-evaluation"]
    for said in (pack.description, index.description, index.note):
        assert said is not None
        assert f"{len(leaves)}项数据" in said.zh
        assert "twelve figures" in said.en
        assert "政府应用" in said.zh
        assert "entered directly" in said.en
