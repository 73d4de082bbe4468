"""What an acknowledged write has put on the disk, seen from the system calls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qiantang.engine.lake import Lake
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, cities


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every path that is synced, in order, and only after the real call has returned."""
    seen: list[Path] = []
    real = os.fsync

    def watched(handle: int) -> None:
        real(handle)
        seen.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def test_every_file_and_its_folder_are_synced(lake: Lake, synced: list[Path]) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    lake.overwrite("city", cities(HANGZHOU))
    files = [p for p in (lake.folder / "tables").rglob("*") if p.is_file()]
    kinds = {p.suffix for p in files}
    assert kinds == {".parquet", ".avro", ".json"}
    for file in files:
        assert file in synced, file
        assert file.parent in synced[synced.index(file) :], f"folder of {file} not synced after it"


def test_new_folders_are_synced_into_their_parents(lake: Lake, synced: list[Path]) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    tables = lake.folder / "tables"
    assert {lake.folder, tables, tables / "city"} <= set(synced)


def test_files_are_synced_before_the_catalogue_names_them(
    lake: Lake, synced: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyiceberg.catalog.sql import SqlCatalog

    lake.ensure("city", CITIES)
    before: list[set[Path]] = []
    real = SqlCatalog._write_metadata

    def watched(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)
        before.append(set(synced))

    monkeypatch.setattr(SqlCatalog, "_write_metadata", staticmethod(watched))
    lake.append("city", cities(HANGZHOU))
    files = {p for p in (lake.folder / "tables").rglob("*") if p.is_file()}
    assert len(before) == 1
    assert files <= before[0]


def test_the_catalogue_is_a_write_ahead_log_that_syncs_fully(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.ensure("city", CITIES)
    with lake._catalogue.iceberg.engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    assert (mode, level) == ("wal", 2)
