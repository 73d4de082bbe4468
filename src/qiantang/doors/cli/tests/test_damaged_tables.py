"""Damaged tables of the lake: every one is named, none hides the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.doors.cli import examination, lake
from qiantang.doors.cli.main import cli
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("pack.broken", "pack.lost", "pack.sound")


@pytest.fixture
def run(
    lake_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Commands on a lake whose first table has no metadata and whose second lacks a data file."""
    monkeypatch.setattr(lake, "open_zone", lambda zone: None)
    tables = shelf.lake()
    rows = pa.table({"code": ["1"], "n": [1]})
    for name in NAMES:
        tables.ensure(name, rows.schema)
        tables.append(name, rows, key="first")
    catalogue = tables._catalogue
    catalogue.home.path(catalogue.location("pack.broken") or "").unlink()
    Path(tables.files("pack.lost").paths[0]).unlink()
    catalogue._states.clear()
    catalogue._loaded.clear()

    def ran(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", "en", "lake", *words])
        return int(left.value.code or 0), capsys.readouterr().out

    return ran


Run = Callable[..., tuple[int, str]]


def test_the_list_shows_the_other_tables_and_names_the_damaged(run: Run) -> None:
    code, said = run("list")
    assert code == 3
    assert all(name in said for name in NAMES)
    assert 'metadata file of table "pack.broken" is missing' in said
    code, said = run("list", "--format", "json")
    found = {each["table"]: each["damage"] for each in json.loads(said)}
    assert code == 3
    assert found["pack.broken"]["zh"].startswith("表“pack.broken”")
    assert (found["pack.lost"], found["pack.sound"]) == (None, None)


def test_tending_goes_on_with_the_others_and_names_the_damaged(run: Run) -> None:
    code, said = run("tend", "--format", "json")
    assert code != 0
    (told,) = json.loads(said)
    assert (told["table"], told["verb"], told["outcome"]) == ("pack.broken", "verify", "failed")
    assert "pack.broken" in told["error"]["messages"]["zh"]
    code, said = run("verify", "--format", "json")
    outcomes = {run["table"]: run["outcome"] for run in json.loads(said)}
    assert outcomes == dict(zip(NAMES, ("failed", "problems", "done"), strict=True))


def test_the_doctor_names_every_damaged_table_and_sends_nobody_to_the_doctor(run: Run) -> None:
    wrong = [each for each in examination._lake() if each.level == "bad"]
    for name in NAMES[:2]:
        assert any(name in each.said.zh and name in each.said.en for each in wrong), wrong
    assert not any("pack.sound" in each.said.en for each in wrong)
    assert {each.mend for each in wrong} == {examination.RESTORE_LAKE}
