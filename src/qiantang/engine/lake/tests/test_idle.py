"""Connections that wait for the next question: kept, let go of, never shared."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake
from qiantang.engine.lake.idle import Idle


def a_file(path: Path, value: int) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (v INTEGER)")
        db.execute("INSERT INTO t VALUES (?)", (value,))
        db.commit()
    return path


class Opener:
    """Counts how often a file is opened."""

    def __init__(self, path: Path) -> None:
        self.path, self.times = path, 0
        self.made: list[sqlite3.Connection] = []

    def __call__(self) -> sqlite3.Connection:
        self.times += 1
        self.made.append(sqlite3.connect(self.path, check_same_thread=False))
        return self.made[-1]


def asked(idle: Idle, opener: Opener) -> int:
    with idle.reading(opener.path, opener) as db:
        return int(db.execute("SELECT v FROM t").fetchone()[0])


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_file_is_opened_once_for_many_questions(tmp_path: Path) -> None:
    idle, opener = Idle(), Opener(a_file(tmp_path / "a", 1))
    assert [asked(idle, opener) for _ in range(5)] == [1] * 5
    assert opener.times == 1


def test_two_questions_at_once_have_a_connection_each(tmp_path: Path) -> None:
    idle, opener = Idle(), Opener(a_file(tmp_path / "a", 1))
    with idle.reading(opener.path, opener) as one, idle.reading(opener.path, opener) as two:
        assert one is not two


def test_a_file_put_in_the_place_of_another_is_opened_anew(tmp_path: Path) -> None:
    idle, opener = Idle(), Opener(a_file(tmp_path / "a", 1))
    assert asked(idle, opener) == 1
    a_file(tmp_path / "b", 2).replace(tmp_path / "a")
    assert asked(idle, opener) == 2
    assert is_closed(opener.made[0])


def test_what_failed_is_not_asked_again(tmp_path: Path) -> None:
    idle, opener = Idle(), Opener(a_file(tmp_path / "a", 1))
    with pytest.raises(sqlite3.OperationalError), idle.reading(opener.path, opener) as db:
        db.execute("SELECT nothing")
    assert asked(idle, opener) == 1
    assert opener.times == 2


def test_no_more_wait_than_allowed_and_the_longest_unused_go(tmp_path: Path) -> None:
    idle = Idle(most=2)
    openers = [Opener(a_file(tmp_path / str(n), n)) for n in range(3)]
    assert [asked(idle, opener) for opener in openers] == [0, 1, 2]
    assert [is_closed(opener.made[0]) for opener in openers] == [True, False, False]


def test_an_older_file_of_the_folder_is_let_go_of(tmp_path: Path) -> None:
    idle = Idle(newest_only=True)
    old, new = (Opener(a_file(tmp_path / name, n)) for n, name in enumerate(("old", "new")))
    assert [asked(idle, old), asked(idle, new)] == [0, 1]
    assert is_closed(old.made[0])


def test_a_missing_file_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    opener = Opener(tmp_path / "missing")
    with pytest.raises(FileNotFoundError), Idle().reading(opener.path, opener):
        raise AssertionError
    assert opener.times == 0


def test_connections_of_a_parent_process_are_neither_used_nor_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, opener = Idle(most=1), Opener(a_file(tmp_path / "a", 1))
    assert asked(idle, opener) == 1
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert asked(idle, opener) == 1
    assert opener.times == 2
    assert not is_closed(opener.made[0])


def test_the_mark_of_a_table_changes_with_its_rows_and_its_columns(tmp_path: Path) -> None:
    lake, schema = Lake(tmp_path), pa.schema([("a", pa.int64())])
    assert lake.mark("t") is None
    lake.ensure("t", schema)
    marks = [lake.mark("t")]
    lake.append("t", pa.table({"a": [1]}))
    marks.append(lake.mark("t"))
    lake.ensure("t", schema.append(pa.field("b", pa.string())))
    marks.append(lake.mark("t"))
    assert None not in marks
    assert len(set(marks)) == 3
    assert Lake(tmp_path).mark("t") == marks[-1]
