"""Reads the two tables of an index: the data (one row a unit) and its structure (one an element).

The forms are those of the field's reference implementation (iData and iMeta), so that existing
workbooks can be used as they are. Every complaint names file, row and column.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import (
    CellUnreadable,
    ColumnMissing,
    ColumnRepeated,
    ColumnUndeclared,
    StructureBroken,
    TableUnreadable,
)
from qiantang.engine.index.structure import Element, Structure
from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

Rows = Sequence[Mapping[str, str]]
LABELS: Final = ("uName", "uCode", "Time")
STRUCTURE: Final = ("Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target",
                    "Denominator", "Parent", "Type")  # fmt: skip
KINDS: Final = ("Indicator", "Aggregate", "Group", "Denominator")
MISSING: Final = frozenset({"", "NA", "NaN", "nan", "N/A", "-", "—", "…", ".."})


def read_structure(path: Path) -> Structure:
    """The structure table of ``path`` (CSV). Raises `StructureBroken`, `CellUnreadable`."""
    rows, header = _rows(path)
    _need(header, ("Level", "iCode", "Parent", "Type"), path.name)
    elements, sizes, groups = [], [], []
    for number, row in enumerate(rows, start=2):
        kind, code = row["Type"].strip(), row["iCode"].strip()
        if kind == "Denominator":
            sizes.append(code)
        elif kind == "Group":
            groups.append(code)
        elif kind in ("Indicator", "Aggregate"):
            elements.append(_element(row, number, path.name))
        elif any(cell.strip() for cell in row.values()):
            raise StructureBroken(
                place=Place(file=path.name, row=number, column="Type"), found=code or "-",
                reason=Text(f"类型“{kind}”不认识", f'type "{kind}" is unknown'),
                expected=Text("、".join(KINDS), ", ".join(KINDS)),
            )  # fmt: skip
    return Structure(tuple(elements), tuple(sizes), tuple(groups), path.name)


def read_data(path: Path, structure: Structure) -> Data:
    """The data table of ``path`` (CSV): columns ``uCode``, perhaps ``uName`` and ``Time``, groups,
    denominators and every indicator; an empty cell is missing."""
    rows, header = _rows(path)
    numeric = (*structure.codes, *structure.size_columns)
    _need(header, ("uCode", *numeric), path.name)
    known = {*LABELS, *numeric, *structure.group_columns}
    for column in header:
        if column not in known:
            raise ColumnUndeclared(place=Place(file=path.name, column=column), found=column)
    values = np.array(
        [[_number(row[c], path.name, n, c) for c in numeric] for n, row in enumerate(rows, 2)],
        dtype=float,
    ).reshape(len(rows), len(numeric))
    for number, row in enumerate(rows, start=2):
        if not row["uCode"].strip():
            place = Place(file=path.name, row=number, column="uCode")
            raise CellUnreadable(place=place, found="")
    return Data(
        units=tuple(row["uCode"].strip() for row in rows),
        columns=numeric,
        values=values,
        names=tuple((row.get("uName") or row["uCode"]).strip() for row in rows),
        groups={
            g: tuple(row[g].strip() for row in rows) for g in structure.group_columns if g in header
        },
        times=tuple(_year(row["Time"], path.name, n) for n, row in enumerate(rows, 2))
        if "Time" in header and len({row["Time"] for row in rows}) > 1
        else (),
    )


def write_table(path: Path, data: Data) -> None:
    """CSV with unit codes first and numbers that read back to the same double."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["uCode", *(["Time"] if data.times else []), *data.columns])
        for row, unit in enumerate(data.units):
            head: list[object] = [unit, *([data.times[row]] if data.times else [])]
            writer.writerow(head + [written(v) for v in data.values[row]])


def write_data(path: Path, data: Data) -> None:
    """The data table in the form that `read_data` reads."""
    groups = list(data.groups)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        year = ["Time"] if data.times else []
        writer.writerow(["uName", "uCode", *groups, *year, *data.columns])
        for row, unit in enumerate(data.units):
            head: list[object] = [data.names[row] if data.names else unit, unit]
            head += [data.groups[group][row] for group in groups]
            head += [data.times[row]] if data.times else []
            writer.writerow(head + [written(v) for v in data.values[row]])


def write_structure(path: Path, structure: Structure) -> None:
    """The structure table in the form that `read_structure` reads."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(STRUCTURE)
        for e in structure.elements:
            kind = "Indicator" if e.level == 1 else "Aggregate"
            writer.writerow([e.level, e.code, e.name, e.direction, written(e.weight), e.unit,
                             written(e.target), e.denominator, e.parent, kind])  # fmt: skip
        for kind, codes in (("Group", structure.group_columns),
                            ("Denominator", structure.size_columns)):  # fmt: skip
            for code in codes:
                writer.writerow(["", code, code, "", "", "", "", "", "", kind])


def written(value: float) -> str:
    """A number in full precision, whole ones without a point; missing is empty."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def _element(row: Mapping[str, str], number: int, file: str) -> Element:
    def figure(column: str, default: float) -> float:
        found = _number(row.get(column) or "", file, number, column)
        return default if math.isnan(found) else found

    def whole(column: str, default: int) -> int:
        found = float(figure(column, default))
        if not found.is_integer():
            place = Place(file=file, row=number, column=column)
            raise CellUnreadable(place=place, found=row[column])
        return int(found)

    return Element(
        code=row["iCode"].strip(),
        name=(row.get("iName") or row["iCode"]).strip(),
        level=whole("Level", 1),
        parent=row["Parent"].strip(),
        weight=figure("Weight", 1.0),
        direction=whole("Direction", 1),
        unit=(row.get("Unit") or "").strip(),
        target=figure("Target", math.nan),
        denominator=(row.get("Denominator") or "").strip(),
        row=number,
    )


def _rows(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            lines = [cells for cells in csv_rows(source) if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable(place=Place(file=path.name), found=error) from error
    header = [cell.strip() for cell in lines[0]] if lines else []
    for place, column in enumerate(header):
        if column and column in header[:place]:
            raise ColumnRepeated(place=Place(file=path.name, row=1), found=column)
    for number, cells in enumerate(lines[1:], start=2):
        beyond = next((cell for cell in cells[len(header) :] if cell.strip()), None)
        if beyond is not None:
            column = str(len(header) + 1)
            raise CellUnreadable(place=Place(file=path.name, row=number, column=column),
                                 found=beyond)  # fmt: skip
    filled = (cells + [""] * (len(header) - len(cells)) for cells in lines[1:])
    return [dict(zip(header, cells, strict=False)) for cells in filled], header


def _need(header: Sequence[str], wanted: Sequence[str], file: str) -> None:
    for column in wanted:
        if column not in header:
            raise ColumnMissing(
                place=Place(file=file, row=1), found=column, expected=", ".join(header[:20])
            )


def _number(text: str, file: str, row: int, column: str) -> float:
    written_so = text.strip()
    if written_so in MISSING:
        return math.nan
    try:
        found = float(written_so)
    except ValueError:
        found = math.inf
    if not math.isfinite(found):
        raise CellUnreadable(place=Place(file=file, row=row, column=column), found=written_so)
    return found


def _year(text: str, file: str, row: int) -> int:
    try:
        return int(text)
    except ValueError:
        place = Place(file=file, row=row, column="Time")
        raise CellUnreadable(place=place, found=text) from None
