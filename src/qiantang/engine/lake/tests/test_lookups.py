"""Look-up files: the answers that the table gives, one snapshot each, made whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake, lookup_making, lookups
from qiantang.engine.lake.lookups import Lookup, Wanted

COLUMNS = ("code", "number", "open", "amount", "share", "day", "at", "name")
INDEXED = ("code", "number", "open", "day", "amount")
SCHEMA = pa.schema(
    {
        "code": pa.string(),
        "number": pa.int64(),
        "open": pa.bool_(),
        "amount": pa.decimal128(18, 2),
        "share": pa.float64(),
        "day": pa.date32(),
        "at": pa.timestamp("us", "UTC"),
        "name": pa.string(),
        "secret": pa.string(),
    }
)


def rows(start: int, count: int) -> pa.Table:
    made = [
        {
            "code": f"F{n:04d}",
            "number": n % 7 if n % 11 else None,
            "open": n % 2 == 0 if n % 5 else None,
            "amount": Decimal(n) / 100,
            "share": n / 3 if n % 13 else float("nan"),
            "day": date(2020, 1, n % 28 + 1),
            "at": datetime(2020, 1, 1, n % 24, tzinfo=UTC),
            "name": "渔港“甲”'; DROP TABLE rows; --" if n % 3 else None,
            "secret": "330106199001011234",
        }
        for n in range(start, start + count)
    ]
    return pa.Table.from_pylist(made, schema=SCHEMA)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.ensure("firms", SCHEMA, sort_by=["code"])
    made.append("firms", rows(0, 300))
    return made


def wanted(lake: Lake) -> Wanted:
    snapshot = lake.current("firms")
    assert snapshot is not None
    return Wanted("firms", snapshot.id, COLUMNS, INDEXED)


def made_of(lake: Lake, table: str, columns: tuple[str, ...], indexed: tuple[str, ...]) -> Lookup:
    snapshot = lake.current(table)
    assert snapshot is not None
    asked = Wanted(table, snapshot.id, columns, indexed)
    lookup_making.make(lake, asked)
    found = lookups.found(lake.folder, asked)
    assert found is not None
    return found


def records(
    found: Lookup,
    columns: Sequence[str],
    filters: dict[str, list[str]],
    *,
    limit: int = 1000,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    named = (lookups.ID, *columns)
    text, total = found.records(named, filters, limit=limit, offset=offset, count=True)
    return json.loads(text), total


@pytest.mark.parametrize(
    "filters",
    [
        {"code": ["F0007"]},
        {"code": ["F0007", "F0009", "absent"]},
        {"number": ["3"]},
        {"number": ["03", "3.0", "", "x", "9" * 40, "²"]},
        {"open": ["true"], "number": ["2"]},
        {"open": ["1"]},
        {"day": ["2020-01-05"], "name": ["渔港“甲”'; DROP TABLE rows; --"]},
        {"amount": ["1.50"]},
        {"_id": ["3", "300", "301", "x"]},
        {"_id": ["8", "9"], "code": ["F0007"]},
    ],
)
def test_a_filter_gives_what_the_table_gives(lake: Lake, filters: dict[str, list[str]]) -> None:
    lookup_making.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert found.serves(COLUMNS, filters)
    where = " AND ".join(
        f'CAST("{c}" AS VARCHAR) IN ({", ".join("?" * len(t))})' for c, t in filters.items()
    )
    params = [text for texts in filters.values() for text in texts]
    placed = "SELECT *, row_number() OVER () AS _id FROM t"
    sql = f"SELECT _id, code FROM ({placed}) WHERE {where}"
    expected = lake.query(sql, {"t": "firms"}, params=params).to_pylist()
    page, total = records(found, ["code"], filters)
    assert page == expected
    assert total == len(expected)
    rest, _ = records(found, ["code"], filters, limit=1, offset=2)
    assert rest == page[2:3]


def test_pages_follow_each_other_and_values_are_plain(lake: Lake) -> None:
    lake.append("firms", rows(300, 57))
    lookup_making.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    everything = []
    for offset in range(0, 400, 100):
        page, total = records(found, COLUMNS, {}, limit=100, offset=offset)
        assert total == 357
        everything += page
    stored = lake.read("firms", columns=["code"]).column("code").to_pylist()
    assert [row["code"] for row in everything] == stored
    assert [row["_id"] for row in everything] == list(range(1, 358))
    assert everything[stored.index("F0016")] == {
        "_id": stored.index("F0016") + 1,
        "code": "F0016",
        "number": 2,
        "open": True,
        "amount": "0.16",
        "share": 16 / 3,
        "day": "2020-01-17",
        "at": "2020-01-01T16:00:00+00:00",
        "name": "渔港“甲”'; DROP TABLE rows; --",
    }
    assert everything[stored.index("F0013")]["share"] is None
    assert everything[stored.index("F0005")]["open"] is None
    assert everything[stored.index("F0000")]["amount"] == "0"


def test_every_value_is_written_as_the_table_has_it(tmp_path: Path) -> None:
    schema = pa.schema({"big": pa.decimal128(38, 8), "real": pa.float64(), "rowid": pa.string(),
                        "text": pa.string(), "o'clock \"{}": pa.int64()})  # fmt: skip
    decimals = ("0", "0.00000001", "-0.0000001", "120.5", "100", "-123456789012345678901234567890")
    reals = (0.1 + 0.2, 1e300, 5e-324, -0.0, 1e16, 12345678901234.567)
    texts = ("\x00\x01\x1f\x7f", "\\\"'", "\u2028🏠", "", '{"a": [1]}', "null")
    made = [
        {"big": Decimal(b), "real": r, "rowid": t, "text": t, "o'clock \"{}": 2**63 - 1 - n}
        for n, (b, r, t) in enumerate(zip(decimals, reals, texts, strict=True))
    ]
    lake = Lake(tmp_path / "lake")
    lake.ensure("t", schema)
    lake.append("t", pa.Table.from_pylist([*made, {"big": None}], schema=schema))
    found = made_of(lake, "t", tuple(schema.names), ("big",))
    page, _ = records(found, schema.names, {})
    assert page[-1] == {"_id": 7, **dict.fromkeys(schema.names)}
    for row, expected, said in zip(page, made, decimals, strict=False):
        assert {**row, "big": Decimal(row["big"])} == {"_id": row["_id"], **expected}
        assert row["big"] == f"{Decimal(said):.8f}".rstrip("0").rstrip(".")
        again, _ = records(found, ["text"], {"big": [f"{Decimal(said):.8f}"]})
        assert [each["text"] for each in again] == [row["text"]]


def test_a_table_wider_than_a_function_of_sqlite_takes(tmp_path: Path) -> None:
    schema = pa.schema({f"c{n}": pa.string() for n in range(300)})
    row = {name: f"{name},{{}}" for name in schema.names}
    lake = Lake(tmp_path / "lake")
    lake.ensure("wide", schema)
    lake.append("wide", pa.Table.from_pylist([row, row], schema=schema))
    found = made_of(lake, "wide", tuple(schema.names), ("c0",))
    assert records(found, schema.names, {}) == ([{"_id": 1, **row}, {"_id": 2, **row}], 2)


@pytest.mark.parametrize("said", ["1.5", "1.50", "1.50000000"])
def test_a_decimal_is_found_however_many_places_are_said(lake: Lake, said: str) -> None:
    found = made_of(lake, "firms", COLUMNS, INDEXED)
    assert [row["code"] for row in records(found, ["code"], {"amount": [said]})[0]] == ["F0150"]


def test_no_rows_are_an_empty_list(lake: Lake) -> None:
    found = made_of(lake, "firms", COLUMNS, INDEXED)
    assert records(found, COLUMNS, {}, offset=300) == ([], 300)
    assert records(found, COLUMNS, {"code": ["absent"]}) == ([], 0)


def test_it_says_what_it_cannot_answer(lake: Lake) -> None:
    lookup_making.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert not found.serves(COLUMNS, {"share": ["0.5"]})
    assert not found.serves(COLUMNS, {"name": ["甲"]})
    assert not found.serves(("secret",), {})
    assert not found.serves(COLUMNS, {"secret": ["x"]})


def test_a_new_snapshot_has_its_own_and_the_old_one_goes(lake: Lake) -> None:
    first = lookup_making.make(lake, wanted(lake))
    assert first is not None
    assert b"330106199001011234" not in first.read_bytes()
    lake.append("firms", rows(300, 5))
    assert lookups.found(lake.folder, wanted(lake)) is None
    second = lookup_making.make(lake, wanted(lake))
    assert second is not None
    assert list(second.parent.glob("*.sqlite3")) == [second]
    assert lake.verify("firms") == []


def test_what_a_killed_maker_left_is_not_taken_for_a_file(lake: Lake) -> None:
    path = wanted(lake).path(lake.folder)
    path.parent.mkdir(parents=True)
    path.with_suffix(".new").write_bytes(b"half")
    assert lookups.found(lake.folder, wanted(lake)) is None
    assert lookup_making.make(lake, wanted(lake)) == path
    assert not list(path.parent.glob("*.new"))


def test_a_damaged_file_is_as_none(lake: Lake) -> None:
    path = lookup_making.make(lake, wanted(lake))
    assert path is not None
    path.write_bytes(b"not a database" * 500)
    lookups._known.clear()
    assert lookups.found(lake.folder, wanted(lake)) is None


def test_it_is_made_by_a_process_of_its_own(lake: Lake) -> None:
    said = json.dumps(asdict(wanted(lake)))
    words = [sys.executable, "-m", "qiantang.engine.lake.lookup_making", str(lake.folder), said]
    assert subprocess.run(words, check=False).returncode == 0
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert found.rows == 300
