"""`qiantang sample` as people type it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qiantang.doors.cli import sample
from qiantang.doors.cli.main import cli
from qiantang.packkit import builtin_packs, load_packs
from qiantang.rooms.shelf import selectors

pytestmark = pytest.mark.django_db


def _run(*args: str) -> int:
    with pytest.raises(SystemExit) as done:
        cli.main(args=["--lang", "en", "sample", *args], prog_name="qiantang")
    return int(done.value.code or 0)


def test_a_faulty_sample_with_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, truth = tmp_path / "people.csv", tmp_path / "truth.ndjson"
    code = _run("data-commons.population", "--rows", "200", "--seed", "4", "--faults", "0.2",
                "--encoding", "gb18030", "--out", str(out), "--truth", str(truth))  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0
    assert "200 rows" in said
    assert "All of it is made up." in said
    lines = out.read_bytes().decode("gb18030").splitlines()
    assert len(lines) == 201
    assert lines[0].startswith("公民身份号码,姓名,")
    told = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    assert f"{len({each['row'] for each in told})} rows are wrong" in said
    assert {"row", "field", "kind", "value", "original"} == set(told[0])


@pytest.mark.parametrize(("name", "magic"), [("a.xlsx", b"PK"), ("a.parquet", b"PAR1")])
def test_the_name_of_the_file_chooses_the_format(name: str, magic: bytes, tmp_path: Path) -> None:
    assert _run("data-commons.licence", "--rows", "10", "--out", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_bytes().startswith(magic)


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["data-commons.peple"], 1, "data-commons.population"),
        (["data-commons.population", "--rows", "0"], 2, "--rows"),
        (["data-commons.population", "--faults", "2"], 2, "--faults"),
        (["data-commons.population", "--encoding", "gbk2"], 1, "gb18030"),
        (["data-commons.air-station", "--rows", "1001"], 1, "1000"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_would_do(
    args: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*args, "--out", str(tmp_path / "a.csv")) == code
    told = capsys.readouterr()
    assert words in told.err + told.out
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none" / "a.csv"
    assert _run("data-commons.licence", "--rows", "5", "--out", str(out)) == 1
    assert "none" in capsys.readouterr().err


def test_packs_that_the_zone_installed_are_known_beside_the_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a zone only the shipped ones are."""
    shipped = load_packs(builtin_packs()).packs
    town = replace(shipped["data-commons"], id="town")
    words = ("town.licence", "--rows", "10", "--out", str(tmp_path / "a.csv"))
    assert _run(*words) == 1
    monkeypatch.setattr(sample, "is_zone", lambda zone: True)
    monkeypatch.setattr(sample, "open_zone", lambda zone: None)
    monkeypatch.setattr(selectors, "packs", lambda: {"town": town})
    assert _run(*words) == 0
    capsys.readouterr()
    assert _run("town.nothing", "--out", str(tmp_path / "b.csv")) == 1
    said = capsys.readouterr().err
    assert "town.licence" in said
    assert "data-commons.licence" in said
