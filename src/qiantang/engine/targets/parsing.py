"""Rows of a delivered sheet (CSV or Excel cells) read into observations, every bad cell named.

Nothing is guessed: a cell that cannot be read yields a `RowProblem` with its row and column, and
the row is left out; the other rows are read. Full-width digits and thousands separators are fine.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.engine.targets import cell_choices, cell_values, cells
from qiantang.engine.targets.cells import BadCell
from qiantang.engine.targets.row_problems import RowProblem, Sheet
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period

COLUMNS: Final[tuple[str, ...]] = (
    *("id", "indicator", "division", "period", "value", "unit", "kind", "grade"),
    *("source_title", "source_address", "source_kind", "published", "quote"),
    *("scope_note", "quality_flag"),
)
REQUIRED: Final = frozenset(COLUMNS[:9])


def parse_rows(
    rows: Iterable[Mapping[str, object]],
    file: str = "",
    *,
    sheet: str | None = None,
    first_row: int = 2,
    indicators: Container[str] | None = None,
    divisions: Container[str] | None = None,
) -> tuple[list[Observation], list[RowProblem]]:
    """The observations that can be read, and every problem, in the order of the rows.

    ``first_row`` is the row number of the first data row as the person sees it (2 below a header).
    With ``indicators`` and ``divisions`` given, codes outside them are problems too. Blank rows are
    skipped.
    """
    reading = Sheet(file, sheet, [])
    found: list[Observation] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=first_row):
        if number == first_row:
            _check_header(reading, row)
        reading.row = number
        if all(cells.clean(v) == "" for v in row.values()):
            continue
        observation = _Row(reading, row, indicators, divisions).read()
        if observation is None:
            continue
        if observation.id in seen:
            reading.report("id", cells.duplicate(observation.id, seen[observation.id]))
            continue
        seen[observation.id] = number
        found.append(observation)
    return found, reading.problems


def _check_header(reading: Sheet, row: Mapping[str, object]) -> None:
    names = [str(name) for name in row if name is not None]
    for column in COLUMNS:
        if column in REQUIRED and column not in names:
            reading.report(column, cells.missing_column(column))
    for name in names:
        if name.strip() and name not in COLUMNS:
            reading.report(name, cells.unknown_column(name, COLUMNS))


@dataclass(slots=True)
class _Row:
    """One row: reads each cell, reports each that is bad, and is an observation if none is."""

    reading: Sheet
    row: Mapping[str, object]
    indicators: Container[str] | None
    divisions: Container[str] | None
    good: bool = True

    def read(self) -> Observation | None:
        known = cells.surplus(self.row)
        if known is not None:
            self._bad(None, known)
        identity = self._code("id", None)
        indicator = self._code("indicator", self.indicators)
        division = self._division()
        period, value = self._period(), self._value()
        unit, kind, grade = self._unit(), self._kind(), self._grade()
        source = self._source(grade)
        scope_note, quality_flag = self._text("scope_note"), self._text("quality_flag")
        if not self.good or period is None or value is None or kind is None:
            return None
        return Observation(
            identity,
            indicator,
            division,
            period,
            value,
            unit,
            kind,
            source,
            scope_note=scope_note,
            quality_flag=quality_flag,
        )

    def _source(self, grade: str) -> Source:
        return Source(
            title=self._text("source_title"),
            address=self._text("source_address"),
            kind=self._text("source_kind"),
            grade=grade,
            quote=self._text("quote"),
            published=self._published(),
        )

    def _bad(self, column: str | None, bad: BadCell) -> None:
        self.good = False
        self.reading.report(column, bad)

    def _raw(self, column: str) -> str | None:
        """The cleaned cell; None (and a problem) when it is empty though required, or an error."""
        text = cells.clean(self.row.get(column))
        if not text and column in REQUIRED:
            if column in self.row:
                self._bad(column, cells.empty())
            self.good = False
            return None
        if bad := cells.excel_error(text):
            self._bad(column, bad)
            return None
        return text

    def _code(self, column: str, known: Container[str] | None) -> str:
        text = self._raw(column)
        if text is None:
            return ""
        read = cell_values.code(text, known)
        if isinstance(read, BadCell):
            self._bad(column, read)
            return ""
        return read

    def _division(self) -> str:
        return (
            self._take("division", cell_values.division(self._raw("division"), self.divisions))
            or ""
        )

    def _unit(self) -> str:
        return self._take("unit", cell_choices.unit_symbol(self._raw("unit"))) or ""

    def _grade(self) -> str:
        return self._take("grade", cell_choices.grade(self._raw("grade"))) or ""

    def _text(self, column: str) -> str:
        return self._take(column, cell_values.free_text(self._raw(column))) or ""

    def _take(self, column: str, read: str | BadCell | None) -> str | None:
        if isinstance(read, BadCell):
            self._bad(column, read)
            return None
        return read

    def _period(self) -> Period | None:
        read = cell_values.period(self._raw("period"))
        if isinstance(read, BadCell):
            self._bad("period", read)
            return None
        return read

    def _value(self) -> Decimal | None:
        read = cell_values.value(self._raw("value"))
        if isinstance(read, BadCell):
            self._bad("value", read)
            return None
        return read

    def _kind(self) -> ObservationKind | None:
        read = cell_choices.kind(self._raw("kind"))
        if isinstance(read, BadCell):
            self._bad("kind", read)
            return None
        return read

    def _published(self) -> date | None:
        read = cell_values.day(self._raw("published"))
        if isinstance(read, BadCell):
            self._bad("published", read)
            return None
        return read
