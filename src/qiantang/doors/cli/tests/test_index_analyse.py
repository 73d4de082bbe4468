"""`qiantang index analyse`: what needs a look is said, and every analysis is there as a table."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli

META = """Level,iCode,iName,Direction,Weight,Denominator,Parent,Type
1,a,A,1,1,,G,Indicator
1,b,B,1,1,,G,Indicator
1,c,C,1,1,,G,Indicator
1,d,D,1,1,,H,Indicator
1,e,E,1,1,,H,Indicator
2,G,G,,1,,Index,Aggregate
2,H,H,,1,,Index,Aggregate
3,Index,Index,,1,,,Aggregate
,people,Inhabitants,,,,,Denominator
"""
# b is twice a, c runs against both, d does not vary, e has three gaps; people follow a and b.
DATA = """uCode,people,a,b,c,d,e
A,10,1,2,6,7,3
B,20,2,4,5,7,
C,30,3,6,4,7,5
D,40,4,8,3,7,
E,50,5,10,2,7,
F,60,6,12,1,,1
"""
RECIPE = "[normalise]\nrange = [0, 100]\n"
PANEL_META = """Level,iCode,iName,Direction,Weight,Parent,Type
1,a,A,1,1,Index,Indicator
1,b,B,1,1,Index,Indicator
2,Index,Index,,1,,Aggregate
"""
PANEL = """uCode,Time,a,b
HZ,2018,40,40
NB,2018,30,30
WZ,2018,20,10
HZ,2016,10,10
NB,2016,20,20
WZ,2016,25,
"""
ALWAYS = {
    "statistics", "availability", "correlations", "with_parents", "with_denominators", "cronbach",
    "components", "clusters", "effective_weights", "leave_one_out",
}  # fmt: skip


def written(folder: Path, meta: str, data: str, recipe: str) -> list[str]:
    args = []
    for option, name, text in (("--imeta", "m.csv", meta), ("--idata", "d.csv", data),
                               ("--recipe", "r.toml", recipe)):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
        args += [option, str(folder / name)]
    return args


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return written(tmp_path, META, DATA, RECIPE)


@pytest.fixture
def panel(tmp_path: Path) -> list[str]:
    return written(tmp_path, PANEL_META, PANEL, "[normalise]\nrange = [10, 40]\n")


def run(*args: str, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "index", "analyse", *args])


def as_json(*args: str) -> dict[str, Any]:
    done = run(*args, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def by_code(rows: list[dict[str, Any]], key: str = "iCode") -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def test_what_needs_a_look_is_said_in_english(files: list[str]) -> None:
    done = run(*files)
    assert done.exit_code == 0, done.output
    for said in (
        "Index: 6 units, 5 indicators.", "a and b say nearly the same (r = 1.00, p < 0.001)",
        "a and c pull against each other (r = -1.00, p < 0.001)",
        "c runs against its group G (r = -1.00, p < 0.001)",
        "a mostly tells the size people (r = 1.00, p < 0.001)",
        "G: its parts hardly go together (Cronbach's alpha -3.00, below 0.7)",
        "Level 1: ranks move most (mean places) without e",
        "With little data (less than two thirds), indicators: e (50%)", "d does not vary",
    ):  # fmt: skip
        assert said in done.output


def test_what_needs_a_look_is_said_in_chinese(files: list[str]) -> None:
    done = run(*files, lang="zh")
    assert done.exit_code == 0, done.output
    for said in (
        "Index：6 个评价单元、5 个指标。", "a 与 b 几乎说同一件事（r = 1.00, p < 0.001）",
        "a 与 c 方向相反", "c 与所在组 G 方向相反", "a 主要反映规模 people",
        "G 组内一致性低（克朗巴哈系数 -3.00，低于 0.7）", "第 1 层去掉后名次变动最大",
        "数据少的指标（不足三分之二）：e (50%)", "d 所有数值相同",
    ):  # fmt: skip
        assert said in done.output


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有需要留意之处。"),
                                            ("en", "Nothing needs a look.")])  # fmt: skip
def test_where_all_is_well_it_says_so(tmp_path: Path, lang: str, said: str) -> None:
    """Two indicators that order the units alike, though not in the same steps."""
    data = "uCode,a,b\nA,1,1\nB,2,2\nC,3,3\nD,4,4\nE,5,5\nF,6,60\n"
    done = run(*written(tmp_path, PANEL_META, data, RECIPE), lang=lang)
    assert done.exit_code == 0, done.output
    assert said in done.output


def test_an_element_that_cannot_go_is_told_with_its_reason(tmp_path: Path) -> None:
    meta = PANEL_META.replace("1,b,B,1,1,Index,Indicator\n", "")
    found = as_json(*written(tmp_path, meta, "uCode,a\nA,1\nB,2\nC,3\n", RECIPE))
    assert [(r["kind"], r["about"]) for r in found["remarks"]] == [("cannot-leave", ["a"])]
    row = found["tables"]["leave_one_out"][0]
    assert row["Shift"] is None
    assert row["FailedZh"]
    assert row["FailedEn"]


def test_every_analysis_is_a_file_with_codes_first(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(*files, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert {p.stem for p in out.iterdir()} == ALWAYS
    tables = {}
    for path in out.iterdir():
        with path.open(encoding="utf-8") as source:
            reader = csv.DictReader(source)
            assert reader.fieldnames is not None
            assert reader.fieldnames[0] in {"iCode", "uCode"}
            tables[path.stem] = list(reader)
    carried = as_json(*files)["tables"]
    for name, rows in tables.items():
        assert len(rows) == len(carried[name])
        for row, same in zip(rows, carried[name], strict=True):
            for column, text in row.items():
                value = same[column]
                if isinstance(value, int | float):
                    assert float(text) == value, (name, column)  # to the last digit
                else:
                    assert text == (value or "")


def test_the_tables_carry_the_figures_of_the_analyses(files: list[str]) -> None:
    found = as_json(*files)
    tables = found["tables"]
    assert (found["element"], found["year"]) == ("Index", None)
    assert by_code(tables["statistics"])["e"]["Availability"] == 0.5
    assert by_code(tables["statistics"])["e"]["Mean"] == 3
    gaps = by_code(tables["availability"], "uCode")
    assert gaps["B"] == {"uCode": "B", "Index": 0.8, "H": 0.5, "G": 1.0}
    pairs = {(r["iCode"], r["Other"]): r for r in tables["correlations"]}
    assert pairs["a", "b"]["Flag"] == "redundant"
    assert pairs["a", "c"]["Flag"] == "opposed"
    assert pairs["a", "c"]["Correlation"] == pytest.approx(-1)
    weights = {c: r["Effective"] for c, r in by_code(tables["effective_weights"]).items()}
    assert weights["Index"] == 1
    assert sum(weights[c] for c in "abcde") == pytest.approx(1)
    # Three columns on one line: one component has it all.
    first = [r for r in tables["components"] if (r["Parent"], r["Component"]) == ("G", 1)]
    assert [r["Share"] for r in first] == [pytest.approx(1)] * 3
    assert [r["Loading"] for r in first] == [pytest.approx(v) for v in (1, 1, -1)]


def test_every_element_is_left_out_once(files: list[str]) -> None:
    """By hand: with all in the order is C E D A B F, without c it is E C D F A B; what does not
    vary is not missed."""
    left = by_code(as_json(*files)["tables"]["leave_one_out"])
    assert set(left) == {"a", "b", "c", "d", "e", "G", "H"}
    assert left["c"]["Shift"] == pytest.approx(1)
    assert left["d"]["Shift"] == 0
    assert left["d"]["Loss"] == pytest.approx(0, abs=1e-12)
    assert left["a"]["Loss"] > 0


def test_gaps_and_a_constant_column_leave_what_can_be_said(files: list[str]) -> None:
    tables = as_json(*files)["tables"]
    pairs = {(r["iCode"], r["Other"]): r for r in tables["correlations"]}
    assert pairs["d", "e"]["Correlation"] is None
    # d has no scores, so that the group has one column left.
    assert by_code(tables["cronbach"])["H"]["Alpha"] is None
    # Units without a score of H are in no cluster.
    clusters = {r["uCode"]: r["Cluster"] for r in tables["clusters"]}
    assert clusters == {"A": 1, "B": None, "C": 2, "D": None, "E": None, "F": 3}
    assert {r["Cluster"] for r in as_json(*files, "--clusters", "1")["tables"]["clusters"]} == {
        1, None,
    }  # fmt: skip


def test_a_unit_with_little_data_is_named(files: list[str], tmp_path: Path) -> None:
    short = DATA.replace("F,60,6,12,1,,1", "F,60,6,12,,,")
    (tmp_path / "d.csv").write_text(short, encoding="utf-8")
    remark = next(r for r in as_json(*files)["remarks"] if r["kind"] == "gaps")
    assert remark["about"] == ["F"]
    assert remark["in_words"]["en"].endswith("units: F (40%)")


def test_two_common_units_prove_no_pair(tmp_path: Path) -> None:
    data = "uCode,a,b\nA,1,2\nB,3,1\nC,2,\nD,4,\nE,5,\n"
    found = as_json(*written(tmp_path, PANEL_META, data, RECIPE))
    assert found["tables"]["correlations"][0]["PValue"] is None
    assert not [r for r in found["remarks"] if r["kind"] in {"opposed", "redundant"}]


def test_what_is_divided_by_a_size_is_not_told_to_follow_it(
    files: list[str], tmp_path: Path
) -> None:
    meta = META.replace("1,a,A,1,1,,G", "1,a,A,1,1,people,G")
    data = DATA.replace("A,10,1,", "A,10,1.5,")
    args = written(tmp_path, meta, data, RECIPE)
    sizes = [r["about"][0] for r in as_json(*args)["remarks"] if r["kind"] == "size"]
    assert "a" not in sizes
    assert "b" in sizes


def test_a_panel_has_trends_and_is_looked_at_in_one_year(panel: list[str]) -> None:
    found = as_json(*panel)
    assert found["year"] == 2018
    trends = by_code(found["tables"]["trends"], "uCode")
    # The scale gives the figures themselves: 10 in 2016, 40 in 2018.
    assert trends["HZ"] == {
        "uCode": "HZ", "iCode": "Index", "First": 2016, "Last": 2018,
        "Growth": pytest.approx(1), "Slope": pytest.approx(15), "Change": pytest.approx(1.5),
    }  # fmt: skip
    assert by_code(found["tables"]["statistics"])["a"]["Mean"] == 30
    early = as_json(*panel, "--year", "2016")
    assert by_code(early["tables"]["statistics"])["b"]["Count"] == 2
    assert [(r["uCode"], r["Time"]) for r in early["tables"]["clusters"]] == [
        ("HZ", 2016), ("NB", 2016), ("WZ", 2016),
    ]  # fmt: skip
    assert by_code(early["tables"]["availability_by_year"])["b"] == {
        "iCode": "b", "2016": pytest.approx(2 / 3), "2018": 1,
    }  # fmt: skip


def test_what_a_year_loses_is_of_that_year(panel: list[str]) -> None:
    """In 2016 b is missing where a is largest, and a alone keeps the order; 2018 differs."""
    left = by_code(as_json(*panel, "--year", "2016")["tables"]["leave_one_out"])
    assert left["b"]["Shift"] == 0
    assert left["b"]["Loss"] == pytest.approx(0, abs=1e-12)
    later = by_code(as_json(*panel, "--year", "2018")["tables"]["leave_one_out"])
    assert later["b"]["Loss"] > 0.001


@pytest.mark.parametrize(("lang", "said"), [("zh", "2031 年没有留下任何评价单元"),
                                            ("en", "The year 2031 leaves no unit")])  # fmt: skip
def test_a_year_without_units_is_refused_in_words(panel: list[str], lang: str, said: str) -> None:
    done = run(*panel, "--year", "2031", lang=lang)
    assert done.exit_code == 1
    assert said in done.output
