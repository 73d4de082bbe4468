"""The stores that the conformance tests run on: a second one is added to `STORES`."""

from __future__ import annotations

import os
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


def _on_postgres(folder: Path) -> Lake:
    """A catalogue in a schema of its own for each test process, made anew."""
    import psycopg

    url = os.environ["TEST_DATABASE_URL"]

    schema = f"lake_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        server.execute(f"CREATE SCHEMA {schema}")
    mark = "&" if "?" in url else "?"
    return Lake(folder / "lake", f"{url}{mark}options=-csearch_path%3D{schema}")


STORES: dict[str, Callable[[Path], Lake]] = {
    "iceberg-sqlite": lambda folder: Lake(folder / "数据 湖"),
}
if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
    STORES["iceberg-postgres"] = _on_postgres


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
