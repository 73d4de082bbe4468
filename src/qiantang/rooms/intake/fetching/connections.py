"""Other people's databases behind one small face: open read-only, stream, quote a name.

A driver's error becomes `SourceRefused` with the driver's words and without the address's
password.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import SourceInvalid, SourceRefused
from qiantang.rooms.intake.fetching import refusals

ENGINES: Final = ("postgresql", "mysql", "sqlite")
CONNECT_SECONDS: Final = 10
_READ_SECONDS: Final = 120
Rows = Iterator[Sequence[Sequence[Any]]]


class Connection(Protocol):
    """An open database. ``mark`` stands for a bound value in its SQL."""

    mark: str

    def quoted(self, name: str) -> str: ...

    def stream(self, sql: str, params: Sequence[Any], size: int) -> tuple[list[str], Rows]: ...

    def storage(self, table: str, column: str) -> frozenset[str]:
        """The storage classes of the values (both names quoted), where each row has its own."""
        ...


@contextmanager
def connect(source: str, config: Mapping[str, Any], password: str) -> Iterator[Connection]:
    """A read-only connection, closed afterwards. Raises `SourceRefused`, `SourceInvalid`."""
    engine = str(config.get("engine") or "")
    opening = {"postgresql": _postgresql, "mysql": _mysql, "sqlite": _sqlite}.get(engine)
    if opening is None:
        raise SourceInvalid(field="engine", found=engine or "-", expected=", ".join(ENGINES))
    with opening(source, config, password) as connection:
        yield connection


@dataclass(slots=True)
class _Standard:
    """PostgreSQL and SQLite quote alike."""

    source: str
    cursor: Any
    mark: str
    errors: type[Exception]
    quote: str = '"'

    def quoted(self, name: str) -> str:
        if "\x00" in name:
            raise SourceInvalid(
                field="table", found=repr(name), expected=Text("普通的名称", "a plain name")
            )
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def stream(self, sql: str, params: Sequence[Any], size: int) -> tuple[list[str], Rows]:
        with _told(self.source, self.errors):
            self.cursor.execute(sql, list(params))
            first = self.cursor.fetchmany(size)
            names = [str(column[0]) for column in self.cursor.description]
        return names, self._pieces(first, size)

    def storage(self, table: str, column: str) -> frozenset[str]:
        return frozenset()

    def _pieces(self, first: Sequence[Sequence[Any]], size: int) -> Rows:
        batch = first
        while batch:
            yield batch
            with _told(self.source, self.errors):
                batch = self.cursor.fetchmany(size)


class _Sqlite(_Standard):
    """A column may hold values of any storage class; a smaller class sorts before a larger one
    whatever the values (SQLite, Datatypes, section 4)."""

    __slots__ = ()

    def storage(self, table: str, column: str) -> frozenset[str]:
        sql = f"SELECT DISTINCT typeof({column}) FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        with _told(self.source, self.errors):
            beside = self.cursor.connection.execute(sql)
            return frozenset(str(row[0]) for row in beside.fetchall())


@contextmanager
def _postgresql(source: str, config: Mapping[str, Any], password: str) -> Iterator[Connection]:
    import psycopg

    with _told(source, psycopg.Error):
        opened = psycopg.connect(
            **_address(config, password, "dbname", 5432),
            connect_timeout=CONNECT_SECONDS,
            options="-c default_transaction_read_only=on",
            application_name="qiantang",
            keepalives_idle=30,
        )
    try:
        opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        cursor = opened.cursor(name="qiantang_fetch")
        yield _Standard(source, cursor, "%s", psycopg.Error)
    finally:
        opened.close()


@contextmanager
def _mysql(source: str, config: Mapping[str, Any], password: str) -> Iterator[Connection]:
    import pymysql
    from pymysql.cursors import SSCursor

    failures = (pymysql.Error, OSError)
    with _told(source, *failures):
        opened = pymysql.connect(
            **_address(config, password, "database", 3306),
            connect_timeout=CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            charset="utf8mb4",
            cursorclass=SSCursor,
            autocommit=False,
        )
    cursor: Any = None
    try:
        with _told(source, *failures), opened.cursor() as setting:
            setting.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            setting.execute("START TRANSACTION READ ONLY")
        cursor = opened.cursor()
        yield _Standard(source, cursor, "%s", pymysql.Error, quote="`")
    finally:
        # A stream that was not read to its end would be drained by a polite close, and by the
        # cursor and its result when they are let go.
        opened._force_close()
        _give_up(cursor)


def _give_up(cursor: Any) -> None:
    """Let a driver's cursor, and its result, expect nothing more of a connection that is gone."""
    if cursor is None:
        return
    if cursor._result is not None:
        cursor._result.unbuffered_active = False
        cursor._result.connection = None
    cursor.connection = None


@contextmanager
def _sqlite(source: str, config: Mapping[str, Any], password: str) -> Iterator[Connection]:
    path = Path(str(config.get("file") or ""))
    if not path.is_file():
        raise SourceRefused(
            source=source, found=Text(f"没有文件 {path.name}", f"no file {path.name}")
        )
    with _told(source, sqlite3.Error):
        address = f"file:{quote(str(path))}?mode=ro"
        opened = sqlite3.connect(address, uri=True, timeout=CONNECT_SECONDS)
    try:
        opened.execute("PRAGMA query_only = ON")
        opened.execute("BEGIN")
        yield _Sqlite(source, opened.cursor(), "?", sqlite3.Error)
    finally:
        opened.close()


def _address(config: Mapping[str, Any], password: str, database: str, port: int) -> dict[str, Any]:
    return {
        "host": str(config.get("host") or "localhost"),
        "port": int(config.get("port") or port),
        "user": str(config.get("user") or ""),
        "password": password,
        database: str(config.get("database") or ""),
    }


@contextmanager
def _told(source: str, *failures: type[Exception]) -> Iterator[None]:
    try:
        yield
    except failures as error:
        said = [*str(error).strip().splitlines(), "-"][0][:300]
        raise SourceRefused(source=source, found=refusals.of_driver(error, said)) from error
