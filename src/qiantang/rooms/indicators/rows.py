"""Observations in their written form (a row of a form, a sheet or a pack's file), checked.

A row is a mapping of column to text. `parse` gives observations or every problem with its place.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Final

from qiantang.engine.targets.rows import COLUMNS, RowProblem, parse_rows
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.observations import Observation
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Indicator
from qiantang.rooms.indicators.errors import CellProblem, NothingToSubmit, RowsInvalid
from qiantang.rooms.shelf import selectors as shelf

__all__ = ["BASE", "COLUMNS", "Row", "known_divisions", "new_id", "parse", "to_row"]

Row = Mapping[str, str]
BASE: Final = "base_revision"
"""Beside the columns, a stored row keeps the revision that its writer saw (0: none)."""


def to_row(observation: Observation) -> dict[str, str]:
    """The written form; what `parse` reads back to the same observation."""
    source = observation.source
    return {
        "id": observation.id,
        "indicator": observation.indicator,
        "division": observation.division,
        "period": str(observation.period),
        "value": format(observation.value, "f"),
        "unit": observation.unit,
        "kind": observation.kind.value,
        "grade": source.grade,
        "source_title": source.title,
        "source_address": source.address,
        "source_kind": source.kind,
        "published": source.published.isoformat() if source.published else "",
        "quote": source.quote,
        "scope_note": observation.scope_note,
        "quality_flag": observation.quality_flag,
    }


def new_id(row: Row) -> str:
    """An id for a figure that came without one: readable, and never used twice.

    Always well-formed itself, so that a wrong cell of the row is told once, as that cell.
    """
    said = (str(row.get(column) or "") for column in ("division", "indicator"))
    parts = [re.sub(r"[^a-zA-Z0-9_.]", "", text)[:40] for text in said]
    return "-".join([*(part for part in parts if part), uuid.uuid4().hex[:10]])


def parse(rows: Iterable[Row], file: str = "", sheet: str | None = None) -> list[Observation]:
    """Checked observations in the order of the rows; the first row is row 2, below a header.

    Rows without an id get one. Raises `NothingToSubmit`, or `RowsInvalid` with every problem.
    """
    given = [{k: v for k, v in row.items() if k != BASE} for row in rows]
    if not any(not is_blank(row) for row in given):
        raise NothingToSubmit()
    for row in given:
        if not is_blank(row):
            row["id"] = (row.get("id") or "").strip() or new_id(row)
    indicators, divisions = shelf.indicators(), known_divisions()
    observations, found = parse_rows(
        given, file, sheet=sheet, indicators=indicators, divisions=divisions
    )
    problems = [_from_engine(p) for p in found]
    numbers = {row["id"]: n for n, row in enumerate(given, start=2) if not is_blank(row)}
    for observation in observations:
        place = Place(file=file or None, sheet=sheet, row=numbers[observation.id], column="unit")
        problems += _wrong_unit(observation, indicators[observation.indicator], place)
    if problems:
        raise RowsInvalid(sorted(problems, key=lambda p: p.place.row or 0))
    return observations


def is_blank(row: Row) -> bool:
    """Whether nothing stands in the row; such rows only count for the numbering."""
    return not any((value or "").strip() for value in row.values())


def _wrong_unit(observation: Observation, indicator: Indicator, place: Place) -> list[CellProblem]:
    try:
        convert(observation.value, observation.unit, indicator.unit)
    except QiantangError as error:
        hint = Text(f"该指标的单位是“{indicator.unit}”。", f'The unit is "{indicator.unit}".')
        return [CellProblem("indicators.wrong_unit", place, error.text(), hint)]
    return []


def known_divisions() -> frozenset[str]:
    """Codes of all divisions of the installed packs, in force or abolished."""
    return frozenset(c.code for c in shelf.code_list("geography.division").codes)


def _from_engine(problem: RowProblem) -> CellProblem:
    expected = problem.expected
    told = not expected.en or expected.zh in problem.text.zh
    hint = Text("", "") if told else Text(f"应为：{expected.zh}。", f"Expected: {expected.en}.")
    return CellProblem(problem.code, problem.place, problem.text, hint)
