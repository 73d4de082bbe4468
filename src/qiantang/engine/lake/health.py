"""Looks at every file that a table's versions name, and at the files that no version names."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from qiantang.engine.lake.folders import Home
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

    from qiantang.engine.lake.catalogue import Catalogue
    from qiantang.engine.lake.committing import Sums

T = TypeVar("T")
GRACE_SECONDS: Final = 3600.0
"""Younger files that nobody names may belong to a write under way."""

MARGIN_SECONDS: Final = 2.0
ROUNDS: Final = 5
"""How often a table that keeps moving is looked at anew."""

MISSING: Final = Text(zh="文件缺失：{file}", en="File missing: {file}")
SHORT: Final = Text(
    zh="文件长度不符：{file}，应为 {expected} 字节，实为 {found} 字节",
    en="File has another length: {file}, {found} bytes instead of {expected}",
)
UNREADABLE: Final = Text(zh="文件无法读取：{file}", en="File cannot be read: {file}")
ROWS: Final = Text(
    zh="行数不符：{file}，应为 {expected} 行，实为 {found} 行",
    en="Other number of rows: {file}, {found} instead of {expected}",
)
ALTERED: Final = Text(
    zh="文件内容与写入时不同：{file}（校验和不符）",
    en="File is not as it was written: {file} (its checksum differs)",
)
ORPHAN: Final = Text(zh="无任何版本引用的文件：{file}", en="File that no version names: {file}")


@dataclass(frozen=True, slots=True)
class LakeProblem:
    """One finding. ``code`` is missing, short, unreadable, rows, altered or orphan; orphans only
    waste space, the others lose data."""

    code: str
    table: str
    path: Path
    text: Text


def cutoff(oldest_writer: float | None, grace: float = GRACE_SECONDS) -> float:
    """Files from before this moment, in seconds of the epoch, belong to no write under way.

    Ask for it before the table is loaded: who ended between the two has committed by then.
    """
    latest = time.time() - grace
    return latest if oldest_writer is None else min(latest, oldest_writer - MARGIN_SECONDS)


class Books(NamedTuple):
    """A table with what was noted of its files when they were written, and the moment ``before``
    which files belong to no write under way."""

    before: float
    table: Table
    sums: Sums


def books(catalogue: Catalogue, name: str) -> Books:
    before = cutoff(catalogue.leases.oldest())
    table = catalogue.load(name)
    return Books(before, table, catalogue.iceberg.sums(table))


def verify(name: str, home: Home, known: Books) -> list[LakeProblem]:
    """All findings about a table, the grave ones first.

    Every file that a version names is read through and compared with what was noted; a file that
    nobody noted is only opened.
    """
    before, table, sums = known
    found: list[LakeProblem] = []
    named: set[Path] = {home.path(table.metadata_location)}
    named |= {home.path(entry.metadata_file) for entry in table.metadata.metadata_log}
    files: dict[Path, DataFile] = {}
    found += _altered(name, sorted(named), sums)
    for snapshot in table.metadata.snapshots:
        found += _manifests(_Seen(name, table, home, named, files, sums), snapshot)
    for path, file in files.items():
        wrong = list(_data_file(name, path, file))
        found += wrong or _altered(name, [path], sums)
    named |= files.keys()
    found += [
        _problem("orphan", name, p, ORPHAN)
        for p in _orphans(home.path(table.location()), named, before)
    ]
    return found


def verify_newest(catalogue: Catalogue, name: str) -> list[LakeProblem]:
    """`verify` of the table as it is. Files that another's upkeep took away meanwhile are no loss:
    where the table has moved, what seems to be grave is looked for again."""
    for _ in range(ROUNDS):
        known = books(catalogue, name)
        found = verify(name, catalogue.home, known)
        moved = catalogue.location(name) != known.table.metadata_location
        if not moved or not _grave(found):
            break
    return found


def sweep(name: str, home: Home, known: Books) -> list[Path]:
    """Delete the files that no version names and that belong to no write under way.

    Nothing is deleted while anything graver is found: a file is only nobody's when every manifest
    could be read. Returns what was deleted.
    """
    found = verify(name, home, known)
    if _grave(found):
        return []
    for problem in found:
        problem.path.unlink(missing_ok=True)
    return [problem.path for problem in found]


def _grave(found: list[LakeProblem]) -> bool:
    return any(problem.code != "orphan" for problem in found)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a walk over a table's versions has met: every file named, and the data files."""

    name: str
    table: Table
    home: Home
    named: set[Path]
    files: dict[Path, DataFile]
    sums: Sums


def _manifests(seen: _Seen, snapshot: Snapshot) -> Iterator[LakeProblem]:
    """Follow one snapshot's manifest list; fills ``named`` and ``files``.

    Sums come first: PyIceberg's reader may end the process over a damaged file.
    """
    listed, io = seen.home.path(snapshot.manifest_list), seen.table.io
    seen.named.add(listed)
    wrong = list(_altered(seen.name, [listed], seen.sums))
    if wrong:
        yield from wrong
        return
    manifests = _read(partial(snapshot.manifests, io))
    if manifests is None:
        yield _unread(seen.name, listed)
        return
    for manifest in manifests:
        path = seen.home.path(manifest.manifest_path)
        if path in seen.named:
            continue
        seen.named.add(path)
        wrong = list(_altered(seen.name, [path], seen.sums))
        if wrong:
            yield from wrong
            continue
        entries = _read(partial(manifest.fetch_manifest_entry, io, discard_deleted=True))
        if entries is None:
            yield _unread(seen.name, path)
        for entry in entries or ():
            seen.files[seen.home.path(entry.data_file.file_path)] = entry.data_file


def _read(reading: Callable[[], list[T]]) -> list[T] | None:
    try:
        return list(reading())
    except Exception:  # noqa: BLE001 - PyIceberg's Avro reader fails in many ways on a bad file
        return None


def _unread(name: str, path: Path) -> LakeProblem:
    if path.exists():
        return _problem("unreadable", name, path, UNREADABLE)
    return _problem("missing", name, path, MISSING)


def _data_file(name: str, path: Path, file: DataFile) -> Iterator[LakeProblem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    size = _size(path)
    if size is None:
        yield _problem("missing", name, path, MISSING)
        return
    if size != file.file_size_in_bytes:
        yield _problem("short", name, path, SHORT, expected=file.file_size_in_bytes, found=size)
        return
    try:
        rows = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException):
        yield _problem("unreadable", name, path, UNREADABLE)
        return
    if rows != file.record_count:
        yield _problem("rows", name, path, ROWS, expected=file.record_count, found=rows)


def _altered(name: str, paths: list[Path], sums: Sums) -> Iterator[LakeProblem]:
    from qiantang.engine.lake.committing import sum_of

    for path in paths:
        noted = sums.get(path)
        if noted is None:
            continue
        try:
            found = sum_of(path)
        except FileNotFoundError:
            yield _problem("missing", name, path, MISSING)
        except OSError:
            yield _problem("unreadable", name, path, UNREADABLE)
        else:
            if found != noted:
                yield _problem("altered", name, path, ALTERED)


def _orphans(folder: Path, named: set[Path], before: float) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path not in named and path.is_file() and _written(path) <= before:
            yield path


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _written(path: Path) -> float:
    """When; never for a file that another's upkeep has just deleted."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _problem(code: str, table: str, path: Path, text: Text, **fields: object) -> LakeProblem:
    return LakeProblem(code, table, path, text.format(file=path.name, **fields))
