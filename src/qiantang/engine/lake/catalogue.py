"""Where each table is now: the SQL catalogue, SQLite in the lake's folder or PostgreSQL.

Readers ask only for the pointer of a table, one indexed row; PyIceberg and SQLAlchemy are loaded
when something is written, planned anew, or the catalogue is PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qiantang.engine.lake.errors import TableUnknown
from qiantang.engine.lake.folders import make_folder
from qiantang.engine.lake.state import TableState, read_state
from qiantang.engine.lake.translation import translated

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.table import Table

NAME: Final = "qiantang"
NAMESPACE: Final = "zone"
WAIT_SECONDS: Final = 30.0
_POINTER = (
    "SELECT metadata_location FROM iceberg_tables"
    " WHERE catalog_name = ? AND table_namespace = ? AND table_name = ?"
)
_TABLES = (
    "SELECT table_name FROM iceberg_tables"
    " WHERE catalog_name = ? AND table_namespace = ? ORDER BY table_name"
)


class Catalogue:
    """The pointers of one lake. States are cached by metadata location, which never changes."""

    def __init__(self, folder: Path, url: str | None, wait: float, file_io: str) -> None:
        self._folder = folder
        self._file = None if url else folder / "catalogue.sqlite3"
        self._url = url
        self._wait = wait
        self._file_io = file_io
        self._states: dict[str, TableState] = {}
        self._lock = threading.Lock()

    def tables(self) -> list[str]:
        return [name for (name,) in self._select(_TABLES, (NAME, NAMESPACE))]

    def location(self, table: str) -> str | None:
        rows = self._select(_POINTER, (NAME, NAMESPACE, table))
        return rows[0][0] if rows else None

    def state(self, table: str) -> TableState:
        """The table as of now. A metadata file that a writer just retired is looked up again."""
        for attempt in range(3):
            location = self.location(table)
            if location is None:
                raise TableUnknown(found=table)
            known = self._states.get(table)
            if known is not None and known.location == location:
                return known
            try:
                state = read_state(table, location)
            except FileNotFoundError:
                if attempt < 2 and self.location(table) != location:
                    continue
                raise
            self._states[table] = state
            return state
        raise TableUnknown(found=table)

    def load(self, table: str) -> Table:
        """PyIceberg's table, for planning and writing."""
        from pyiceberg.exceptions import NoSuchTableError

        try:
            return self.iceberg.load_table((NAMESPACE, table))
        except NoSuchTableError as missing:
            raise TableUnknown(found=table) from missing

    @cached_property
    def iceberg(self) -> SqlCatalog:
        from pyiceberg.catalog.sql import SqlCatalog

        with self._lock:
            self._prepare()
            catalogue = SqlCatalog(
                NAME,
                uri=_with_driver(self._url)
                if self._url
                else f"sqlite:///{self._file}?timeout={self._wait:g}",
                warehouse=str(self._folder),
                pool_pre_ping="true" if self._url else "false",
                **{"py-io-impl": self._file_io},
            )
            catalogue.create_namespace_if_not_exists(NAMESPACE)
            return catalogue

    def _prepare(self) -> None:
        if self._file is None or self._file.exists():
            return
        make_folder(self._folder)
        with closing(sqlite3.connect(self._file, timeout=self._wait)) as first:
            # WAL lets readers pass a writer; synchronous stays FULL, so a commit is on the disk.
            first.execute("PRAGMA journal_mode=WAL")

    def _select(self, sql: str, params: tuple[str, ...]) -> list[tuple[str, ...]]:
        if self._file is None:
            return self._select_far(sql, params)
        if not self._file.exists():
            return []
        with translated(""), closing(sqlite3.connect(self._file, timeout=self._wait)) as near:
            try:
                return near.execute(sql, params).fetchall()
            except sqlite3.OperationalError as wrong:
                if "no such table" in str(wrong):
                    return []
                raise

    def _select_far(self, sql: str, params: tuple[str, ...]) -> list[tuple[str, ...]]:
        with translated(""), self.iceberg.engine.connect() as far:
            rows = far.exec_driver_sql(sql.replace("?", "%s"), params).fetchall()
            return [(str(row[0]),) for row in rows]


def _with_driver(url: str) -> str:
    """SQLAlchemy's address for psycopg 3, whatever form of PostgreSQL address was given."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
