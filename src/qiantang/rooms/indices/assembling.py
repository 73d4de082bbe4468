"""The figures of an index: units by indicators and years, their origins, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from qiantang.engine.index import Data
from qiantang.engine.index.bundle import Gap, Origin
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import tables
from qiantang.rooms.indices.choosing import choose
from qiantang.rooms.indices.declaring import units_on
from qiantang.rooms.indices.errors import FiguresUnfit, NoFigures
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

Cell = tuple[str, str, int]
"""Code of the figures, unit, year."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that was found, and its origin but for the column that it feeds."""

    value: float
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """``data`` has a row a unit, and a row a unit and year where the figures span several years."""

    data: Data
    units: tuple[Code, ...]
    origins: tuple[Origin, ...]
    gaps: tuple[Gap, ...]

    @property
    def unit_names(self) -> dict[str, Text]:
        return {code.code: code.name for code in self.units}


def assemble(actor: Actor, declared: CompositeIndex, day: date, *, past: bool) -> Assembled:
    """The figures in force, or with ``past`` those known at the end of ``day``; the units are those
    of ``day``. Raises `NoFigures`, `FiguresUnfit`, `RowsWithheld` of the resource's room."""
    units = units_on(declared.units, day)
    as_of = day if past else None
    if declared.figures:
        found, reasons = _of_resource(actor, declared.figures, as_of), dict[Cell, Text]()
    else:
        found, reasons = _of_observations(declared, units, as_of)
    columns = declared.columns
    known = {code.code for code in units}
    used = {cell for cell in found if cell[1] in known and cell[0] in set(columns.values())}
    if not used:
        raise NoFigures(found=declared.key)
    years = sorted({year for _, _, year in used})
    rows = [(code, year) for year in years for code in units]
    values = np.full((len(rows), len(columns)), np.nan)
    origins, gaps = [], []
    for r, (code, year) in enumerate(rows):
        for c, (column, published) in enumerate(columns.items()):
            cell = (published, code.code, year)
            figure = found.get(cell)
            shown = year if len(years) > 1 else None
            if figure is None:
                gaps.append(Gap(code.code, column, shown, reasons.get(cell, NOTHING)))
                continue
            values[r, c] = figure.value
            origins.append(replace(figure.origin, column=column))
    data = Data(
        units=tuple(code.code for code, _ in rows),
        columns=tuple(columns),
        values=values,
        names=tuple(code.name.zh for code, _ in rows),
        groups={
            g: tuple(declared.units.label(c, g) for c, _ in rows) for g in declared.units.groups
        },
        times=tuple(year for _, year in rows) if len(years) > 1 else (),
    )
    return Assembled(data, units, tuple(origins), tuple(gaps))


NOTHING = Text("没有公布的数据", "nothing is published")


def _of_observations(
    declared: CompositeIndex, units: Sequence[Code], as_of: date | None
) -> tuple[dict[Cell, Figure], dict[Cell, Text]]:
    published = indicators.figures(
        indicators=sorted(set(declared.columns.values())),
        divisions=[code.code for code in units],
        as_of=as_of,
    )
    chosen, reasons = choose(published, shelf.indicators())
    return {cell: Figure(float(each.value), Origin(
        unit=cell[1], year=cell[2], column=cell[0], kind="observation", id=each.observation.id,
        revision=each.observation.revision, title=each.observation.source.title,
        address=each.observation.source.address,
        published=str(each.observation.source.published or ""), conflicts=each.conflicts,
    )) for cell, each in chosen.items()}, reasons  # fmt: skip


def _of_resource(actor: Actor, id: str, as_of: date | None) -> dict[Cell, Figure]:
    # What a pack carries belongs to its version, whatever was known on a day.
    resource = tables.resource_rows(actor, id, at=as_of if tables.has_history(id) else None)
    snapshot = None
    if tasks.is_delivered(id):
        snapshot = _snapshot(id, as_of)
    title = f"{resource.resource.name.zh} {resource.resource.name.en}"
    return dict(_cells(id, resource.rows, snapshot, title))


def _cells(
    id: str, rows: Iterable[Mapping[str, object]], snapshot: int | None, title: str
) -> Iterable[tuple[Cell, Figure]]:
    for number, row in enumerate(rows, start=1):
        if row.get("value") is None:
            continue
        try:
            cell = (str(row["indicator"]), str(row["unit"]), int(str(row["year"])[:4]))
            value = float(str(row["value"]))
        except (KeyError, ValueError) as error:
            raise FiguresUnfit(found=id, row=number) from error
        where = ":".join((id, cell[1], cell[0], str(cell[2])))
        origin = Origin(cell[1], cell[2], cell[0], "resource", where, None, snapshot, title)
        yield cell, Figure(value, origin)


def _snapshot(id: str, as_of: date | None) -> int | None:
    end = tables.end_of(as_of)
    made = [s for s in shelf.lake().snapshots(id) if end is None or s.committed_at <= end]
    return max(made, key=lambda s: s.committed_at).id if made else None
