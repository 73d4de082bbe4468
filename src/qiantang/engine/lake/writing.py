"""Commits: files first and synced, then one optimistic step in the catalogue, again if overtaken.

A `Work` says which data files a version should lose and gain, given the table as it is. Each
attempt starts from the newest version, looks for the key once more, and commits against exactly
that state, so a key can land only once. What a work has written once it keeps: a lost race costs
only small files. PyIceberg's own retry is switched off because it would skip the key.
"""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from qiantang.engine.lake import rows as incoming
from qiantang.engine.lake.catalogue import Catalogue
from qiantang.engine.lake.errors import (
    CommitContended,
    CommitUncertain,
    DataFileMissing,
    MetadataDamaged,
    TableMoved,
)
from qiantang.engine.lake.plans import live_files
from qiantang.engine.lake.rows import Rows
from qiantang.engine.lake.sound import look
from qiantang.engine.lake.state import KEY, NOTE, Snapshot, TableState
from qiantang.engine.lake.translation import meaning, translated

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

ATTEMPTS: Final = 60
LONGEST_PAUSE: Final = 0.4
NO_NOTE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """What one version changes: data files out, data files in, and figures for its note."""

    removed: Sequence[DataFile] = ()
    added: Sequence[DataFile] = ()
    note: Mapping[str, str] = field(default_factory=dict)


class Work(ABC):
    """One wish. ``based_on`` refuses a table that moved since that snapshot. ``carries``: rows of
    the files that it removes live on in those that it adds."""

    based_on: int | None = None
    carries = False

    def __init__(self, table: str, *, key: str = "", note: Mapping[str, str] = NO_NOTE) -> None:
        self.table = table
        self.key = key
        self.note = note
        self.io: Any = None

    @abstractmethod
    def change(self, table: Table, state: TableState) -> Change | None:
        """The change for this state of the table; None when there is nothing to do.

        Called again after a lost race: what was written before is used again where it still fits.
        """

    def files(self, table: Table) -> Any:
        """Where this work writes; made when first asked for."""
        if self.io is None:
            self.io = type(table.io)(table.io.properties)
        return self.io

    def discard(self) -> None:
        """Nothing points at the files of this work: take them away, as far as the disk lets us."""
        if self.io is not None:
            self.io.discard()

    def summary(self, change: Change) -> dict[str, str]:
        said = {f"{NOTE}{name}": text for name, text in {**self.note, **change.note}.items()}
        return {**said, KEY: self.key} if self.key else said


class Write(Work):
    """These rows, appended or in place of all."""

    def __init__(
        self,
        table: str,
        rows: Rows,
        *,
        replace: bool = False,
        key: str = "",
        note: Mapping[str, str] = NO_NOTE,
        based_on: int | None = None,
    ) -> None:
        super().__init__(table, key=key, note=note)
        self.based_on = based_on
        self._rows = rows
        self._replace = replace
        self._written: list[DataFile] | None = None

    def change(self, table: Table, state: TableState) -> Change:
        if self._written is None:
            io = self.files(table)
            self._written = incoming.write(table, io, self._rows, state.columns, state.sort_by)
        old = live_files(state.name, table) if self._replace else ()
        return Change(old, self._written)


def commit(catalogue: Catalogue, work: Work) -> Snapshot | None:
    """Carry out ``work``; returns when it is on the disk. Already committed keys write nothing.

    None only when the work found nothing to do.
    """
    with translated(work.table):
        done = catalogue.committed(catalogue.state(work.table), work.key)
        if done is not None:
            return done
        with catalogue.leases.held():
            return _Attempt(catalogue, work).until_done()


class _Attempt:
    """The tries to get one work into the catalogue."""

    def __init__(self, catalogue: Catalogue, work: Work) -> None:
        self._catalogue = catalogue
        self._work = work

    def until_done(self) -> Snapshot | None:
        for attempt in range(ATTEMPTS):
            table = self._catalogue.load(self._work.table)
            state = self._catalogue.state(self._work.table)
            if table.metadata_location == state.location:
                finished, done = self._once(table, state)
                if finished:
                    return done
            time.sleep(random.uniform(0.2, 1) * min(LONGEST_PAUSE, 0.01 * 2**attempt))  # noqa: S311
        self._work.discard()
        raise CommitContended(table=self._work.table, found=ATTEMPTS)

    def _once(self, table: Table, state: TableState) -> tuple[bool, Snapshot | None]:
        """One try; (False, None) when somebody else was quicker."""
        from pyiceberg.exceptions import CommitFailedException, ValidationException

        wanted: list[int] = []
        try:
            done = self._catalogue.committed(state, self._work.key)
            if done is not None:
                self._work.discard()
                return True, done
            self._check_base(state)
            change = self._work.change(table, state)
            if change is None:
                self._work.discard()
                return True, None
            if self._work.carries:
                self._look(table, change.removed)
            if self._catalogue.location(self._work.table) != state.location:
                return False, None  # the work took long; what it wrote serves the next try
            self._commit(table, change, wanted)
        except (CommitFailedException, ValidationException):
            return False, None
        except BaseException as wrong:
            if not wanted and self._was_overtaken(state, wrong):
                return False, None
            landed = self._landed(wanted, wrong)
            if landed is not None:
                return True, landed
            self._work.discard()
            table.io.discard()  # type: ignore[attr-defined]
            if self._work.carries and type(wrong).__module__.startswith(("duckdb", "_duckdb")):
                # DuckDB stumbles over damaged files in words that often name none.
                self._look(table, live_files(state.name, table))
            raise
        self._catalogue.remember(table, state)
        return True, self._catalogue.state(self._work.table).at(wanted[0])

    def _look(self, table: Table, files: Sequence[DataFile]) -> None:
        """Nothing damaged is written again: it would get a sum that says it is sound. Raises
        `DataFileDamaged`, `DataFileMissing`."""
        home = self._catalogue.home
        paths = [str(home.path(file.file_path)) for file in files]
        look(self._work.table, paths, self._catalogue.iceberg.sums(table))

    def _was_overtaken(self, state: TableState, wrong: BaseException) -> bool:
        """Whether a file is missing because upkeep replaced and expired it meanwhile."""
        said = meaning(state.name, wrong)
        lost = isinstance(said, DataFileMissing | MetadataDamaged)
        return lost and self._catalogue.location(state.name) != state.location

    def _check_base(self, state: TableState) -> None:
        base = self._work.based_on
        now = state.current.id if state.current else 0
        if base is not None and base != now:
            raise TableMoved(table=self._work.table, found=now, expected=base)

    def _commit(self, table: Table, change: Change, wanted: list[int]) -> None:
        from qiantang.engine.lake.committing import Beside
        from qiantang.engine.lake.transactions import KeepingTransaction

        table.beside = Beside(writers=[self._work.io])  # type: ignore[attr-defined]
        with KeepingTransaction(table) as transaction:
            update = transaction.update_snapshot(snapshot_properties=self._work.summary(change))
            producer: Any = update.overwrite() if change.removed else update.merge_append()
            wanted.append(producer.snapshot_id)
            with producer:
                for file in change.removed:
                    producer.delete_data_file(file)
                for file in change.added:
                    producer.append_data_file(file)

    def _landed(self, wanted: list[int], wrong: BaseException) -> Snapshot | None:
        """After a failure of any kind: is the snapshot there? A lost catalogue leaves it open."""
        if not wanted:
            return None
        try:
            state = self._catalogue.state(self._work.table)
        except Exception as lost:  # noqa: BLE001 - whatever it is, the outcome is unknown
            raise CommitUncertain(table=self._work.table) from (wrong or lost)
        return next((s for s in state.snapshots if s.id == wanted[0]), None)
