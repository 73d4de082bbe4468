"""Files that are broken, disguised or meant to do harm: each ends in a clear error."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from qiantang.engine.quality.reading import Hints, ReadingLimits, open_rows, propose
from qiantang.engine.quality.reading.errors import (
    ArchiveRefused,
    FileDamaged,
    FileForbidden,
    FileMissing,
    FileUnreadable,
    FolderGiven,
    MemberUnclear,
    PasswordProtected,
    UnfoldsTooLarge,
    WrongKind,
)
from qiantang.engine.quality.reading.tests.conftest import FIRMS
from qiantang.kernel.errors import QiantangError

CSV = "code,name,founded,capital,staff\n91,甲,2017,1,2\n"


@pytest.fixture(autouse=True)
def _temporary_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Whatever happened, nothing is left in the temporary folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def refused(path: Path, error: type[QiantangError], **more: Any) -> QiantangError:
    with pytest.raises(error) as caught:
        propose(path, FIRMS, **more)
    for lang in ("zh", "en"):
        assert "{" not in caught.value.message(lang)
    return caught.value


@pytest.mark.parametrize(
    ("head", "zh"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00", "JPEG"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7z"),
        (b"MZ\x90\x00\x03\x00", "可执行"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "网页"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML 电子表格",
        ),
    ],
)
def test_a_file_that_is_no_table_is_called_what_it_is(tmp_path: Path, head: bytes, zh: str):
    path = tmp_path / "a.xls"
    path.write_bytes(head)
    assert zh in refused(path, WrongKind).message("zh")


def test_text_that_begins_like_a_mark_is_still_text(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("BM,code,name\n1,91,甲\n")
    assert propose(path, FIRMS).recipe.columns[1].field == "code"


@pytest.mark.parametrize(
    ("part", "zh"),
    [("word/document.xml", "Word"), ("ppt/presentation.xml", "演示"), ("xl/workbook.bin", "XLSB")],
)
def test_other_office_files_are_named(tmp_path: Path, part: str, zh: str):
    path = zipped(tmp_path / "a.xlsx", {"[Content_Types].xml": b"<a/>", part: b"x"})
    assert zh in refused(path, WrongKind).message("zh")


def test_old_word_and_encrypted_workbooks_are_told_apart(tmp_path: Path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    path = tmp_path / "a.doc"
    path.write_bytes(ole + "WordDocument".encode("utf-16-le"))
    assert "Word" in refused(path, WrongKind).message("en")
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    refused(path, PasswordProtected)
    path.write_bytes(ole + "Workbook".encode("utf-16-le"))
    refused(path, FileDamaged)
    path.write_bytes(ole)
    refused(path, WrongKind)


def test_an_old_workbook_cut_before_its_directory_is_said_to_be_damaged(tmp_path: Path):
    path = tmp_path / "a.xls"
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("表")
    for row in range(500):
        page.write(row, 0, f"企业{row}")
    workbook.save(str(path))
    path.write_bytes(path.read_bytes()[:10_000])
    assert "目录之前中断" in refused(path, FileDamaged).message("zh")


def test_binary_noise_is_refused(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 50)
    refused(path, FileUnreadable)


def test_paths_that_are_no_file(tmp_path: Path):
    refused(tmp_path, FolderGiven)
    refused(tmp_path / "none.csv", FileMissing)


def test_a_refused_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.csv"
    path.write_text(CSV)

    def forbid(self: Path, *_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbid)
    refused(path, FileForbidden)


def test_cut_archives_are_said_to_be_damaged(tmp_path: Path):
    whole = zipped(tmp_path / "a.zip", {"a.csv": CSV.encode() * 500}).read_bytes()
    for end in (len(whole) - 30, len(whole) // 2, 10):
        (tmp_path / "a.zip").write_bytes(whole[:end])
        refused(tmp_path / "a.zip", FileDamaged)
    body = gzip.compress(os.urandom(5_000))
    (tmp_path / "a.csv.gz").write_bytes(body[:3_000])
    refused(tmp_path / "a.csv.gz", FileDamaged)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(CSV.encode() * 900)[:-6])
    refused(tmp_path / "b.csv.gz", FileDamaged)


def test_a_flipped_byte_inside_a_zip_is_noticed(tmp_path: Path):
    lines = "".join(f"{i},甲{i * 7919 % 1000},2017,{i},2\n" for i in range(3_000))
    path = zipped(tmp_path / "a.zip", {"a.csv": (CSV + lines).encode()})
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))
    with pytest.raises(QiantangError):
        propose(path, FIRMS)


def test_cut_workbooks_are_said_to_be_damaged(tmp_path: Path):
    workbook = openpyxl.Workbook()
    for _ in range(200):
        workbook.active.append(["91", "甲", "2017", 1, 2])
    workbook.save(tmp_path / "a.xlsx")
    whole = (tmp_path / "a.xlsx").read_bytes()
    for end in (len(whole) - 30, len(whole) // 2):
        (tmp_path / "a.xlsx").write_bytes(whole[:end])
        refused(tmp_path / "a.xlsx", FileDamaged)
    old = xlwt.Workbook()
    page = old.add_sheet("a")
    for i in range(500):
        page.write(i, 0, f"行{i}")
    old.save(str(tmp_path / "a.xls"))
    whole = (tmp_path / "a.xls").read_bytes()
    (tmp_path / "a.xls").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "a.xls", FileUnreadable)


@pytest.mark.parametrize("note", ["readme.txt", "说明.TXT", "readme.md", "说明.pdf", "说明.doc"])
def test_a_note_beside_one_table_is_passed_over_and_named(tmp_path: Path, note: str):
    path = zipped(tmp_path / "a.zip", {note: b"about", "data/一月.csv": CSV.encode()})
    proposal = propose(path, FIRMS)
    assert proposal.recipe.member == "data/一月.csv"
    with open_rows(path, proposal.recipe, FIRMS) as stream:
        assert stream.passed_over == (note,)


def test_texts_without_another_table_are_tables(tmp_path: Path):
    one = zipped(tmp_path / "a.zip", {"一月.txt": CSV.encode(), "readme.md": b"about"})
    assert propose(one, FIRMS).recipe.member == "一月.txt"
    two = zipped(tmp_path / "b.zip", {"一月.txt": CSV.encode(), "二月.txt": CSV.encode()})
    refused(two, MemberUnclear)


def test_members_are_named_and_one_may_be_asked_for(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"一月.csv": CSV.encode(), "二月.csv": CSV.encode()})
    error = refused(path, MemberUnclear)
    assert error.members == ("一月.csv", "二月.csv")
    assert "一月.csv" in error.message("zh")
    proposal = propose(path, FIRMS, hints=Hints(member="二月.csv"))
    assert proposal.recipe.member == "二月.csv"
    assert len(list(open_rows(path, proposal.recipe, FIRMS))) == 1
    refused(path, MemberUnclear, hints=Hints(member="三月.csv"))


def test_names_written_by_windows_are_read(tmp_path: Path):
    path = tmp_path / "a.zip"
    raw = "企业.csv".encode("gbk")
    zipped(path, {"x" * len(raw): CSV.encode()})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    proposal = propose(path, FIRMS)
    assert proposal.recipe.member == "企业.csv"
    assert len(list(open_rows(path, proposal.recipe, FIRMS))) == 1


def test_archives_in_archives_and_paths_out_of_them_are_refused(tmp_path: Path):
    inner = zipped(tmp_path / "b.zip", {"a.csv": CSV.encode()}).read_bytes()
    refused(zipped(tmp_path / "a.zip", {"b.zip": inner}), ArchiveRefused)
    refused(zipped(tmp_path / "a.zip", {"b.csv": inner}), ArchiveRefused)
    refused(zipped(tmp_path / "a.zip", {"b.csv": gzip.compress(b"x")}), ArchiveRefused)
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(gzip.compress(CSV.encode())))
    refused(tmp_path / "c.csv.gz", ArchiveRefused)
    for name in ("../a.csv", "/etc/a.csv", "a/../../b.csv", "C:\\a.csv", "..\\a.csv"):
        refused(zipped(tmp_path / "a.zip", {name: CSV.encode()}), ArchiveRefused)
    refused(zipped(tmp_path / "a.zip", {}), ArchiveRefused)
    refused(zipped(tmp_path / "a.zip", {f"{i}.csv": b"1" for i in range(1_500)}), ArchiveRefused)


def test_an_encrypted_zip_says_so(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV.encode()})
    body = bytearray(path.read_bytes())
    body[6] |= 1
    body[body.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(body))
    assert "ZIP" in refused(path, PasswordProtected).message("zh")


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_bombs_are_stopped_while_unfolding_whatever_sizes_they_state(tmp_path: Path, kind: str):
    bomb = CSV.encode() + b"0" * 60_000_000
    path = tmp_path / f"a.csv.{kind}"
    if kind == "zip":
        zipped(path, {"a.csv": bomb})
    else:
        path.write_bytes(gzip.compress(bomb))
    refused(path, UnfoldsTooLarge)
    small = ReadingLimits(unfolded=2**20, record=2**27)
    refused(path, UnfoldsTooLarge, limits=small)


def test_temporary_files_go_when_reading_stops_midway(tmp_path: Path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["code", "name", "founded", "capital", "staff"])
    for _ in range(10):
        workbook.active.append(["91", "甲", "2017", 1, 2])
    workbook.save(tmp_path / "a.xlsx")
    path = zipped(tmp_path / "a.zip", {"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    recipe = propose(path, FIRMS).recipe
    stream = iter(open_rows(path, recipe, FIRMS, batch_rows=2))
    next(stream)
    assert list((tmp_path / "temporary").iterdir())
    stream.close()
    with pytest.raises(KeyboardInterrupt), open_rows(path, recipe, FIRMS):
        raise KeyboardInterrupt


LINE = """
import resource, sys
from pathlib import Path
from qiantang.engine.quality.reading import propose
from qiantang.engine.quality.reading.errors import LineTooLong
from qiantang.engine.quality.reading.tests.conftest import FIRMS
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    propose(Path(sys.argv[1]), FIRMS)
except LineTooLong as error:
    print(error.place.line, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_line_of_a_quarter_gigabyte_is_refused_in_little_memory(tmp_path: Path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(CSV.encode())
        block = b"7" * 2**24
        for _ in range(16):
            file.write(block)
    run = subprocess.run(
        [sys.executable, "-c", LINE, str(path)], capture_output=True, text=True, check=True
    )
    path.unlink()
    line, grown = run.stdout.split()
    assert line == "3"
    assert int(grown) < 200 * 1024
