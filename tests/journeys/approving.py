"""Run as ``python -m tests.journeys.approving ZONE prepare|approve|die|examine [N]``: the part of
the kill -9 journey that is a process of its own. Every acknowledged approval is printed at once."""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any


def main(folder: str, step: str, number: int) -> None:
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    fresh = step == "prepare"
    setup(Zone.create(folder) if fresh else Zone.open(folder), migrate=fresh)
    if fresh:
        prepare(number)
    elif step in ("approve", "die"):
        if step == "die":
            die_between_the_commits()
        approve()
    else:
        sys.stdout.write(json.dumps(examine()))


def prepare(number: int) -> None:
    """The real figures published, and ``number`` corrections and additions that wait."""
    from django.conf import settings

    from qiantang.rooms.indicators import selectors, services
    from qiantang.rooms.indicators.rows import to_row
    from qiantang.rooms.people.selectors import actor_of_account
    from tests.bad_input.furnishing import build
    from tests.bad_input.house import figure

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    build()
    officer = actor_of_account("officer")
    standing = selectors.series("core_va", "330000").points
    for o in standing:
        row = to_row(o) | {"quote": "更正", "base_revision": str(o.revision)}
        services.submit_observation(officer, row)
    for turn in range(number - len(standing)):
        services.submit_observation(officer, figure(id=f"N{turn}", period=str(1950 + turn)))


def approve() -> None:
    """Approve whatever waits, oldest first, until killed or done."""
    from qiantang.rooms.indicators import selectors, services
    from qiantang.rooms.people.selectors import actor_of_account

    approver = actor_of_account("approver")
    waiting = sorted(selectors.submissions(approver, state="pending", size=500).items, key=by_id)
    say("ready")
    for one in waiting:
        services.approve(approver, one.id)
        say(str(one.id))
    say("done")


def die_between_the_commits() -> None:
    """The lake has committed, the database has not: kill -9 exactly there."""
    from qiantang.rooms.indicators import store

    append = store.append

    def fatal(*args: Any, **kwargs: Any) -> None:
        append(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    store.append = fatal  # type: ignore[assignment]


def by_id(one: Any) -> int:
    return int(one.id)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def examine() -> dict[str, Any]:
    """What a doctor sees, and what is in the lake by submission."""
    from django.conf import settings

    from qiantang.doors.cli import examination
    from qiantang.rooms.indicators import services, store
    from qiantang.rooms.indicators.models import Submission
    from qiantang.rooms.journal.services import deliver_pending, verify
    from qiantang.rooms.shelf import selectors as shelf

    deliver_pending()
    published = [
        (row.submission, row.observation.id, row.observation.revision)
        for rows in store.holding().revisions.values()
        for row in rows
    ]
    return {
        "pending": ids(Submission.objects.filter(state="pending")),
        "approved": ids(Submission.objects.filter(state="approved")),
        "published": published,
        "half": services.half_published(),
        "breaks": len(verify()),
        "lake": [p.text.en for p in shelf.lake().verify(store.TABLE) if p.code != "orphan"],
        "wrong": [
            f.said.en
            for f in examination.examine(str(settings.QIANTANG_ZONE))
            if f.level == "bad" and f.what.en != "Disk"
        ],
    }


def ids(found: Any) -> list[int]:
    return sorted(found.values_list("pk", flat=True))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0)
