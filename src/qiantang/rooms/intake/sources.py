"""Sources: added, tried, fetched from, paused, removed.

Fetching from one source is one process's work at a time. What came is delivered and worked on like
any other file; the source's watermark and due date move on only when its run is published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import QiantangError, SignInRequired
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode
from qiantang.rooms.intake import credentials, policy, schedule, spool
from qiantang.rooms.intake.errors import (
    AddressForbidden,
    NotSourceKeeper,
    ServerPathForbidden,
    SourceExists,
    SourceInvalid,
    WatermarkReplaces,
)
from qiantang.rooms.intake.fetching import tables, web
from qiantang.rooms.intake.fetching.connections import ENGINES, connect
from qiantang.rooms.intake.fetching.folder import waiting
from qiantang.rooms.intake.fetching.marks import Mark
from qiantang.rooms.intake.models import Source
from qiantang.rooms.intake.ownership import Home, home_of
from qiantang.rooms.intake.receiving import checked_mode
from qiantang.rooms.intake.selectors import visible_source
from qiantang.rooms.intake.shapes import SourceView
from qiantang.rooms.intake.views import owner_name, source_view
from qiantang.rooms.journal.services import record

Kind = Source.Kind
_SHOWN: Final = 20
_LONGEST_SETTLED: Final = 86_400
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
SETTINGS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    Kind.UPLOAD: ((), ()),
    Kind.FOLDER: (("path",), ("pattern", "settled")),
    Kind.DATABASE: (("engine", "table"), ("host", "port", "database", "user", "file", "columns")),
    Kind.HTTP: (("url",), ()),
}
"""What each kind must and may be told."""


def add_source(  # noqa: PLR0913 - named options of one verb
    actor: Actor,
    id: str,
    kind: str,
    resource_id: str,
    config: Mapping[str, Any],
    *,
    credential: str = "",
    password: str = "",
    mode: str | None = None,
    every: str = "",
    watermark_column: str = "",
    division: str = "",
) -> SourceView:
    """Add a source of a resource. ``credential`` is a reference (see `credentials`), or a
    ``password`` is kept for it; ``every`` is an ISO 8601 duration; without one the resource's
    cadence counts.

    Raises `NotSourceKeeper`, `ServerPathForbidden`, `SourceInvalid`, `SourceExists`,
    `AddressForbidden`, `ModeUnfit`, `ResourceUnknown`.
    """
    home = _kept_home(actor, resource_id, division)
    given = checked_config(actor, kind, config)
    if not _ID.fullmatch(id):
        raise SourceInvalid(field="id", found=id, expected="a-z, 0-9, -")
    cycle = schedule.checked(every or cadence_of(home))
    chosen = checked_mode(home, mode)
    column = checked_column(kind, chosen, watermark_column)
    reference = own_credential(id) if password else credential
    now = datetime.now(UTC)
    with transaction.atomic():
        if Source.objects.filter(pk=id).exists():
            raise SourceExists(found=id)
        source = Source.objects.create(
            id=id,
            kind=kind,
            resource=home.id,
            division=home.division,
            organisation=home.organisation,
            owner_path=home.path,
            config=given,
            credential=checked_credential(actor, id, reference),
            mode=chosen,
            every=cycle,
            watermark_column=column,
            next_due=schedule.later(now, cycle),
            next_try=now,
            added_by=actor.key,
            added_at=now,
        )
        detail = {"kind": kind, "resource": home.id, "config": given, "every": cycle}
        record(actor, "intake.source_added", f"source:{id}", detail)
        if password:
            credentials.keep(f"source-{id}", password)
    return source_view(source)


def remove_source(actor: Actor, id: str) -> SourceView:
    """Fetch no more from a source; its runs stay. Gives what it was. Raises `SourceUnknown`,
    `NotSourceKeeper`."""
    with transaction.atomic():
        source = kept_source(actor, id)
        source.removed_at = datetime.now(UTC)
        source.save(update_fields=["removed_at"])
        record(actor, "intake.source_removed", f"source:{id}")
    return source_view(source)


def pause_source(actor: Actor, id: str, *, paused: bool = True) -> SourceView:
    """Stop fetching by schedule, or go on. Raises `SourceUnknown`, `NotSourceKeeper`."""
    with transaction.atomic():
        source = kept_source(actor, id)
        source.paused = paused
        source.save(update_fields=["paused"])
        record(actor, "intake.source_paused", f"source:{id}", {"paused": paused})
    return source_view(source)


def ask_fetch(actor: Actor, id: str) -> SourceView:
    """Have a worker look at a source now. Raises `SourceUnknown`, `NotSourceKeeper`."""
    with transaction.atomic():
        source = kept_source(actor, id)
        source.next_try = datetime.now(UTC)
        source.save(update_fields=["next_try"])
    return source_view(source)


def test_source(actor: Actor, id: str) -> dict[str, Any]:
    """Open a source and say what is there, without taking anything. Of a folder: the ``files`` to
    take now, those still ``settling``, which are taken once they have not changed for a while, and
    what is ``passed_over``: other names, links, folders. A web address is asked, and what it
    would send is not taken.

    Raises `SourceUnknown`, `NotSourceKeeper`, `SourceRefused`, `AddressForbidden`,
    `CredentialMissing`.
    """
    source = kept_source(actor, id)
    if source.kind == Kind.FOLDER:
        found = waiting(source.id, source.config)
        named = {"files": found.ready, "settling": found.settling}
        files = {part: [file.path.name for file in of[:_SHOWN]] for part, of in named.items()}
        return {**files, "passed_over": list(found.passed_over[:_SHOWN])}
    if source.kind == Kind.DATABASE:
        return _try_database(source)
    if source.kind == Kind.HTTP:
        return web.look(source.id, source.config, credentials.look_up(source.credential))
    return {}


def _try_database(source: Source) -> dict[str, Any]:
    password = credentials.look_up(source.credential)
    with connect(source.id, source.config, password) as opened:
        sql, params = tables.select(opened, source.config, Mark(source.watermark_column))
        names, rows = opened.stream(sql, params, 1)
        return {"columns": names, "rows": bool(next(rows, None))}


def checked_column(kind: str, mode: str, column: str) -> str:
    """The watermark's column; only a database has one. Raises `WatermarkReplaces`."""
    if kind != Kind.DATABASE:
        return ""
    if column and mode == Mode.REPLACE:
        # Only the newest rows would be left of the resource.
        raise WatermarkReplaces(found=column)
    return column


def own_credential(id: str) -> str:
    """The reference of the password kept for a source itself."""
    return f"file:source-{id}"


def fetch_lock(id: str) -> Path:
    """The lock of whoever fetches from a source."""
    return spool.home() / "sources" / f"{id}.lock"


def _kept_home(actor: Actor, resource_id: str, division: str) -> Home:
    if actor.is_anonymous:
        raise SignInRequired()
    home = home_of(actor, resource_id, division)
    if not policy.may_keep_source(actor, home.path):
        raise NotSourceKeeper(owner=owner_name(home.organisation))
    return home


def kept_source(actor: Actor, id: str) -> Source:
    """A source that the actor may keep. Raises `SourceUnknown`, `NotSourceKeeper`."""
    source = visible_source(actor, id)
    if not policy.may_keep_source(actor, source.owner_path):
        raise NotSourceKeeper(owner=owner_name(source.organisation))
    return source


def cadence_of(home: Home) -> str:
    """How often the resource comes by its own word, as an ISO 8601 duration."""
    try:
        return schedule.checked(home.resource.cadence)
    except SourceInvalid:
        return schedule.FALLBACK


def checked_config(actor: Actor, kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a kind, complete and without a password."""
    if kind not in SETTINGS:
        raise SourceInvalid(field="kind", found=kind, expected=", ".join(SETTINGS))
    needed, optional = SETTINGS[Kind(kind)]
    given = {k: v for k, v in config.items() if v not in (None, "", [])}
    unknown = sorted(set(given) - {*needed, *optional})
    missing = [name for name in needed if name not in given]
    if unknown or missing:
        expected = ", ".join((*needed, *(f"[{name}]" for name in optional)))
        found = ", ".join([*unknown, *(f"{name}?" for name in missing)])
        raise SourceInvalid(field="config", found=found, expected=expected or "-")
    _check_settled(given)
    if kind == Kind.HTTP:
        _check_url(str(given["url"]))
    elif kind in (Kind.FOLDER, Kind.DATABASE):
        _check_server_side(actor, given)
    return given


def checked_credential(actor: Actor, id: str, reference: str) -> str:
    """The environment, and what is kept for other sources, is the zone administrators' to name: a
    source could send it anywhere."""
    own = own_credential(id)
    if reference not in ("", own) and not for_the_zone(actor):
        raise SourceInvalid(field="credential", found=reference[:90], expected=own)
    return credentials.checked(reference)


def for_the_zone(actor: Actor) -> bool:
    """Whether the actor answers for the zone's machine: the system, its administrators."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR, "")


def _check_settled(given: dict[str, Any]) -> None:
    """Seconds, at most a day; kept as a number."""
    if "settled" not in given:
        return
    found = str(given["settled"])
    try:
        given["settled"] = float(found)
    except ValueError:
        given["settled"] = -1.0
    if not 0 <= given["settled"] <= _LONGEST_SETTLED:
        raise SourceInvalid(field="settled", found=found, expected=f"0 ... {_LONGEST_SETTLED}")


def _check_url(url: str) -> None:
    """A name that cannot be resolved now may be later; a forbidden address stays forbidden."""
    try:
        web.check_address(url)
    except (AddressForbidden, SourceInvalid):
        raise
    except QiantangError:
        return


def _check_server_side(actor: Actor, config: Mapping[str, Any]) -> None:
    """What reads this machine's files or reaches inner hosts is the zone administrators' to set,
    and never reads the zone itself."""
    if not for_the_zone(actor):
        raise ServerPathForbidden()
    engine = config.get("engine")
    if engine is not None and engine not in ENGINES:
        raise SourceInvalid(field="engine", found=engine, expected=", ".join(ENGINES))
    path = config.get("path") or config.get("file")
    if engine in (None, "sqlite"):
        if not path:
            raise SourceInvalid(field="file", found="-", expected=Text("完整路径", "a path"))
        place = Path(str(path)).resolve()
        zone = Path(settings.QIANTANG_ZONE or spool.home().parent).resolve()
        if place == zone or zone in place.parents or place in zone.parents:
            raise SourceInvalid(
                field="path",
                found=path,
                expected=Text("示范区之外的位置", "a place outside the zone"),
            )
