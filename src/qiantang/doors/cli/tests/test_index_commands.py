"""`qiantang index`: built from files, questioned, and refused with words."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli

META = """Level,iCode,iName,Direction,Weight,Parent,Type
1,gdp,GDP,1,1,Growth,Indicator
1,jobs,Jobs,1,1,Growth,Indicator
1,smoke,Smoke,-1,1,Green,Indicator
2,Growth,Growth,,1,Index,Aggregate
2,Green,Green,,1,Index,Aggregate
3,Index,Index,,1,,Aggregate
"""
DATA = """uCode,uName,gdp,jobs,smoke
HZ,Hangzhou,10,5,3
NB,Ningbo,8,6,4
WZ,Wenzhou,5,,1
"""
RECIPE = """[normalise]
range = [1, 100]

[[uncertain]]
name = "mean"
set = "aggregate.method"
to = ["arithmetic", "geometric"]

[[uncertain]]
name = "weights"
noise = 0.2
sets = 5
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, text in (("m.csv", META), ("d.csv", DATA), ("r.toml", RECIPE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [
        "--idata", str(tmp_path / "d.csv"), "--imeta", str(tmp_path / "m.csv"),
        "--recipe", str(tmp_path / "r.toml"),
    ]  # fmt: skip


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", "index", *args])


def test_every_step_is_written_with_unit_codes_first(files: list[str], tmp_path: Path) -> None:
    done = run("build", *files, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert {p.stem for p in (tmp_path / "out").iterdir()} == {
        "raw", "normalised", "aggregated", "results", "weights", "recipe",
    }  # fmt: skip
    assert "Not in the recipe, so not done: denominate, impute, screen, treat" in done.output
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert rows[0]["Index_rank"] == "1"
    assert [r["uCode"] for r in rows] == ["WZ", "HZ", "NB"]


def test_comparing_two_units_gives_shares_that_add_up(files: list[str]) -> None:
    found = json.loads(run("compare", "HZ", "NB", *files, "--format", "json").stdout)
    assert sum(found["shares"].values()) == pytest.approx(found["total"], abs=1e-6)


def test_shares_say_what_they_add_up_to(files: list[str]) -> None:
    found = json.loads(run("compare", "HZ", "NB", *files, "--format", "json").stdout)
    said = run("compare", "HZ", "NB", *files).stdout.splitlines()[0]
    assert said == f"Index: HZ less NB: {found['total']:+.2f}, made of"
    said = run("explain", "WZ", *files).stdout.splitlines()[0]
    assert said.startswith("Index of WZ against the mean of all units: +")


def test_another_weight_shows_who_moves(files: list[str]) -> None:
    found = json.loads(run("whatif", "--set", "weight:Growth=9", *files, "--format", "json").stdout)
    rank = {u["unit"]: u["rank_after"] for u in found["units"]}
    assert rank == {"NB": 1, "HZ": 2, "WZ": 3}


def test_sensitivity_is_exact_where_choices_are_few(files: list[str]) -> None:
    found = json.loads(run("sensitivity", *files, "--format", "json").stdout)
    assert found["exact"] is True
    assert found["combinations"] == 10
    assert found["failed"] == []
    assert {f["name"] for f in found["factors"]} == {"mean", "weights"}


@pytest.mark.parametrize("change", ["weight:Growth", "aggregate.method=geometrc", "weight:Nil=1"])
def test_a_change_that_cannot_be_made_is_refused_in_words(files: list[str], change: str) -> None:
    done = run("whatif", "--set", change, *files)
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_a_weight_of_an_unknown_code_names_the_option_and_the_nearest_code(
    files: list[str],
) -> None:
    done = run("whatif", "--set", "weight:Growh=1", *files)
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert '--set weight:Growh: the index has no element "Growh"' in said
    assert "Did you mean: Growth" in said


def test_a_changed_weight_counts_before_one_that_the_recipe_gives(files: list[str]) -> None:
    recipe = Path(files[files.index("--recipe") + 1])
    recipe.write_text(recipe.read_text(encoding="utf-8") + "\n[weigh.given]\nGrowth = 1\n",
                      encoding="utf-8")  # fmt: skip
    found = json.loads(run("whatif", "--set", "weight:Growth=9", *files, "--format", "json").stdout)
    assert {u["unit"]: u["rank_after"] for u in found["units"]} == {"NB": 1, "HZ": 2, "WZ": 3}


def test_a_coin_tool_workbook_becomes_files_that_build(tmp_path: Path) -> None:
    from qiantang.engine.index.tests.test_coin_tool import workbook

    out = tmp_path / "in"
    done = run("import-coin-tool", str(workbook(tmp_path / "tool.xlsx")), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "3 units, 3 indicators" in done.output
    assert '"Trees" has no figures: left out' in done.output
    built = run("build", "--idata", str(out / "iData.csv"), "--imeta", str(out / "iMeta.csv"),
                "--recipe", str(out / "recipe.toml"), "--out", str(tmp_path / "out"))  # fmt: skip
    assert built.exit_code == 0, built.output
    assert (tmp_path / "out" / "results.csv").is_file()


CHOICES = """
[[uncertain]]
name = "mean"
set = "aggregate.method"
to = ["arithmetic", "geometric"]

[[uncertain]]
name = "range"
ways = [{}, { normalise = { range = [0, 100] } }]

[[uncertain]]
name = "out"
leave_out = ["jobs"]
"""


@pytest.fixture
def choices(files: list[str], tmp_path: Path) -> list[str]:
    (tmp_path / "r.toml").write_text("[normalise]\nrange = [1, 100]\n" + CHOICES, encoding="utf-8")
    return files


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_failed_ways_and_usual_places_are_told_in_both_languages(
    choices: list[str], lang: str
) -> None:
    done = CliRunner().invoke(cli, ["--lang", lang, "index", "sensitivity", *choices])
    assert done.exit_code == 0, done.output
    # Two reasons: Ningbo is the lowest once jobs, where it is best, are left out.
    assert done.output.count({"zh": "有 1 种无法计算", "en": "1 could not be computed"}[lang]) == 2
    assert {"zh": "种算法中", "en": "ways to compute it"}[lang] in done.output
    found = json.loads(run("sensitivity", *choices, "--format", "json").stdout)
    assert found["combinations"] == 8
    assert [f["choices"]["mean"] for f in found["failed"]] == ["geometric"] * 2
    assert all(
        {f["name"] for f in u["factors"]} == {"mean", "range", "out"} for u in found["units"]
    )
    assert found["units"][0]["in_words"]["en"].startswith("Hangzhou is ")


def test_everything_about_robustness_is_written_as_csv(choices: list[str], tmp_path: Path) -> None:
    done = run("sensitivity", *choices, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    tables = {}
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8") as source:
            tables[path.stem] = list(csv.DictReader(source))
    assert set(tables) == {
        "factors", "factors_by_unit", "units", "places", "above", "combinations", "ranks",
    }  # fmt: skip
    assert [r["uCode"] for r in tables["units"]] == ["HZ", "NB", "WZ"]
    for row in tables["places"]:
        assert sum(float(row[str(place)]) for place in (1, 2, 3)) == pytest.approx(1)
    failed = [r for r in tables["combinations"] if r["failed_en"]]
    assert [(r["mean"], r["range"]) for r in failed] == [("geometric", "2")] * 2
    assert all(tables["ranks"][int(r["combination"])]["HZ"] == "" for r in failed)


def test_the_recipe_of_a_combination_can_be_read(choices: list[str]) -> None:
    found = json.loads(run("sensitivity", *choices, "--combination", "5").stdout)
    assert found == {
        "normalise": {"range": [1, 100]}, "aggregate": {"method": "geometric"},
        "leave_out": ["jobs"],
    }  # fmt: skip
    done = run("sensitivity", *choices, "--combination", "8")
    assert done.exit_code == 1
    assert "0 to 7" in done.output


@pytest.mark.parametrize("command", [("explain", "ningpo"), ("compare", "HZ", "ningpo")])
def test_an_unknown_unit_is_answered_with_what_was_meant(
    files: list[str], command: tuple[str, ...]
) -> None:
    done = run(*command, *files)
    assert done.exit_code == 1
    assert "Did you mean: NB" in done.output
    zh = CliRunner().invoke(cli, ["--lang", "zh", "index", *command, *files])
    assert "是否要找：NB" in zh.output


def test_two_years_of_a_unit_are_compared(files: list[str], tmp_path: Path) -> None:
    rows = ["uCode,Time,gdp,jobs,smoke", "HZ,2016,10,5,3", "NB,2016,8,6,4", "HZ,2017,12,6,3",
            "NB,2017,9,9,1"]  # fmt: skip
    (tmp_path / "d.csv").write_text("\n".join(rows), encoding="utf-8")
    args = ("compare", "NB", "NB", *files, "--other-year", "2016", "--format", "json")
    found = json.loads(run(*args).stdout)
    assert found["total"] == pytest.approx(sum(found["shares"].values()))
    assert found["total"] > 0
    assert run("explain", "NB", *files, "--year", "2016").exit_code == 0
    missing = run("explain", "NB", *files, "--year", "2015")
    assert "NB 2016, NB 2017" in missing.output
