"""Sheets of one workbook and files of one archive are deliveries of their own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.errors import RequestKeyReused
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows

Made = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three firms of Hangzhou on the first sheet, two of Ningbo on the second."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, start, count in (("杭州", 0, 3), ("宁波", 100, 2)):
        page = workbook.create_sheet(name)
        page.append(["编码", "名称", "金额", "日期"])
        for n in range(start, start + count):
            page.append([f"F{n:06d}", f"企业{n}", n, "2026-01-01"])
    path = tmp_path / "cities.xlsx"
    workbook.save(path)
    return path


def send(actor: Actor, path: Path, **how: object) -> RunView:
    run = services.receive(actor, FIRMS, path, **how)  # type: ignore[arg-type]
    return services.work(run.id, actor=actor) if run.is_working else run


@pytest.mark.parametrize("mode", ["append", "upsert"])
def test_another_sheet_of_a_workbook_is_no_repetition(
    officer: Actor, book: Path, mode: str
) -> None:
    first = send(officer, book, sheet="杭州", mode=mode)
    second = send(officer, book, sheet="宁波", mode=mode)
    assert (second.status, second.accepted, second.repeated) == ("published", 2, False)
    assert (first.accepted, lake_rows()) == (3, 5)
    again = send(officer, book, sheet="宁波", mode=mode)
    assert (again.id, again.repeated) == (second.id, True)


def test_another_sheet_is_a_run_of_its_own_while_the_first_waits(
    officer: Actor, book: Path
) -> None:
    first = send(officer, book, sheet="杭州", publish=False)
    second = send(officer, book, sheet="宁波")
    assert (first.status, second.status, second.repeated) == ("held", "published", False)
    assert first.id != second.id


def test_another_file_of_an_archive_is_no_repetition(
    officer: Actor, tmp_path: Path, csv_file: Made
) -> None:
    archive = tmp_path / "quarters.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(csv_file(3), "一.csv")
        out.write(csv_file(2, start=100), "二.csv")
    assert send(officer, archive, member="一.csv").accepted == 3
    assert send(officer, archive, member="二.csv").accepted == 2
    assert lake_rows() == 5


def test_a_name_of_a_sheet_for_a_text_makes_no_other_delivery(
    officer: Actor, csv_file: Made
) -> None:
    first = send(officer, csv_file(3))
    again = send(officer, csv_file(3), sheet="杭州")
    assert (again.id, again.repeated) == (first.id, True)


def test_a_kept_reading_is_followed_on_the_sheet_that_is_named(officer: Actor, book: Path) -> None:
    first = send(officer, book, sheet="杭州")
    assert first.recipe is not None
    services.keep_recipe(officer, FIRMS, first.recipe)
    second = send(officer, book, sheet="宁波")
    assert (second.status, second.accepted, lake_rows()) == ("published", 2, 5)
    third = send(officer, book, sheet="温州")
    assert (third.status, third.error_code) == ("refused", "reading.sheet_unknown")


def test_a_reading_that_comes_along_is_followed_on_the_sheet_that_is_named(
    officer: Actor, book: Path
) -> None:
    first = send(officer, book, sheet="杭州")
    second = send(officer, book, sheet="宁波", recipe=first.recipe)
    assert (second.status, second.accepted, lake_rows()) == ("published", 2, 5)


def test_a_request_key_stands_for_one_sheet(officer: Actor, book: Path) -> None:
    services.receive(officer, FIRMS, book, sheet="杭州", request_key="k1")
    with pytest.raises(RequestKeyReused):
        services.receive(officer, FIRMS, book, sheet="宁波", request_key="k1")
