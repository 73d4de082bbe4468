"""The stores that the conformance tests run on: a second one is added to `STORES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake

CITIES = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        ("name", pa.string()),
        ("people", pa.int64()),
        ("area", pa.decimal128(28, 8)),
        ("counted", pa.date32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("final", pa.bool_()),
    ]
)

STORES: dict[str, Callable[[Path], Lake]] = {
    "iceberg-sqlite": lambda folder: Lake(folder / "数据 湖"),
}


@pytest.fixture(params=STORES)
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lake]:
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


def cities(*rows: tuple[str, str, int | None]) -> pa.Table:
    found = [{"code": code, "name": name, "people": people} for code, name, people in rows]
    schema = pa.schema([CITIES.field(n) for n in ("code", "name", "people")])
    return pa.Table.from_pylist(found, schema=schema)


HANGZHOU = ("330100", "杭州市", 11_936_010)
NINGBO = ("330200", "宁波市", 9_404_283)
WENZHOU = ("330300", "温州市", 9_572_903)
