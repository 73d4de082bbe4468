"""Writers at the same time: the chain stays one chain, and no news is delivered twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
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

WRITERS, EACH = 3, 10

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
_DELIVER = """
import sys
from dataclasses import dataclass
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
bootstrap.setup(Zone.open(sys.argv[1]), migrate=False)
from django.db import transaction
from qiantang.rooms.journal import outbox

@dataclass(frozen=True)
class Counted:
    number: int

@outbox.on(Counted)
def write(event):
    with open(sys.argv[3], "a") as file:
        file.write(f"{event.number}\\n")

outbox._deliver_after_commit = lambda: None
if sys.argv[2] == "emit":
    for number in range(30):
        with transaction.atomic():
            outbox.emit(Counted(number))
else:
    outbox.deliver_pending()
"""


def _python(zone: Zone, code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(zone.folder), *args],
        env={**os.environ, "QIANTANG_DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_on_one_sqlite_file_make_one_chain(tmp_path: Path) -> None:
    zone = Zone.create(tmp_path / "zone")
    _python(zone, _CHECK).communicate()
    writers = [_python(zone, _WRITE, str(EACH), str(number)) for number in range(WRITERS)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    said, _ = _python(zone, _CHECK).communicate()
    assert said.split() == [str(WRITERS * EACH), "0"]


def test_deliverers_on_one_sqlite_file_share_the_work(tmp_path: Path) -> None:
    zone, said = Zone.create(tmp_path / "zone"), tmp_path / "said"
    _python(zone, _CHECK).communicate()
    _python(zone, _DELIVER, "emit", str(said)).communicate()
    assert not said.exists()
    deliverers = [_python(zone, _DELIVER, "deliver", str(said)) for _ in range(3)]
    for deliverer in deliverers:
        deliverer.communicate()
        assert deliverer.returncode == 0
    assert sorted(said.read_text().split(), key=int) == [str(n) for n in range(30)]


def _in_threads(work: Callable[[int], object]) -> None:
    def one(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(one, range(WRITERS)))


if connection.vendor == "postgresql":
    # Threads of one process share SQLite's database in memory; the two tests above stand for it.

    @pytest.mark.django_db(transaction=True)
    def test_threads_on_postgresql_make_one_chain() -> None:
        def write(number: int) -> None:
            for each in range(EACH):
                with transaction.atomic():
                    record(SYSTEM, "test.done", f"thing:{number}-{each}", {})

        _in_threads(write)
        assert AuditEntry.objects.count() == selectors.head()[0] == WRITERS * EACH
        assert verify() == []

    @pytest.mark.django_db(transaction=True)
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
