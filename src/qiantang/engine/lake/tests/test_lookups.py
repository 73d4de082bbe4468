"""Look-up files: the answers that the table gives, one snapshot each, made whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake, lookups
from qiantang.engine.lake.lookups import Wanted

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
        {"amount": ["1.5"]},
    ],
)
def test_a_filter_gives_what_the_table_gives(lake: Lake, filters: dict[str, list[str]]) -> None:
    lookups.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert found.serves(COLUMNS, filters)
    where = " AND ".join(
        f'CAST("{c}" AS VARCHAR) IN ({", ".join("?" * len(t))})' for c, t in filters.items()
    )
    params = [text for texts in filters.values() for text in texts]
    sql = f"SELECT code FROM t WHERE {where}"
    expected = lake.query(sql, {"t": "firms"}, params=params).column("code").to_pylist()
    page, total = found.page(["code"], filters, limit=1000, offset=0, count=True)
    assert ([code for (code,) in page], total) == (expected, len(expected))


def test_pages_follow_each_other_and_values_are_plain(lake: Lake) -> None:
    lake.append("firms", rows(300, 57))
    lookups.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    everything = []
    for offset in range(0, 400, 100):
        page, total = found.page(COLUMNS, {}, limit=100, offset=offset, count=True)
        assert total == 357
        everything += page
    stored = lake.read("firms", columns=["code"]).column("code").to_pylist()
    assert [row[0] for row in everything] == stored
    row = dict(zip(COLUMNS, everything[stored.index("F0016")], strict=True))
    assert row == {
        "code": "F0016",
        "number": 2,
        "open": True,
        "amount": "0.16",
        "share": 16 / 3,
        "day": "2020-01-17",
        "at": "2020-01-01T16:00:00+00:00",
        "name": "渔港“甲”'; DROP TABLE rows; --",
    }
    assert everything[stored.index("F0013")][COLUMNS.index("share")] is None


def test_it_says_what_it_cannot_answer(lake: Lake) -> None:
    lookups.make(lake, wanted(lake))
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert not found.serves(COLUMNS, {"share": ["0.5"]})
    assert not found.serves(COLUMNS, {"name": ["甲"]})
    assert not found.serves(("secret",), {})
    assert not found.serves(COLUMNS, {"secret": ["x"]})


def test_a_new_snapshot_has_its_own_and_the_old_one_goes(lake: Lake) -> None:
    first = lookups.make(lake, wanted(lake))
    assert first is not None
    assert b"330106199001011234" not in first.read_bytes()
    lake.append("firms", rows(300, 5))
    assert lookups.found(lake.folder, wanted(lake)) is None
    second = lookups.make(lake, wanted(lake))
    assert second is not None
    assert list(second.parent.glob("*.sqlite3")) == [second]
    assert lake.verify("firms") == []


def test_what_a_killed_maker_left_is_not_taken_for_a_file(lake: Lake) -> None:
    path = wanted(lake).path(lake.folder)
    path.parent.mkdir(parents=True)
    path.with_suffix(".new").write_bytes(b"half")
    assert lookups.found(lake.folder, wanted(lake)) is None
    assert lookups.make(lake, wanted(lake)) == path
    assert not list(path.parent.glob("*.new"))


def test_a_damaged_file_is_as_none(lake: Lake) -> None:
    path = lookups.make(lake, wanted(lake))
    assert path is not None
    path.write_bytes(b"not a database" * 500)
    lookups._known.clear()
    assert lookups.found(lake.folder, wanted(lake)) is None


def test_it_is_made_by_a_process_of_its_own(lake: Lake) -> None:
    said = json.dumps(asdict(wanted(lake)))
    words = [sys.executable, "-m", "qiantang.engine.lake.lookups", str(lake.folder), said]
    assert subprocess.run(words, check=False).returncode == 0
    found = lookups.found(lake.folder, wanted(lake))
    assert found is not None
    assert found.rows == 300
