"""From state to the room's shapes; the only place that turns models into what others see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake import policy
from qiantang.rooms.intake.exposing import exposed
from qiantang.rooms.intake.left_out import shown_left_out
from qiantang.rooms.intake.models import Recipe, Run, Source
from qiantang.rooms.intake.remarks import masked_remarks
from qiantang.rooms.intake.rivals import as_told, to_confirm
from qiantang.rooms.intake.shapes import (
    WORKING,
    Allowed,
    RecipeView,
    RunView,
    SourceView,
    TrendPoint,
)
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

S = Run.Status
MASK: Final = "***"
ERROR_WITHHELD: Final = Text(
    "处理未成功；详情可能含有数据内容，仅向交付机构的人员显示，请与其联系。",
    "It did not succeed; the details may repeat data and are shown to the people of the sending "
    "organisation: ask them.",
)
CHECKED_FIRST: Final = Text(
    "交付时要求先检查、由审核员决定是否入库。",
    "It was sent to be checked first; an approver decides.",
)
_TELLING: Final = ("type", "title", "status", "code")


def text_of(stored: Mapping[str, Any] | None, fallback: str = "") -> Text:
    """A stored ``{"zh", "en"}``."""
    if not stored:
        return Text(fallback, fallback)
    return Text(str(stored.get("zh", fallback)), str(stored.get("en", fallback)))


def name_of(resource_id: str) -> Text:
    """The resource's name; its id when no pack declares it any more."""
    found = shelf.resources().get(resource_id)
    return found.name if found else Text(resource_id, resource_id)


def owner_name(organisation: str) -> Text:
    """An organisation by name; its code when it is gone, a dash for none."""
    try:
        found: Text = people.organisation(organisation).name
    except NotFound:
        return Text(organisation or "—", organisation or "—")
    return found


def referred(id: str) -> Text:
    """What people call the values of ``pack.resource.field``."""
    table, _, column = id.rpartition(".")
    resource = shelf.resources().get(table)
    field = resource.field(column) if resource else None
    if resource is None or field is None:
        return Text(id, id)
    return Text(
        f"“{resource.name.zh}”的“{field.name.zh}”", f'"{field.name.en}" of "{resource.name.en}"'
    )


def run_view(run: Run, actor: Actor, *, repeated: bool = False) -> RunView:
    shown = catalogue.sees_values(actor, run.owner_path)
    return RunView(
        id=run.id,
        resource=run.resource,
        resource_name=name_of(run.resource),
        division=run.division,
        organisation=run.organisation,
        source=run.source_id or "",
        source_kind=run.source_kind,
        file_name=run.file_name,
        digest=run.digest,
        size=run.size,
        mode=run.mode,
        status=run.status,
        sent=run.sent,
        accepted=run.accepted,
        set_aside=run.set_aside,
        duplicates=run.duplicates,
        skipped=run.skipped,
        left_out=shown_left_out(run.left_out, None if shown else MASK),
        absent=int((run.verdict or {}).get("absent", 0)),
        kept=tuple((run.verdict or {}).get("kept", ())),
        since=tuple(as_told(r) for r in to_confirm(run)) if run.status == S.HELD else (),
        because=_because(run),
        exposed=exposed(run) if run.status == S.HELD else (),
        snapshot=run.snapshot,
        grade=run.grade,
        verdict=_verdict(run, shown=shown),
        personal=tuple(run.personal),
        options=run.options,
        progress=run.progress,
        attempts=run.attempts,
        parent=run.parent_id or "",
        masked=not shown,
        allowed=_allowed(run, actor),
        repeated=repeated,
        **_reading(run, shown=shown),
        **_history(run, shown=shown),
    )


def source_view(source: Source) -> SourceView:
    return SourceView(
        id=source.id,
        kind=source.kind,
        resource=source.resource,
        resource_name=name_of(source.resource),
        division=source.division,
        organisation=source.organisation,
        config=source.config,
        credential=source.credential,
        mode=source.mode,
        every=source.every,
        watermark_column=source.watermark_column,
        watermark=str((source.watermark or {}).get("value", "")),
        last_tried_at=source.last_tried_at,
        last_ok_at=source.last_ok_at,
        next_due=source.next_due,
        overdue_since=source.overdue_since,
        error=source.error,
        paused=source.paused,
        added_by=source.added_by,
        added_at=source.added_at,
        last_status=_last_status(source),
    )


def _last_status(source: Source) -> str:
    """As it was read with the source (see `selectors`), else asked for."""
    if "last_status" in source.__dict__:
        return source.__dict__["last_status"] or ""
    newest = Run.objects.filter(source=source).order_by("-received_at", "-pk")
    return newest.values_list("status", flat=True).first() or ""


def recipe_view(recipe: Recipe) -> RecipeView:
    return RecipeView(
        id=recipe.pk,
        resource=recipe.resource,
        source_kind=recipe.source_kind,
        signature=recipe.signature,
        version=recipe.version,
        body=recipe.body,
        kept_by=recipe.kept_by,
        kept_name=text_of(recipe.kept_name, recipe.kept_by),
        kept_at=recipe.kept_at,
    )


def trend_point(run: Run, *, named: bool) -> TrendPoint:
    """``named``: with the run's id."""
    found = (run.verdict or {}).get("dimensions", {})
    return TrendPoint(
        run=run.id if named else "",
        at=run.finished_at or run.received_at,
        status=run.status,
        sent=run.sent,
        accepted=run.accepted,
        set_aside=run.set_aside,
        grade=run.grade,
        dimensions={k: float(d["share"]) for k, d in found.items() if d.get("share") is not None},
    )


def _verdict(run: Run, *, shown: bool) -> Mapping[str, Any] | None:
    """The verdict; keys of failing rows are values, and what an engine said may repeat some: for
    those only who may see them."""
    said: Mapping[str, Any] | None = run.verdict
    if not said or shown:
        return said
    masked = masked_remarks(said, MASK)
    if not masked.get("sql"):
        return masked
    return {**masked, "sql": [_without_values(each) for each in masked["sql"]]}


def _because(run: Run) -> tuple[Text, ...]:
    """Why a checked run is held, or was before somebody decided."""
    if run.verdict is None or not (run.status == S.HELD or run.decided_by):
        return ()
    told = tuple(text_of(each) for each in run.verdict.get("because", ()))
    return told or (() if run.options.get("publish", True) else (CHECKED_FIRST,))


def _without_values(check: Mapping[str, Any]) -> dict[str, Any]:
    kept = {**check, "keys": []}
    return {**kept, "error": MASK} if check.get("error") else kept


def _error(run: Run, *, shown: bool) -> Mapping[str, Any] | None:
    """The problem document; its sentences may repeat cells and column names of the file."""
    said: Mapping[str, Any] | None = run.error
    if not said or shown:
        return said
    kept = {name: said[name] for name in _TELLING if name in said}
    title = said.get("en", {}).get("title", said.get("title", ""))
    return {
        **kept,
        "detail": ERROR_WITHHELD.zh,
        "messages": ERROR_WITHHELD.as_dict(),
        "en": {"title": title, "detail": ERROR_WITHHELD.en},
    }


def _reading(run: Run, *, shown: bool) -> dict[str, Any]:
    """Samples of a proposal are raw rows: only for those who may see values."""
    return {"recipe": run.recipe, "proposal": run.proposal if shown else None}


def _history(run: Run, *, shown: bool) -> dict[str, Any]:
    return {
        "received_by": run.received_by,
        "received_name": text_of(run.received_name, run.received_by),
        "received_at": run.received_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "decided_by": run.decided_by,
        "decided_name": text_of(run.decided_name, run.decided_by),
        "decided_at": run.decided_at,
        "reason": run.reason,
        "error_code": run.error_code,
        "error": _error(run, shown=shown),
        "aftermath": run.aftermath,
    }


def _is_joined(run: Run) -> bool:
    """Whether corrected rows of the run have something to join; see `receive`."""
    waiting = (S.HELD, S.REFUSED) if run.mode != Mode.REPLACE else ()
    return run.status in (S.PUBLISHED, *waiting)


_WRONG_KIND: Final = "reading.wrong_kind"
"""The code of `engine.quality`'s `WrongKind`, whose module is not loaded to show a run."""


def _is_no_table(run: Run) -> bool:
    """Whether no other reading helps; in an archive another file may be chosen."""
    return run.error_code == _WRONG_KIND and not run.file_name.lower().endswith(".zip")


def _allowed(run: Run, actor: Actor) -> Allowed:
    sends = policy.may_deliver(actor, run.owner_path) and not actor.is_system
    own = actor.key == run.received_by
    decided = run.status == S.HELD and run.verdict is not None
    return Allowed(
        decide=decided and policy.may_decide(actor, run.owner_path) and not own,
        cancel=run.status in (WORKING - {S.PUBLISHING}) | {S.HELD}
        and policy.may_cancel(actor, run.owner_path),
        resend=sends and run.set_aside > 0 and _is_joined(run),
        correct_reading=sends
        and not _is_no_table(run)
        and (run.proposal is not None or run.status in (S.HELD, S.REFUSED)),
        why=policy.why(actor, run.received_by, run.owner_path),
    )
