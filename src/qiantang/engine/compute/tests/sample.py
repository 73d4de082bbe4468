"""The small typed table on which every allowed function is run on both engines."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

SCHEMA = pa.schema(
    [
        ("id", pa.int32()),
        ("k", pa.string()),
        ("i", pa.int32()),
        ("b", pa.int64()),
        ("m", pa.decimal128(28, 8)),
        ("d", pa.float64()),
        ("s", pa.string()),
        ("f", pa.bool_()),
        ("day", pa.date32()),
        ("ts", pa.timestamp("us")),
    ]
)
# Times that do not exist in Berlin (2020-03-29 02:30) and New York (2020-03-08 02:30), or that
# exist twice there (2020-11-01 01:30); half cents; full-width blanks; a character beyond 16 bits.
ROWS = [
    (1, "甲", 3, 2**40, "1.25", 0.125, "杭州 abc", True, date(2020, 1, 31), "2020-03-29 02:30:00"),
    (2, "甲", -7, -5, "-2.5", -2.5, "13812345678", False, date(2020, 2, 29),
     "2020-03-08 02:30:15.123456"),
    (3, "乙", 0, 0, "0", 0.0, "", None, date(2021, 1, 3), "2019-12-31 23:59:59"),
    (4, "乙", None, None, None, None, None, True, None, None),
    (5, "乙", 12, 7, "99999999.12345678", 1234.5678, "\u3000 a州b州 ", True, date(2018, 12, 31),
     "2020-11-01 01:30:00"),
    (6, "甲", 3, 9, "2.675", 2.675, "aabc😀c", False, date(2024, 12, 30), "1999-01-01 00:00:00"),
]  # fmt: skip


def sample() -> pa.Table:
    def typed(name: str, value: object) -> object:
        if name == "m" and value is not None:
            return Decimal(str(value))
        return datetime.fromisoformat(str(value)) if name == "ts" and value else value

    rows = [{n: typed(n, v) for n, v in zip(SCHEMA.names, row, strict=True)} for row in ROWS]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def same(wanted: pa.Table, found: pa.Table) -> str:
    """Empty when both tables hold the same; else the first difference. Doubles may differ in
    their last bits, because engines add in another order."""
    if wanted.schema != found.schema:
        return f"{wanted.schema} / {found.schema}"
    if wanted.num_rows != found.num_rows:
        return f"{wanted.num_rows} rows / {found.num_rows}"
    for row, (one, other) in enumerate(zip(wanted.to_pylist(), found.to_pylist(), strict=True)):
        for name in one:
            if not _equal(one[name], other[name]):
                return f"row {row} {name}: {one[name]!r} / {other[name]!r}"
    return ""


def _equal(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other and type(one) is type(other)
