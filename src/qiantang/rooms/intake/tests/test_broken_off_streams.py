"""A stream of rows that is not read to its end leaves nothing to be said when it is let go."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from pymysql.connections import MySQLResult
from pymysql.cursors import SSCursor

from qiantang.rooms.intake.fetching.connections import _give_up


class Gone:
    """A connection that was closed in the middle of a result."""

    encoding = "utf8mb4"
    _result: Any = None

    def _read_packet(self) -> None:
        raise AttributeError("the socket is closed")


@pytest.mark.parametrize("given_up", [True, False])
def test_the_driver_expects_nothing_more(
    monkeypatch: pytest.MonkeyPatch, *, given_up: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda told: said.append(str(told.exc_value)))
    connection = Gone()
    cursor: Any = SSCursor(connection)  # type: ignore[arg-type]
    result: Any = MySQLResult(connection)  # type: ignore[arg-type]
    result.unbuffered_active = True
    cursor._result = connection._result = result
    if given_up:
        _give_up(cursor)
    del cursor, result
    connection._result = None
    gc.collect()
    assert bool(said) is not given_up
