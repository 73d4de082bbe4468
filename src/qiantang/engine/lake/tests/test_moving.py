"""A lake's folder is moved, copied or restored elsewhere and goes on as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qiantang.engine.lake import Lake
from qiantang.engine.lake.errors import DataFileMissing
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, NINGBO, WENZHOU, cities


def moved(lake: Lake, target: Path) -> Lake:
    """The lake at another place; nothing is left at the old one."""
    lake.close()
    shutil.copytree(lake.folder, target)
    shutil.rmtree(lake.folder)
    return Lake(target, lake.catalogue_url)


def codes(lake: Lake, at: int | None = None) -> list[str]:
    found: list[str] = lake.read("city", columns=["code"], at=at).column("code").to_pylist()
    return sorted(found)


@pytest.fixture
def filled(lake: Lake) -> Lake:
    lake.ensure("city", CITIES, sort_by=["code"])
    lake.append("city", cities(HANGZHOU), key="one")
    lake.append("city", cities(NINGBO), key="two")
    assert codes(lake) == ["330100", "330200"]
    return lake


def test_a_moved_lake_is_read_in_every_version(filled: Lake, tmp_path: Path) -> None:
    first = filled.snapshots("city")[0]
    there = moved(filled, tmp_path / "另一处" / "lake")
    assert there.tables() == ["city"]
    assert codes(there) == ["330100", "330200"]
    assert codes(there, at=first.id) == ["330100"]
    assert codes(there, at=None) == codes(Lake(there.folder, there.catalogue_url))


def test_a_moved_lake_is_read_without_its_kept_plans(filled: Lake, tmp_path: Path) -> None:
    there = moved(filled, tmp_path / "there")
    shutil.rmtree(there.folder / "plans")
    assert codes(there) == ["330100", "330200"]


def test_a_moved_lake_is_written(filled: Lake, tmp_path: Path) -> None:
    old = filled.folder
    there = moved(filled, tmp_path / "there")
    assert there.append("city", cities(HANGZHOU), key="one").id == there.snapshots("city")[0].id
    there.append("city", cities(WENZHOU))
    there.rename_column("city", "people", "inhabitants")
    there.ensure("river", CITIES)
    there.append("river", cities(NINGBO))
    assert codes(there) == ["330100", "330200", "330300"]
    assert there.read("river").num_rows == 1
    there.overwrite("city", cities(WENZHOU).select(["code", "name"]))
    assert codes(there) == ["330300"]
    assert not old.exists(), "something was written where the lake was before"


def test_a_lake_that_moved_away_and_back(filled: Lake, tmp_path: Path) -> None:
    home = filled.folder
    there = moved(filled, tmp_path / "there")
    there.append("city", cities(WENZHOU))
    back = moved(moved(there, tmp_path / "elsewhere"), home)
    back.ensure("river", CITIES)
    assert codes(back) == ["330100", "330200", "330300"]
    assert [problem for name in back.tables() for problem in back.verify(name)] == []


def test_a_moved_lake_is_verified_and_swept(filled: Lake, tmp_path: Path) -> None:
    there = moved(filled, tmp_path / "there")
    there.append("city", cities(WENZHOU))
    assert there.verify("city") == []
    nobodys = there.folder / "tables" / "city" / "data" / "nobodys.parquet"
    nobodys.write_bytes(b"left by a killed writer")
    os.utime(nobodys, (0, 0))
    assert [(p.code, p.path) for p in there.verify("city")] == [("orphan", nobodys)]
    assert there.sweep("city") == [nobodys]
    assert codes(there) == ["330100", "330200", "330300"]


def test_a_loss_is_noticed_at_the_new_place(filled: Lake, tmp_path: Path) -> None:
    there = moved(filled, tmp_path / "there")
    lost = next(there.folder.rglob("*.parquet"))
    lost.unlink()
    assert [(p.code, p.path) for p in there.verify("city")] == [("missing", lost)]
    with pytest.raises(DataFileMissing):
        there.read("city")


def test_a_copy_and_its_original_live_apart(tmp_path: Path) -> None:
    original = Lake(tmp_path / "original")
    original.ensure("city", CITIES)
    original.append("city", cities(HANGZHOU))
    original.close()
    shutil.copytree(original.folder, tmp_path / "copy")
    copy = Lake(tmp_path / "copy")
    copy.append("city", cities(NINGBO))
    original.append("city", cities(WENZHOU))
    assert codes(copy) == ["330100", "330200"]
    assert codes(original) == ["330100", "330300"]
    assert copy.verify("city") == original.verify("city") == []


def test_before_it_moves_other_engines_find_every_file(filled: Lake) -> None:
    """The metadata names the files where they are: DuckDB or Spark need nothing of ours."""
    from pyiceberg.table import StaticTable

    location = filled._catalogue.location("city")
    assert location is not None
    assert Path(location).is_file()
    table = StaticTable.from_metadata(location)
    assert sorted(table.scan().to_arrow().column("code").to_pylist()) == ["330100", "330200"]


def test_two_processes_that_begin_a_lake_record_one_root(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, pyarrow as pa; from qiantang.engine.lake import Lake;"
        "Lake(pathlib.Path(sys.argv[1])).ensure(sys.argv[2], pa.schema([('n', pa.int64())]))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "lake")]
    both = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [process.wait(60) for process in both] == [0, 0]
    lake = Lake(tmp_path / "lake")
    assert lake.tables() == ["a", "b"]
    assert lake._catalogue.home.recorded == str(tmp_path / "lake" / "tables")
