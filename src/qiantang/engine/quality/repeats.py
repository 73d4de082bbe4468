"""What only the whole delivery tells, found on disk, never in a set in memory: repeated keys, and
references to rows of the same resource.

Within a delivery: rows that are the same in every field are kept once, the others are
``repeated``. Rows that share a key but differ are all set aside (``key_conflict``,
``not_unique``), for which is right cannot be told. An empty part of a key counts as a value; an
empty unique field does not.
"""
# ruff: noqa: S608 - names of columns are quoted, files are literals

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pyarrow as pa

from qiantang.engine.lake.plans import literal, quoted
from qiantang.engine.quality.checker import Checker, Failure
from qiantang.engine.quality.rulebook import Rule, field_rule, grain_rule
from qiantang.engine.quality.schema import value_schema
from qiantang.packkit.compiled import Mode

_MEMORY: Final = "128MB"
_BATCH: Final = 50_000
_PLACE: Final = "_sheet, _row"
_ALL: Final = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"


class Repeats:
    """The search over accepted files. A context manager, for it holds a database."""

    def __init__(self, checker: Checker, files: Sequence[Path], spill: Path) -> None:
        self._checker, self._spill = checker, spill
        self._resource = checker.resource
        self._values = value_schema(checker.resource).names
        self._db = duckdb.connect(
            ":memory:", config={"memory_limit": _MEMORY, "temp_directory": str(spill)}
        )
        self._db.execute("SET autoinstall_known_extensions = false")
        self._db.execute("SET TimeZone = 'UTC'")
        listed = ", ".join(literal(str(file)) for file in files)
        self._db.execute(f"CREATE VIEW sent AS SELECT * FROM read_parquet([{listed}])")
        self._db.execute("CREATE TABLE gone (_sheet VARCHAR, _row BIGINT)")

    def __enter__(self) -> Repeats:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def find(self) -> Iterator[tuple[pl.DataFrame, Failure]]:
        """Frames of rows that go, with their places and values, and the failure of all of them.

        A row goes for one reason only: what an earlier search took is out of the next.
        """
        grain = tuple(self._resource.grain)
        if grain:
            yield from self._within(grain, grain_rule(self._resource, "repeated"),
                                    grain_rule(self._resource, "key_conflict"))  # fmt: skip
        for field in self._resource.fields:
            if field.unique and (field.id,) != grain and self._checker.mode is not Mode.DELETE:
                yield from self._within((field.id,), field_rule(field, "repeated"),
                                        field_rule(field, "not_unique"), empty=False)  # fmt: skip
        if grain and self._checker.mode is Mode.APPEND and self._checker.existing is not None:
            yield from self._beside_lake(grain)
        if self._checker.mode is not Mode.DELETE:
            yield from self._without_referent()

    def _within(
        self, key: tuple[str, ...], same: Rule, differ: Rule, *, empty: bool = True
    ) -> Iterator[tuple[pl.DataFrame, Failure]]:
        names = ", ".join(quoted(name) for name in key)
        there = "true" if empty else " AND ".join(f"{quoted(n)} IS NOT NULL" for n in key)
        whole = f"row({', '.join(quoted(name) for name in self._values)})"
        apart = f"OVER (PARTITION BY {names} ORDER BY {_PLACE} {_ALL})"
        left_over = f"(SELECT * FROM sent ANTI JOIN gone USING ({_PLACE}))"
        # As a table it has a known size: the few keys are what all rows are held against.
        self._db.execute(
            f"CREATE OR REPLACE TABLE twice AS SELECT {names} FROM {left_over}"
            f" WHERE {there} GROUP BY {names} HAVING count(*) > 1"
        )
        self._keep(
            f"WITH rivals AS (SELECT s.* FROM {left_over} s"
            f" SEMI JOIN twice t ON {_matched(key, 's', 't')})"
            f" SELECT *, min({whole}) {apart} IS NOT DISTINCT FROM max({whole}) {apart} AS _alike,"
            f" row_number() OVER (PARTITION BY {names} ORDER BY {_PLACE}) AS _at,"
            f" first_value(_row) {apart} AS _first,"
            f" nth_value(_row, 2) {apart} AS _next FROM rivals",
            "NOT _alike OR _at > 1",
        )
        order = f"{names}, {_PLACE}"
        for which, rule in (("_alike AND _at > 1", same), ("NOT _alike", differ)):
            for rows in self._frames(f"SELECT * FROM found WHERE {which} ORDER BY {order}"):
                other = pl.when(pl.col("_at") == 1).then("_next").otherwise("_first")
                yield rows, _failure(rule, rows, rows.select(other).to_series())

    def _beside_lake(self, key: tuple[str, ...]) -> Iterator[tuple[pl.DataFrame, Failure]]:
        assert self._checker.existing is not None
        there: Any = self._checker.existing(key)
        self._db.register("there", there)
        self._keep(
            # The delivery is the smaller side: it is what the keys of the lake are held against.
            "WITH hit AS (SELECT DISTINCT t.* FROM there t"
            f" SEMI JOIN sent s ON {_matched(key, 't', 's')})"
            f" SELECT s.* FROM sent s ANTI JOIN gone USING ({_PLACE})"
            f" SEMI JOIN hit t ON {_matched(key, 's', 't')}",
            "true",
        )
        for rows in self._frames(f"SELECT * FROM found ORDER BY {_PLACE}"):
            yield rows, _failure(grain_rule(self._resource, "key_exists"), rows)

    def _without_referent(self) -> Iterator[tuple[pl.DataFrame, Failure]]:
        """Rows that refer to a row of their own resource which neither the lake has nor this
        delivery brings. Again and again, for a row that goes may be another's referent."""
        own = [each for each in self._checker.fields if each.own]
        for n, each in enumerate(own):
            known = pl.DataFrame({"v": [] if each.references is None else each.references})
            self._db.register(f"known_{n}", known.cast(pl.String).to_arrow())
        found = bool(own)
        while found:
            found = False
            for n, each in enumerate(own):
                value, referent = quoted(each.field.id), quoted(each.own)
                self._keep(
                    f"WITH left_over AS (SELECT * FROM sent ANTI JOIN gone USING ({_PLACE})),"
                    f" there AS (SELECT CAST({referent} AS VARCHAR) AS v FROM left_over"
                    f" UNION SELECT v FROM known_{n})"
                    f" SELECT s.* FROM left_over s ANTI JOIN there t"
                    f" ON CAST(s.{value} AS VARCHAR) = t.v WHERE s.{value} IS NOT NULL",
                    "true",
                )
                rule = self._checker.rule(each.field, "reference")
                for rows in self._frames(f"SELECT * FROM found ORDER BY {_PLACE}"):
                    found = True
                    yield rows, _failure(rule, rows)

    def _keep(self, sql: str, goes: str) -> None:
        """The rows of a search as the table ``found``; those that go are noted as gone."""
        self._db.execute(f"CREATE OR REPLACE TABLE found AS {sql}")
        self._db.execute(f"INSERT INTO gone SELECT {_PLACE} FROM found WHERE {goes}")

    def _frames(self, sql: str) -> Iterator[pl.DataFrame]:
        """The rows of a select, some at a time: a whole delivery may be repeated."""
        with self._db.cursor() as cursor:
            for batch in cursor.sql(sql).to_arrow_reader(_BATCH):
                rows = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(rows, pl.DataFrame)
                if rows.height:
                    yield rows


def _failure(rule: Rule, rows: pl.DataFrame, other: pl.Series | None = None) -> Failure:
    return Failure(rule, pl.int_range(rows.height, eager=True, dtype=pl.UInt32), other)


def _matched(key: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(
        f"{left}.{quoted(name)} IS NOT DISTINCT FROM {right}.{quoted(name)}" for name in key
    )
