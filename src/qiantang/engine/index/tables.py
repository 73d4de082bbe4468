"""Reads the two tables of an index: the data (one row a unit) and its structure (one an element).

The forms are those of the field's reference implementation (iData and iMeta), so that existing
workbooks can be used as they are. Every complaint names file, row and column.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import ColumnUndeclared, RowRepeated, StructureBroken
from qiantang.engine.index.records import Record, records
from qiantang.engine.index.structure import Element, Structure
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

LABELS: Final = ("uName", "uCode", "Time")
STRUCTURE: Final = ("Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target",
                    "Denominator", "Parent", "Type")  # fmt: skip
KINDS: Final = ("Indicator", "Aggregate", "Group", "Denominator")


def read_structure(path: Path) -> Structure:
    """The structure table of ``path`` (CSV). Raises `StructureBroken`, `CellUnreadable` and what
    `records` raises."""
    _, rows = records(path, ("Level", "iCode", "Parent", "Type"))
    elements, sizes, groups = [], [], []
    for row in rows:
        kind = row.text("Type")
        if kind not in KINDS:
            raise StructureBroken(
                place=row.place("Type"), found=row.text("iCode") or "-",
                reason=Text(f"类型“{kind}”不认识", f'type "{kind}" is unknown'),
                expected=Text("、".join(KINDS), ", ".join(KINDS)),
            )  # fmt: skip
        code = row.needed("iCode")
        if kind == "Denominator":
            sizes.append(code)
        elif kind == "Group":
            groups.append(code)
        else:
            elements.append(_element(row, code))
    return Structure(tuple(elements), tuple(sizes), tuple(groups), path.name)


def read_data(path: Path, structure: Structure) -> Data:
    """The data table of ``path`` (CSV): columns ``uCode``, perhaps ``uName`` and ``Time``, groups,
    denominators and every indicator; an empty cell is missing. Raises `CellUnreadable`,
    `CellEmpty`, `RowRepeated`, `ColumnUndeclared` and what `records` raises."""
    numeric = (*structure.codes, *structure.size_columns)
    header, rows = records(path, ("uCode", *numeric))
    known = {*LABELS, *numeric, *structure.group_columns}
    for column in header:
        if column not in known:
            raise ColumnUndeclared(place=Place(file=path.name, column=column), found=column)
    units = tuple(row.needed("uCode") for row in rows)
    values = np.array([[row.number_in(c) for c in numeric] for row in rows], dtype=float)
    several = "Time" in header and len({row.text("Time") for row in rows}) > 1
    times = tuple(row.whole("Time") for row in rows) if several else ()
    _check_repeated(rows, units, times)
    return Data(
        units=units,
        columns=numeric,
        values=values.reshape(len(rows), len(numeric)),
        names=tuple(row.text("uName") or row.text("uCode") for row in rows),
        groups={
            g: tuple(row.text(g) for row in rows) for g in structure.group_columns if g in header
        },
        times=times,
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


def _element(row: Record, code: str) -> Element:
    def figure(column: str, default: float) -> float:
        found = row.number_in(column)
        return default if math.isnan(found) else found

    return Element(
        code=code,
        name=row.text("iName") or code,
        level=row.whole("Level", 1),
        parent=row.text("Parent"),
        weight=figure("Weight", 1.0),
        direction=row.whole("Direction", 1),
        unit=row.text("Unit"),
        target=figure("Target", math.nan),
        denominator=row.text("Denominator"),
        row=row.number,
    )


def _check_repeated(rows: Sequence[Record], units: Sequence[str], times: Sequence[int]) -> None:
    """Raises `RowRepeated` where a unit (in a panel, in a year) has a row already."""
    first: dict[tuple[str, int], Record] = {}
    for at, (row, unit) in enumerate(zip(rows, units, strict=True)):
        before = first.setdefault((unit, times[at] if times else 0), row)
        if before is not row:
            said = f"{unit} {times[at]}" if times else unit
            raise RowRepeated(place=row.place("uCode"), found=said, first=before.number)
