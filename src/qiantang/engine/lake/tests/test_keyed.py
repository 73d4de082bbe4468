"""Upsert and delete by key: what comes in wins, the rest stays, faults write nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake, errors
from qiantang.engine.lake.rows import chunks
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, NINGBO, WENZHOU, cities

JIAXING = ("330400", "嘉兴市", 5_400_868)


@pytest.fixture
def keyed(lake: Lake) -> Lake:
    lake.ensure("city", CITIES, sort_by=["code"])
    lake.append("city", cities(HANGZHOU, NINGBO))
    lake.append("city", cities(WENZHOU))
    return lake


def people(lake: Lake, at: int | None = None) -> dict[str, int | None]:
    rows = lake.read("city", columns=["code", "people"], at=at).to_pylist()
    found = {row["code"]: row["people"] for row in rows}
    assert len(found) == len(rows)
    return found


def test_an_upsert_changes_one_row_and_adds_one(keyed: Lake) -> None:
    before = keyed.current("city")
    done = keyed.upsert(
        "city", cities(("330200", "宁波市", 9_700_000), JIAXING), key_columns=["code"], key="d1"
    )
    assert dict(done.note) == {"inserted": "1", "updated": "1", "deleted": "0"}
    assert done.rows == 4
    now = {"330100": 11_936_010, "330200": 9_700_000, "330300": 9_572_903, "330400": 5_400_868}
    assert people(keyed) == now
    assert before is not None
    assert people(keyed, at=before.id)["330200"] == 9_404_283
    assert keyed.verify("city") == []


def test_only_the_file_that_holds_a_key_is_written_again(keyed: Lake) -> None:
    before = set(keyed.files("city").paths)
    keyed.upsert("city", cities(("330300", "温州市", 1)), key_columns=["code"])
    after = set(keyed.files("city").paths)
    assert len(before) == len(after) == 2
    (kept,) = before & after
    assert keyed.read("city", where="code < '330300'").num_rows == 2
    assert Path(kept).exists()


def test_the_same_upsert_twice_is_one_version(keyed: Lake) -> None:
    rows = cities(("330200", "宁波市", 1))
    first = keyed.upsert("city", rows, key_columns=["code"], key="delivery-1")
    keyed.upsert("city", cities(("330200", "宁波市", 2)), key_columns=["code"], key="delivery-2")
    again = keyed.upsert("city", rows, key_columns=["code"], key="delivery-1")
    assert again == first
    assert people(keyed)["330200"] == 2


def test_an_upsert_into_an_empty_table_inserts(lake: Lake) -> None:
    lake.ensure("city", CITIES, sort_by=["code"])
    done = lake.upsert("city", cities(HANGZHOU), key_columns=["code"])
    assert (done.rows, done.note["inserted"]) == (1, "1")


def test_a_repeated_key_is_named_and_nothing_is_written(keyed: Lake) -> None:
    before = {p for p in keyed.folder.rglob("tables/**/*") if p.is_file()}
    with pytest.raises(errors.KeyRepeated, match="330400") as wrong:
        keyed.upsert("city", cities(JIAXING, HANGZHOU, JIAXING), key_columns=["code"])
    assert "1 个主键" in wrong.value.problem("zh")["detail"]
    assert {p for p in keyed.folder.rglob("tables/**/*") if p.is_file()} == before
    assert len(keyed.snapshots("city")) == 2
    assert list((keyed.folder / "scratch").iterdir()) == []


@pytest.mark.parametrize("stream", [False, True])
def test_an_empty_key_is_refused(keyed: Lake, stream: bool) -> None:
    rows = cities(("330400", "嘉兴市", None), ("330500", "湖州市", 3_367_579))
    given = rows.to_reader() if stream else rows
    with pytest.raises(errors.KeyMissing):
        keyed.upsert("city", given, key_columns=["people"])
    assert keyed.read("city").num_rows == 3


@pytest.mark.parametrize("names", [[], ["nobody"], ["code", "code"]])
def test_key_columns_must_be_columns(keyed: Lake, names: list[str]) -> None:
    with pytest.raises(errors.KeyColumnUnknown):
        keyed.upsert("city", cities(HANGZHOU), key_columns=names)


def test_a_delete_takes_away_what_matches(keyed: Lake) -> None:
    done = keyed.delete("city", pa.table({"code": ["330300", "990000"]}))
    assert done.note["deleted"] == "1"
    assert set(people(keyed)) == {"330100", "330200"}
    everything = keyed.delete("city", keyed.read("city", columns=["code"]))
    assert (everything.rows, everything.note["deleted"]) == (0, "2")
    assert keyed.read("city").num_rows == 0
    assert keyed.verify("city") == []


def test_keys_of_several_columns_of_any_type(lake: Lake) -> None:
    schema = pa.schema(
        [
            ("on", pa.date32()),
            ("rate", pa.decimal128(12, 2)),
            ("at", pa.timestamp("us", tz="UTC")),
            ("text", pa.string()),
        ]
    )
    lake.ensure("t", schema, sort_by=["on", "rate"])
    days = [date(2020, 1, n) for n in range(1, 29)]

    def rows(text: str, days: list[date]) -> pa.Table:
        at = [f"{d}T00:00:00Z" for d in days]
        moments = pa.array(at).cast(pa.timestamp("us", tz="UTC"))
        rates = [Decimal(d.day) for d in days]
        return pa.table([days, rates, moments, [text] * len(days)], schema=schema)

    lake.append("t", rows("old", days[:14]))
    lake.append("t", rows("old", days[14:]))
    done = lake.upsert("t", rows("new", days[3:6]), key_columns=["on", "rate", "at"])
    assert dict(done.note) == {"inserted": "0", "updated": "3", "deleted": "0"}
    assert lake.read("t", where="text = 'new'").column("on").to_pylist() == days[3:6]
    assert lake.read("t").num_rows == 28


def test_old_files_keep_their_values_under_new_columns_and_names(keyed: Lake) -> None:
    keyed.rename_column("city", "people", "population")
    keyed.ensure("city", pa.schema([*keyed.schema("city"), ("mayor", pa.string())]))
    keyed.upsert("city", pa.table({"code": ["330100"], "mayor": ["甲"]}), key_columns=["code"])
    rows = {r["code"]: (r["population"], r["mayor"]) for r in keyed.read("city").to_pylist()}
    assert rows == {
        "330100": (None, "甲"),
        "330200": (9_404_283, None),
        "330300": (9_572_903, None),
    }


def test_rows_appended_while_an_upsert_runs_are_seen(
    keyed: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rival appends after the plan was made: its row with the same key goes, another stays."""
    from qiantang.engine.lake.keyed import Keyed

    real, rivals = Keyed.rewritten, []

    def with_rival(self: Keyed, *arguments: object) -> object:
        change = real(self, *arguments)  # type: ignore[arg-type]
        if not rivals:
            other = Lake(keyed.folder, keyed.catalogue_url)
            rivals.append(other.append("city", cities(JIAXING, ("330500", "湖州市", 7))))
        return change

    monkeypatch.setattr(Keyed, "rewritten", with_rival)
    done = keyed.upsert("city", cities(("330400", "嘉兴市", 1)), key_columns=["code"])
    assert len(rivals) == 1
    assert dict(done.note) == {"inserted": "0", "updated": "1", "deleted": "0"}
    assert people(keyed)["330400"] == 1
    assert people(keyed)["330500"] == 7
    assert len(people(keyed)) == 5


def test_two_upserts_at_once_both_hold(keyed: Lake) -> None:
    def run(who: int) -> None:
        other = Lake(keyed.folder, keyed.catalogue_url)
        for n in range(5):
            rows = cities(("330100", "杭州市", n), (f"4{who}{n}000", "县", who))
            other.upsert("city", rows, key_columns=["code"])

    threads = [threading.Thread(target=run, args=(who,)) for who in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = people(keyed)
    assert {code for code in found if code.startswith("4")} == {
        f"4{who}{n}000" for who in (1, 2) for n in range(5)
    }
    assert found["330100"] == 4
    assert [p.code for p in keyed.verify("city") if p.code != "orphan"] == []


def test_of_a_stream_no_more_is_held_than_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiantang.engine.lake.rows.CHUNK_BYTES", 2_000)
    many = cities(*[(f"{n:06d}", "x", n) for n in range(1000)])
    batches = many.to_batches(max_chunksize=20)
    given = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal given
        for batch in batches:
            given += 1
            yield batch

    reader = pa.RecordBatchReader.from_batches(many.schema, counted())
    taken, one = 0, max(batch.nbytes for batch in batches)
    for chunk in chunks(reader):
        taken += chunk.num_rows
        assert chunk.nbytes <= 2_000 + one
        assert given * 20 == taken
    assert taken == 1000


def test_a_stream_is_written_in_chunks_as_one_version(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiantang.engine.lake.rows.CHUNK_BYTES", 2_000)
    lake.ensure("city", CITIES, sort_by=["code"])
    many = cities(*[(f"{n:06d}", "x", n) for n in range(1000, 0, -1)])
    reader = pa.RecordBatchReader.from_batches(many.schema, many.to_batches(max_chunksize=50))
    done = lake.append("city", reader, key="s")
    assert done.rows == 1000
    assert len(lake.files("city").paths) > 3
    assert lake.append("city", many.slice(0, 1).to_reader(), key="s") == done
    out = lake.reader("city", where="people > ?", params=[500])
    assert isinstance(out, pa.RecordBatchReader)
    assert out.schema == lake.schema("city")
    assert out.read_all().num_rows == 500
    assert lake.overwrite("city", many.slice(0, 7).to_reader()).rows == 7


def test_a_stream_that_breaks_off_leaves_nothing(keyed: Lake) -> None:
    rows = cities(JIAXING)

    def broken() -> object:
        yield from rows.to_batches()
        raise ValueError("the source went away")

    before = {p for p in keyed.folder.rglob("tables/**/*") if p.is_file()}
    with pytest.raises(ValueError, match="source went away"):
        keyed.append("city", pa.RecordBatchReader.from_batches(rows.schema, broken()))
    assert {p for p in keyed.folder.rglob("tables/**/*") if p.is_file()} == before


def test_the_files_of_a_version_for_other_engines(keyed: Lake) -> None:
    first = keyed.snapshots("city")[0]
    plan = keyed.files("city", at=first.id)
    assert plan.rows == 2
    assert [c.name for c in plan.columns] == CITIES.names
    assert [c.id for c in plan.columns] == list(range(1, len(CITIES) + 1))
    assert all(Path(p).exists() for p in plan.paths)


def test_pyiceberg_reads_what_duckdb_wrote(keyed: Lake) -> None:
    keyed.upsert("city", cities(("330100", "杭州市", 5)), key_columns=["code"])
    rows = keyed._catalogue.load("city").scan().to_arrow().to_pylist()
    assert {r["code"]: r["people"] for r in rows}["330200"] == 9_404_283
    assert {r["code"]: r["people"] for r in rows}["330100"] == 5
    shutil.rmtree(keyed.folder / "plans", ignore_errors=True)
    assert people(Lake(keyed.folder, keyed.catalogue_url)) == people(keyed)
