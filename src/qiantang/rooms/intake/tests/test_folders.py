"""Watched folders: what is replaced, taken away or cannot be taken while others are processed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import fetch as fetching
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.fetching import folder as folders
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows

Made = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    config = {"path": str(path), "pattern": "*.csv", "settled": 0.2}
    services.add_source(SYSTEM, "nightly", "folder", FIRMS, config)
    return path


def settle() -> None:
    time.sleep(0.3)


def in_between(monkeypatch: pytest.MonkeyPatch, where: str, then: Callable[[], None]) -> None:
    """Have something happen once the first file is in the spool, or worked on."""
    whole, done = getattr(fetching, where), []

    def first(*args: Any, **how: Any) -> Any:
        given = whole(*args, **how)
        if not done:
            done.append(True)
            then()
        return given

    monkeypatch.setattr(fetching, where, first)


@pytest.mark.parametrize("how", ["replaced", "appended", "same size"])
@pytest.mark.parametrize("where", ["work", "enter"])
def test_a_file_that_changed_while_it_was_processed_stays_and_is_fetched_next(
    folder: Path, csv_file: Made, monkeypatch: pytest.MonkeyPatch, how: str, where: str
) -> None:
    shutil.copy(csv_file(20), folder / "one.csv")
    newer = csv_file(20, start=100, name="newer.csv")
    settle()

    def change() -> None:
        if how == "appended":
            with (folder / "one.csv").open("a") as file:
                file.writelines(newer.read_text().splitlines(keepends=True)[1:])
        elif how == "replaced":
            shutil.move(newer, folder / "one.csv")
        else:
            (folder / "one.csv").write_bytes(newer.read_bytes())

    in_between(monkeypatch, where, change)
    (run,) = services.fetch(SYSTEM, "nightly")
    assert (run.accepted, lake_rows()) == (20, 20)
    assert (folder / "one.csv").is_file()
    assert not (folder / "done").exists()
    settle()
    (run,) = services.fetch(SYSTEM, "nightly")
    assert run.sent == (40 if how == "appended" else 20)
    assert not run.repeated
    assert (folder / "done" / "one.csv").is_file()
    assert not (folder / "one.csv").exists()


def test_a_file_replaced_while_it_is_copied_is_not_delivered_half(
    folder: Path, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(csv_file(20), folder / "one.csv")
    newer = csv_file(20, start=100, name="newer.csv")
    settle()
    whole = fetching.spool.store

    def store(file: Path, *args: Any) -> Any:
        found = whole(file, *args)
        if newer.exists():
            shutil.move(newer, file)
        return found

    monkeypatch.setattr(fetching.spool, "store", store)
    assert services.fetch(SYSTEM, "nightly") == ()
    assert selectors.runs(SYSTEM).total == 0
    settle()
    assert [run.accepted for run in services.fetch(SYSTEM, "nightly")] == [20]


def test_one_that_takes_the_name_in_the_very_moment_of_the_move_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, newer = tmp_path / "one.csv", tmp_path / "newer"
    path.write_text("old")
    newer.write_text("new")
    found = folders._found(path)
    assert found is not None
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        if newer.exists():
            newer.replace(path)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert folders.set_away(found) is None
    assert path.read_text() == "new"
    assert list((tmp_path / "done").iterdir()) == []


def test_a_file_too_large_is_put_away_and_named_and_the_others_come(
    folder: Path, csv_file: Made, settings: Any
) -> None:
    shutil.copy(csv_file(200, name="big.csv"), folder / "big.csv")
    settle()
    shutil.copy(csv_file(5, start=500), folder / "small.csv")
    (folder / "none.csv").touch()
    settle()
    settings.QIANTANG_INTAKE_LARGEST = 1000
    (run,) = services.fetch(SYSTEM, "nightly")
    assert (run.status, run.file_name) == ("published", "small.csv")
    assert sorted(p.name for p in folder.iterdir()) == ["done", "failed"]
    reason = (folder / "failed" / "big.csv.txt").read_text(encoding="utf-8")
    assert "上限为" in reason
    assert "The limit is" in reason
    seen = selectors.source(SYSTEM, "nightly")
    said = (seen.error or {})["messages"]
    assert all(name in said[lang] for name in ("big.csv", "none.csv") for lang in ("zh", "en"))
    assert (services.fetch(SYSTEM, "nightly"), seen.state) == ((), "failing")
    assert selectors.source(SYSTEM, "nightly").error == seen.error
    shutil.copy(csv_file(5, start=600), folder / "next.csv")
    settle()
    services.fetch(SYSTEM, "nightly")
    assert selectors.source(SYSTEM, "nightly").error is None


def test_a_file_taken_away_meanwhile_does_not_stop_the_round(
    folder: Path, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, name in enumerate(("one.csv", "two.csv", "three.csv")):
        shutil.copy(csv_file(5, start=10 * n), folder / name)
        time.sleep(0.02)
    settle()
    in_between(monkeypatch, "work", (folder / "two.csv").unlink)
    runs = services.fetch(SYSTEM, "nightly")
    assert [run.file_name for run in runs] == ["one.csv", "three.csv"]
    assert selectors.source(SYSTEM, "nightly").error is None


def test_capital_endings_are_taken_and_what_is_not_looked_at_is_told(
    folder: Path, csv_file: Made
) -> None:
    shutil.copy(csv_file(5), folder / "UP.CSV")
    for name in ("notes.txt", ".hidden.csv", "copy.csv.part"):
        (folder / name).write_text("x")
    for name in ("2026", "done", "failed"):
        (folder / name).mkdir()
    settle()
    found = services.test_source(SYSTEM, "nightly")
    assert found == {"files": ["UP.CSV"], "settling": [], "passed_over": ["2026", "notes.txt"]}
    (run,) = services.fetch(SYSTEM, "nightly")
    assert (run.file_name, run.status) == ("UP.CSV", "published")
