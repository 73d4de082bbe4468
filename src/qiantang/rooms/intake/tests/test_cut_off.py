"""Deliveries that look cut off are held for a person although their rows pass."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows

Made = Callable[..., Path]
COUNTY = "trade.county_firm"


def because(run: RunView, lang: str) -> str:
    return "\n".join(reason.in_(lang) for reason in run.because)


def test_a_half_written_file_of_a_folder_is_held_with_its_last_line(
    tmp_path: Path, csv_file: Made
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    services.add_source(SYSTEM, "f", "folder", FIRMS, {"path": str(folder), "settled": 0.2})
    whole = csv_file(20)
    with whole.open("a", encoding="utf-8") as file:
        file.write("F000050,企业50,123")
    shutil.copy(whole, folder / "one.csv")
    time.sleep(0.3)
    (run,) = services.fetch(SYSTEM, "f")
    assert (run.status, run.accepted, lake_rows()) == ("held", 21, 0)
    assert "第 22 行" in because(run, "zh")
    assert "row 22" in because(run, "en")


def test_a_file_cut_inside_its_last_day_is_held(officer: Actor, csv_file: Made) -> None:
    file = csv_file(25)
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n")[:-1], encoding="utf-8")
    run = services.work(services.receive(officer, FIRMS, file).id)
    assert (run.status, run.accepted, lake_rows()) == ("held", 25, 0)
    assert "第 26 行" in because(run, "zh")
    assert "a last value shorter than all others" in because(run, "en")


def test_rows_with_too_few_cells_are_counted_and_stop_nothing(
    officer: Actor, csv_file: Made
) -> None:
    file = csv_file(20)
    with file.open("a", encoding="utf-8") as out:
        out.write("F000050,企业50,123\n")
    run = services.work(services.receive(officer, FIRMS, file).id)
    assert (run.status, run.accepted, run.because) == ("published", 21, ())
    said = [reason["zh"] for reason in (run.verdict or {})["reasons"]]
    assert any("有 1 行" in each and "第 22 行" in each for each in said)


@pytest.mark.parametrize(("rows", "status"), [(16, "published"), (15, "held"), (30, "published")])
def test_a_replacement_that_takes_much_away_is_held_for_a_person(
    officer: Actor, approver: Actor, csv_file: Made, rows: int, status: str
) -> None:
    services.work(services.receive(officer, FIRMS, csv_file(20), mode="replace").id)
    less = csv_file(rows, name="less.csv")
    run = services.work(services.receive(officer, FIRMS, less, mode="replace").id)
    assert (run.status, lake_rows()) == (status, 20 if status == "held" else rows)
    if status == "held":
        assert "20 行减为 15 行" in because(run, "zh")
        assert "15 of the table's 20 rows" in because(run, "en")
        services.decide(approver, run.id, "publish", "来源属实")
        assert services.work(run.id).status == "published"
        assert lake_rows() == rows


def test_what_a_replacement_takes_away_is_counted_in_its_own_division(
    hangzhou_officer: Actor, ningbo_officer: Actor, tmp_path: Path
) -> None:
    def sent(actor: Actor, division: str, rows: int) -> RunView:
        path = tmp_path / "county.csv"
        path.write_text("编码\n" + "".join(f"{division}-{n}\n" for n in range(rows)), "utf-8")
        run = services.receive(actor, COUNTY, path, mode="replace", division=division)
        return services.work(run.id)

    assert sent(hangzhou_officer, "330100", 20).status == "published"
    assert sent(ningbo_officer, "330200", 10).status == "published"
    assert sent(ningbo_officer, "330200", 6).status == "published"
    assert sent(ningbo_officer, "330200", 1).status == "held"
