"""The shipped figures: complete against the collection, unchanged, and nothing uncleared."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.periods import Period
from qiantang.kernel.units import unit
from qiantang.packkit import builtin_packs, load_packs
from qiantang.packs.tests.rows import collected, shipped

FILE = "statistics-zhejiang/data/observation.csv"
RENAMED = {("C", "core_growth"): "core_va_growth", ("C", "hitech"): "hitech_national"}
UNCLEARED = "MingMinM"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return shipped(FILE)


def _wanted() -> list[dict[str, str]]:
    found = [*collected("province_observations.csv"), *collected("city_observations.csv")]
    return [
        row
        for row in found
        if UNCLEARED not in row["source_title"]
        and row["indicator_id"] not in {"pop_census", "pop_urban"}
    ]


def test_there_are_324_figures_each_with_its_own_id(rows: list[dict[str, str]]) -> None:
    assert Counter(r["id"][0] for r in rows) == {"P": 167, "C": 96, "I": 61}
    assert len({r["id"] for r in rows}) == len(rows)


def test_nothing_is_shipped_whose_licence_is_to_be_cleared_first(
    rows: list[dict[str, str]],
) -> None:
    text = " ".join(" ".join(r.values()) for r in rows)
    for word in (UNCLEARED, "Anintony", "PKU", "Peking University", "no licence stated"):
        assert word not in text


def test_every_figure_is_well_formed(rows: list[dict[str, str]]) -> None:
    for row in rows:
        Period.parse(row["period"])
        Decimal(row["value"])
        unit(row["unit"])
        ObservationKind(row["kind"])
        assert row["grade"] in GRADES
        assert row["source_title"].strip()
        assert row["quote"].strip()
        if row["published"]:
            assert date(2013, 1, 1) < date.fromisoformat(row["published"]) < date(2026, 1, 1)


def test_every_figure_is_in_the_unit_of_its_indicator(rows: list[dict[str, str]]) -> None:
    indicators = load_packs(builtin_packs()).packs["statistics-zhejiang"].indicators
    for row in rows:
        assert indicators[row["indicator"]].unit == row["unit"], row["id"]


def test_every_declared_indicator_has_a_figure_but_the_one_without_usable_sources(
    rows: list[dict[str, str]],
) -> None:
    declared = {r["code"] for r in shipped("statistics-zhejiang/codes/indicator.csv")}
    assert declared - {r["indicator"] for r in rows} == {"ec_trade"}


def test_a_result_is_not_known_before_its_period_ends_unless_it_is_an_index_edition(
    rows: list[dict[str, str]],
) -> None:
    early = [
        r["id"] for r in rows
        if r["published"] and r["kind"] not in {"later_target", "other_plan_target"}
        and date.fromisoformat(r["published"]).year < Period.parse(r["period"]).year
    ]  # fmt: skip
    assert early == []


def test_a_date_that_is_not_in_the_title_says_where_it_comes_from(
    rows: list[dict[str, str]],
) -> None:
    for row in rows:
        if row["published"] and row["published"] not in row["source_title"]:
            assert "publi" in row["scope_note"], row["id"]


def test_a_derived_figure_shows_how_it_was_derived(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["kind"] == "derived":
            assert re.search(r"[÷减]", row["scope_note"]), row["id"]


def test_notes_speak_both_languages(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for column in ("scope_note", "quality_flag"):
            if row[column]:
                assert re.search(r"[\u4e00-\u9fff]", row[column]), (row["id"], row[column])


def test_every_collected_figure_that_may_be_shipped_is_shipped_unchanged(
    rows: list[dict[str, str]],
) -> None:
    found = {r["id"]: r for r in rows}
    wanted = _wanted()
    assert {r["obs_id"] for r in wanted} == {key for key in found if key[0] in "PC"}
    for row in wanted:
        kept = found[row["obs_id"]]
        level = row["obs_id"][0]
        indicator = RENAMED.get((level, row["indicator_id"]), row["indicator_id"])
        assert kept["indicator"] == indicator
        assert kept["division"] == row.get("adcode", "330000")
        for ours, theirs in (
            ("value", "value"), ("unit", "unit"), ("kind", "kind"), ("quote", "quote"),
            ("grade", "source_reliability"), ("source_title", "source_title"),
            ("source_address", "source_url"),
        ):  # fmt: skip
            assert kept[ours] == row[theirs], (row["obs_id"], ours)


@pytest.mark.parametrize(
    ("collected_period", "pattern"),
    [
        ("full year", r"\d{4}"),
        ("year end", r"\d{4}-12-31"),
        ("end June", r"\d{4}-06-30"),
        ("end November", r"\d{4}-11-30"),
        ("Jan-Jun", r"\d{4}-01/\d{4}-06"),
        ("Jan-Sep", r"\d{4}-01/\d{4}-09"),
        ("13th five-year period", r"2020-12-31"),
        ("article of 2016/2017", r"~2016"),
    ],
)
def test_periods_are_written_as_the_collection_means_them(
    rows: list[dict[str, str]], collected_period: str, pattern: str
) -> None:
    found = {r["id"]: r["period"] for r in rows}
    meant = [r for r in _wanted() if r["period"] == collected_period]
    assert meant
    for row in meant:
        assert re.fullmatch(pattern, found[row["obs_id"]]), row["obs_id"]
        assert row["year"] in found[row["obs_id"]]


def test_ranks_and_index_figures_are_those_of_the_collection(rows: list[dict[str, str]]) -> None:
    published = collected("official_city_index.csv")
    for row in rows:
        match = re.fullmatch(r"I(\d{3})([SE]?)", row["id"])
        if match is None:
            continue
        source = published[int(match[1]) - 1]
        assert row["quote"] == source["quote"]
        assert row["source_title"] == source["source_title"]
        assert row["period"].removeprefix("~") == source["data_year"]
        figures = {source["rank"], source["score"].removeprefix(">")}
        assert row["value"] in figures or (match[2] == "E" and row["value"] == "1")
        if source["adcode"]:
            assert row["division"] == source["adcode"]
        else:
            assert (row["division"], source["area_zh"][:2]) == ("330000", "浙江")
