"""Makes a pack of a workbook: the folder's files, checked, with every finding told at its cell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qiantang.engine.index.books.files import Files, files_of
from qiantang.engine.index.books.layout import (
    FIGURES,
    METHOD,
    SIZE,
    STRUCTURE,
    STRUCTURE_COLUMNS,
    UNIT_COLUMNS,
    is_group,
)
from qiantang.engine.index.books.reading import Book, Line
from qiantang.engine.index.declared import check_declared
from qiantang.kernel.places import Place
from qiantang.packkit.compiled import Pack
from qiantang.packkit.errors import PackFolderTaken, PackIdMalformed
from qiantang.packkit.loading import check
from qiantang.packkit.problems import Findings, PackProblem, nearest
from qiantang.packkit.readers.manifest import PACK_ID

MOST_PROBLEMS = 100
Others = Callable[[Path], Mapping[str, Pack]]


@dataclass(frozen=True, slots=True)
class Made:
    """The folder, and what is wrong with the workbook; a folder is written only without a
    problem."""

    folder: Path
    problems: tuple[PackProblem, ...]
    written: tuple[str, ...] = ()


def make_pack(book: Book, id: str, folder: Path, others: Others) -> Made:
    """Write the pack ``id`` into ``folder``. ``others`` gives the packs that a folder requires.
    Raises `PackIdMalformed`, and `PackFolderTaken` when the folder holds anything."""
    if not PACK_ID.fullmatch(id):
        raise PackIdMalformed(found=id)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackFolderTaken(found=folder.name)
    problems = look(book)
    if problems:
        return Made(folder, tuple(problems))
    files = files_of(book, id)
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / id
        _write(files, trial)
        found = check(trial, others(trial), index_checker=check_declared)
    if found:
        return Made(folder, tuple(_told(problem, files, book) for problem in found))
    _write(files, folder)
    return Made(folder, (), tuple(files.texts))


def look(book: Book) -> list[PackProblem]:
    """What the sheets themselves show: columns that are unknown or absent, codes and rows that
    stand twice, figures of no unit."""
    findings = Findings(pack=book.file)
    with findings.at_most(MOST_PROBLEMS, Place(file=book.file)):
        _columns(book, findings)
        _repeated(book, findings)
        for line in book.figures:
            wanted = ("unit", "year") if line.filled else ("unit",)
            for key in wanted:
                if not line.cells.get(key):
                    findings.add("pack.cell_empty", line.place(book.file, key))
    return findings.problems


def _columns(book: Book, findings: Findings) -> None:
    known = [column.key for column in STRUCTURE_COLUMNS]
    _named(findings, Place(file=book.file, sheet=STRUCTURE, row=1), book.columns,
           (["code", "zh", "en", "level", "parent"], known))  # fmt: skip
    leaves = [r.cells["code"] for r in book.structure
              if r.cells.get("code") and r.cells.get("level") in ("1", SIZE)]  # fmt: skip
    columns = [c for c in book.figure_columns if not is_group(c)]
    place = Place(file=book.file, sheet=FIGURES, row=1)
    _named(findings, place, columns, (["unit", "year", *leaves], [*UNIT_COLUMNS, *leaves]))


def _named(
    findings: Findings, place: Place, columns: Sequence[str], words: tuple[list[str], list[str]]
) -> None:
    needed, allowed = words
    for column in needed:
        if column not in columns:
            findings.add("pack.column_missing", replace(place, column=column), found=column,
                         expected=", ".join(needed), near=nearest(column, columns))  # fmt: skip
    for column in columns:
        if column not in allowed:
            findings.add("pack.column_unknown", replace(place, column=column), found=column,
                         expected=", ".join(allowed), near=nearest(column, allowed))  # fmt: skip


def _repeated(book: Book, findings: Findings) -> None:
    for lines, columns, code in (
        (book.structure, ("code",), "pack.id_repeated"),
        (book.figures, ("unit", "year"), "pack.row_repeated"),
    ):
        for line, first in _twice(lines, columns):
            said = ", ".join(line.cells.get(c, "") for c in columns)
            where = first.place("").as_text() if code == "pack.id_repeated" else first.number
            findings.add(code, line.place(book.file, columns[0]), found=said, first=where)


def _twice(lines: Sequence[Line], columns: tuple[str, ...]) -> Iterator[tuple[Line, Line]]:
    seen: dict[tuple[str, ...], Line] = {}
    for line in lines:
        key = tuple(line.cells.get(column, "") for column in columns)
        first = seen.setdefault(key, line)
        if first is not line and all(key):
            yield line, first


def _told(problem: PackProblem, files: Files, book: Book) -> PackProblem:
    """The finding at the cell of the workbook that it came from."""
    place = problem.place
    name = (place.file or "").partition("/")[2]
    at = files.cells.get((name, place.line or place.row or 0, place.column or ""))
    at = at or files.cells.get((name, place.line or place.row or 0, ""))
    if at is None:
        at = Place(file=book.file, sheet=METHOD)
    column = at.column or place.column
    return replace(problem, place=replace(at, column=column), paste=None, pack=book.file)


def _write(files: Files, folder: Path) -> None:
    for name, text in files.texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
