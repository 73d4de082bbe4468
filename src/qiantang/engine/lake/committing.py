"""PyIceberg's SQL catalogue with the lake's own books, kept in the same transaction as a commit.

Two tables stand beside the pointers: the sum of every file that a version names, and the keys of
versions that have been expired. A version and what the books say of it are there together or not
at all. A commit starts from the table that the writer loaded, so nothing is read twice, and the
metadata is not copied: its cost follows the change and not the table's age.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import CommitTableResponse, StagedTable, Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import (
    TableRequirement,
    TableUpdate,
    _apply_table_update,
    _TableMetadataUpdateContext,
    _update_table_metadata_log,
)

from qiantang.engine.lake.state import Snapshot

NAMESPACE: Final = ("zone",)
BOOKS: Final = sa.MetaData()
SUMS: Final = sa.Table(
    "qiantang_files",
    BOOKS,
    sa.Column("table_name", sa.String(255), primary_key=True),
    sa.Column("path", sa.String(500), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
KEYS: Final = sa.Table(
    "qiantang_keys",
    BOOKS,
    sa.Column("table_name", sa.String(255), primary_key=True),
    sa.Column("key", sa.String(500), primary_key=True),
    sa.Column("snapshot_id", sa.BigInteger, nullable=False),
    sa.Column("committed_ms", sa.BigInteger, nullable=False),
    sa.Column("total_rows", sa.BigInteger, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
Sums = Mapping[Path, tuple[int, str]]
"""Size in bytes and sha256 of files, by where they lie."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes into the books with a commit: files of these writers, keys, and forgotten files."""

    writers: Sequence[Any] = ()
    keys: Sequence[Snapshot] = ()
    gone: Sequence[Path] = field(default_factory=tuple)


class LakeCatalogue(SqlCatalog):
    """A `SqlCatalog` whose commits write the books."""

    def open_books(self) -> None:
        """Make the books where there are none."""
        self._made_by_one(lambda: BOOKS.create_all(self.engine))

    def create_tables(self) -> None:
        """As PyIceberg's, also where another process makes the same tables at the same moment."""
        self._made_by_one(super().create_tables)

    def _made_by_one(self, make: Callable[[], None]) -> None:
        """Of several processes that make tables at once one succeeds; the others look again."""
        for last in (False, False, True):
            try:
                make()
            except sa.exc.DBAPIError:
                if last:
                    raise
            else:
                return

    def create_table(self, *arguments: Any, **more: Any) -> Table:
        """As PyIceberg's; the new metadata file's sum follows in a transaction of its own."""
        table = super().create_table(*arguments, **more)
        io: Any = table.io
        io.sums[io.home.path(table.metadata_location)] = sum_of(
            io.home.path(table.metadata_location)
        )
        with self.engine.begin() as books:
            _write_books(books, table, Beside(), _written(io))
        return table

    def table(self, name: str, location: str, metadata: TableMetadata) -> Table:
        """A table from metadata that is known already."""
        io = self._load_file_io(metadata.properties, location)
        return Table((*NAMESPACE, name), metadata, location, io, self)

    def commit_table(
        self,
        table: Table,
        requirements: tuple[TableRequirement, ...],
        updates: tuple[TableUpdate, ...],
    ) -> CommitTableResponse:
        """Commit against exactly the state that ``table`` was loaded with."""
        for requirement in requirements:
            requirement.validate(table.metadata)
        staged = self._staged(table, updates)
        if staged.metadata == table.metadata:
            return _response(table.metadata, table.metadata_location)
        self._write_metadata(staged.metadata, staged.io, staged.metadata_location)
        beside: Beside = getattr(table, "beside", Beside())
        with self.engine.begin() as books:
            self._point(books, table, staged)
            _write_books(books, table, beside, _written(table.io, staged.io, *beside.writers))
            dropped = _dropped(table.metadata, staged.metadata)
            _forget(books, table.name()[-1], [_relative(table.io, path) for path in dropped])
        return _response(staged.metadata, staged.metadata_location)

    def _staged(self, table: Table, updates: tuple[TableUpdate, ...]) -> StagedTable:
        metadata = applied(table.metadata, updates, table.metadata_location)
        version = self._parse_metadata_version(table.metadata_location) + 1
        provider = load_location_provider(metadata.location, metadata.properties)
        location = provider.new_table_metadata_file_location(version)
        io = self._load_file_io(metadata.properties, location)
        return StagedTable(
            identifier=table.name(),
            metadata=metadata,
            metadata_location=location,
            io=io,
            catalog=self,
        )

    def _point(self, books: sa.Connection, table: Table, staged: StagedTable) -> None:
        pointers: Any = IcebergTables.__table__
        names = pointers.c
        namespace = Catalog.namespace_to_string(Catalog.namespace_from(table.name()))
        moved = books.execute(
            sa.update(pointers)
            .where(
                names.catalog_name == self.name,
                names.table_namespace == namespace,
                names.table_name == table.name()[-1],
                names.metadata_location == table.metadata_location,
            )
            .values(
                metadata_location=staged.metadata_location,
                previous_metadata_location=table.metadata_location,
            )
        )
        if moved.rowcount < 1:
            staged.io.discard()  # type: ignore[attr-defined]
            raise CommitFailedException(f"{table.name()[-1]} has been updated by another process")

    def committed(self, table: str, key: str) -> Snapshot | None:
        """The expired version that was committed under ``key``."""
        found = sa.select(KEYS).where(KEYS.c.table_name == table, KEYS.c.key == key)
        with self.engine.connect() as books:
            row = books.execute(found).one_or_none()
        if row is None:
            return None
        at = datetime.fromtimestamp(row.committed_ms / 1000, tz=UTC)
        return Snapshot(row.snapshot_id, at, row.total_rows, key, json.loads(row.note))

    def sums(self, table: Table) -> dict[Path, tuple[int, str]]:
        """The recorded size and sum of each file of ``table``."""
        found = sa.select(SUMS).where(SUMS.c.table_name == table.name()[-1])
        root = _root(table.io)
        with self.engine.connect() as books:
            return {root / row.path: (row.size, row.sha256) for row in books.execute(found)}

    def forget_files(self, table: Table, paths: Iterable[Path]) -> None:
        """Drop the sums of files that are gone."""
        with self.engine.begin() as books:
            _forget(books, table.name()[-1], [_relative(table.io, path) for path in paths])


def applied(
    base: TableMetadata, updates: Sequence[TableUpdate], location: str | None = None
) -> TableMetadata:
    """``base`` after ``updates``, shallow: the parts that did not change are the same objects.

    With ``location`` (where ``base`` lies) the metadata's log is continued, as for a commit.
    """
    context, metadata = _TableMetadataUpdateContext(), base
    for update in updates:
        metadata = _apply_table_update(update, metadata, context)
    if location is None or not context.has_changes():
        return metadata
    metadata = _update_table_metadata_log(metadata, location, base.last_updated_ms)
    if base.last_updated_ms == metadata.last_updated_ms:
        now = int(datetime.now(UTC).timestamp() * 1000)
        metadata = metadata.model_copy(update={"last_updated_ms": now})
    return metadata


def _response(metadata: TableMetadata, location: str) -> CommitTableResponse:
    said: dict[str, Any] = {"metadata": metadata, "metadata-location": location}
    return CommitTableResponse(**said)


def sum_of(path: Path) -> tuple[int, str]:
    """Size and sha256 of a file as it is on the disk."""
    with path.open("rb") as whole:
        digest = hashlib.file_digest(whole, "sha256").hexdigest()
        return whole.tell(), digest


def _written(*writers: Any) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for writer in writers:
        if writer is not None:
            for path, said in writer.sums.items():
                found[_relative(writer, path)] = said
    return found


def _write_books(
    books: sa.Connection, table: Table, beside: Beside, files: Mapping[str, tuple[int, str]]
) -> None:
    name = table.name()[-1]
    _forget(books, name, [_relative(table.io, path) for path in beside.gone])
    if files:
        rows = [
            {"table_name": name, "path": path, "size": size, "sha256": digest}
            for path, (size, digest) in files.items()
        ]
        books.execute(sa.insert(SUMS), rows)
    for batch in _batches(list(beside.keys)):
        books.execute(
            sa.insert(KEYS),
            [
                {
                    "table_name": name,
                    "key": s.key,
                    "snapshot_id": s.id,
                    "committed_ms": round(s.committed_at.timestamp() * 1000),
                    "total_rows": s.rows,
                    "note": json.dumps(dict(s.note), ensure_ascii=False),
                }
                for s in batch
            ],
        )


def _forget(books: sa.Connection, table: str, paths: Sequence[str]) -> None:
    for batch in _batches(list(paths)):
        books.execute(sa.delete(SUMS).where(SUMS.c.table_name == table, SUMS.c.path.in_(batch)))


def _batches(things: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), 500):
        yield things[start : start + 500]


def _dropped(base: TableMetadata, metadata: TableMetadata) -> list[str]:
    """Metadata files that a commit retires; PyIceberg deletes them after it."""
    kept = {entry.metadata_file for entry in metadata.metadata_log}
    return [e.metadata_file for e in base.metadata_log if e.metadata_file not in kept]


def _root(io: Any) -> Path:
    return Path(io.home.present)


def _relative(io: Any, path: str | Path) -> str:
    """A file's name in the books: under the lake's root, so that a moved lake finds it."""
    at = io.home.path(str(path))
    root = _root(io)
    return str(at.relative_to(root)) if at.is_relative_to(root) else str(at)
