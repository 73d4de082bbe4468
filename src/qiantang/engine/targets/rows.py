"""Observations as columns: the Arrow schema of the lake's table, to it and from it.

``parse_rows`` (CSV and Excel rows) lives in ``parsing`` and is offered here too, because deliveries
need both. Values are exact decimals with eight places; strings are never null, dates may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from qiantang.engine.targets.errors import ValueOutOfRange
from qiantang.engine.targets.numbers import INTEGER_DIGITS, PLACES, storable, tidy
from qiantang.engine.targets.parsing import COLUMNS, parse_rows
from qiantang.engine.targets.row_problems import RowProblem
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period, PeriodKind

__all__ = [
    "COLUMNS",
    "OBSERVATION_SCHEMA",
    "RowProblem",
    "from_table",
    "iter_observations",
    "parse_rows",
    "to_table",
]

_TEXT: Final = pa.string()

OBSERVATION_SCHEMA: Final[pa.Schema] = pa.schema(
    [
        pa.field("id", _TEXT, nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("indicator", _TEXT, nullable=False),
        pa.field("division", _TEXT, nullable=False),
        pa.field("period", _TEXT, nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("period_kind", _TEXT, nullable=False),
        pa.field("value", pa.decimal128(INTEGER_DIGITS + PLACES, PLACES), nullable=False),
        pa.field("unit", _TEXT, nullable=False),
        pa.field("kind", _TEXT, nullable=False),
        pa.field("grade", _TEXT, nullable=False),
        pa.field("source_title", _TEXT, nullable=False),
        pa.field("source_address", _TEXT, nullable=False),
        pa.field("source_kind", _TEXT, nullable=False),
        pa.field("published", pa.date32()),
        pa.field("quote", _TEXT, nullable=False),
        pa.field("scope_note", _TEXT, nullable=False),
        pa.field("quality_flag", _TEXT, nullable=False),
        pa.field("withdrawn", pa.bool_(), nullable=False),
        pa.field("recorded_at", pa.timestamp("us", tz="UTC")),
        pa.field("recorded_by", _TEXT, nullable=False),
        pa.field("submission", _TEXT, nullable=False),
    ]
)


def to_table(
    observations: Sequence[Observation], submission: str = "", recorded_by: str = ""
) -> pa.Table:
    """The observations as a table of `OBSERVATION_SCHEMA`, in the order given.

    Raises `ValueOutOfRange` for a value that eight decimal places and twenty digits do not hold.
    """
    rows = [_row(o, submission, recorded_by) for o in observations]
    return pa.Table.from_pylist(rows, schema=OBSERVATION_SCHEMA)


def _row(o: Observation, submission: str, recorded_by: str) -> dict[str, Any]:
    value = storable(o.value)
    if value is None:
        expected = f"<= {INTEGER_DIGITS} + {PLACES}"
        raise ValueOutOfRange(id=o.id, found=o.value, expected=expected)
    return {
        **o.written(),
        "value": value,
        "period_start": o.period.start,
        "period_end": o.period.end,
        "period_kind": o.period.kind.value,
        "withdrawn": o.withdrawn,
        "recorded_at": o.recorded_at,
        "recorded_by": recorded_by,
        "submission": submission,
    }


def from_table(table: pa.Table) -> list[Observation]:
    """The observations of a table of `OBSERVATION_SCHEMA`; further columns are ignored."""
    return list(iter_observations(table))


_READ: Final = (
    *("id", "revision", "indicator", "division", "period_start", "period_end", "period_kind"),
    *("value", "unit", "kind", "grade", "source_title", "source_address", "source_kind"),
    *("published", "quote", "scope_note", "quality_flag", "withdrawn", "recorded_at"),
)
_KINDS: Final = {k.value: k for k in ObservationKind}
_PERIOD_KINDS: Final = {k.value: k for k in PeriodKind}


def iter_observations(table: pa.Table) -> Iterator[Observation]:
    """As `from_table`, one observation at a time."""
    columns = [table.column(name).to_pylist() for name in _READ]
    periods: dict[tuple[date, date, str], Period] = {}
    for cells in zip(*columns, strict=True):
        key = cells[4:7]
        if key not in periods:
            periods[key] = Period(key[0], key[1], _PERIOD_KINDS[key[2]])
        yield _observation(cells, periods[key])


def _observation(cells: tuple[Any, ...], period: Period) -> Observation:
    identity, revision, indicator, division = cells[:4]
    value, unit, kind, grade, title, address, source_kind = cells[7:14]
    published, quote, scope_note, quality_flag, withdrawn, recorded_at = cells[14:]
    return Observation(
        id=identity,
        indicator=indicator,
        division=division,
        period=period,
        value=tidy(_decimal(value)),
        unit=unit,
        kind=_KINDS[kind],
        source=Source(title, address or "", source_kind or "", grade, quote or "", published),
        scope_note=scope_note or "",
        quality_flag=quality_flag or "",
        revision=revision,
        withdrawn=bool(withdrawn),
        recorded_at=recorded_at,
    )


def _decimal(value: Decimal | None) -> Decimal:
    return Decimal("NaN") if value is None else value
