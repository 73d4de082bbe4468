"""Tables read from a watermark on: nothing is missed, nothing comes twice."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import (
    FetchFailed,
    RowsJoined,
    RowsValueless,
    WatermarkReplaces,
    WatermarkUnordered,
)
from qiantang.rooms.intake.models import Source
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

Rows = list[tuple[str, str, str, str, Any]]


def firms(first: int, last: int, changed: Any, name: str = "企业") -> Rows:
    return [(f"F{n:06d}", f"{name}{n}", "1", "2026-01-05", changed) for n in range(first, last)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE firms (code, name, amount, day, changed)")
    opened.close()
    grow(path, [*firms(0, 10, "2026-01-01"), *firms(10, 15, "2026-01-02")])
    return path


def grow(path: Path, rows: Rows) -> None:
    with sqlite3.connect(path) as opened:
        opened.executemany("INSERT INTO firms VALUES (?,?,?,?,?)", rows)
    opened.close()


def add(path: Path, mode: str) -> None:
    config = {"engine": "sqlite", "file": str(path), "table": "firms"}
    services.add_source(
        SYSTEM, "db", "database", FIRMS, config, mode=mode, watermark_column="changed"
    )


def codes() -> set[str]:
    return set(shelf.lake().read(FIRMS, columns=["code"]).column("code").to_pylist())


def test_rows_that_join_the_last_value_come_where_a_row_may_come_again(table: Path) -> None:
    add(table, "upsert")
    (first,) = services.fetch(SYSTEM, "db")
    assert (first.status, first.accepted) == ("published", 15)
    grow(table, firms(15, 18, "2026-01-02"))
    (second,) = services.fetch(SYSTEM, "db")
    assert (second.status, second.sent) == ("published", 8)
    assert codes() == {f"F{n:06d}" for n in range(18)}
    assert selectors.source(SYSTEM, "db").watermark == "2026-01-02"


def test_the_rows_of_the_last_value_alone_are_nothing_new(table: Path) -> None:
    add(table, "upsert")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    with sqlite3.connect(table) as opened:
        opened.execute("CREATE TABLE other AS SELECT * FROM firms ORDER BY code DESC")
        opened.execute("DROP TABLE firms")
        opened.execute("ALTER TABLE other RENAME TO firms")
    opened.close()
    assert services.fetch(SYSTEM, "db") == ()
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET name = '更名' WHERE code = 'F000012'")
    opened.close()
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.sent) == ("published", 5)
    names = shelf.lake().read(FIRMS, columns=["name"]).column("name").to_pylist()
    assert names.count("更名") == 1


def test_appending_takes_only_rows_above_the_last_value(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, firms(20, 24, "2026-01-03"))
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (4, 4)


def test_appending_takes_what_joined_the_last_value_and_nothing_twice(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    grow(table, [*firms(15, 18, "2026-01-02"), *firms(18, 20, "2026-01-03")])
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted, run.duplicates) == (5, 5, 0)
    grow(table, firms(20, 21, "2026-01-03"))
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (1, 1)
    assert services.fetch(SYSTEM, "db") == ()
    assert codes() == {f"F{n:06d}" for n in range(21)}


def test_a_delivery_that_is_not_published_leaves_its_rows_to_the_next(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    grow(table, [("F000015", "企业", "一百", "2026-01-05", "2026-01-02")])
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.accepted) == ("refused", 0)
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET amount = '1' WHERE code = 'F000015'")
    opened.close()
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.accepted) == ("published", 1)


def test_what_joins_a_value_that_too_many_rows_have_stops_the_fetch_and_is_not_missed(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiantang.rooms.intake.fetching.marks.MOST_KNOWN", 4)
    add(table, "append")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, firms(20, 24, "2026-01-03"))
    (run,) = services.fetch(SYSTEM, "db")
    assert run.sent == 4  # the five of the day before are the same and stay out
    grow(table, firms(24, 25, "2026-01-03"))
    (run,) = services.fetch(SYSTEM, "db")
    assert run.sent == 1  # four were known one by one
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, firms(25, 26, "2026-01-03"))
    with pytest.raises(RowsJoined) as refused:
        services.fetch(SYSTEM, "db")
    assert refused.value.fields["found"] == "2026-01-03"
    assert codes() == {f"F{n:06d}" for n in (*range(15), *range(20, 25))}


def test_what_replaces_the_whole_takes_no_watermark(table: Path) -> None:
    with pytest.raises(WatermarkReplaces):
        add(table, "replace")
    assert selectors.sources(SYSTEM) == ()


def test_rows_without_a_value_come_where_a_row_may_come_again(table: Path) -> None:
    add(table, "upsert")
    services.fetch(SYSTEM, "db")
    grow(table, firms(20, 23, None))
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.sent) == ("published", 8)
    assert codes() == {f"F{n:06d}" for n in (*range(15), *range(20, 23))}
    assert services.fetch(SYSTEM, "db") == ()
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET name = '更名' WHERE code = 'F000021'")
    opened.close()
    (run,) = services.fetch(SYSTEM, "db")
    assert run.status == "published"
    names = shelf.lake().read(FIRMS, columns=["name"]).column("name").to_pylist()
    assert names.count("更名") == 1


def test_appending_takes_each_row_without_a_value_once(table: Path) -> None:
    grow(table, firms(20, 22, None))
    add(table, "append")
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (17, 17)
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, [*firms(22, 25, None), *firms(15, 16, "2026-01-02")])
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted, run.duplicates) == (4, 4, 0)
    grow(table, firms(25, 26, None))
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (1, 1)
    assert services.fetch(SYSTEM, "db") == ()
    assert codes() == {f"F{n:06d}" for n in (*range(16), *range(20, 26))}


def test_a_table_without_any_value_is_read_on_as_well(tmp_path: Path) -> None:
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE firms (code, name, amount, day, changed)")
    opened.close()
    grow(path, firms(0, 3, None))
    add(path, "append")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    grow(path, [*firms(3, 4, None), *firms(4, 5, "2026-01-01")])
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (2, 2)


def test_too_many_rows_without_a_value_stop_the_fetch_when_others_join(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiantang.rooms.intake.fetching.marks.MOST_KNOWN", 5)
    grow(table, firms(20, 26, None))
    add(table, "append")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, firms(15, 16, "2026-01-03"))
    (run,) = services.fetch(SYSTEM, "db")
    assert run.sent == 1
    grow(table, firms(26, 27, None))
    with pytest.raises(RowsValueless) as refused:
        services.fetch(SYSTEM, "db")
    assert refused.value.fields["found"] == 7
    assert (selectors.source(SYSTEM, "db").error or {})["code"] == "intake.rows_valueless"


def test_a_mark_of_which_nothing_was_noted_tells_no_row_without_a_value(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    row = Source.objects.get(pk="db")
    row.watermark = {k: v for k, v in (row.watermark or {}).items() if k != "valueless"}
    row.save(update_fields=["watermark"])
    assert services.fetch(SYSTEM, "db") == ()
    grow(table, firms(20, 21, None))
    with pytest.raises(RowsValueless):
        services.fetch(SYSTEM, "db")


def test_fractions_are_read_on_from_the_last(tmp_path: Path) -> None:
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE firms (code, name, amount, day, changed)")
    opened.close()
    grow(path, [*firms(0, 2, 1), *firms(2, 4, 1.5)])
    add(path, "append")
    services.fetch(SYSTEM, "db")
    assert services.fetch(SYSTEM, "db") == ()
    grow(path, firms(4, 5, 2))
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (1, 1)


@pytest.mark.parametrize("others", [[1, 3.5], [b"x"]])
def test_values_without_a_common_order_are_told_and_tried_again_later(
    table: Path, others: list[Any]
) -> None:
    add(table, "append")
    for n, value in enumerate(others):
        grow(table, firms(30 + n, 31 + n, value))
    with pytest.raises(WatermarkUnordered) as refused:
        services.fetch(SYSTEM, "db")
    assert "文字" in refused.value.message("zh")
    assert "texts" in refused.value.message("en")
    row = Source.objects.get(pk="db")
    assert (row.error or {})["code"] == "intake.watermark_unordered"
    assert (row.failures, row.next_try > datetime.now(UTC)) == (1, True)
    assert selectors.runs(SYSTEM).total == 0


def test_a_value_that_sorts_below_the_mark_is_told_and_not_missed(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    grow(table, firms(30, 31, 20_260_201))
    with pytest.raises(WatermarkUnordered):
        services.fetch(SYSTEM, "db")
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET changed = 20260301")
    opened.close()
    with pytest.raises(WatermarkUnordered):  # of one kind now, but not that of the mark
        services.fetch(SYSTEM, "db")


def test_numbers_of_either_kind_have_an_order(tmp_path: Path, table: Path) -> None:
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET changed = rowid * 0.5 WHERE rowid % 2")
        opened.execute("UPDATE firms SET changed = rowid WHERE rowid % 2 = 0")
    opened.close()
    add(table, "append")
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.accepted, selectors.source(SYSTEM, "db").watermark) == (15, "14")


@pytest.mark.parametrize("by", ["hand", "round"])
def test_what_nobody_expected_is_kept_at_the_source_with_a_number(
    table: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    def broken(*args: object) -> None:
        raise TypeError("secret value 4711")

    monkeypatch.setattr("qiantang.rooms.intake.fetching.tables.select", broken)
    add(table, "append")
    if by == "hand":
        with pytest.raises(FetchFailed):
            services.fetch(SYSTEM, "db")
    else:
        assert services.fetch_due() == 1
        assert services.fetch_due() == 0
    row = Source.objects.get(pk="db")
    kept = row.error or {}
    assert (kept["code"], row.failures) == ("intake.fetch_failed", 1)
    assert row.next_try > datetime.now(UTC)
    number = kept["detail"].rpartition("错误编号 ")[2].strip("。")
    assert f"number {number}" in caplog.text
    assert "4711" not in str(kept)


@pytest.mark.parametrize("mode", ["append", "upsert"])
@pytest.mark.parametrize("change", ["ADD COLUMN remark DEFAULT 'x'", "DROP COLUMN note"])
def test_a_column_that_nobody_reads_sends_no_known_row_again(
    table: Path, mode: str, change: str
) -> None:
    alter(table, "ADD COLUMN note DEFAULT 'y'")
    alter(table, "RENAME COLUMN changed TO seen")
    insert(table, 30, None)
    config = {"engine": "sqlite", "file": str(table), "table": "firms"}
    services.add_source(SYSTEM, "db", "database", FIRMS, config, mode=mode, watermark_column="seen")
    (first,) = services.fetch(SYSTEM, "db")
    if first.status == "held":  # two columns more than fields: a person says how it is read
        services.confirm_reading(SYSTEM, first.id, (first.proposal or {})["recipe"])
        first = services.work(first.id)
    assert (first.status, first.accepted) == ("published", 16)
    alter(table, change)
    assert services.fetch(SYSTEM, "db") == ()
    insert(table, 31, "2026-01-02")
    (run,) = services.fetch(SYSTEM, "db")
    if run.status == "held":
        services.confirm_reading(SYSTEM, run.id, (run.proposal or {})["recipe"])
        run = services.work(run.id)
    assert run.status == "published"
    assert run.sent == (1 if mode == "append" else 7)
    assert services.fetch(SYSTEM, "db") == ()
    assert "F000031" in codes()


def test_a_known_row_that_changed_is_not_appended_once_more(table: Path) -> None:
    add(table, "append")
    services.fetch(SYSTEM, "db")
    with sqlite3.connect(table) as opened:
        opened.execute("UPDATE firms SET amount = '2.00' WHERE changed = '2026-01-02'")
    opened.close()
    assert services.fetch(SYSTEM, "db") == ()
    insert(table, 31, "2026-01-02", column="changed")
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.sent, run.set_aside) == ("published", 1, 0)


def alter(path: Path, change: str) -> None:
    with sqlite3.connect(path) as opened:
        opened.execute(f"ALTER TABLE firms {change}")
    opened.close()


def insert(path: Path, n: int, value: Any, column: str = "seen") -> None:
    with sqlite3.connect(path) as opened:
        opened.execute(
            f"INSERT INTO firms (code, name, amount, day, {column}) VALUES (?,?,?,?,?)",
            firms(n, n + 1, value)[0],
        )
    opened.close()
