"""Divisions with their dates in force, boundaries and census figures."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import CodeList
from qiantang.packs.tests.rows import PACKS, collected, shipped

COUNTY = {"district", "county", "county-level city"}


@pytest.fixture(scope="module")
def divisions() -> CodeList:
    return load_packs(builtin_packs()).packs["geography"].codes["division"]


def _counties(divisions: CodeList, day: date) -> set[str]:
    return {c.code for c in divisions.on(day) if c.extra["level"] in COUNTY}


@pytest.mark.parametrize("day", [date(2020, 11, 1), date(2021, 4, 8), date(2021, 4, 9)])
def test_ninety_county_level_units_are_in_force_before_and_after_the_change(
    divisions: CodeList, day: date
) -> None:
    found = [c for c in divisions.on(day) if c.extra["level"] in COUNTY]
    assert len(found) == 90
    assert len({c.code for c in found}) == 90
    assert sum(c.extra["level"] == "city" for c in divisions.on(day)) == 11


def test_the_change_of_april_2021_swaps_two_districts_for_two(divisions: CodeList) -> None:
    before = _counties(divisions, date(2021, 4, 8))
    after = _counties(divisions, date(2021, 4, 9))
    assert before - after == {"330103", "330104"}
    assert after - before == {"330113", "330114"}


@pytest.mark.parametrize("code", ["330102", "330105", "330109", "330110"])
def test_a_district_that_kept_its_code_with_another_area_stands_twice(
    divisions: CodeList, code: str
) -> None:
    old, new = divisions.find(code, date(2020, 1, 1)), divisions.find(code, date(2022, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.valid_to, new.valid_from) == (date(2021, 4, 8), date(2021, 4, 9))
    assert old.name == new.name


def test_the_first_digits_of_a_code_are_those_of_its_parent(divisions: CodeList) -> None:
    for code in divisions.codes:
        if code.extra["level"] in COUNTY:
            assert code.parent == code.code[:4] + "00"
        elif code.extra["level"] == "city":
            assert code.parent == "330000"


@pytest.mark.parametrize(
    ("code", "en"),
    [
        ("331100", "Lishui"), ("331000", "Taizhou"), ("330212", "Yinzhou District"),
        ("330382", "Yueqing City"), ("330800", "Quzhou"), ("330922", "Shengsi County"),
        ("331122", "Jinyun County"), ("331102", "Liandu District"), ("330305", "Dongtou District"),
        ("330304", "Ouhai District"), ("330683", "Shengzhou City"), ("330112", "Lin'an District"),
        ("331127", "Jingning She Autonomous County"), ("330702", "Wucheng District"),
    ],
)  # fmt: skip
def test_place_names_are_spelled_as_the_places_are_called(
    divisions: CodeList, code: str, en: str
) -> None:
    found = divisions.find(code)
    assert found is not None
    assert found.name.en == en


def test_the_ending_of_the_english_name_is_that_of_the_chinese_one(divisions: CodeList) -> None:
    ends = {"区": "District", "县": "County", "市": "City"}
    for code in divisions.codes:
        if code.extra["level"] in COUNTY:
            assert code.name.en.endswith(ends[code.name.zh[-1]]), code.code


def test_every_city_has_its_boundary(divisions: CodeList) -> None:
    path = PACKS / "geography" / "data" / "zhejiang_cities.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    names = {f["properties"]["code"]: f["properties"]["zh"] for f in features}
    cities = {c.code: c.name.zh for c in divisions.codes if c.extra["level"] == "city"}
    assert names == cities
    for feature in features:
        lines = feature["geometry"]["coordinates"]
        while isinstance(lines[0], list):
            lines = [x for part in lines for x in part]
        assert all(118 <= x <= 123.5 for x in lines[0::2])
        assert all(27 <= y <= 31.5 for y in lines[1::2])


def test_census_populations_add_up_in_ten_cities_and_miss_249343_in_wenzhou() -> None:
    rows = [
        r for r in shipped("geography/data/population_census.csv")
        if r["indicator"] == "pop_census" and r["period"] == "2020-11-01"
    ]  # fmt: skip
    cities = {r["division"]: int(r["value"]) for r in rows if r["division"].endswith("00")}
    units: Counter[str] = Counter()
    for row in rows:
        if not row["division"].endswith("00"):
            units[row["division"][:4] + "00"] += int(row["value"])
    gaps = {code: people - units[code] for code, people in cities.items() if people != units[code]}
    assert gaps == {"330300": 249_343}
    assert sum(cities.values()) == 64_567_588


def test_urban_residents_never_exceed_residents() -> None:
    people: dict[tuple[str, str], dict[str, int]] = {}
    for row in shipped("geography/data/population_census.csv"):
        people.setdefault((row["division"], row["period"]), {})[row["indicator"]] = int(
            row["value"]
        )
    assert len(people) == 22 + 90
    for place, found in people.items():
        assert 0 < found["pop_urban"] <= found["pop_census"], place


def test_every_division_of_the_collection_is_shipped() -> None:
    wanted = {(r["adcode"], r["name_zh"]) for r in collected("divisions.csv")}
    assert {(r["code"], r["zh"]) for r in shipped("geography/codes/division.csv")} == wanted


def test_every_census_figure_of_the_collection_is_shipped_unchanged() -> None:
    rows = shipped("geography/data/population_census.csv")
    found = {(r["division"], r["period"], r["indicator"]): r["value"] for r in rows}
    counties = collected("county_population_2020.csv")
    for row in counties:
        key = (row["adcode_2020"], "2020-11-01")
        assert found[(*key, "pop_census")] == row["population"]
        assert found[(*key, "pop_urban")] == row["urban_population"]
    cities = [r for r in collected("city_observations.csv") if r["indicator_id"].startswith("pop_")]
    for row in cities:
        assert found[(row["adcode"], f"{row['year']}-11-01", row["indicator_id"])] == row["value"]
    assert len(rows) == 2 * len(counties) + len(cities)
