"""Files that are no sheets, or not sheets that anybody could read: refused whole, and quickly."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from qiantang.rooms.indicators import unfolding

from .house import Asked, ask, figure, refused, untouched

HEAD = ",".join(figure())
LINE = ",".join(figure().values())


def send(content: bytes, name: str) -> Asked:
    file = io.BytesIO(content)
    file.name = name
    with untouched():
        return ask("officer", "/desk/sheets/", {"sheet": file})


def excel(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, part: str, new: bytes) -> bytes:
    """A workbook with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            made.writestr(name, new if name == part else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"
GOOD = excel([list(figure()), list(figure().values())])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04nonsense", "a.xlsx"),
        (b"%PDF-1.7", "a.xlsx"),
        (GOOD[: len(GOOD) // 2], "cut.xlsx"),
        (repacked(GOOD, SHEET, b"<worksheet"), "torn.xlsx"),
        (repacked(GOOD, "xl/workbook.xml", b"<nothing/>"), "empty.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.xls"),
        (b"MZ\x90", "virus.exe"),
        (b"a,b\0c", "zero.csv"),
        (GOOD, "really-excel.csv"),
        (HEAD.encode() + b'\n"' + b"x" * 200_000, "endless-cell.csv"),
    ],
)
def test_a_file_that_is_no_sheet(content: bytes, name: str) -> None:
    asked = send(content, name)
    code = "indicators.nothing_to_submit" if not content else "indicators.sheet_format"
    refused(asked, code, 422)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80\x81\xff" * 40, LINE.encode("utf-16")])
def test_a_file_in_no_known_encoding(content: bytes) -> None:
    asked = send(content, "a.csv")
    assert {a.status_code for a in asked.both} == {422}
    code = "indicators.sheet_format" if b"\0" in content else "indicators.sheet_encoding"
    refused(asked, code, 422)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b,c\n1,2,3", "indicators.sheet_header"),
        (b"\x89PNG\r\n\x1a\n", "indicators.sheet_header"),
        (HEAD.encode(), "indicators.nothing_to_submit"),
        (f"{HEAD}\n,,,,\n,,".encode(), "indicators.nothing_to_submit"),
        (f"{HEAD}\n{LINE},surplus".encode(), "indicators.rows_invalid"),
        (f"{HEAD},secret\n{LINE},x".encode(), "indicators.rows_invalid"),
        (f"{HEAD}\nA1{LINE}\nA1{LINE}".encode(), "indicators.rows_invalid"),
    ],
)
def test_a_sheet_of_another_shape(content: bytes, code: str) -> None:
    refused(send(content, "a.csv"), code, 422)


def test_more_than_ten_megabytes() -> None:
    refused(send(b"x" * (10 * 2**20 + 1), "a.csv"), "indicators.sheet_too_large", 413)


def test_more_rows_than_one_submission_holds() -> None:
    content = (HEAD + "\n" + "x\n" * 50_001).encode()
    refused(send(content, "a.csv"), "indicators.sheet_too_large", 413)


def test_a_small_file_that_unfolds_to_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfolding, "LARGEST_UNFOLDED", 8 * 2**20)
    blown = OPEN + b"<row>" + b" " * (9 * 2**20) + b"</row>" + CLOSE
    content = repacked(GOOD, SHEET, blown)
    assert len(content) < 2**16
    refused(send(content, "bomb.xlsx"), "indicators.sheet_too_large", 413)


@pytest.mark.parametrize("corner", [b"XFD1048576", b"XFD1", b"A1048576"])
def test_one_cell_in_the_far_corner(corner: bytes) -> None:
    """A reader that lays out every cell between would need more memory than there is."""
    cells = b'<row><c r="A1" t="n"><v>1</v></c><c r="%s" t="n"><v>1</v></c></row>' % corner
    content = repacked(GOOD, SHEET, OPEN + cells + CLOSE)
    refused(send(content, "wide.xlsx"), "indicators.sheet_too_large", 413)


def test_a_calculated_cell_counts_by_its_value_and_an_error_is_named() -> None:
    rows = [list(figure()), list(figure(value="#REF!").values())]
    refused(send(excel(rows), "a.xlsx"), "indicators.rows_invalid", 422)


def test_no_file_at_all() -> None:
    with untouched():
        refused(ask("officer", "/desk/sheets/", {"note": "x"}), "indicators.nothing_to_submit", 422)


def test_a_file_name_that_is_a_path_or_markup() -> None:
    file = SimpleUploadedFile("../../<img src=x onerror=alert(1)>.exe", b"MZ")
    with untouched():
        asked = ask("officer", "/desk/sheets/", {"sheet": file})
    refused(asked, "indicators.sheet_format", 422)
    assert b"<img src=x" not in asked.zh.content
