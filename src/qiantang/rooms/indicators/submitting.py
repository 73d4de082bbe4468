"""Sending figures in: a form, a sheet, a pack's data file. Nothing is public until approved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import SignInRequired
from qiantang.kernel.observations import Observation
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import ownership, policy, store
from qiantang.rooms.indicators.errors import (
    AlreadyExists,
    AlreadyPending,
    CellProblem,
    ChangedMeanwhile,
    NoSuchObservation,
    NothingChanged,
    NotYourFigure,
    RowsInvalid,
)
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indicators.models import Submission
from qiantang.rooms.indicators.rows import BASE, COLUMNS, Row, is_blank, parse, to_row
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.indicators.sheet import read_sheet
from qiantang.rooms.indicators.texts import ADDRESS, taken
from qiantang.rooms.indicators.views import people_of, submission_view
from qiantang.rooms.journal.services import record
from qiantang.rooms.shelf import selectors as shelf

_RUNS: Final = uuid.UUID("6f0f3a1e-5a0b-4b3e-9a52-7a5d0c1f9a11")
"""The namespace that makes an intake run's submission the same one whenever it is taken."""


def submit_observation(actor: Actor, form: Mapping[str, str]) -> SubmissionView:
    """Add or correct one figure.

    ``form``: the columns of `rows.COLUMNS`; with ``base_revision`` (the revision the writer saw)
    it corrects observation ``id``, without it adds; also ``note`` and ``document``.
    """
    require_person(actor)
    observation = parse([{c: str(form.get(c) or "") for c in COLUMNS}])[0]
    base = _base_revision(form)
    path = _own_path(actor, observation)
    kind = Submission.Kind.ADD if base is None else Submission.Kind.CORRECT
    if base is None:
        _refuse_existing(actor, observation.id)
    else:
        _check_correction(actor, observation, base)
    return keep(actor, kind, [observation], path, form, base=base)


def submit_withdrawal(
    actor: Actor, observation_id: str, base_revision: int, note: str = "", document: str = ""
) -> SubmissionView:
    """Ask that a figure no longer counts; it stays in the lake, marked."""
    require_person(actor)
    found = store.holding_of([observation_id]).find(observation_id)
    if found is None or found.observation.withdrawn:
        raise NoSuchObservation(found=observation_id)
    observation = found.observation
    path = _own_path(actor, observation)
    check_base(found, base_revision)
    _refuse_pending(actor, observation.id)
    words = {"note": note, "document": document}
    return keep(actor, Submission.Kind.WITHDRAW, [observation], path, words, base=base_revision)


def submit_sheet(
    actor: Actor, content: bytes, filename: str, note: str = "", document: str = ""
) -> SubmissionView:
    """All rows of a sheet as one submission: new figures, and corrections where an id exists. Rows
    that we issued and that came back unfilled are left out; the view says how many.

    Raises `SheetFormat`, `SheetEncoding`, `SheetHeader`, `SheetTooLarge`, `RowsInvalid`.
    """
    require_person(actor)
    sheet = read_sheet(content, filename)
    observations = parse(sheet.rows, filename, sheet.name)
    numbers = [n for n, row in enumerate(sheet.rows, start=2) if not is_blank(row)]
    places = [Place(file=filename, sheet=sheet.name, row=n, column="indicator") for n in numbers]
    path = _one_organisation(actor, observations, places)
    words = {"note": note or filename, "document": document}
    made = keep(actor, Submission.Kind.DELIVER, unchanged_left_out(observations), path, words)
    return replace(made, unfilled=sheet.unfilled)


def unchanged_left_out(observations: Sequence[Observation]) -> list[Observation]:
    """Only what differs from the figures in force, so that sending a file twice adds nothing."""
    holding = store.holding_of([o.id for o in observations])
    changed = []
    for observation in observations:
        found = holding.find(observation.id)
        same = found is not None and to_row(found.observation) == to_row(observation)
        if not same or (found is not None and found.observation.withdrawn):
            changed.append(observation)
    if not changed:
        raise NothingChanged(found=observations[0].id if len(observations) == 1 else "*")
    return changed


def deliver(
    actor: Actor, resource_id: str, rows: Iterable[Row] | Sequence[Observation], note: str = ""
) -> SubmissionView:
    """A resource's whole file as one submission of its keeper.

    The resource's department sends it; its rows may be of any indicator of the same pack, since
    the resource as a whole is what the department answers for.
    """
    require_person(actor)
    resource = ownership.resource(resource_id)
    path = ownership.resource_path(resource)
    if not policy.may_submit(actor, path):
        raise NotYourFigure(found=f"{ownership.root_division()}-{resource.owner}")
    given = list(rows)
    parsed = [o for o in given if isinstance(o, Observation)]
    observations = parsed or parse([r for r in given if isinstance(r, Mapping)], resource.id)
    _refuse_foreign(actor, observations, resource.pack)
    words = {"note": note, "resource": f"{resource.pack}.{resource.id}"}
    return keep(actor, Submission.Kind.DELIVER, unchanged_left_out(observations), path, words)


def take_delivery(
    sender: Actor, resource_id: str, rows: Iterable[Row], *, run: str
) -> SubmissionView | None:
    """The accepted rows of an intake run as one submission of whoever sent them, to be approved
    like any other; None when nothing in them is new. Taking a run again gives the same one.

    Raises `NoSuchResource`, `NoOwner`, `NothingToSubmit`, `RowsInvalid`.
    """
    ticket = uuid.uuid5(_RUNS, run)
    known = Submission.objects.filter(ticket=ticket).first()
    if known is not None:
        return submission_view(known, sender)
    resource = ownership.resource(resource_id)
    path = ownership.resource_path(resource)
    observations = parse(rows, resource.id)
    _refuse_foreign(sender, observations, resource.pack)
    words = {"note": f"intake {run}", "resource": f"{resource.pack}.{resource.id}"}
    try:
        changed = unchanged_left_out(observations)
    except NothingChanged:
        return None
    return keep(sender, Submission.Kind.DELIVER, changed, path, words, ticket=ticket)


def require_person(actor: Actor) -> None:
    """Somebody signed in, or a token of somebody."""
    if actor.is_anonymous:
        raise SignInRequired()


def check_base(found: store.Recorded, base: int, proposed: str = "") -> None:
    """The second writer is told who changed what. Raises `ChangedMeanwhile`."""
    current = found.observation
    if base == current.revision:
        return
    raise ChangedMeanwhile(
        id=current.id,
        who=people_of(found.submission, found.recorded_by),
        when=f"{timezone.localtime(current.recorded_at):%Y-%m-%d %H:%M}"
        if current.recorded_at
        else "-",
        revision=current.revision,
        found=f"{current.value:f} {current.unit}",
        base=base,
        expected=proposed or "-",
    )


def _base_revision(form: Mapping[str, str]) -> int | None:
    given = str(form.get("base_revision") or "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        shown = given[:40]
        text = Text(f"“{shown}”不是版本号。", f'"{shown}" is not a revision number.')
        place = Place(field="base_revision")
        raise RowsInvalid([CellProblem("indicators.bad_revision", place, text)])
    return int(given)


def _own_path(actor: Actor, observation: Observation) -> str:
    code, path = _owners(observation)
    if not policy.may_submit(actor, path):
        raise NotYourFigure(found=code)
    return path


def _check_correction(actor: Actor, observation: Observation, base: int) -> None:
    found = store.holding_of([observation.id]).find(observation.id)
    if found is None:
        raise NoSuchObservation(found=observation.id)
    _own_path(actor, found.observation)
    check_base(found, base, f"{observation.value:f} {observation.unit}")
    if to_row(found.observation) == to_row(observation) and not found.observation.withdrawn:
        raise NothingChanged(found=observation.id)
    _refuse_pending(actor, observation.id)


def _refuse_existing(actor: Actor, id: str) -> None:
    if store.holding_of([id]).find(id) is not None:
        raise AlreadyExists(found=id)
    _refuse_pending(actor, id)


def _refuse_pending(actor: Actor, id: str) -> None:
    """One correction at a time; of another organisation's only that the id is taken."""
    pending = Submission.objects.filter(observation=id, state=Submission.State.PENDING)
    waiting = pending.filter(policy.visible_to(actor)).first()
    if waiting is None and pending.exists():
        raise AlreadyExists(found=id)
    if waiting is not None:
        view = submission_view(waiting)
        value = f"{view.payload[0].get('value')} {view.payload[0].get('unit')}"
        raise AlreadyPending(found=view.id, who=view.submitted_name, id=id, value=value)


def _one_organisation(
    actor: Actor, observations: Sequence[Observation], places: Sequence[Place]
) -> str:
    """The common organisation of a sheet's rows; every row of another one is a problem, told at
    its place."""
    problems, paths = [], set()
    standing = store.holding_of([o.id for o in observations])
    for observation, place in zip(observations, places, strict=True):
        code, path = _owners(observation)
        paths.add(path)
        touched = standing.find(observation.id)
        if not policy.may_submit(actor, path) or not _may_touch(actor, touched):
            problems.append(
                CellProblem(
                    NotYourFigure.code,
                    place,
                    NotYourFigure(found=code).text(),
                    NotYourFigure.hint,
                )
            )
    if problems:
        raise RowsInvalid(problems)
    return paths.pop() if len(paths) == 1 else _common(actor, paths)


def _owners(observation: Observation) -> tuple[str, str]:
    code = ownership.owner_code(observation.indicator, observation.division)
    return code, ownership.path_of(code)


def _may_touch(actor: Actor, found: store.Recorded | None) -> bool:
    """Whether the figure that stands under an id, if any, is the actor's to change."""
    return found is None or policy.may_submit(actor, _owners(found.observation)[1])


def _common(actor: Actor, paths: set[str]) -> str:
    """The widest officer scope of the actor that covers all rows, as the submission's owner."""
    for scope in sorted(actor.scopes(Role.OFFICER), key=len):
        if scope and all(p.startswith(scope) for p in paths):
            return scope
    raise NotYourFigure(found="、".join(sorted(paths)))


def _refuse_foreign(actor: Actor, observations: Sequence[Observation], pack: str) -> None:
    indicators = shelf.indicators()
    for observation in observations:
        if indicators[observation.indicator].pack != pack:
            _own_path(actor, observation)


def keep(
    actor: Actor,
    kind: str,
    observations: Sequence[Observation],
    path: str,
    words: Mapping[str, str],
    *,
    base: int | None = None,
    ticket: uuid.UUID | None = None,
) -> SubmissionView:
    """Keep checked figures as a pending submission. ``words``: note, document, resource."""
    single = observations[0] if len(observations) == 1 else None
    standing = store.holding_of([o.id for o in observations])
    with storage(), transaction.atomic():
        made = Submission.objects.create(
            ticket=ticket or uuid.uuid4(),
            kind=kind,
            resource=words.get("resource") or "",
            indicator=_common_value(o.indicator for o in observations),
            division=_common_value(o.division for o in observations),
            observation=single.id if single else "",
            organisation=path,
            payload=[{**to_row(o), BASE: _seen(standing.find(o.id), base)} for o in observations],
            rows=len(observations),
            base_revision=base,
            note=taken(words.get("note"), "note"),
            document=taken(words.get("document"), "document", ADDRESS),
            submitted_by=actor.key,
            submitted_name=actor.name.as_dict(),
            submitted_at=timezone.now(),
        )
        detail = {"kind": str(kind), "rows": len(observations), "organisation": path}
        record(actor, "indicators.submitted", f"submission:{made.pk}", detail)
    return submission_view(made, actor)


def _seen(found: store.Recorded | None, base: int | None) -> str:
    """The revision on which a row rests: the writer's own, else the one in force at sending."""
    return str(base if base is not None else found.observation.revision if found else 0)


def _common_value(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""
