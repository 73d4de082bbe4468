"""What the reader was unsure of, told and answered at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from qiantang.doors.cli.tests.delivering import GOOD, ID, Firms, Run, deliver, lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trade")]


def test_doubts_are_said_and_answered(run: Run, firms: Firms) -> None:
    scaled = firms("F1,甲,1.5,2026年1月", header="编码,名称,金额（万元）,月份")
    code, out, _ = run("intake", str(scaled), "-r", ID)
    assert code == 3
    assert "values are multiplied by 10000" in out
    code, out, _ = run("intake", str(scaled), "-r", ID, lang="zh")
    assert "请确认单位。" in out
    assert "。 " not in out
    code, _, err = run("intake", str(scaled), "-r", ID, "--accept-doubts", "--keep-recipe")
    assert (code, "version 1" in err) == (0, True)
    kept = json.loads(run("intake", "recipes", "-r", ID)[1])
    assert [recipe["resource"] for recipe in kept] == [ID]
    scaled = firms("F2,乙,2,2026年2月", header="编码,名称,金额（万元）,月份")
    assert deliver(run, scaled)[0] == 0
    assert lines(run) == ["F1,甲,15000,2026-01", "F2,乙,20000,2026-02"]


def test_a_proposed_reading_is_corrected_and_used(run: Run, firms: Firms, tmp_path: Path) -> None:
    file = firms("F1,甲,3,2026年1月", header="编码,机构,金额,月份")
    code, out, _ = run("intake", str(file), "-r", ID, "--propose")
    proposed = json.loads(out)
    assert (code, proposed["missing"], proposed["unknown"]) == (0, ["name"], ["机构"])
    proposed["recipe"]["columns"][1]["field"] = "name"
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(proposed), encoding="utf-8")
    assert deliver(run, file, "--recipe", str(recipe))[0] == 0
    assert lines(run) == ["F1,甲,3,2026-01"]
    recipe.write_text("[]", encoding="utf-8")
    assert run("intake", str(file), "-r", ID, "--recipe", str(recipe))[0] == 1


def test_a_reading_is_looked_at_and_confirmed_for_a_run_that_waits(run: Run, firms: Firms) -> None:
    file = firms("F1,甲,1.5,2026年1月", header="编码,名称,金额（万元）,月份")
    code, waiting = deliver(run, file)
    assert (code, waiting["sent"]) == (3, 0)
    code, out, _ = run("intake", "reading", waiting["run"])
    assert (code, json.loads(out)["recipe"]["columns"][2]["factor"]) == (0, "10000")
    code, out, _ = run("intake", "reading", waiting["run"], "--confirm", "--format", "json")
    assert (code, json.loads(out)["accepted"]) == (0, 1)
    assert lines(run) == ["F1,甲,15000,2026-01"]
    assert json.loads(run("intake", "recipes", "-r", ID)[1])
    assert run("intake", "reading", waiting["run"], "--confirm")[0] == 1


def test_the_reading_of_a_file_that_no_longer_fits_shows_the_comparison(
    run: Run, firms: Firms
) -> None:
    assert deliver(run, firms(*GOOD), "--keep-recipe")[0] == 0
    changed = firms("F9,壬,1,2026年1月", header="编码,新名称,金额,月份", name="changed.csv")
    code, held = deliver(run, changed)
    assert code == 3
    shown = json.loads(run("intake", "reading", held["run"])[1])
    assert "新名称" in shown["why"]
    said = shown["comparison"]
    assert "新名称" in str(said["new"] + said["renamed"])
    text = run("intake", "show", held["run"])
    assert f"intake reading {held['run']}" in text[1]
    assert "--accept-doubts" not in json.dumps(held)


def test_a_corrected_reading_without_a_factor_waits_with_it(
    run: Run, firms: Firms, tmp_path: Path
) -> None:
    file = firms("F1,甲,1.5,2026年1月", header="编码,名称,总投资（万元）,月份")
    proposed = json.loads(run("intake", str(file), "-r", ID, "--propose")[1])
    proposed["recipe"]["columns"][2] = {
        "source": "总投资（万元）",
        "position": 2,
        "field": "amount",
    }
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(proposed), encoding="utf-8")
    code, waiting = deliver(run, file, "--recipe", str(recipe))
    assert (code, waiting["error"]["code"]) == (3, "reading.unit_unsettled")
    assert [doubt["code"] for doubt in waiting["doubts"]] == ["unit_factor"]
    assert run("intake", "reading", waiting["run"], "--confirm")[0] == 0
    assert lines(run) == ["F1,甲,15000,2026-01"]


def book(path: Path, first: int, *, formula: bool) -> Path:
    """Ten firms; the amount of the last may be a formula that nobody has calculated."""
    made = openpyxl.Workbook()
    made.active.append(["编码", "名称", "金额", "月份"])
    for n in range(first, first + 10):
        amount = "=1+1" if formula and n == first + 9 else 1.5
        made.active.append([f"F{n}", f"企业{n}", amount, "2026-01"])
    made.save(path)
    return path


def test_what_only_reading_all_rows_shows_is_told_of_the_held_run(run: Run, tmp_path: Path) -> None:
    assert deliver(run, book(tmp_path / "a.xlsx", 1, formula=False), "--keep-recipe")[0] == 0
    code, held = deliver(run, book(tmp_path / "b.xlsx", 21, formula=True))
    (remark,) = held["verdict"]["remarks"]
    assert (code, remark["code"], remark["holds"]) == (3, "formulas_without_values", True)
    for lang, doubt, hint, counts in (
        ("zh", "读取时的疑问：有 1 个公式单元格", "→ 请用 Excel 打开", "合格 10 + 剔出 0"),
        ("en", "Doubt of the reading: 1 formula cell has", "→ Open and save", "sound 10 + set"),
    ):
        told = run("intake", "show", held["run"], lang=lang)[1]
        assert doubt in told
        assert hint in told
        assert counts in told
