"""A value is found however it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from qiantang.doors.protocols.filtering import equal
from qiantang.engine.lake.duck import Limits, sealed

AT = datetime(2026, 1, 1, 8, 0, 5)
COLUMNS = {
    "zoned": ("datetime", pa.array([AT.replace(tzinfo=UTC), None], pa.timestamp("us", tz="UTC"))),
    "plain": ("datetime", pa.array([AT, None], pa.timestamp("us"))),
    "price": ("decimal", pa.array([Decimal("0.50"), None], pa.decimal128(28, 8))),
    "number": ("integer", pa.array([5, None], pa.int64())),
    "name": ("text", pa.array(["5", None], pa.string())),
}


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        *(
            (name, text, True)
            for name in ("zoned", "plain")
            for text in ("2026-01-01T08:00:05", "2026-01-01 08:00:05", "2026-01-01T08:00:05+00:00",
                         "2026-01-01T08:00:05Z", "2026-01-01T16:00:05+08:00")
        ),
        ("zoned", "2026-01-01T08:00:06Z", False),
        ("plain", "soon", False),
        ("price", "0.5", True),
        ("price", 0.5, True),
        ("price", "0.51", False),
        ("number", "5", True),
        ("number", 5, True),
        ("name", 5, True),
    ],
)  # fmt: skip
def test_a_value_is_found_however_it_is_written(name: str, value: Any, found: bool) -> None:
    assert _found(name, [value]) == ([0] if found else [])
    assert _found(name, [value, None]) == ([0, 1] if found else [1])
    assert _found(name, []) == []


def _found(name: str, values: list[Any]) -> list[int]:
    kind, column = COLUMNS[name]
    connection = sealed(Limits(seconds=20.0))
    try:
        connection.register("rows", pa.table({name: column, "place": pa.array([0, 1])}))
        said, params = equal(name, kind, values)
        sql = f"SELECT place FROM rows WHERE {said} ORDER BY place"
        return [row[0] for row in connection.execute(sql, params).fetchall()]
    finally:
        connection.close()
