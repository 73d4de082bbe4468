"""The Wuzhen index: weights as published, editions as found, nothing invented."""

from __future__ import annotations

from datetime import date

import numpy as np

from qiantang.engine.index.declared import data_of
from qiantang.packs.tests.building_indices import LOADED, built, index_of, units_of
from qiantang.packs.tests.rows import collected, shipped

KEY = "wuzhen-index.internet-development"
SYSTEM = "中国互联网发展指数(乌镇指数)"


def test_weights_are_those_published_in_2017_and_add_up() -> None:
    norms = {n.id: n for n in LOADED["wuzhen-index"].norms}
    weights = {e.name.zh: norms[e.weight_norm.partition(".")[2]].value
               for e in index_of(KEY).elements if e.weight_norm}  # fmt: skip
    published = {
        row["dimension"]: int(row["weight_pct"])
        for row in collected("evaluation_indicator_system.csv")
        if row["system"] == SYSTEM and row["edition"] == "2017"
    }
    assert weights == published
    assert sum(weights.values()) == 100
    assert not any(norm.verified for norm in norms.values())


def test_dimensions_of_every_edition_carry_the_words_of_their_source() -> None:
    listed = LOADED["wuzhen-index"].codes["dimension"]
    days = {"2017": date(2018, 1, 1), "2020": date(2021, 1, 1), "2023": date(2024, 1, 1)}
    for edition, day in days.items():
        found = {
            row["dimension"]
            for row in collected("evaluation_indicator_system.csv")
            if row["system"] == SYSTEM and row["edition"] == edition
        }
        assert {code.name.zh for code in listed.on(day)} == found


def test_the_tree_ends_at_the_dimensions_because_nothing_below_them_was_found() -> None:
    index = index_of(KEY)
    assert [e.level for e in index.elements] == [1] * 6 + [2]
    assert len(units_of(index)) == 11
    assert index.note is not None


def test_without_figures_nobody_has_a_score_or_a_rank() -> None:
    index = index_of(KEY)
    made = built(index, data_of(index, units_of(index), []))
    assert np.isnan(made.score("wuzhen")).all()
    assert np.isnan(made.rank("wuzhen")).all()


def test_the_only_scores_shipped_are_made_up_for_the_example_and_say_so() -> None:
    assert LOADED["wuzhen-index"].resources["dimension-score"].data is None
    rows = shipped("wuzhen-index/samples/made_up_scores.csv")
    assert all("虚构" in row["source_title"] and row["grade"] == "D" for row in rows)
