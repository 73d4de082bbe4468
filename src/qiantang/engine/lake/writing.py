"""Commits: files first and synced, then one optimistic step in the catalogue, again if overtaken.

The data files are written once. Each attempt starts from the table as it is now, looks for the
key once more, and commits against exactly that state, so a key can land only once and a lost race
costs only small files. PyIceberg's own retry is switched off because it would skip the key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from qiantang.engine.lake.catalogue import Catalogue
from qiantang.engine.lake.columns import conform
from qiantang.engine.lake.errors import CommitContended, CommitUncertain, TableMoved
from qiantang.engine.lake.state import KEY, NOTE, Snapshot, TableState
from qiantang.engine.lake.translation import translated

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

ATTEMPTS: Final = 60
LONGEST_PAUSE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Write:
    """One wish: these rows, appended or in place of all. ``based_on`` refuses a moved table."""

    table: str
    rows: pa.Table
    replace: bool = False
    key: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    based_on: int | None = None

    @property
    def summary(self) -> dict[str, str]:
        said = {f"{NOTE}{name}": text for name, text in self.note.items()}
        return {**said, KEY: self.key} if self.key else said


def commit(catalogue: Catalogue, write: Write) -> Snapshot:
    """Carry out ``write``; returns when it is on the disk. Already committed keys write nothing."""
    with translated(write.table):
        done = catalogue.state(write.table).with_key(write.key)
        if done is not None:
            return done
        return _Attempt(catalogue, write).until_done()


class _Attempt:
    """The files of one write and the tries to get them into the catalogue."""

    def __init__(self, catalogue: Catalogue, write: Write) -> None:
        self._catalogue = catalogue
        self._write = write
        self._io: Any = None
        self._files: list[DataFile] = []
        self._schema_id: int | None = None

    def until_done(self) -> Snapshot:
        for attempt in range(ATTEMPTS):
            table = self._catalogue.load(self._write.table)
            state = self._catalogue.state(self._write.table)
            if table.metadata_location == state.location:
                done = self._once(table, state)
                if done is not None:
                    return done
            time.sleep(random.uniform(0.2, 1) * min(LONGEST_PAUSE, 0.01 * 2**attempt))  # noqa: S311
        self._discard()
        raise CommitContended(table=self._write.table, found=ATTEMPTS)

    def _once(self, table: Table, state: TableState) -> Snapshot | None:
        """One try; None when somebody else was quicker."""
        from pyiceberg.exceptions import CommitFailedException, ValidationException

        done = state.with_key(self._write.key)
        if done is not None:
            self._discard()
            return done
        self._check_base(state)
        wanted: list[int] = []
        try:
            self._prepare(table, state)
            self._commit(table, wanted)
        except (CommitFailedException, ValidationException):
            return None
        except BaseException as wrong:
            landed = self._landed(wanted, wrong)
            if landed is not None:
                return landed
            self._discard(table.io)
            raise
        return self._catalogue.state(self._write.table).at(wanted[0])

    def _check_base(self, state: TableState) -> None:
        base = self._write.based_on
        now = state.current.id if state.current else 0
        if base is not None and base != now:
            self._discard()
            raise TableMoved(table=self._write.table, found=now, expected=base)

    def _prepare(self, table: Table, state: TableState) -> None:
        """Write the data files, once, unless the columns changed since."""
        if self._io is not None and self._schema_id == table.metadata.current_schema_id:
            return
        self._discard()
        from pyiceberg.io.pyarrow import _dataframe_to_data_files

        rows = conform(self._write.table, self._write.rows, state.columns)
        if state.sort_by:
            rows = rows.sort_by([(name, "ascending") for name in state.sort_by])
        self._io = type(table.io)(table.io.properties)
        self._schema_id = table.metadata.current_schema_id
        if rows.num_rows:
            self._files = list(_dataframe_to_data_files(table.metadata, rows, self._io))

    def _commit(self, table: Table, wanted: list[int]) -> None:
        from qiantang.engine.lake.transactions import KeepingTransaction

        with KeepingTransaction(table) as transaction:
            update = transaction.update_snapshot(snapshot_properties=self._write.summary)
            producer: Any
            old: Iterable[DataFile] = ()
            if self._write.replace and table.current_snapshot() is not None:
                old = [task.file for task in table.scan().plan_files()]
            producer = update.overwrite() if old else update.merge_append()
            wanted.append(producer.snapshot_id)
            with producer:
                for file in old:
                    producer.delete_data_file(file)
                for file in self._files:
                    producer.append_data_file(file)

    def _landed(self, wanted: list[int], wrong: BaseException) -> Snapshot | None:
        """After a failure of any kind: is the snapshot there? A lost catalogue leaves it open."""
        if not wanted:
            return None
        try:
            state = self._catalogue.state(self._write.table)
        except Exception as lost:  # noqa: BLE001 - whatever it is, the outcome is unknown
            raise CommitUncertain(table=self._write.table) from (wrong or lost)
        return next((s for s in state.snapshots if s.id == wanted[0]), None)

    def _discard(self, *others: Any) -> None:
        """Nothing points at these files: take them away, as far as the disk lets us."""
        for io in (self._io, *others):
            if io is not None:
                io.discard()
        self._io, self._files, self._schema_id = None, [], None
