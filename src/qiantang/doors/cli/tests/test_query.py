"""`qiantang query`: rows as a table, CSV, JSON or Parquet, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from qiantang.doors.cli import query
from qiantang.doors.cli.main import cli
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.catalogue import services
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
