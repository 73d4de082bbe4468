"""A busy or absent database and a full disk have names, and leave nothing half done."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from qiantang.kernel.errors import QiantangError
from qiantang.rooms.journal.errors import DatabaseAway, DatabaseBusy, DiskFull
from qiantang.rooms.journal.outage import as_ours
from qiantang.site.zone import Zone


@pytest.mark.parametrize(
    ("fault", "ours"),
    [
        (OperationalError("database is locked"), DatabaseBusy),
        (OperationalError("deadlock detected"), DatabaseBusy),
        (OperationalError("database or disk is full"), DiskFull),
        (OperationalError("disk I/O error"), DiskFull),
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (OperationalError("connection refused"), DatabaseAway),
        (OperationalError("unable to open database file"), DatabaseAway),
        (InterfaceError("connection already closed"), DatabaseAway),
    ],
)
def test_faults_of_the_machine_have_names(fault: Exception, ours: type[QiantangError]) -> None:
    assert type(as_ours(fault)) is ours


@pytest.mark.parametrize(
    "fault", [ValueError("database is locked"), OSError(errno.ENOENT, "x"), IntegrityError("x")]
)
def test_other_errors_stay_what_they_are(fault: Exception) -> None:
    assert as_ours(fault) is None


_WRITE = """
import sys
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
zone = Zone.open(sys.argv[1])
bootstrap.setup(zone, migrate=sys.argv[2] == "migrate")
from django.db import connection, transaction
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.journal.outage import as_ours
from qiantang.rooms.journal.selectors import head
from qiantang.rooms.journal.services import record
connection.settings_dict["OPTIONS"]["timeout"] = 0.2
connection.close()
try:
    with transaction.atomic():
        record(SYSTEM, "test.done", "thing:1", {})
except Exception as error:
    print(as_ours(error).code)
print(head()[0])
"""


def test_a_locked_database_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    zone = Zone.create(tmp_path / "zone")

    def write(migrate: str) -> list[str]:
        command = [sys.executable, "-c", _WRITE, str(zone.folder), migrate]
        env = {**os.environ, "QIANTANG_DATABASE_URL": ""}
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        return done.stdout.split()

    assert write("migrate") == ["1"]
    holder = sqlite3.connect(zone.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert write("as-is") == ["journal.database_busy", "1"]
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert write("as-is") == ["2"]
