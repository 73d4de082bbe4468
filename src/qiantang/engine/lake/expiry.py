"""Old versions go, with the files that only they named; what was accepted is never accepted twice.

A version is kept when it was made after ``older_than`` or was in force then, so that every moment
from there on still reads right. Of the days before ``daily_before`` the last version of each is
kept. Keys of versions that go are written into the books in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.engine.lake.errors import CommitContended
from qiantang.engine.lake.outcomes import Expiry
from qiantang.engine.lake.state import BEGAN, DAILY, EXPIRED, Snapshot, TableState

if TYPE_CHECKING:
    from pyiceberg.table import Table

    from qiantang.engine.lake.catalogue import Catalogue

ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which versions stay; see the module. ``zone`` says where days begin, as minutes of offset."""

    older_than: datetime
    keep_last: int = 1
    daily_before: datetime | None = None
    zone: int = 0


def expire(catalogue: Catalogue, name: str, keeping: Keeping) -> Expiry:
    """Remove the versions that ``keeping`` lets go, then the files that nobody names any more."""
    from pyiceberg.exceptions import CommitFailedException

    for _ in range(ATTEMPTS):
        state, table = catalogue.state(name), catalogue.load(name)
        if table.metadata_location != state.location:
            continue
        going = released(state.snapshots, keeping)
        if not going:
            return Expiry(0, 0, 0)
        doomed = _doomed(table, {s.id for s in going})
        try:
            _commit(table, state, going, doomed, keeping)
        except CommitFailedException:
            continue
        freed = [_remove(path) for path in doomed]
        return Expiry(len(going), len(doomed), sum(freed))
    raise CommitContended(table=name, found=ATTEMPTS)


def released(line: Sequence[Snapshot], keeping: Keeping) -> list[Snapshot]:
    """The versions of ``line`` that go, oldest first; the newest never does."""
    kept = {s.id for s in line[-max(1, keeping.keep_last) :]}
    in_force = [s for s in line if s.committed_at <= keeping.older_than]
    kept |= {s.id for s in in_force[-1:]}
    later = [s for s in line if s.committed_at > keeping.older_than]
    last_of_day = {TableState.day(s.committed_at, keeping.zone): s.id for s in line}
    for s in later:
        thin = keeping.daily_before is not None and s.committed_at < keeping.daily_before
        if not thin or last_of_day[TableState.day(s.committed_at, keeping.zone)] == s.id:
            kept.add(s.id)
    return [s for s in line if s.id not in kept]


def _commit(
    table: Table,
    state: TableState,
    going: list[Snapshot],
    doomed: Iterable[Path],
    keeping: Keeping,
) -> None:
    from pyiceberg.table.update import RemoveSnapshotsUpdate, SetPropertiesUpdate

    from qiantang.engine.lake.committing import Beside
    from qiantang.engine.lake.transactions import KeepingTransaction

    ids = {s.id for s in going}
    marks = {}
    if going[0].id == state.snapshots[0].id:
        marks[EXPIRED] = "true"
        if not state.expired:
            marks[BEGAN] = str(round(going[0].committed_at.timestamp() * 1000))
    if keeping.daily_before is not None:
        marks[DAILY] = str(keeping.zone)
    held: Any = table
    held.beside = Beside(keys=[s for s in going if s.key], gone=list(doomed))
    with KeepingTransaction(table) as transaction:
        removal: dict[str, Any] = {"snapshot-ids": sorted(ids)}
        updates: tuple[Any, ...] = (RemoveSnapshotsUpdate(**removal),)
        if marks:
            updates += (SetPropertiesUpdate(updates=marks),)
        transaction._apply(updates)


def _doomed(table: Table, going: set[int]) -> dict[Path, None]:
    """Files that only versions in ``going`` name, data before manifests before their lists."""
    stay = Named(table)
    for snapshot in table.metadata.snapshots:
        if snapshot.snapshot_id not in going:
            stay.add(snapshot)
    leave = Named(table)
    for snapshot in table.metadata.snapshots:
        if snapshot.snapshot_id in going:
            leave.add(snapshot, but=stay)
    found = [*leave.data, *leave.manifests, *leave.lists]
    kept = stay.data.keys() | stay.manifests.keys() | stay.lists.keys()
    return dict.fromkeys(path for path in found if path not in kept)


class Named:
    """The files that some versions name; each manifest is read once."""

    def __init__(self, table: Table) -> None:
        self._io: Any = table.io
        self.lists: dict[Path, None] = {}
        self.manifests: dict[Path, None] = {}
        self.data: dict[Path, None] = {}

    def add(self, snapshot: Any, but: Named | None = None) -> None:
        """Take in one version; manifests that ``but`` knows hold nothing that is only ours."""
        home = self._io.home
        self.lists[home.path(snapshot.manifest_list)] = None
        for manifest in snapshot.manifests(self._io):
            path = home.path(manifest.manifest_path)
            if path in self.manifests or (but is not None and path in but.manifests):
                continue
            self.manifests[path] = None
            for entry in manifest.fetch_manifest_entry(self._io, discard_deleted=True):
                self.data[home.path(entry.data_file.file_path)] = None


def _remove(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size
