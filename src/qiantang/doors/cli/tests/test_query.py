"""`qiantang query`: rows as a table, CSV, JSON or Parquet, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from qiantang.doors.cli import query
from qiantang.doors.cli.main import cli
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.catalogue import services
from qiantang.rooms.shelf import selectors
from qiantang.rooms.shelf import services as shelf

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]
SQL = "select code, zh from geography__division where code like '3301%' order by code limit 2"


@pytest.fixture
def run(
    tree: None,
    lake_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """The command in this process, on the test's database."""
    monkeypatch.setattr(query, "open_zone", lambda zone: None)
    shelf.install_builtin(SYSTEM)
    services.register_resources(SYSTEM, "geography")

    def ran(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", "en", "query", *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return ran


def test_rows_are_put_out_in_each_form(run: Run, tmp_path: Path) -> None:
    code, out, err = run(SQL, "--format", "csv")
    assert code == 0, err
    head, *rows = out.splitlines()
    assert head == "code,zh"
    assert len(rows) == 2
    first = rows[0].split(",")[1]
    assert first in run(SQL)[1]
    assert json.loads(run(SQL, "--format", "json")[1])[0]["zh"] == first
    assert run(SQL, "--format", "parquet", "--output", str(tmp_path / "a.parquet"))[0] == 0
    assert pq.read_table(tmp_path / "a.parquet").column("zh")[0].as_py() == first
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".query")] == []


def test_figures_and_truths_stand_as_people_write_them(run: Run) -> None:
    sql = "select cast(1234.5 as decimal(28, 8)) as n, code > '0' as t from geography__division"
    code, out, err = run(f"{sql} limit 1", "--format", "csv")
    assert (code, out.splitlines()) == (0, ["n,t", "1234.5,true"]), err
    assert run(f"{sql} limit 1")[1].split() == ["n", "t", "1234.5", "true"]


def test_parquet_needs_a_file(run: Run) -> None:
    code, _, err = run(SQL, "--format", "parquet")
    assert code == 1
    assert "--output" in err


def test_what_is_refused_leaves_an_older_file_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old", encoding="utf-8")
    code, _, err = run("select nothing from geography__division", "--output", str(file))
    assert code == 1
    assert "nothing" in err
    assert file.read_text(encoding="utf-8") == "old"


def test_spark_without_an_address_is_refused(run: Run) -> None:
    code, _, err = run(SQL, "--engine", "spark")
    assert code == 1
    assert "QIANTANG_SPARK" in err


@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet", "xlsx"])
def test_columns_of_one_name_are_refused_in_every_form(run: Run, tmp_path: Path, form: str) -> None:
    sql = "select code as a, zh as A from geography__division"
    code, out, err = run(sql, "--format", form, "--output", str(tmp_path / "a"))
    assert (code, out) == (1, "")
    assert "one name: a, A" in err
    assert list(tmp_path.glob("a")) == []


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_a_folder_that_is_not_there_is_said(run: Run, tmp_path: Path, form: str) -> None:
    code, _, err = run(SQL, "--format", form, "--output", str(tmp_path / "none" / "a"))
    assert code == 1
    assert "cannot be written" in err
    assert "No such file or directory" in err


@pytest.mark.parametrize("harm", ["lost", "truncated"])
def test_a_data_file_that_is_lost_or_damaged_is_named(run: Run, harm: str) -> None:
    lake = selectors.lake()
    rows = pa.table({"code": ["330100"], "zh": ["杭州市"]})
    lake.ensure("geography.division", rows.schema)
    lake.append("geography.division", rows, key="k")
    file = Path(lake.files("geography.division").paths[0])
    if harm == "lost":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-40])
    code, _, err = run(SQL)
    assert code == 1
    assert "geography.division" in err
    assert file.name in err


def test_a_workbook_keeps_texts_as_texts_and_numbers_as_numbers(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    sql = (
        "select code, '=1+1' as formula, cast(2.5 as decimal(9, 4)) as n, 12345678901234567 as big,"
        " date '2019-12-31' as day, code > '0' as yes, null as nothing from geography__division "
        "where code = '330100'"
    )
    code, _, err = run(sql, "--format", "xlsx", "--output", str(file))
    assert code == 0, err
    head, row = load_workbook(file).active.iter_rows()
    assert [cell.value for cell in head] == ["code", "formula", "n", "big", "day", "yes", "nothing"]
    code_, formula, n, big, day, yes, nothing = row
    assert (code_.value, code_.data_type) == ("330100", "s")
    assert (formula.value, formula.data_type) == ("=1+1", "s")
    assert (n.value, n.data_type) == (2.5, "n")
    assert (big.value, big.data_type) == ("12345678901234567", "s")
    assert day.value.date().isoformat() == "2019-12-31"
    assert (yes.value, nothing.value) == (True, None)
    assert run(sql, "--format", "xlsx")[0] == 1


def test_more_than_excel_holds_is_refused_with_the_limit(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.xlsx"
    sql = "select code from geography__division"
    monkeypatch.setattr("qiantang.doors.reports.rows_book.MOST_ROWS", 10)
    code, _, err = run(sql, "--format", "xlsx", "--output", str(file))
    assert code == 1
    assert "Excel holds 10" in err
    six = " || ".join(["repeat(code, 1000)"] * 6)
    long = f"select {six} as a from geography__division where code = '330100'"
    code, _, err = run(long, "--format", "xlsx", "--output", str(file))
    assert code == 1
    assert "32,767" in err
    assert not file.exists()
