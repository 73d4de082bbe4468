"""What a file is, told by its first bytes and never by its name.

Names lie: departments send HTML pages named .xls and CSV named .txt.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from qiantang.engine.quality.reading.errors import FileDamaged, FileUnreadable, WrongKind
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

HEAD: Final = 65_536
_LINES: Final = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_LOOKED_AT: Final = 20
"""So many lines tell whether a text has an object on each."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"PAR1", "parquet"),
    (_OLE, "ole"),
)
_FOREIGN: Final = (
    (b"%PDF", Text("PDF 文档", "a PDF document")),
    (b"\x89PNG", Text("PNG 图片", "a PNG picture")),
    (b"\xff\xd8\xff", Text("JPEG 图片", "a JPEG picture")),
    (b"GIF8", Text("GIF 图片", "a GIF picture")),
    (b"BM", Text("BMP 图片", "a BMP picture")),
    (b"II*\x00", Text("TIFF 图片", "a TIFF picture")),
    (b"MM\x00*", Text("TIFF 图片", "a TIFF picture")),
    (b"{\\rtf", Text("RTF 文档", "an RTF document")),
    (b"Rar!", Text("RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Text("7z 压缩包", "a 7z archive")),
    (b"BZh", Text("bzip2 压缩文件", "a bzip2 file")),
    (b"\xfd7zXZ\x00", Text("xz 压缩文件", "an xz file")),
    (b"(\xb5/\xfd", Text("zstd 压缩文件", "a zstd file")),
    (b"SQLite format 3\x00", Text("SQLite 数据库", "a SQLite database")),
    (b"\x7fELF", Text("可执行程序", "a programme")),
    (b"MZ", Text("Windows 可执行程序", "a Windows programme")),
    (b"ORC", Text("ORC 文件", "an ORC file")),
    (b"Obj\x01", Text("Avro 文件", "an Avro file")),
)
_TEXT_MAGIC: Final = {b"BM", b"MZ", b"ORC", b"BZh", b"GIF8", b"%PDF"}
"""Marks that plain text might begin with too: believed only when binary bytes follow."""


def kind_of(head: bytes, name: str) -> str:
    """``zip``, ``gz``, ``parquet``, ``ole`` or ``text`` for the first bytes of a file.

    Raises `WrongKind` for documents, pictures and programmes, naming what it is.
    """
    for mark, kind in _MAGIC:
        if head.startswith(mark):
            return kind
    for mark, what in _FOREIGN:
        if head.startswith(mark) and (mark not in _TEXT_MAGIC or _binary(head)):
            raise WrongKind(found=what, place=Place(file=name))
    _refuse_markup(head, name)
    return "text"


def _binary(head: bytes) -> bool:
    return bool(re.search(rb"[\x00-\x08\x0e-\x1f]", head[:4096])) or head.startswith(b"%PDF-")


def _refuse_markup(head: bytes, name: str) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if not start.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        what = Text("XML 电子表格（2003）", "an XML spreadsheet (2003)")
    elif re.match(rb"<(!doctype html|html|table|head|meta|style|body|div)", start):
        what = Text("网页（HTML），即使文件名是 .xls", "a web page (HTML), even if named .xls")
    elif start.startswith(b"<?xml"):
        what = Text("XML 文件", "an XML file")
    else:
        return
    raise WrongKind(found=what, place=Place(file=name))


def ole_kind(path: Path, name: str) -> str:
    """``xls`` for a compound file that is an old workbook.

    Raises `WrongKind` for old Word and other documents. An encrypted XLSX is ``encrypted``.
    """
    with path.open("rb") as file:
        body = file.read(64 * 1024 * 1024)
    if _utf16("EncryptedPackage") in body:
        return "encrypted"
    if _utf16("WordDocument") in body:
        raise WrongKind(found=Text("Word 文档", "a Word document"), place=Place(file=name))
    if _utf16("PowerPoint Document") in body:
        raise WrongKind(found=Text("演示文稿", "a slide show"), place=Place(file=name))
    if _utf16("Workbook") in body or _utf16("Book") in body:
        return "xls"
    if _directory_at(body) >= path.stat().st_size:
        cut = Text("文件在目录之前中断", "it ends before its directory")
        raise FileDamaged(kind="Office", found=cut, place=Place(file=name))
    found = Text("无法识别的 Office 文件", "an Office file of unknown kind")
    raise WrongKind(found=found, place=Place(file=name))


def _directory_at(body: bytes) -> int:
    """Where the directory of a compound file begins ([MS-CFB] 2.2: sector shift, first sector)."""
    shift, first = int.from_bytes(body[30:32], "little"), int.from_bytes(body[48:52], "little")
    return (first + 1) << min(shift, 12)


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-le")


def zip_kind(members: list[str], name: str) -> str:
    """``xlsx`` or ``archive`` for a zip with these members; Office relatives are named."""
    inside = set(members)
    if "xl/workbook.xml" in inside:
        return "xlsx"
    foreign = (
        ("xl/workbook.bin", Text("二进制工作簿（XLSB）", "a binary workbook (XLSB)")),
        ("word/document.xml", Text("Word 文档", "a Word document")),
        ("ppt/presentation.xml", Text("演示文稿", "a slide show")),
        ("content.xml", Text("OpenDocument 文件", "an OpenDocument file")),
    )
    for part, what in foreign:
        if part in inside and ("[Content_Types].xml" in inside or "mimetype" in inside):
            raise WrongKind(found=what, place=Place(file=name))
    if "[Content_Types].xml" in inside and any(m.startswith("xl/") for m in members):
        return "xlsx"
    return "archive"


def text_kind(start: str, name: str) -> str:
    """``json``, ``ndjson`` or ``csv`` for decoded text, by what it begins with."""
    body = start.lstrip("\ufeff \t\r\n")
    array = re.match(r"\[\s*[\[{\]]", body)
    if not array and name.lower().endswith(_LINES) and _named_lines(body):
        return "ndjson"
    if body.startswith("["):
        return "json" if array else "csv"
    if body.startswith("{"):
        return "ndjson" if _lines_of_objects(body) else "json"
    if "\x00" in start:
        what = Text("二进制文件", "a binary file")
        raise FileUnreadable(found=what, place=Place(file=name))
    return "csv"


def _named_lines(body: str) -> bool:
    """Whether a file that is named so has an object on some line, or what may have been one."""
    lines = _first_lines(body)
    return "\x00" not in body and (any(map(_is_object, lines)) or _all_begin(lines))


def _lines_of_objects(body: str) -> bool:
    """Whether most lines are objects, of which one or another may be broken."""
    lines = _first_lines(body)
    whole = sum(map(_is_object, lines))
    return len(lines) > 1 and (
        (_is_object(lines[0]) and _all_begin(lines[:3])) or whole * 2 > len(lines)
    )


def _first_lines(body: str) -> list[str]:
    lines = (line.strip() for line in body.splitlines()[:_LOOKED_AT])
    return [line for line in lines if line]


def _is_object(line: str) -> bool:
    return line.startswith("{") and line.endswith("}")


def _all_begin(lines: list[str]) -> bool:
    return bool(lines) and all(line.startswith("{") for line in lines)
