"""Taking deliveries in: the file goes to the spool, synced, before its run is recorded.

A delivery that came before is recognised by its digest, for the same resource, division, mode and
part of the file: it changes nothing and the earlier run is the answer. For the modes that
overwrite, only while nothing else was published since, because then sending it again does change
something.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import SignInRequired
from qiantang.packkit.compiled import Mode
from qiantang.rooms.intake import policy, spool
from qiantang.rooms.intake.apart import run_apart
from qiantang.rooms.intake.errors import (
    FileEmpty,
    ModeUnfit,
    NotDeliverer,
    OriginalOpen,
    RequestKeyReused,
)
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.intake.ownership import Home, home_of
from qiantang.rooms.intake.selectors import visible_run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.views import name_of, owner_name, run_view
from qiantang.rooms.journal.services import record

S = Run.Status
CHECK_RECIPE: Final = "qiantang.rooms.intake.proposals:checked_recipe"
OPEN: Final = (S.RECEIVED, S.READING, S.CHECKING, S.HELD, S.PUBLISHING)
LARGEST: Final = 20 * 2**30
PARTS: Final = ("sheet", "member")
"""What of a file a delivery may name: a sheet of a workbook, a file of an archive."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file in the spool with what was said about it."""

    home: Home
    name: str
    digest: str
    size: int
    mode: str
    recipe: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    source: Source | None = None
    watermark: Mapping[str, Any] | None = None
    request_key: str = ""


def receive(  # noqa: PLR0913 - named options of one verb
    actor: Actor,
    resource_id: str,
    file: Path,
    *,
    name: str = "",
    mode: str | None = None,
    recipe: Mapping[str, Any] | None = None,
    sheet: str | None = None,
    member: str | None = None,
    division: str = "",
    accept_doubts: bool = False,
    publish: bool = True,
    resend_of: str = "",
    request_key: str = "",
) -> RunView:
    """Take a file for a resource; nothing of it is read yet (see `work`).

    ``publish=False`` stops before publishing: the run is held whatever its verdict. A file that
    was delivered before gives the earlier run, with ``repeated``. ``request_key`` makes repeating
    one request harmless and stands for one delivery only. ``resend_of``: the run whose set-aside
    rows come corrected; without a ``mode`` they join what came in. Raises `SignInRequired`,
    `NotDeliverer`, `ResourceUnknown`, `DivisionNeeded`, `DivisionUnfit`, `ModeUnfit`,
    `RequestKeyReused`, `OriginalOpen`, `RecipeInvalid`, `CannotRead`, `FileEmpty`, `FileTooLarge`,
    `DiskFull`.
    """
    home = deliverer_home(actor, resource_id, division)
    known = _same_request(actor, request_key)
    if known is not None:
        now = (home.id, home.division, mode or known.mode, resend_of, spool.digest_of(file))
        return _answered_before(actor, known, now, {"sheet": sheet, "member": member})
    parent = visible_run(actor, resend_of) if resend_of else None
    chosen = checked_mode(home, mode or (_joining(home, parent) if parent else None))
    said = name or file.name
    digest, size = spool.store(file, said, largest())
    options = {
        "sheet": sheet,
        "member": member,
        "accept_doubts": accept_doubts,
        "publish": publish,
    }
    arrived = Arrived(
        home=home,
        name=Path(said).name[:255],
        digest=digest,
        size=size,
        mode=chosen,
        recipe=_on_part(vetted_recipe(recipe), options),
        options={k: v for k, v in options.items() if v not in (None, False)} | {"publish": publish},
        parent=parent.id if parent else "",
        request_key=request_key[:200],
    )
    return enter(actor, arrived)


def take_pieces(pieces: Iterator[bytes]) -> Path:
    """Write an upload's pieces to a private file, for `receive`; the caller deletes it. Raises
    `FileTooLarge`, `DiskFull`."""
    return spool.receive_pieces(pieces, largest())


def deliverer_home(actor: Actor, resource_id: str, division: str) -> Home:
    """Where the delivery belongs, if the actor may make it."""
    if actor.is_anonymous:
        raise SignInRequired()
    home = home_of(actor, resource_id, division)
    if not policy.may_deliver(actor, home.path):
        raise NotDeliverer(
            found=resource_id, name=name_of(resource_id), owner=owner_name(home.organisation)
        )
    return home


def enter(actor: Actor, arrived: Arrived) -> RunView:
    """Record a run for a file in the spool, or give the run that it repeats."""
    if arrived.size == 0:
        raise FileEmpty(found=arrived.name)
    try:
        with transaction.atomic():
            earlier = repeats(arrived)
            if earlier is not None and _answers(earlier, arrived):
                return run_view(_read_again(actor, earlier.pk, arrived), actor)
            if earlier is not None:
                detail = {"resource": arrived.home.id, "file": arrived.name}
                record(actor, "intake.repeated", f"run:{earlier.id}", detail)
                return run_view(earlier, actor, repeated=True)
            run = _create(actor, arrived)
    except IntegrityError:
        known = _same_request(actor, arrived.request_key)
        if known is None:
            raise
        home = arrived.home
        now = (home.id, home.division, arrived.mode, arrived.parent, arrived.digest)
        return _answered_before(actor, known, now, arrived.options)
    return run_view(run, actor)


def _answers(run: Run, arrived: Arrived) -> bool:
    """Whether the same file comes again with what its held reading asks for."""
    told = any(arrived.options.get(name) for name in ("sheet", "member", "accept_doubts"))
    return run.status == S.HELD and run.proposal is not None and (told or bool(arrived.recipe))


def _read_again(actor: Actor, run_id: str, arrived: Arrived) -> Run:
    """The held run, to be read anew as the delivery says."""
    run = Run.objects.select_for_update().get(pk=run_id)
    run.recipe, run.options, run.proposal = arrived.recipe, dict(arrived.options), None
    run.error, run.error_code, run.status = None, "", S.RECEIVED
    run.save()
    record(actor, "intake.reading_confirmed", f"run:{run.id}", {"kept": False})
    return run


def repeats(arrived: Arrived) -> Run | None:
    """The run that this delivery repeats, if any."""
    alike = Run.objects.filter(
        resource=arrived.home.id, division=arrived.home.division, mode=arrived.mode
    )
    same = alike.filter(digest=arrived.digest)
    runs = [
        *same.filter(status__in=OPEN),
        *same.filter(status=S.PUBLISHED).order_by("-finished_at"),
    ]
    found = next((run for run in runs if same_part(run, arrived.options)), None)
    if found is None or found.status in OPEN or arrived.mode == Mode.APPEND:
        return found
    return None if overwritten_since(found) else found


def same_part(run: Run, options: Mapping[str, Any]) -> bool:
    """Whether ``run`` reads the sheet and the member that are named: another of the same file is
    another delivery. Where none is named, or the file has none, it is the same; of a run that
    waits for its reading nobody knows yet, beyond what was named."""
    if run.recipe is None:
        return all(run.options.get(name) == options[name] for name in PARTS if options.get(name))
    return _reads(run.recipe, options)


def _reads(read: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    named = {name: options.get(name) for name in PARTS}
    return all(not part or (read.get(name) or part) == part for name, part in named.items())


def _on_part(recipe: dict[str, Any] | None, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """A reading that comes along, for the sheet and the member that are named beside it."""
    return recipe and {**recipe, **{name: options[name] for name in PARTS if options[name]}}


def overwritten_since(run: Run) -> bool:
    """Whether another delivery of the same part of the resource was published after ``run``."""
    later = Run.objects.filter(
        resource=run.resource,
        division=run.division,
        status=S.PUBLISHED,
        finished_at__gt=run.finished_at,
    )
    return later.exclude(pk=run.pk).exists()


def largest() -> int:
    """The largest file that is taken, in bytes."""
    return int(getattr(settings, "QIANTANG_INTAKE_LARGEST", LARGEST))


def new_id(now: datetime) -> str:
    """A run's id: it sorts by time and is never used twice."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"


def _create(actor: Actor, arrived: Arrived) -> Run:
    now = datetime.now(UTC)
    run = Run.objects.create(
        id=new_id(now),
        resource=arrived.home.id,
        division=arrived.home.division,
        organisation=arrived.home.organisation,
        owner_path=arrived.home.path,
        source=arrived.source,
        source_kind=arrived.source.kind if arrived.source else "upload",
        watermark=arrived.watermark,
        file_name=arrived.name,
        digest=arrived.digest,
        size=arrived.size,
        mode=arrived.mode,
        options=dict(arrived.options),
        recipe=arrived.recipe,
        received_by=actor.key,
        received_name=actor.name.as_dict(),
        received_at=now,
        parent_id=arrived.parent or None,
        request_key=arrived.request_key,
    )
    detail = {
        "resource": run.resource,
        "division": run.division,
        "file": run.file_name,
        "digest": run.digest,
        "size": run.size,
        "mode": run.mode,
    }
    record(actor, "intake.received", f"run:{run.id}", detail)
    return run


def _same_request(actor: Actor, key: str) -> Run | None:
    if not key:
        return None
    return Run.objects.filter(received_by=actor.key, request_key=key[:200]).first()


def _answered_before(
    actor: Actor, known: Run, now: tuple[str, ...], options: Mapping[str, Any]
) -> RunView:
    """The run of a request that comes again; ``now``: resource, division, mode, parent, digest of
    the request; ``options``: the part of the file that it names. Raises `RequestKeyReused`."""
    then = (known.resource, known.division, known.mode, known.parent_id or "", known.digest)
    read = [known.options, *([known.recipe] if known.recipe else [])]
    if now != then or not any(_reads(each, options) for each in read):
        raise RequestKeyReused(found=known.request_key, id=known.id)
    return run_view(known, actor, repeated=True)


def checked_mode(home: Home, wanted: str | None) -> str:
    """Keyed modes need a key: the resource's grain."""
    chosen = wanted or Mode(home.resource.mode).value
    fit = [m.value for m in Mode if home.resource.grain or m in (Mode.APPEND, Mode.REPLACE)]
    if chosen not in fit:
        raise ModeUnfit(found=chosen, id=home.id, expected=", ".join(fit))
    return chosen


def _joining(home: Home, corrected: Run) -> str | None:
    """The mode of corrected rows: they never take the place of the rest. Those of a delivery that
    replaces everything have nothing to join before it is published."""
    if corrected.resource != home.id:
        return None
    if corrected.mode != Mode.REPLACE:
        return corrected.mode
    if corrected.status != S.PUBLISHED:
        raise OriginalOpen(id=corrected.id, found=corrected.status)
    return Mode.UPSERT.value if home.resource.grain else Mode.APPEND.value


def vetted_recipe(recipe: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A recipe as it is followed; looked at in a process of its own. Raises `RecipeInvalid`."""
    if recipe is None:
        return None
    return dict(run_apart(CHECK_RECIPE, dict(recipe)))
