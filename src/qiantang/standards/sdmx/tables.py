"""SDMX-CSV: 2.0.0 for SDMX 3.0, 1.0 for SDMX 2.1 (field guides of SDMX's technical group).

One row for each observation. ``labels``: ``id``, ``both`` (``A: Annual``) and, in 2.0.0 only,
``name`` (names in columns beside the ids). ``keys`` adds the keys of series and observation.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from qiantang.standards.sdmx.model import VALUE, Component, DataSet, Names, Point

_PIECE: Final = 1 << 16
_ACTIONS: Final = {"Information": "I", "Append": "A", "Replace": "R", "Delete": "D", "Merge": "M"}


@dataclass(frozen=True, slots=True)
class Columns:
    """How the table is to be written; ``old``: as SDMX-CSV 1.0."""

    labels: str = "id"
    keys: str = "none"
    old: bool = False
    lang: str = "en"


def write_csv(sets: Iterable[DataSet], names: Names, how: Columns) -> Iterator[bytes]:
    """The table in pieces; the sets follow one another, their header is the first one's."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for number, data in enumerate(sets):
        table = _Table(data, names, how)
        if number == 0:
            writer.writerow(table.header())
        for point in data.points:
            writer.writerow(table.row(point))
            if text.tell() > _PIECE:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
    yield text.getvalue().encode()


class _Table:
    """The columns of one set; names of values are looked up once."""

    def __init__(self, data: DataSet, names: Names, how: Columns) -> None:
        self._data, self._names, self._how = data, names, how
        structure = data.structure
        measure = (structure.measure,) if data.measure else ()
        self._columns = (*structure.dimensions, structure.time, *measure, *data.attributes)
        self._known: dict[tuple[str, str], str] = {}
        self._first = self._target()
        self._series_key, self._observation_key = self._keyed("series"), self._keyed("obs")

    def header(self) -> list[str]:
        how = self._how
        fixed = ["DATAFLOW"] if how.old else ["STRUCTURE", "STRUCTURE_ID"]
        if not how.old:
            fixed += ["STRUCTURE_NAME"] * (how.labels == "name") + ["ACTION"]
            fixed += [f"{part.upper()}_KEY" for part in ("series", "obs") if self._keyed(part)]
        for column in self._columns:
            name = self._concept(column.id)
            both = how.labels == "both"
            fixed.append(f"{column.id}: {name}" if both else column.id)
            fixed += [name] * (how.labels == "name")
        return fixed

    def row(self, point: Point) -> list[str | None]:
        data = self._data
        cells: list[str | None] = list(self._first)
        if self._series_key:
            cells.append(".".join(v for n, v in enumerate(point.key) if n != data.place))
        if self._observation_key:
            cells.append(".".join(point.key))
        told = (*point.key, *((point.value,) if data.measure else ()), *point.attributes)
        if self._how.labels == "id":
            return [*cells, *told]
        for column, cell in zip(self._columns, told, strict=True):
            said = cell or ""
            cells.append(self._labelled(column, said) if self._how.labels == "both" else said)
            cells += [self._name(column, said)] * (self._how.labels == "name")
        return cells

    def _keyed(self, part: str) -> bool:
        return not self._how.old and self._how.keys in {part, "both"}

    def _target(self) -> list[str]:
        how, flow = self._how, self._data.flow
        name = flow.name.in_(how.lang)
        if how.old:
            return [f"{flow.ref}: {name}" if how.labels == "both" else str(flow.ref)]
        cells = ["dataflow", f"{flow.ref}: {name}" if how.labels == "both" else str(flow.ref)]
        return [*cells, *[name] * (how.labels == "name"), _ACTIONS[self._data.action]]

    def _concept(self, id: str) -> str:
        return self._names.concept(self._data.structure, id).in_(self._how.lang)

    def _labelled(self, column: Component, value: str) -> str:
        coded = column.codes is not None and value != "" and column.id != VALUE
        return f"{value}: {self._name(column, value)}" if coded else value

    def _name(self, column: Component, value: str) -> str:
        if column.codes is None or value == "":
            return ""
        key = (column.id, value)
        if key not in self._known:
            self._known[key] = self._names.of(column, value).in_(self._how.lang)
        return self._known[key]
