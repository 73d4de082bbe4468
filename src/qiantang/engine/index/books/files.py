"""The files of a pack made of a workbook, and for each of their places the cell behind it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qiantang.engine.index.books.layout import (
    FIGURES,
    SIZE,
    STRUCTURE,
    STRUCTURE_COLUMNS,
    VALUE,
    is_group,
)
from qiantang.engine.index.books.reading import Book, Line
from qiantang.engine.index.books.recipes import quoted, recipe_lines
from qiantang.kernel.places import Place

GEOGRAPHY: Final = "geography"


@dataclass(slots=True)
class Files:
    """Texts by name, and the cell behind a line or a row and column of each."""

    book: Book
    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, int, str], Place] = field(default_factory=dict)

    def table(self, name: str, header: Sequence[str], rows: Iterable[tuple[Line, list[str]]],
              columns: Mapping[str, str] | None = None) -> None:  # fmt: skip
        """A CSV file; ``columns`` names the sheet's column where it has another name."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for number, (line, cells) in enumerate(rows, start=2):
            writer.writerow(cells)
            for key in header:
                column = (columns or {}).get(key, key)
                self.cells[name, number, key] = line.place(self.book.file, column)
            self.cells[name, number, ""] = line.place(self.book.file)
        self.texts[name] = out.getvalue()

    def toml(self, name: str, lines: Sequence[tuple[str, Place | None]]) -> None:
        """A TOML file of lines, each with the cell that it came from."""
        self.texts[name] = "".join(f"{text}\n" for text, _ in lines)
        for number, (_, place) in enumerate(lines, start=1):
            if place is not None:
                self.cells[name, number, ""] = place

    def of(self, key: str) -> Place | None:
        """The cell of a row of the method."""
        line = self.book.method.get(key)
        return line.place(self.book.file, VALUE) if line else None


def files_of(book: Book, id: str) -> Files:
    """Every file of the pack ``id``."""
    files = Files(book)
    own = not book.said("units")
    groups = [c for c in book.figure_columns if is_group(c)] if own else []
    codes = f"{id}.unit" if own else book.said("units")
    files.toml("pack.toml", _manifest(files, id))
    if own:
        _unit_list(files, groups)
    _elements(files)
    _figures(files)
    files.toml("resources/figures.toml", _resource(files, codes))
    files.toml(f"indices/{id}.toml", _index(files, codes, groups))
    files.texts["README.md"] = _read_me(book, id)
    files.texts["LICENCES.md"] = (
        "# Sources and licences · 来源与许可\n\n"
        f"Made of the workbook {book.file} · 由工作簿 {book.file} 生成。\n\n"
        "Say here where the figures come from and who may use them · 请写明数据来源和使用许可。\n"
    )
    return files


def _manifest(files: Files, id: str) -> list[tuple[str, Place | None]]:
    return [
        (f"id = {quoted(id)}", None),
        ('version = "0.1.0"', None),
        (f"owner = {quoted(files.book.said('owner'))}", files.of("owner")),
        ('licence = "See LICENCES.md"', None),
        (f'requires = ["{GEOGRAPHY}"]', None),
        *_two(files, "name"),
        *_two(files, "description"),
    ]


def _two(files: Files, key: str, table: str = "") -> list[tuple[str, Place | None]]:
    """A table of both languages from two rows of the method."""
    return [
        (f"[{table or key}]", files.of(f"{key}_zh")),
        *((f"{lang} = {quoted(files.book.said(f'{key}_{lang}'))}", files.of(f"{key}_{lang}"))
          for lang in ("zh", "en")),
    ]  # fmt: skip


def _unit_list(files: Files, groups: Sequence[str]) -> None:
    """The units as a code list, each at its first row."""
    first: dict[str, Line] = {}
    for line in files.book.figures:
        first.setdefault(line.cells.get("unit", ""), line)
    rows = [
        (line, [code, line.cells.get("zh", ""), line.cells.get("en", ""), "", "", "",
                *(line.cells.get(g, "") for g in groups)])
        for code, line in first.items()
    ]  # fmt: skip
    header = ["code", "zh", "en", "parent", "valid_from", "valid_to", *groups]
    files.table("codes/unit.csv", header, rows, {"code": "unit"})


def _elements(files: Files) -> None:
    header = [c.key for c in STRUCTURE_COLUMNS if c.key in files.book.columns]
    rows = [
        (line, [line.cells.get(key, "") for key in header])
        for line in files.book.structure
        if line.cells.get("level") != SIZE
    ]
    files.table("data/elements.csv", header, rows)


def _figures(files: Files) -> None:
    """Long form; a blank cell has no row."""
    name, out = "data/figures.csv", io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "indicator", "year", "value"])
    number = 1
    codes = files.book.leaves
    for line in files.book.figures:
        unit, year = line.cells.get("unit", ""), line.cells.get("year", "")
        for code in codes:
            if value := line.cells.get(code, ""):
                number += 1
                writer.writerow([unit, code, year, value])
                for column in ("unit", "year"):
                    files.cells[name, number, column] = line.place(files.book.file, column)
                files.cells[name, number, ""] = line.place(files.book.file, code)
    files.texts[name] = out.getvalue()


def _resource(files: Files, codes: str) -> list[tuple[str, Place | None]]:
    lines = [
        'id = "figures"', 'grain = ["unit", "indicator", "year"]', 'cadence = "P1Y"',
        'sharing = "unconditional"', "open = true", 'data = "data/figures.csv"',
    ]  # fmt: skip
    fields = [
        f'unit = {{ type = "code", codes = {quoted(codes)}, zh = "评价单元", en = "Unit", '
        "required = true }",
        'indicator = { type = "text", zh = "指标", en = "Indicator", required = true }',
        'year = { type = "integer", zh = "年份", en = "Year", required = true }',
        'value = { type = "number", zh = "数值", en = "Value", required = true }',
    ]
    return [
        *((text, None) for text in lines),
        (f"owner = {quoted(files.book.said('owner'))}", files.of("owner")),
        *_two(files, "name"),
        *_two(files, "description"),
        ("[licence]", None), ('zh = "见 LICENCES.md"', None), ('en = "See LICENCES.md"', None),
        ("[fields]", None),
        *((text, files.of("units") if text.startswith("unit") else None) for text in fields),
    ]  # fmt: skip


def _index(
    files: Files, codes: str, groups: Sequence[str]
) -> list[tuple[str, Place | None]]:  # fmt: skip
    book = files.book
    top = Place(file=book.file, sheet=STRUCTURE)
    lines: list[tuple[str, Place | None]] = [
        (f"owner = {quoted(book.said('owner'))}", files.of("owner")),
        ('elements = "data/elements.csv"', top),
        ('figures = "figures"', Place(file=book.file, sheet=FIGURES)),
    ]
    if book.said("sources"):
        lines.append((f"sources = [{quoted(book.said('sources'))}]", files.of("sources")))
    lines += [*_two(files, "name"), *_two(files, "description")]
    if book.said("note_zh") or book.said("note_en"):
        lines += _two(files, "note")
    group = book.said("impute.group")
    grouped = list(groups) or ([group] if group else [])
    lines += [("[units]", files.of("units")), (f"codes = {quoted(codes)}", files.of("units"))]
    for key in ("level", "under"):
        if book.said(key):
            lines.append((f"{key} = {quoted(book.said(key))}", files.of(key)))
    lines.append((f"groups = {json.dumps(grouped, ensure_ascii=False)}", files.of("impute.group")))
    for line in book.structure:
        if line.cells.get("level") == SIZE:
            lines += _size(line, book)
    return [*lines, *((text, files.of(key)) for text, key in recipe_lines(book))]


def _size(line: Line, book: Book) -> list[tuple[str, Place | None]]:
    keys = [k for k in ("code", "zh", "en", "unit", "unit_en")
            if line.cells.get(k) or k in ("code", "zh", "en")]  # fmt: skip
    return [
        ("[[sizes]]", line.place(book.file, "code")),
        *((f"{k} = {quoted(line.cells.get(k, ''))}", line.place(book.file, k)) for k in keys),
    ]


def _read_me(book: Book, id: str) -> str:
    return (
        f"# {book.said('name_zh')} · {book.said('name_en')}\n\n"
        f"## 中文\n\n{book.said('description_zh')}\n\n{book.said('note_zh')}\n\n"
        f"由工作簿 {book.file} 生成。检查：`qiantang pack check {id}`；"
        f"装入示范区：`qiantang pack install {id}`。\n\n"
        f"## English\n\n{book.said('description_en')}\n\n{book.said('note_en')}\n\n"
        f"Made of the workbook {book.file}. Check it with `qiantang pack check {id}`, put it "
        f"into a zone with `qiantang pack install {id}`.\n"
    )
