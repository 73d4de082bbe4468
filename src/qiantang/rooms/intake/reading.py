"""How a delivered file is read: proposed, looked at, corrected by people, kept as a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake import policy
from qiantang.rooms.intake.apart import run_apart
from qiantang.rooms.intake.code_lists import code_lists_of
from qiantang.rooms.intake.errors import (
    CannotRead,
    NotAgain,
    NotDeliverer,
)
from qiantang.rooms.intake.keeping import as_delivered
from qiantang.rooms.intake.models import Recipe as KeptRecipe
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.ownership import declared
from qiantang.rooms.intake.receiving import deliverer_home, vetted_recipe
from qiantang.rooms.intake.selectors import visible_run
from qiantang.rooms.intake.shapes import STATUS_NAMES, Reading, RecipeView, RunView
from qiantang.rooms.intake.spooled import spooled
from qiantang.rooms.intake.views import name_of, owner_name, recipe_view, run_view
from qiantang.rooms.journal.services import record

if TYPE_CHECKING:
    from qiantang.engine.quality.reading import Proposal, Recipe
    from qiantang.engine.quality.reading.errors import SecondTableFound

S = Run.Status
PROPOSE: Final = "qiantang.rooms.intake.proposals:propose_with"
UNIT_UNSETTLED: Final = "reading.unit_unsettled"
READABLE = (S.RECEIVED, S.HELD, S.REFUSED, S.FAILED, S.CANCELLED)


def propose_reading(actor: Actor, run_id: str, hints: Mapping[str, Any] | None = None) -> Reading:
    """How the run's file would be read, with a sample of its rows. ``hints``: sheet, member,
    encoding, delimiter, header_first, header_last.

    Raises `RunUnknown`, `NotDeliverer`, `FileMissing`, and the reader's own errors."""
    run = _own_run(actor, run_id)
    file = spooled(run)
    reading = reading_of(run.id, file, proposal_for(file, _looked_at(run), hints))
    return _as_it_waits(run, reading, hinted=bool(hints))


def _looked_at(run: Run) -> Resource:
    return as_delivered(declared(run.resource), run.mode)


def preview_file(
    actor: Actor,
    resource_id: str,
    file: Path,
    *,
    hints: Mapping[str, Any] | None = None,
    division: str = "",
) -> Reading:
    """How a file on this machine would be read; nothing is taken in. Raises `NotDeliverer`,
    `CannotRead`, and the reader's own errors."""
    home = deliverer_home(actor, resource_id, division)
    if not file.is_file():
        raise CannotRead(found=file.name, cause="no such file")
    return reading_of("", file, proposal_for(file, home.resource, hints))


def confirm_reading(
    actor: Actor, run_id: str, recipe: Mapping[str, Any], *, keep: bool = True
) -> RunView:
    """Read the run's file by this recipe, from the start; ``keep`` it for the next delivery.

    Raises `RunUnknown`, `NotDeliverer`, `NotAgain`, `RecipeInvalid`.
    """
    body = vetted_recipe(recipe)
    assert body is not None
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=_own_run(actor, run_id).pk)
        if run.status not in READABLE:
            raise NotAgain(id=run.id, found=STATUS_NAMES[run.status])
        run.recipe, run.proposal, run.verdict, run.error = body, None, None, None
        run.error_code, run.cancel_asked, run.finished_at = "", False, None
        run.status = S.RECEIVED
        run.save()
        record(actor, "intake.reading_confirmed", f"run:{run.id}", {"kept": keep})
        if keep:
            _keep(actor, run.resource, run.source_kind, run.owner_path, body)
    return run_view(run, actor)


def keep_recipe(
    actor: Actor,
    resource_id: str,
    recipe: Mapping[str, Any],
    *,
    source_kind: str = "upload",
    division: str = "",
) -> RecipeView:
    """Keep a recipe for the next delivery of the resource. Raises `NotDeliverer`,
    `RecipeInvalid`."""
    home = deliverer_home(actor, resource_id, division)
    body = vetted_recipe(recipe)
    assert body is not None
    with transaction.atomic():
        kept = _keep(actor, home.id, source_kind, home.path, body)
    return recipe_view(kept)


def kept_for(run: Run, *, same_kind: bool = False) -> list[dict[str, Any]]:
    """The recipes that may fit the run's file: its organisation's own, those of its kind of source
    first, newest first; ``same_kind`` leaves the others out."""
    found = KeptRecipe.objects.filter(resource=run.resource, owner_path=run.owner_path)
    ordered = sorted(found, key=lambda r: (r.source_kind != run.source_kind, -r.pk))
    if same_kind:
        ordered = [r for r in ordered if r.source_kind == run.source_kind]
    newest: dict[str, dict[str, Any]] = {}
    for recipe in ordered:
        newest.setdefault(recipe.signature, recipe.body)
    return list(newest.values())


def corrected_reading(run: Run, proposal: Proposal) -> Recipe | None:
    """How the platform's own workbook of rows set aside is read when it comes back corrected: its
    columns mean what they meant in the delivery that it corrects. None for any other file."""
    from qiantang.engine.quality.headings import is_ignored
    from qiantang.engine.quality.reading import Recipe

    parent = run.parent
    if parent is None or not parent.recipe or parent.resource != run.resource:
        return None
    if not any(is_ignored(column.source) for column in proposal.recipe.columns):
        return None
    before = {column.source: column for column in Recipe.from_json(parent.recipe).columns}
    columns = tuple(
        replace(before[column.source], position=column.position)
        if column.source in before
        else column
        for column in proposal.recipe.columns
    )
    return replace(proposal.recipe, columns=columns)


def ended_before(proposal: Proposal, recipe: Recipe, error: SecondTableFound) -> Proposal:
    """A reading that was stopped by a second table, proposed to end before it."""
    from qiantang.engine.quality.reading.doubts import second_table

    doubt = second_table(error.row, error.found)
    ended = replace(recipe, second_table="end")
    return replace(proposal, recipe=ended, doubts=(doubt,))


def _as_it_waits(run: Run, reading: Reading, *, hinted: bool) -> Reading:
    """With what the run was stopped by: a second table further down than a proposal looks, or a
    factor that a corrected reading lacks, which keeps its corrections."""
    waiting = run.proposal or {}
    if run.error_code == UNIT_UNSETTLED and waiting and not hinted:
        doubts = tuple(waiting["doubts"])
        return replace(reading, recipe=waiting["recipe"], doubts=doubts)
    if (waiting.get("recipe") or {}).get("second_table") != "end":
        return reading
    said = {doubt["code"] for doubt in reading.doubts}
    more = [d for d in waiting["doubts"] if d["code"] == "second_table" and d["code"] not in said]
    recipe = {**reading.recipe, "second_table": "end"}
    return replace(reading, recipe=recipe, doubts=(*reading.doubts, *more))


def proposal_for(file: Path, resource: Resource, hints: Mapping[str, Any] | None) -> Proposal:
    """The reader's proposal for a file."""
    given = {k: v for k, v in (hints or {}).items() if v not in (None, "")}
    found: Proposal = run_apart(PROPOSE, file, resource, given, code_lists_of(resource))
    return found


def reading_of(run_id: str, file: Path, proposal: Proposal) -> Reading:
    """A proposal in the form that doors show."""
    return Reading(
        run=run_id,
        file=file,
        recipe=proposal.recipe.to_json(),
        sheets=tuple(_plain(asdict(sheet)) for sheet in proposal.sheets),
        sample=_plain(asdict(proposal.sample)),
        doubts=tuple(_plain(asdict(doubt)) for doubt in proposal.doubts),
        missing=tuple(proposal.missing),
        unknown=tuple(proposal.unknown),
    )


def signature_of(recipe: Mapping[str, Any]) -> str:
    """A digest of the column names that a recipe reads, in their order."""
    names = [str(column.get("source", "")) for column in recipe.get("columns", ())]
    return sha256("\x1f".join(names).encode()).hexdigest()


def _keep(actor: Actor, resource_id: str, kind: str, path: str, body: dict[str, Any]) -> KeptRecipe:
    signature = signature_of(body)
    alike = KeptRecipe.objects.filter(resource=resource_id, source_kind=kind, signature=signature)
    newest = alike.order_by("-version").first()
    if newest is not None and newest.body == body and newest.owner_path == path:
        return newest
    kept = KeptRecipe.objects.create(
        resource=resource_id,
        source_kind=kind,
        signature=signature,
        version=newest.version + 1 if newest else 1,
        owner_path=path,
        body=body,
        kept_by=actor.key,
        kept_name=actor.name.as_dict(),
        kept_at=datetime.now(UTC),
    )
    detail = {"version": kept.version, "source_kind": kind}
    record(actor, "intake.recipe_kept", f"resource:{resource_id}", detail)
    return kept


def _own_run(actor: Actor, run_id: str) -> Run:
    run = visible_run(actor, run_id)
    if not policy.may_deliver(actor, run.owner_path):
        raise NotDeliverer(
            found=run.resource, name=name_of(run.resource), owner=owner_name(run.organisation)
        )
    return run


def _plain(value: Any) -> Any:
    """Dataclass forms as JSON: texts as both languages, tuples as lists."""
    if isinstance(value, Text):
        return value.as_dict()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return (
        cast(Any, value) if isinstance(value, (str, int, float, bool, type(None))) else str(value)
    )
