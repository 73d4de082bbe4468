"""What every engine can do, and what is handed to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

import pyarrow as pa

from qiantang.engine.lake.plans import FilePlan

Given: TypeAlias = pa.Table | FilePlan
"""A table: rows in memory, or the planned files of a version in the lake (`Lake.files`)."""


@dataclass(frozen=True, slots=True)
class Written:
    """Parquet files of one result, in order; ``rows`` of all of them."""

    paths: tuple[Path, ...]
    rows: int
    schema: pa.Schema


class Engine(Protocol):
    """One task on one engine: register tables, then ask or write. SQL is DuckDB's.

    Both engines give the same rows in the same types for SQL that `check_portable` lets through.
    Every verb may raise `TaskTooSlow`, `TaskTooLarge`, `TaskCancelled` or `TaskFailed`.
    """

    name: str

    def register(self, name: str, table: Given) -> None:
        """Let SQL see ``table`` as ``name``."""
        ...

    def query(self, sql: str) -> pa.Table:
        """The rows of one select over the registered tables."""
        ...

    def write(self, sql: str, folder: Path) -> Written:
        """Write the rows as Parquet into ``folder``, which must be new or empty."""
        ...

    def cancel(self) -> None:
        """Stop what runs, from any thread; it raises `TaskCancelled`."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
