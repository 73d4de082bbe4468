"""Writers at the same time: the chain stays one chain, and no news is delivered twice."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.journal import outbox, selectors
from qiantang.rooms.journal.models import AuditEntry, OutboxItem
from qiantang.rooms.journal.services import deliver_pending, emit, record, verify
from qiantang.rooms.journal.tests.test_give_news import NEWS, FigureCorrected
from qiantang.site.zone import Zone

WRITERS, EACH = 4, 15

_WRITE = """
import sys
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
bootstrap.setup(Zone.open(sys.argv[1]), migrate=False)
from django.db import transaction
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.journal.services import record
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        record(SYSTEM, "test.done", f"thing:{sys.argv[3]}-{number}", {})
"""
_CHECK = """
import sys
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
bootstrap.setup(Zone.open(sys.argv[1]))
from qiantang.rooms.journal.selectors import head
from qiantang.rooms.journal.services import verify
print(head()[0], len(verify()))
"""


def test_processes_on_one_sqlite_file_make_one_chain(tmp_path: Path) -> None:
    zone = Zone.create(tmp_path / "zone")
    env = {**os.environ, "QIANTANG_DATABASE_URL": ""}

    def python(code: str, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, str(zone.folder), *args],
            env=env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    python(_CHECK).communicate()
    writers = [python(_WRITE, str(EACH), str(number)) for number in range(WRITERS)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    said, _ = python(_CHECK).communicate()
    assert said.split() == [str(WRITERS * EACH), "0"]


def _in_threads(work: object) -> None:
    def one(number: int) -> None:
        try:
            work(number)  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(one, range(WRITERS)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads share SQLite in memory")
def test_threads_on_postgresql_make_one_chain() -> None:
    def write(number: int) -> None:
        for each in range(EACH):
            with transaction.atomic():
                record(SYSTEM, "test.done", f"thing:{number}-{each}", {})

    _in_threads(write)
    assert AuditEntry.objects.count() == selectors.head()[0] == WRITERS * EACH
    assert verify() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads share SQLite in memory")
def test_deliverers_on_postgresql_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_REACTIONS", {})
    monkeypatch.setattr(outbox, "_BY_EVENT", {})
    heard: list[object] = []
    outbox.on(FigureCorrected)(heard.append)
    monkeypatch.setattr(outbox, "_deliver_after_commit", lambda: None)
    for _ in range(40):
        with transaction.atomic():
            emit(NEWS)
    _in_threads(lambda _: deliver_pending())
    assert len(heard) == 40
    assert not OutboxItem.objects.filter(delivered_at=None).exists()
