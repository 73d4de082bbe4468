"""`qiantang disclosure protect`: a file of unit records becomes a table that may be published."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from qiantang.doors.cli import disclosure
from qiantang.doors.cli.main import cli
from qiantang.doors.cli.records import records_of
from qiantang.engine.disclosure import rules_told
from qiantang.engine.quality.reading.errors import JsonBroken
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.indicators.disclosing import rules_in_force
from qiantang.rooms.indicators.tests.test_disclosing import ROWS
from qiantang.rooms.shelf import services as shelf

HEADER = ("code", "city", "trade", "revenue")
ASK = ("--rows", "city", "--columns", "trade", "--value", "revenue", "--reporter", "code")
RULES = ("--rules", "minimum=3,dominance=1:0.85,p=0.1")


def protect(file: Path, *more: str, lang: str = "en", zone: str = "nowhere") -> Result:
    return CliRunner().invoke(
        cli, ["--zone", zone, "--lang", lang, "disclosure", "protect", str(file), *more]
    )


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "firms.csv"
    lines = (",".join(row) for row in (HEADER, *ROWS))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def cells(body: str) -> dict[tuple[str | None, str | None], tuple[object, object]]:
    return {
        (c["row"], c["column"]): (c["value"], c["suppressed"]) for c in json.loads(body)["cells"]
    }


def test_cells_of_a_single_reporter_are_left_out_with_those_that_give_them_away(
    records: Path,
) -> None:
    done = protect(records, *ASK, *RULES, "--format", "json")
    assert done.exit_code == 0, done.output
    shown = cells(done.output)
    assert shown["n", "it"] == (None, "few_reporters")
    assert shown[None, None] == (648, None)
    hidden = {key for key, (value, _) in shown.items() if value is None}
    assert len(hidden) == 4
    assert json.loads(done.output)["rules"]["dominance"] == [1, 0.85]


def test_a_workbook_is_read_as_well_as_csv(records: Path, tmp_path: Path) -> None:
    path = tmp_path / "firms.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for line, row in enumerate((HEADER, *ROWS)):
        for column, cell in enumerate(row):
            number = line and column == 3
            sheet.write(line, column, float(cell) if number else cell)
    book.close()
    one, other = (protect(p, *ASK, *RULES, "--format", "json") for p in (records, path))
    assert cells(one.output) == cells(other.output)


def test_the_table_is_written_as_csv_or_excel(records: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "table.csv"
    done = protect(records, *ASK, *RULES, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "4 of 12 cells are left out" in done.output
    with out.open(encoding="utf-8-sig") as file:
        told = {(r["city"], r["trade"]): r for r in csv.DictReader(file)}
    assert told["n", "it"]["revenue"] == ""
    assert told["n", "it"]["Why it is left out"] == "primary: too few reporters"
    book = tmp_path / "table.xlsx"
    assert protect(records, *ASK, *RULES, "--out", str(book), lang="zh").exit_code == 0
    assert openpyxl.load_workbook(book).sheetnames == ["说明", "公布表", "单元格"]
    assert protect(records, *ASK, *RULES, "--out", str(tmp_path / "x.pdf")).exit_code == 2


def test_a_table_that_cannot_be_written_leaves_the_one_before(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "table.csv"
    out.write_text("of last year", encoding="utf-8")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = protect(records, *ASK, *RULES, "--out", str(out))
    assert done.exit_code != 0
    assert out.read_text(encoding="utf-8") == "of last year"


def test_without_rules_the_norms_in_force_count(
    records: Path, tree: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, "open_zone", lambda zone: None)
    shelf.install_builtin(SYSTEM)
    done = protect(records, *ASK, "--format", "json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["rules"] == rules_told(rules_in_force())


def test_without_rules_and_without_a_zone_nothing_is_made(records: Path) -> None:
    done = protect(records, *ASK)
    assert done.exit_code == 1
    assert "nowhere" in done.output


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (("--rows", "town", "--reporter", "code"), 'has no column "town"'),
        (("--rows", "code", "--reporter", "code"), "is the reporter"),
        (("--rows", "city", "--reporter", "code", "--value", "trade"), "is no number"),
        (("--rows", "city", "--reporter", "code", "--rules", "minimum=none"), "minimum cannot be"),
    ],
)
def test_what_cannot_be_made_is_told(records: Path, ask: tuple[str, ...], said: str) -> None:
    done = protect(records, *RULES, *ask)
    assert done.exit_code == 1
    assert said in done.output


def test_records_with_a_broken_line_are_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "units.ndjson"
    path.write_text('{"a": "1"}\n{"a":\n{"a": "2"}\n', encoding="utf-8")
    with pytest.raises(JsonBroken) as told:
        list(records_of(path, ["a"]))
    assert told.value.place is not None
    assert told.value.place.line == 2
