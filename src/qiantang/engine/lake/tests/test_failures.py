"""The machine misbehaves: each failure has its error in both languages, nothing is half done."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qiantang.engine.lake import Lake, errors, health
from qiantang.engine.lake.health import books, verify
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, NINGBO, cities
from qiantang.engine.lake.tests.faulty import FullDisk
from qiantang.kernel.errors import QiantangError

FULL = "qiantang.engine.lake.tests.faulty.FullDisk"


@pytest.fixture
def filled(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake", wait=0.2)
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    return lake


def everything(lake: Lake) -> set[Path]:
    return {p for p in (lake.folder / "tables").rglob("*") if p.is_file()}


def data_file(lake: Lake) -> Path:
    return next(lake.folder.rglob("*.parquet"))


def metadata_file(lake: Lake) -> Path:
    location = lake._catalogue.location("city")
    assert location is not None
    return Path(location)


def fresh(lake: Lake) -> Lake:
    return Lake(lake.folder, wait=0.2)


def said(wrong: QiantangError) -> None:
    """Both languages, a code of the lake and a next step; nothing of Python's or SQL's own."""
    assert wrong.code.startswith("lake.")
    problem = wrong.problem("zh")
    assert problem["hint"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["detail"])
    assert "Traceback" not in wrong.message("en")


@pytest.mark.parametrize("room", [0, 300, 2_500, 4_500, 7_000, 9_500])
def test_a_full_disk_writes_nothing_at_all(filled: Lake, room: int) -> None:
    before = everything(filled)
    full = Lake(filled.folder, file_io=FULL)
    FullDisk.room = room
    with pytest.raises(errors.DiskFull) as wrong:
        full.append("city", cities(NINGBO), key="k")
    said(wrong.value)
    assert wrong.value.transient
    left = everything(filled) - before
    assert {p.suffix for p in left} <= {".json"}  # a metadata file that nobody names, at most
    assert filled.read("city").num_rows == 1
    FullDisk.room = 10**9
    assert full.append("city", cities(NINGBO), key="k").rows == 2
    assert filled.read("city").num_rows == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("a real full disk needs root and mount")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], check=False)
    if done.returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_really_full_disk(small_disk: Path) -> None:
    lake = Lake(small_disk / "lake")
    lake.ensure("city", CITIES)
    rows = 0

    def fill() -> None:
        nonlocal rows
        for n in range(500):
            lake.append("city", cities((str(n), "x" * 500, n)))
            rows += 1

    with pytest.raises(errors.DiskFull) as wrong:
        fill()
    said(wrong.value)
    other = Lake(small_disk / "lake")
    assert other.read("city").num_rows == rows > 3
    assert [p for p in other.verify("city") if p.code != "orphan"] == []


@pytest.mark.parametrize("act", ["upsert", "delete", "compact"])
def test_a_disk_that_fills_while_files_are_written_again(small_disk: Path, act: str) -> None:
    """Random letters do not shrink: the table fits once, its rewriting does not."""
    chance = random.Random(3)
    lake = Lake(small_disk / "lake")
    lake.ensure("city", CITIES, sort_by=["code"])
    for n in range(2):
        names = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=90)) for _ in range(1_200)]
        rows = [(f"{m * 2 + n:06d}", name, m) for m, name in enumerate(names)]
        lake.append("city", cities(*rows))
    before = everything(lake)
    acts = {
        "upsert": lambda: lake.upsert("city", cities(("000003", "x", 1)), key_columns=["code"]),
        "delete": lambda: lake.delete("city", cities(("000003", "x", 1)).select(["code"])),
        "compact": lambda: lake.compact("city"),
    }
    filler = small_disk / "filler"
    room = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (room.f_bavail * room.f_frsize - 45_000))
    with pytest.raises(errors.DiskFull) as wrong:
        acts[act]()
    said(wrong.value)
    assert {p.suffix for p in everything(lake) - before} <= {".json"}
    filler.unlink()
    assert lake.read("city").num_rows == 2_400
    assert [p for p in lake.verify("city") if p.code != "orphan"] == []


def test_a_folder_that_cannot_be_written(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    before = everything(filled)
    monkeypatch.setattr("qiantang.engine.lake.files.SyncedWriter.__init__", lambda s, p: closed(p))
    with pytest.raises(errors.FolderReadOnly) as wrong:
        filled.append("city", cities(NINGBO))
    said(wrong.value)
    assert everything(filled) == before
    assert filled.read("city").num_rows == 1


if os.geteuid() != 0:  # root writes anywhere; for root the test above stands in

    def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(errors.FolderReadOnly):
            Lake(tmp_path / "lake").ensure("city", CITIES)
        tmp_path.chmod(0o700)


def test_a_locked_catalogue(filled: Lake) -> None:
    before = everything(filled)
    holder = sqlite3.connect(filled.folder / "catalogue.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.CatalogueBusy) as wrong:
        filled.append("city", cities(NINGBO))
    said(wrong.value)
    assert filled.read("city").num_rows == 1  # readers pass
    holder.execute("ROLLBACK")
    holder.close()
    assert {p.suffix for p in everything(filled) - before} <= {".json"}
    assert filled.append("city", cities(NINGBO)).rows == 2


def test_a_catalogue_that_is_no_database(filled: Lake) -> None:
    (filled.folder / "catalogue.sqlite3").write_bytes(b"not a database at all" * 300)
    for suffix in ("-wal", "-shm"):
        (filled.folder / f"catalogue.sqlite3{suffix}").unlink(missing_ok=True)
    for act in (lambda x: x.read("city"), lambda x: x.append("city", cities(NINGBO))):
        with pytest.raises(errors.CatalogueDamaged) as wrong:
            act(fresh(filled))
        said(wrong.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"schemas": 3}', b"\xff\xfe"])
def test_a_damaged_metadata_file(filled: Lake, content: bytes) -> None:
    metadata_file(filled).write_bytes(content)
    for act in (lambda x: x.read("city"), lambda x: x.append("city", cities(NINGBO))):
        with pytest.raises(errors.MetadataDamaged) as wrong:
            act(fresh(filled))
        said(wrong.value)


def test_a_lost_metadata_file(filled: Lake) -> None:
    metadata_file(filled).unlink()
    with pytest.raises(errors.MetadataDamaged) as wrong:
        fresh(filled).read("city")
    said(wrong.value)


@pytest.mark.parametrize("which", ["snap-*.avro", "*-m0.avro"])
@pytest.mark.parametrize("content", [None, b"", b"rubbish", b"Obj\x01rubbish"])
def test_a_lost_or_damaged_manifest(filled: Lake, which: str, content: bytes | None) -> None:
    file = next(filled.folder.rglob(which))
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(errors.MetadataDamaged) as wrong:
        fresh(filled).read("city")
    said(wrong.value)
    assert [p.code for p in filled.verify("city") if p.code != "orphan"]


def test_a_missing_data_file_is_named(filled: Lake) -> None:
    file = data_file(filled)
    file.unlink()
    with pytest.raises(errors.DataFileMissing, match=file.name) as wrong:
        filled.read("city")
    said(wrong.value)
    assert [(p.code, p.path) for p in filled.verify("city")] == [("missing", file)]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda content: content[: len(content) // 2], "short"),
        (lambda content: b"", "short"),
        (lambda content: b"x" * len(content), "unreadable"),
    ],
    ids=["half", "empty", "rubbish"],
)
def test_a_damaged_data_file_is_named(filled: Lake, harm: object, code: str) -> None:
    file = data_file(filled)
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(errors.DataFileDamaged, match=file.name) as wrong:
        fresh(filled).read("city")
    said(wrong.value)
    assert [(p.code, p.path) for p in filled.verify("city")] == [(code, file)]


def test_a_flipped_byte_is_found_wherever_it_is(filled: Lake) -> None:
    file = data_file(filled)
    sound = file.read_bytes()
    filled.look("city")
    for place in range(4, len(sound), len(sound) // 40):
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
        with pytest.raises(errors.DataFileDamaged, match=file.name):
            filled.look("city")
        try:
            fresh(filled).query("SELECT * FROM t", {"t": "city"})
        except errors.DataFileDamaged as wrong:
            assert wrong.fields["table"] == "city"  # noqa: PT017 - it may also give wrong figures
    file.write_bytes(sound)
    filled.look("city")
    file.unlink()
    with pytest.raises(errors.DataFileMissing, match=file.name):
        filled.look("city")


def test_files_that_nobody_names_are_found_after_a_while(filled: Lake) -> None:
    stray = data_file(filled).with_name("stray.parquet")
    stray.write_bytes(b"left by a killed writer")
    assert filled.verify("city") == []  # it may belong to a write under way
    known = books(filled._catalogue, "city")._replace(before=time.time() + 1)
    found = verify("city", filled._catalogue.home, known)
    assert [(p.code, p.path) for p in found] == [("orphan", stray)]
    os.utime(stray, (0, 0))
    assert [p.code for p in filled.verify("city")] == ["orphan"]
    assert filled.sweep("city") == [stray]
    assert not stray.exists()
    assert filled.verify("city") == []
    assert filled.read("city").num_rows == 1


def test_a_file_that_expired_while_it_was_looked_for_is_no_loss(
    filled: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = books(filled._catalogue, "city")
    filled.overwrite("city", filled.read("city"))
    filled.expire("city", older_than=datetime.now(UTC))
    lost = verify("city", filled._catalogue.home, before)
    assert {"missing"} == {p.code for p in lost}
    asked = iter([before])
    monkeypatch.setattr(health, "books", lambda *named: next(asked, None) or books(*named))
    assert filled.verify("city") == []


def test_nothing_is_swept_while_a_manifest_cannot_be_read(filled: Lake) -> None:
    filled.append("city", cities(NINGBO))
    for file in everything(filled):
        os.utime(file, (0, 0))
    assert filled.sweep("city") == []
    next(filled.folder.rglob("snap-*.avro")).write_bytes(b"rubbish")
    before = everything(filled)
    assert fresh(filled).sweep("city") == []
    assert everything(filled) == before


def test_delete_files_of_another_engine_are_refused(
    filled: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyiceberg.table import FileScanTask

    real = FileScanTask.__init__

    def with_delete(self: FileScanTask, data: object, **kwargs: object) -> None:
        real(self, data, delete_files={data})  # type: ignore[arg-type]

    monkeypatch.setattr(FileScanTask, "__init__", with_delete)
    with pytest.raises(errors.DeleteFilesFound) as wrong:
        fresh(filled).read("city")
    said(wrong.value)


def test_a_query_whose_texts_fill_the_memory_is_stopped(
    filled: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.engine.lake import duck

    monkeypatch.setattr(duck, "GROWTH", 128 << 20)
    doubled = "SELECT repeat('x', 1000) AS s FROM t"
    for _ in range(17):
        doubled = f"SELECT s || s AS s FROM ({doubled})"
    with pytest.raises(errors.QueryTooHeavy) as wrong:
        filled.query(f"SELECT max(length(a.s || b.s)) FROM ({doubled}) a, ({doubled}) b, "
                     f"range(10000) r", {"t": "city"})  # fmt: skip
    said(wrong.value)


def test_a_query_that_takes_too_long_is_stopped(filled: Lake) -> None:
    from qiantang.engine.lake.duck import Limits

    hasty = Lake(filled.folder, limits=Limits(seconds=0.3))
    with pytest.raises(errors.QueryTooHeavy) as wrong:
        hasty.query("select count(*) from range(100000000) a, range(100000) b", {})
    said(wrong.value)
    assert hasty.read("city").num_rows == 1


def test_a_catalogue_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    lake = Lake(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing")
    for act in (lake.tables, lambda: lake.read("t"), lambda: lake.ensure("t", CITIES)):
        with pytest.raises(errors.CatalogueUnavailable) as wrong:
            act()
        said(wrong.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"snapshot": 1}', b"\xff"])
def test_a_damaged_kept_plan_is_planned_again(filled: Lake, content: bytes) -> None:
    filled.read("city")
    (file,) = (filled.folder / "plans").iterdir()
    good = file.read_bytes()
    file.write_bytes(content)
    assert fresh(filled).read("city").num_rows == 1
    assert file.read_bytes() == good


def test_nothing_damaged_is_written_again_with_a_sound_sum(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake", wait=0.2)
    lake.ensure("city", CITIES, sort_by=["code"])
    # Figures without a pattern are kept as they are, so that a flipped bit of one still reads.
    chance = random.Random(2017)
    rows = [(f"{n:06d}", str(n), chance.getrandbits(31)) for n in range(3000)]
    lake.append("city", cities(*rows[:1500]))
    lake.append("city", cities(*rows[750:]))
    file = data_file(lake)
    sound, silent = file.read_bytes(), 0
    one = cities(("000800", "新", 1))
    before = lake.current("city")
    for place in range(4, len(sound) - 8, len(sound) // 12):
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
        try:
            fresh(lake).query("SELECT * FROM t", {"t": "city"})
            silent += 1
        except errors.DataFileDamaged:
            pass
        for change in (
            lambda: fresh(lake).compact("city"),
            lambda: fresh(lake).upsert("city", one, key_columns=["code"]),
            lambda: fresh(lake).delete("city", one.select(["code"])),
        ):
            with pytest.raises(errors.DataFileDamaged, match=file.name):
                change()
    assert silent > 0
    assert fresh(lake).current("city") == before
    assert next(p for p in lake.verify("city") if p.code != "orphan").path == file
    lake.overwrite("city", one)
    assert lake.read("city").num_rows == 1
