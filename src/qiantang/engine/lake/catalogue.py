"""Where each table is now: the SQL catalogue, SQLite in the lake's folder or PostgreSQL.

Readers ask only for the pointer of a table, one indexed row; PyIceberg and SQLAlchemy are loaded
when something is written, planned anew, or the catalogue is PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qiantang.engine.lake.errors import TableUnknown
from qiantang.engine.lake.folders import Home, make_folder
from qiantang.engine.lake.idle import Idle
from qiantang.engine.lake.leases import Leases
from qiantang.engine.lake.state import Snapshot, TableState, extended, read_state
from qiantang.engine.lake.translation import translated

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from pyiceberg.table.metadata import TableMetadata

    from qiantang.engine.lake.committing import LakeCatalogue

NAME: Final = "qiantang"
NAMESPACE: Final = "zone"
WAIT_SECONDS: Final = 30.0
_IDLE: Final = Idle()
LOADED: Final = 8
"""Tables whose newest metadata a writing process keeps."""
ROOT: Final = "location"
"""The namespace's property, Iceberg's own, under which the root of all locations is recorded."""
_POINTER = (
    "SELECT metadata_location FROM iceberg_tables"
    " WHERE catalog_name = ? AND table_namespace = ? AND table_name = ?"
)
_ROOT = (
    "SELECT property_value FROM iceberg_namespace_properties"
    " WHERE catalog_name = ? AND namespace = ? AND property_key = ?"
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
        self._root = folder / "tables"
        self._known_home: Home | None = None
        self._states: dict[str, TableState] = {}
        self._loaded: dict[str, tuple[str, TableMetadata]] = {}
        self._lock = threading.Lock()
        self.leases = Leases(folder / "writers")
        self.scratch = folder / "scratch"

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
                state = read_state(table, location, self.home.path(location))
            except FileNotFoundError:
                if attempt < 2 and self.location(table) != location:
                    continue
                raise
            self._states[table] = state
            return state
        raise TableUnknown(found=table)

    def committed(self, state: TableState, key: str) -> Snapshot | None:
        """The snapshot that was committed under ``key``, also when it has been expired since."""
        if not key:
            return None
        # In this order: a key that leaves the state between the two looks is in the books by then.
        return state.with_key(key) or self.iceberg.committed(state.name, key)

    @property
    def home(self) -> Home:
        """Where the recorded root is now; until a root is recorded, it is the present one."""
        if self._known_home is None:
            rows = self._select(_ROOT, (NAME, NAMESPACE, ROOT))
            if not rows:
                return Home(str(self._root), self._root)
            self._known_home = Home(rows[0][0], self._root)
        return self._known_home

    def load(self, table: str) -> Table:
        """PyIceberg's table, for planning and writing."""
        from pyiceberg.exceptions import NoSuchTableError

        location = self.location(table)
        known = self._loaded.get(table)
        if location is not None and known is not None and known[0] == location:
            return self.iceberg.table(table, location, known[1])
        try:
            return self.iceberg.load_table((NAMESPACE, table))
        except NoSuchTableError as missing:
            raise TableUnknown(found=table) from missing

    def remember(self, table: Table, before: TableState) -> None:
        """Keep what a commit of one snapshot has just made, so that the next reads no file."""
        newest = table.current_snapshot()
        location = table.metadata_location
        assert newest is not None
        self._loaded[before.name] = (location, table.metadata)
        while len(self._loaded) > LOADED:
            self._loaded.pop(next(iter(self._loaded)), None)
        raw = newest.model_dump(by_alias=True)
        self._states[before.name] = extended(before, location, raw)

    @cached_property
    def iceberg(self) -> LakeCatalogue:
        from qiantang.engine.lake.committing import LakeCatalogue
        from qiantang.engine.lake.files import PRESENT, RECORDED

        with self._lock:
            self._prepare()
            catalogue = LakeCatalogue(
                NAME,
                uri=_with_driver(self._url)
                if self._url
                else f"sqlite:///{self._file}?timeout={self._wait:g}",
                warehouse=str(self._folder),
                pool_pre_ping="true" if self._url else "false",
                **{"py-io-impl": self._file_io},
            )
            catalogue.open_books()
            home = self._recorded(catalogue)
            catalogue.properties |= {RECORDED: home.recorded, PRESENT: str(home.present)}
            return catalogue

    def _recorded(self, catalogue: LakeCatalogue) -> Home:
        """Record the root where none is; of two processes that try, the first one's holds."""
        from pyiceberg.exceptions import NamespaceAlreadyExistsError
        from sqlalchemy.exc import IntegrityError

        if not catalogue.namespace_exists(NAMESPACE):
            with suppress(IntegrityError, NamespaceAlreadyExistsError):
                catalogue.create_namespace(NAMESPACE, {ROOT: str(self._root)})
        recorded = catalogue.load_namespace_properties(NAMESPACE).get(ROOT)
        if recorded is None:  # made by another program, which gave the namespace no location
            recorded = str(self._root)
            catalogue.update_namespace_properties(NAMESPACE, updates={ROOT: recorded})
        self._known_home = Home(recorded, self._root)
        return self._known_home

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
        with translated(""):
            try:
                with _IDLE.reading(self._file, self._near) as near:
                    return near.execute(sql, params).fetchall()
            except FileNotFoundError:
                return []
            except sqlite3.OperationalError as wrong:
                if "no such table" in str(wrong):
                    return []
                raise

    def _near(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file or "", timeout=self._wait, check_same_thread=False)

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
