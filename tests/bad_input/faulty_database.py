"""Run as ``python -m tests.bad_input.faulty_database ZONE locked|full``: a zone on a SQLite file
whose database another process holds, or which may not grow; asks at every door and checks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""
CODES = {
    "locked": ("indicators.store_busy", "journal.database_busy", 503),
    "full": ("indicators.disk_full", "journal.disk_full", 507),
}


def main(folder: str, fault: str) -> None:
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    zone = Zone.create(folder)
    setup(zone)
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = 0.2
    from tests.bad_input.furnishing import build

    build()
    check(zone.database, fault)
    sys.stdout.write("healed")


def check(database: Path, fault: str) -> None:
    from qiantang.rooms.indicators import services
    from qiantang.rooms.people.selectors import actor_of_account
    from tests.bad_input.house import LANGUAGES, Asked, client, figure, refused, token_of, untouched

    officer, approver = actor_of_account("officer"), actor_of_account("approver")
    waiting = services.submit_observation(officer, figure(period="1996"))
    browsers = {who: [client(who, lang) for lang in LANGUAGES] for who in ("officer", "approver")}
    strangers = [client("", lang) for lang in LANGUAGES]
    token = token_of("officer", "read", "write")
    busy, outside, outside_status = CODES[fault]
    long = figure(period="1997", quote="长" * 4000, scope_note="长" * 4000)

    def post(who: list[Any], path: str, form: dict[str, Any], **more: Any) -> Asked:
        return Asked(*(b.post(path, form, **more) for b in who))

    with untouched(), held(database) if fault == "locked" else narrow():
        asked = post(browsers["officer"], "/desk/figures/new/", long)
        refused(asked, busy, 503)
        if fault == "locked":
            path = f"/desk/submissions/{waiting.id}/approve/"
            refused(post(browsers["approver"], path, {"version": "1"}), busy, 503)
            form = {"username": "officer", "password": "correct-horse-battery"}
            refused(post(strangers, "/desk/sign-in/", form), outside, outside_status)
            form = {"name": "t", "scopes": "read"}
            refused(post(browsers["officer"], "/desk/tokens/", form), outside, outside_status)
        answers = [
            b.post(
                "/api/v1/submissions",
                {"observation": long},
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}", "Accept-Language": lang},
            )
            for b, lang in zip(strangers, LANGUAGES, strict=True)
        ]
        refused(Asked(*answers), busy, 503)
        for path in ("/", "/targets/T01/", "/api/v1/targets", "/indicators/core_va/series.csv"):
            assert strangers[0].get(path).status_code == 200, path
    assert services.approve(approver, waiting.id, 1).state == "approved"
    assert services.submit_observation(officer, long).state == "pending"


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another process is in the middle of writing and does not finish."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    try:
        yield
    finally:
        other.communicate("\n")


@contextmanager
def narrow() -> Iterator[None]:
    """The database may not take one page more, as on a full disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
