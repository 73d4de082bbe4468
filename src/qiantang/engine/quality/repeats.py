"""Rows that repeat a key: found over the whole delivery on disk, never in a set in memory.

Within a delivery: rows that are the same in every field are kept once, the others are
``repeated``. Rows that share a key but differ are all set aside (``key_conflict``,
``not_unique``), for which is right cannot be told. An empty part of a key counts as a value; an
empty unique field does not.
"""
# ruff: noqa: S608 - names of columns are quoted, files are literals

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from qiantang.engine.lake.plans import literal, quoted
from qiantang.engine.quality.checker import Checker, Failure
from qiantang.engine.quality.rulebook import Rule, field_rule, grain_rule
from qiantang.engine.quality.schema import value_schema
from qiantang.packkit.compiled import Mode

_MEMORY: Final = "512MB"
_PLACE: Final = "_sheet, _row"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows of one kind that go: their values (rendered by the caller) and why."""

    rows: pl.DataFrame
    failures: tuple[Failure, ...]


class Repeats:
    """The search over accepted files. A context manager, for it holds a database."""

    def __init__(self, checker: Checker, files: Sequence[Path], spill: Path) -> None:
        self._checker = checker
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

    def _within(
        self, key: tuple[str, ...], same: Rule, differ: Rule, *, empty: bool = True
    ) -> Iterator[tuple[pl.DataFrame, Failure]]:
        names = ", ".join(quoted(name) for name in key)
        there = "true" if empty else " AND ".join(f"{quoted(n)} IS NOT NULL" for n in key)
        found = self._frame(
            f"WITH left_over AS (SELECT * FROM sent ANTI JOIN gone USING ({_PLACE})),"
            f" twice AS (SELECT {names} FROM left_over WHERE {there} GROUP BY {names}"
            " HAVING count(*) > 1)"
            f" SELECT s.* FROM left_over s JOIN twice t ON {_matched(key, 's', 't')}"
            f" ORDER BY {', '.join(f's.{quoted(n)}' for n in key)}, s._sheet, s._row"
        )
        if not found.height:
            return
        marked = found.with_columns(
            _alike=pl.struct(self._values).n_unique().over(key),
            _first=pl.col("_row").first().over(key),
            _at=pl.int_range(pl.len()).over(key),
            _next=pl.col("_row").get(1).over(key),
        )
        alike = marked.filter((pl.col("_alike") == 1) & (pl.col("_at") > 0))
        mixed = marked.filter(pl.col("_alike") > 1)
        for rows, rule in ((alike, same), (mixed, differ)):
            if rows.height:
                other = rows.select(pl.when(pl.col("_at") == 0).then("_next").otherwise("_first"))
                yield self._taken(rows, rule, other.to_series())

    def _beside_lake(self, key: tuple[str, ...]) -> Iterator[tuple[pl.DataFrame, Failure]]:
        assert self._checker.existing is not None
        there: Any = self._checker.existing(key)
        self._db.register("there", there)
        found = self._frame(
            # The delivery is the smaller side: it is what the keys of the lake are held against.
            f"WITH hit AS (SELECT DISTINCT t.* FROM there t"
            f" SEMI JOIN sent s ON {_matched(key, 't', 's')})"
            f" SELECT s.* FROM sent s ANTI JOIN gone USING ({_PLACE})"
            f" SEMI JOIN hit t ON {_matched(key, 's', 't')} ORDER BY {_PLACE}"
        )
        if found.height:
            yield self._taken(found, grain_rule(self._resource, "key_exists"), None)

    def _taken(
        self, rows: pl.DataFrame, rule: Rule, other: pl.Series | None
    ) -> tuple[pl.DataFrame, Failure]:
        self._db.register("taken", rows.select("_sheet", "_row").to_arrow())
        self._db.execute("INSERT INTO gone SELECT * FROM taken")
        self._db.unregister("taken")
        every = pl.int_range(rows.height, eager=True, dtype=pl.UInt32)
        return rows, Failure(rule, every, other)

    def _frame(self, sql: str) -> pl.DataFrame:
        found = pl.from_arrow(self._db.sql(sql).to_arrow_table())
        assert isinstance(found, pl.DataFrame)
        return found


def _matched(key: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(
        f"{left}.{quoted(name)} IS NOT DISTINCT FROM {right}.{quoted(name)}" for name in key
    )
