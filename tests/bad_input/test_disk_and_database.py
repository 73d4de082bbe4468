"""A full disk or a held database: said clearly, nothing half-written, and it heals by itself."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qiantang.engine.lake.files import SyncedWriter
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.people.selectors import actor_of_account

from .house import ask, call, figure, problem, refused, token_of, untouched

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sent() -> SubmissionView:
    return services.submit_observation(actor_of_account("officer"), figure(period="1996"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_the_disk_is_full_while_a_figure_is_published(
    sent: SubmissionView, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(self: SyncedWriter, data: object) -> int:
        raise OSError(number, os.strerror(number))

    token = token_of("approver", "read", "write")
    with untouched(), monkeypatch.context() as broken:
        broken.setattr(SyncedWriter, "write", full)
        asked = ask("approver", f"/desk/submissions/{sent.id}/approve/", {"version": "1"})
        refused(asked, "lake.disk_full", 503)
        asked = call(token, f"/api/v1/submissions/{sent.id}/approve", {"version": 1})
        body = problem(asked, "lake.disk_full", 503)
        assert "free" in body["hint"].lower()
        assert asked.en.headers["Retry-After"]
    assert selectors.submission(actor_of_account("officer"), sent.id).state == "pending"
    healed = services.approve(actor_of_account("approver"), sent.id, 1)
    assert healed.state == "approved"
    assert len(selectors.revisions(sent.observation)) == 1


def test_a_disk_that_fails_while_reading_is_no_empty_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reader is told that something is wrong; figures never silently disappear."""
    from qiantang.rooms.indicators import store

    def broken() -> object:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(store, "_now", broken)
    for answer in ask("", "/targets/T01/").both:
        assert answer.status_code in {500, 503}
        assert "Traceback" not in answer.content.decode()
    for answer in call("", "/api/v1/observations").both:
        assert answer.status_code in {500, 503}
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("fault", ["locked", "full"])
def test_a_database_held_by_another_process_or_out_of_room(tmp_path: Path, fault: str) -> None:
    """In a process of its own, on a zone with a database file that really is held or full."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QIANTANG_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_input.faulty_database", str(tmp_path / "zone"), fault],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == "healed"
