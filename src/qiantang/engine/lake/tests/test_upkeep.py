"""Compaction, expiry, sweep and sums: rows stay, moments read right, a flipped byte is found."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake, errors
from qiantang.engine.lake.retention import since
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, NINGBO, WENZHOU, cities
from qiantang.kernel.periods import CHINA_TIME


@pytest.fixture
def many(lake: Lake) -> Lake:
    """Twelve small files whose keys overlap, one version each."""
    lake.ensure("city", CITIES, sort_by=["code"])
    for n in range(12):
        rows = [(f"91330100MA{m:08d}", f"第{n}次", n) for m in range(n, 240, 12)]
        lake.append("city", cities(*rows), key=f"delivery-{n}", note={"n": str(n)})
    return lake


def rows_of(lake: Lake, at: int | datetime | None = None) -> list[dict[str, object]]:
    return sorted(lake.read("city", at=at).to_pylist(), key=lambda row: str(row["code"]))


def files_in(lake: Lake) -> set[Path]:
    return {p for p in (lake.folder / "tables").rglob("*") if p.is_file()}


def older(lake: Lake, hours: int = 3) -> None:
    """Make every file of the lake look old, as after a night."""
    at = time.time() - hours * 3600
    for path in files_in(lake):
        os.utime(path, (at, at))


def test_compaction_keeps_every_row_and_version(many: Lake) -> None:
    before = rows_of(many)
    versions = many.snapshots("city")
    done = many.compact("city")
    assert (done.files_before, done.files_after) == (12, 1)
    assert done.bytes_after < done.bytes_before
    assert rows_of(many) == before
    assert [row["code"] for row in many.read("city").to_pylist()] == [r["code"] for r in before]
    assert many.snapshots("city")[:-1] == versions
    assert many.read("city", at=versions[4].id).num_rows == 100
    assert many.snapshots("city")[-1].note == {"upkeep": "compact"}
    assert many.verify("city") == []


def test_a_compacted_table_is_left_alone(many: Lake) -> None:
    many.compact("city")
    again = many.compact("city")
    assert again.snapshot == 0
    assert again.files_before == again.files_after == 1
    assert len(many.snapshots("city")) == 13
    many.ensure("unsorted", CITIES)
    assert many.compact("unsorted").files_before == 0


def test_a_large_table_is_cut_at_its_keys_and_then_left_alone(
    many: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiantang.engine.lake.compaction.target", lambda total: 6_000)
    before = rows_of(many)
    done = many.compact("city")
    assert 2 < done.files_after < 12
    assert rows_of(many) == before
    assert many.condition("city").depth == 1
    many.compact("city")  # the merged files came out small, so they may be merged once more
    assert many.compact("city").snapshot == 0
    assert rows_of(many) == before


def test_compaction_beside_an_append_loses_no_row(
    many: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = _once_inside_a_merge(monkeypatch, many, lambda o: o.append("city", cities(HANGZHOU)))
    done = many.compact("city")
    assert rival == [1]
    assert done.files_after == 2
    assert many.read("city").num_rows == 241


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (lambda o: o.delete("city", pa.table({"code": ["91330100MA00000005"]})), 239),
        (lambda o: o.overwrite("city", cities(HANGZHOU, NINGBO)), 2),
        (lambda o: o.compact("city"), 240),
    ],
    ids=["delete", "overwrite", "compaction"],
)
def test_compaction_gives_way_to_what_removes_files(
    many: Lake, monkeypatch: pytest.MonkeyPatch, act: object, left: int
) -> None:
    rival = _once_inside_a_merge(monkeypatch, many, act)
    many.compact("city")
    assert rival == [1]
    assert many.read("city").num_rows == left
    assert [p for p in many.verify("city") if p.code != "orphan"] == []


def _once_inside_a_merge(monkeypatch: pytest.MonkeyPatch, lake: Lake, act: object) -> list[int]:
    from qiantang.engine.lake.compaction import Merge

    real, done = Merge._merge, []

    def with_rival(self: Merge, *arguments: object) -> None:
        real(self, *arguments)  # type: ignore[arg-type]
        if not done:
            done.append(1)
            act(Lake(lake.folder, lake.catalogue_url))  # type: ignore[operator]

    monkeypatch.setattr(Merge, "_merge", with_rival)
    return done


def test_compaction_that_is_always_overtaken_says_so(
    many: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.engine.lake.compaction import Merge

    real, other = Merge._merge, Lake(many.folder, many.catalogue_url)

    def with_rival(self: Merge, *arguments: object) -> None:
        real(self, *arguments)  # type: ignore[arg-type]
        other.overwrite("city", cities(HANGZHOU))
        other.append("city", cities(NINGBO))

    monkeypatch.setattr(Merge, "_merge", with_rival)
    with pytest.raises(errors.CompactionOvertaken):
        many.compact("city")
    assert many.read("city").num_rows == 2


def test_expiry_deletes_the_files_that_only_old_versions_name(many: Lake) -> None:
    first = many.snapshots("city")[3]
    many.compact("city")
    before, rows = files_in(many), rows_of(many)
    done = many.expire("city", older_than=datetime.now(UTC))
    assert done.snapshots == 12
    gone = before - files_in(many)
    assert done.files == len([p for p in gone if p.suffix != ".json"]) > 12
    assert len(list(many.folder.rglob("*.parquet"))) == 1
    assert rows_of(many) == rows
    assert many.verify("city") == []
    with pytest.raises(errors.SnapshotUnknown):
        many.read("city", at=first.id)
    with pytest.raises(errors.VersionExpired):
        many.read("city", at=first.committed_at)
    assert many.expire("city", older_than=datetime.now(UTC)).snapshots == 0


def test_what_was_removed_is_told_from_what_never_was(many: Lake) -> None:
    start = datetime(2026, 3, 1, 2, 0, 30, 250_000, tzinfo=UTC)
    _redate(many, [start + timedelta(days=n) for n in range(12)])
    for last in (4, 2):
        many.expire("city", older_than=datetime.now(UTC), keep_last=last)
    assert many.read("city", at=start - timedelta(seconds=1)).num_rows == 0
    with pytest.raises(errors.VersionExpired) as caught:
        many.read("city", at=datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=CHINA_TIME))
    said = caught.value.fields
    assert (said["found"], said["expected"]) == ("2026-03-01 23:59", "2026-03-11 10:01")
    readable = datetime.fromisoformat(str(said["expected"])).replace(tzinfo=CHINA_TIME)
    assert many.read("city", at=readable).num_rows == 220


def test_where_the_beginning_was_not_noted_neither_is_claimed(many: Lake) -> None:
    before = datetime(2020, 1, 1, tzinfo=UTC)
    many.expire("city", older_than=datetime.now(UTC))
    assert many.read("city", at=before).num_rows == 0
    _forget_the_beginning(many)
    with pytest.raises(errors.VersionUnkept):
        many.read("city", at=before)
    many.append("city", cities(HANGZHOU))
    many.expire("city", older_than=datetime.now(UTC))
    with pytest.raises(errors.VersionUnkept):
        many.read("city", at=before)


def test_every_moment_that_is_kept_still_reads_right(many: Lake) -> None:
    line = many.snapshots("city")
    many.compact("city")
    many.expire("city", older_than=line[6].committed_at + timedelta(microseconds=1))
    assert [s.id for s in many.snapshots("city")][:6] == [s.id for s in line[6:]]
    assert many.read("city", at=line[6].committed_at).num_rows == 140
    assert many.read("city", at=line[9].committed_at).num_rows == 200
    assert [s.rows for s in many.snapshots("city")] == [140, 160, 180, 200, 220, 240, 240]


def test_keys_of_expired_versions_stay_known(many: Lake) -> None:
    line = many.snapshots("city")
    many.expire("city", older_than=datetime.now(UTC), keep_last=2)
    for lake in (many, Lake(many.folder, many.catalogue_url)):
        for n in (0, 5, 9, 11):
            done = lake.append("city", cities(HANGZHOU), key=f"delivery-{n}")
            assert (done.id, done.rows, dict(done.note)) == (
                line[n].id,
                20 * (n + 1),
                {"n": str(n)},
            )
    assert many.upsert("city", cities(HANGZHOU), key_columns=["code"], key="delivery-3").rows == 80
    assert len(many.snapshots("city")) == 2
    assert many.append("city", cities(HANGZHOU), key="delivery-12").rows == 241


def test_keep_last_is_kept(many: Lake) -> None:
    done = many.expire("city", older_than=datetime.now(UTC), keep_last=5)
    assert done.snapshots == 7
    assert len(many.snapshots("city")) == 5


def test_of_earlier_days_the_last_version_is_kept(
    many: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three days, two are thinned: a day's end reads right, a moment within it is refused."""
    line, start = many.snapshots("city"), datetime(2026, 3, 1, 2, tzinfo=UTC)
    _redate(many, [start + timedelta(hours=6 * n) for n in range(12)])
    line = many.snapshots("city")
    assert [s.committed_at.day for s in line] == [1] * 4 + [2] * 4 + [3] * 4
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    done = many.expire("city", older_than=long_ago, daily_before=datetime(2026, 3, 3, tzinfo=UTC))
    assert done.snapshots == 6
    assert [s.rows for s in many.snapshots("city")] == [80, 160, 180, 200, 220, 240]
    assert many.read("city", at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC)).num_rows == 80
    assert many.read("city", at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC)).num_rows == 160
    assert many.read("city", at=datetime(2026, 3, 3, 3, tzinfo=UTC)).num_rows == 180
    for moment in (datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)):
        with pytest.raises(errors.VersionExpired):
            many.read("city", at=moment)


def _forget_the_beginning(lake: Lake) -> None:
    """As a table whose versions expired before the beginning was noted."""
    with _metadata(lake) as raw:
        del raw["properties"]["qiantang.began-ms"]


@contextmanager
def _metadata(lake: Lake) -> Iterator[dict[str, Any]]:
    """The table's newest metadata, written again as it is left."""
    location = lake._catalogue.location("city")
    assert location is not None
    path = lake._catalogue.home.path(location)
    raw = json.loads(path.read_bytes())
    yield raw
    path.write_text(json.dumps(raw), encoding="utf-8")
    lake._catalogue._states.clear()
    lake._catalogue._loaded.clear()


def _redate(lake: Lake, moments: list[datetime]) -> None:
    """Write the table's newest metadata as if its versions had been made at ``moments``."""
    with _metadata(lake) as raw:
        both = zip(raw["snapshots"], raw["snapshot-log"], moments, strict=True)
        for snapshot, entry, moment in both:
            snapshot["timestamp-ms"] = entry["timestamp-ms"] = round(moment.timestamp() * 1000)


def test_an_expiry_killed_before_it_deletes_leaves_only_orphans(
    many: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.compact("city")
    older(many)

    def killed(path: Path) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("qiantang.engine.lake.expiry._remove", killed)
        with pytest.raises(KeyboardInterrupt):
            many.expire("city", older_than=datetime.now(UTC))
    fresh = Lake(many.folder, many.catalogue_url)
    assert {p.code for p in fresh.verify("city")} == {"orphan"}
    assert len(fresh.sweep("city")) >= 12
    assert fresh.verify("city") == []
    assert fresh.read("city").num_rows == 240
    assert fresh.append("city", cities(HANGZHOU), key="delivery-2").rows == 60


def test_a_sweep_leaves_the_files_of_a_long_write_alone(many: Lake) -> None:
    """A write that began hours ago and still runs has old files that no version names."""
    leases = many._catalogue.leases
    stray = next(many.folder.rglob("*.parquet")).with_name("under-way.parquet")
    with leases.held():
        lease = next(leases._folder.iterdir())
        os.utime(lease, (time.time() - 4 * 3600,) * 2)
        stray.write_bytes(b"half written")
        os.utime(stray, (time.time() - 3 * 3600,) * 2)
        assert many.sweep("city") == []
        assert stray.exists()
    assert many.sweep("city") == [stray]


def test_a_lease_of_the_dead_holds_nothing(many: Lake) -> None:
    folder = many._catalogue.leases._folder
    dead = folder / "4711-dead"
    dead.write_bytes(b"")
    os.utime(dead, (0, 0))
    assert many._catalogue.leases.oldest() is None
    assert not dead.exists()


def test_a_flipped_byte_is_found_in_every_kind_of_file(many: Lake) -> None:
    many.compact("city")
    chance = random.Random(1101)
    older(many)
    nobodys = {p.path for p in many.verify("city") if p.code == "orphan"}
    named = sorted(files_in(many) - nobodys)
    assert {p.suffix for p in named} == {".parquet", ".avro", ".json"}
    newest = many._catalogue.home.path(many._catalogue.location("city") or "")
    for path in named:
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        if path == newest:
            continue  # the pointer's own file is read before anything else, see below
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        found = [p.path for p in Lake(many.folder, many.catalogue_url).verify("city")]
        assert path in found, (path, at)
        path.write_bytes(whole)
    assert [p for p in many.verify("city") if p.code != "orphan"] == []


def test_a_flipped_letter_in_the_newest_metadata_is_found(many: Lake) -> None:
    path = many._catalogue.home.path(many._catalogue.location("city") or "")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"delivery-3", b"delivery-x"))
    found = Lake(many.folder, many.catalogue_url).verify("city")
    assert [(p.code, p.path) for p in found] == [("altered", path)]


def test_sums_follow_a_moved_lake(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "a")
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    lake.close()
    (tmp_path / "a").rename(tmp_path / "b")
    moved = Lake(tmp_path / "b")
    moved.append("city", cities(NINGBO))
    assert moved.verify("city") == []
    data = max(moved.folder.rglob("*.parquet"))
    whole = bytearray(data.read_bytes())
    whole[30] ^= 1
    data.write_bytes(bytes(whole))
    assert data in [p.path for p in moved.verify("city")]


def test_a_reader_whose_files_were_expired_reads_the_newest(many: Lake) -> None:
    reading = Lake(many.folder, many.catalogue_url)
    state, plan = reading._state("city"), reading._plan(reading._state("city"), None)
    many.compact("city")
    many.expire("city", older_than=datetime.now(UTC))
    real, calls = reading._state, []

    def stale(name: str) -> object:
        calls.append(name)
        return state if len(calls) == 1 else real(name)

    reading._state = stale  # type: ignore[method-assign, assignment]
    assert plan.rows == 240
    assert reading.query("select count(*) as n from t", {"t": "city"}).to_pylist() == [{"n": 240}]


def test_the_condition_of_a_table(many: Lake) -> None:
    found = many.condition("city")
    assert (found.rows, found.files, found.mergeable, found.snapshots) == (240, 12, 12, 12)
    assert found.depth == 12
    many.keep_for("city", "P3Y")
    many.compact("city")
    found = many.condition("city")
    assert (found.files, found.mergeable, found.depth, found.retention) == (1, 0, 1, "P3Y")
    with pytest.raises(errors.RetentionInvalid):
        many.keep_for("city", "three years")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("P3Y", "2021-02-28"),
        ("P1M", "2024-01-29"),
        ("P1Y2M3D", "2022-12-26"),
        ("P2W", "2024-02-15"),
    ],
)
def test_how_far_back_a_retention_reaches(text: str, day: str) -> None:
    found = since(datetime(2024, 2, 29, 12, tzinfo=UTC), text)
    assert found is not None
    assert found.date().isoformat() == day


@pytest.mark.parametrize("text", ["P", "3Y", "P3H", "PT3H", "P-3Y", "P9999Y", "P1D2Y", "P9999999W"])
def test_what_is_no_retention(text: str) -> None:
    with pytest.raises(errors.RetentionInvalid):
        since(datetime(2024, 2, 29, tzinfo=UTC), text)


def test_wenzhou_stays_when_its_file_is_merged(lake: Lake) -> None:
    """Empty keys are sorted first and are not lost in a merge."""
    lake.ensure("city", CITIES, sort_by=["people"])
    lake.append("city", cities(WENZHOU, ("330900", "舟山市", None)))
    lake.append("city", cities(HANGZHOU))
    lake.compact("city")
    assert lake.read("city").column("people").to_pylist() == [None, 9_572_903, 11_936_010]
