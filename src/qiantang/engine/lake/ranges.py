"""Which values of a column a data file can hold, from the bounds in its manifest entry.

Bounds of text are cut to sixteen letters, rounded outwards, so a range may be wider than the truth
and never narrower.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qiantang.engine.lake.columns import Column

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile

_EPOCH = date(1970, 1, 1)


def bounds(file: DataFile, column: Column) -> tuple[Any, Any] | None:
    """The lowest and highest value that ``file`` may hold; None where nobody knows."""
    low = (file.lower_bounds or {}).get(column.id)
    high = (file.upper_bounds or {}).get(column.id)
    if low is None or high is None:
        return None
    return _value(column, low), _value(column, high)


def comparable(column: Column) -> bool:
    """Whether `bounds` of this column are values that DuckDB compares as the column's own."""
    return column.kind in ("string", "int", "long", "date") or column.kind.startswith("decimal")


def _value(column: Column, stored: bytes) -> Any:
    from pyiceberg.conversions import from_bytes
    from pyiceberg.types import PrimitiveType

    from qiantang.engine.lake.tables import iceberg_type

    kind = iceberg_type(column.kind)
    assert isinstance(kind, PrimitiveType)
    value = from_bytes(kind, stored)
    if column.kind == "date" and isinstance(value, int):
        return _EPOCH + timedelta(days=value)
    return value
