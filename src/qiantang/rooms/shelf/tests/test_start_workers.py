"""Starting worker processes: as many as allowed, again after one ended, none where none is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qiantang.rooms.shelf import workers
from qiantang.rooms.shelf.workers import Workers


class Child:
    """A process that is at work until it is told to end."""

    started: list[Child]

    def __init__(self, command: list[str], *, env: dict[str, str], **_: object) -> None:
        self.command, self.env = command, env
        self.ended = False
        Child.started.append(self)

    def poll(self) -> int | None:
        return 0 if self.ended else None


@pytest.fixture
def started(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    settings.QIANTANG_WORKER, settings.QIANTANG_ZONE = "qiantang.site.worker", tmp_path
    Child.started = []
    monkeypatch.setattr(workers.subprocess, "Popen", Child)
    return Child.started


def test_no_more_are_at_work_than_allowed(started: list[Child], tmp_path: Path) -> None:
    two = Workers("harvest", most=2)
    assert [two.start() for _ in range(3)] == [True, True, False]
    assert started[0].command[1:] == ["-m", "qiantang.site.worker", "harvest"]
    assert started[0].env["QIANTANG_ZONE"] == str(tmp_path)
    started[0].ended = True
    assert two.start()
    assert not two.may_start()


def test_kinds_do_not_wait_for_each_other(started: list[Child]) -> None:
    assert Workers("harvest").start()
    assert Workers().start()


def test_none_is_started_where_none_is_set(started: list[Child], settings: Any) -> None:
    settings.QIANTANG_WORKER = ""
    assert not Workers().start()
    assert not started
