"""The declared checks of severity "set-aside" that are a select: asked before a delivery is
published, of what the lake would hold afterwards.

Rows of this delivery that fail are set aside like others, as often as setting aside makes others
fail. Where rows that were there before would begin to fail (those that a deletion leaves, too), or
a check cannot be asked, the run is held for a person, once: what a person then decides to publish
is published. Rows that failed before already are only told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Mode, Resource, Severity
from qiantang.packkit.readers.measures import sql_name
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.counting import count, keyed, note_counted, of_this
from qiantang.rooms.intake.examined import AGAIN, set_more_aside
from qiantang.rooms.intake.holding import held_for
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from qiantang.engine.compute import Given
    from qiantang.engine.quality.foresight import Outcome

Rows = Callable[[Run, Resource], "pa.RecordBatchReader"]
ROUNDS: Final = 5
SHOWN: Final = 20
_STAGED: Final = "foreseen.parquet"
_UNSETTLED: Final = Text(
    "按检查剔出行之后，其余行仍有不符合检查的，请核对剔出的行。",
    "After rows were set aside, others still fail the checks: look at those set aside.",
)


class HeldBack(Exception):
    """The run is not published now: ``refused`` whole, or held; not an error of the house."""

    def __init__(self, *, refused: bool) -> None:
        self.refused = refused
        super().__init__("refused" if refused else "held")


@dataclass(slots=True)
class _Found:
    """What a check found: rows of this delivery, rows of others that begin to fail, and the keys
    of all that fail."""

    check: Check
    ours: pl.DataFrame
    others: int = 0
    keys: tuple[str, ...] = ()
    failed: int = 0
    error: QiantangError | None = None


def look_ahead(run: Run, resource: Resource, rows: Rows) -> None:
    """Ask the checks and set aside what fails. ``rows``: the run's accepted rows.

    Raises `HeldBack`, with everything kept at the run, where it is not to be published now.
    """
    checks = [c for c in resource.checks if c.sql and c.severity is Severity.SET_ASIDE]
    if not checks:
        return
    told: dict[str, _Found] = {}
    asked_of = run.accepted
    for _ in range(ROUNDS):
        found = _asked(run, resource, checks, rows)
        for each in found:
            told[each.check.id] = _together(told.get(each.check.id), each)
        fallen = [each for each in found if each.ours.height]
        if not fallen or not _set_aside(run, resource, fallen):
            break
    for each in told.values():
        if each.error is None:
            count(run, each.check, asked_of, 0)
    _keep(run, told, unsettled=bool(fallen))


def _asked(run: Run, resource: Resource, checks: list[Check], rows: Rows) -> list[_Found]:
    from qiantang.engine.quality import schema_of
    from qiantang.engine.quality.foresight import Outcome, staged_plan

    schema = schema_of(resource)
    keys = list(resource.grain) + (["_division"] if resource.per_division else [])
    part = run.division if resource.per_division else ""
    own = sql_name(resource, resource.pack)
    outcome = Outcome(own, schema.names, Mode(run.mode), keys, part)
    path = spool.checked_folder(run.id) / _STAGED
    try:
        staged = staged_plan(rows(run, resource), schema, path)
        before = _before(run.resource, schema)
        return [_ask(run, resource, check, outcome, (before, staged)) for check in checks]
    finally:
        path.unlink(missing_ok=True)


def _before(id: str, schema: pa.Schema) -> Given:
    """What the lake has, with the columns that the resource has now."""
    from qiantang.engine.lake.columns import declared

    if not tasks.is_delivered(id):
        return schema.empty_table()
    plan = shelf.lake().files(id)
    known = {column.name: column for column in plan.columns}
    fresh = max((column.id for column in plan.columns), default=0) + 1000
    columns = tuple(known.get(c.name, replace(c, id=fresh + c.id)) for c in declared(schema))
    return replace(plan, columns=columns)


def _ask(
    run: Run, resource: Resource, check: Check, outcome: Outcome, given: tuple[Given, Given]
) -> _Found:
    import polars as pl

    from qiantang.engine.compute import open_engine
    from qiantang.engine.quality.foresight import BEFORE, STAGED

    names = {sql_name(r, resource.pack): id for id, r in shelf.resources().items()}
    tables = {n: tasks.given(names[n]) for n in check.resources if n != outcome.name}
    tables |= {BEFORE: given[0], STAGED: given[1]}
    nothing = pl.DataFrame(schema={"_sheet": pl.String, "_row": pl.Int64})
    sql = outcome.ask(check.sql)
    try:
        with open_engine(tables, tasks.engine_settings(), sql=sql) as engine:
            failing = keyed(engine.query(sql), resource)
            ours = of_this(run, resource, failing)
            others = failing.join(ours, on=list(resource.grain), how="anti", nulls_equal=True)
            if others.height:
                already = keyed(engine.query(outcome.ask_before(check.sql)), resource)
                new = others.join(already, on=list(resource.grain), how="anti", nulls_equal=True)
                others = new
    except QiantangError as error:
        if error.transient:
            raise
        return _Found(check, nothing, error=error)
    # Where each division keeps its own, the others' keys are not this one's to read.
    shown = ours.select(resource.grain) if resource.per_division else failing
    keys = [" | ".join("" if v is None else v for v in row) for row in shown.head(SHOWN).rows()]
    return _Found(check, ours.select("_sheet", "_row"), others.height, tuple(keys), failing.height)


def _together(before: _Found | None, now: _Found) -> _Found:
    """A later round sees what the earlier ones left; what they found counts as well."""
    if before is None:
        return now
    failed = before.failed + now.ours.height
    return replace(now, keys=(*before.keys, *now.keys)[:SHOWN], failed=max(failed, now.failed))


def _set_aside(run: Run, resource: Resource, fallen: list[_Found]) -> bool:
    """Set the rows aside, which counts the checks that they fail; whether any are left."""
    from qiantang.engine.quality.rulebook import check_rule
    from qiantang.engine.quality.second_look import Fallen

    set_more_aside(
        run, resource, [Fallen(check_rule(each.check, "sql_check"), each.ours) for each in fallen]
    )
    note_counted(run, [each.check for each in fallen])
    run.save(update_fields=AGAIN)
    return run.accepted > 0


def _keep(run: Run, told: dict[str, _Found], *, unsettled: bool) -> None:
    """What was found stands in the verdict; then go on, hold or refuse."""
    verdict: dict[str, Any] = dict(run.verdict or {})
    verdict["sql"] = [_told(found) for found in told.values()]
    doubts = [_doubt(found) for found in told.values() if found.others or found.error]
    doubts += [_UNSETTLED] if unsettled else []
    refused = verdict["decision"] == "refuse"
    asked = bool(run.files.get("asked"))
    over = verdict["decision"] == "hold" and not run.decided_by
    held = refused or over or (bool(doubts) and not asked)
    run.verdict = held_for(verdict, doubts) if held else verdict
    if held and not refused:
        run.files = {**run.files, "asked": True}
    if held:
        # Saved with the new state by whoever catches it: killed in between, it is asked again.
        raise HeldBack(refused=refused)
    run.save(update_fields=["verdict", "files"])


def _told(found: _Found) -> dict[str, Any]:
    check = found.check
    names = {"id": check.id, "name": check.name.as_dict(), "severity": check.severity.value}
    if found.error is not None:
        return {**names, "failed": None, "error": str(found.error)[:300]}
    return {**names, "failed": found.failed, "keys": list(found.keys)}


def _doubt(found: _Found) -> Text:
    name = found.check.name
    if found.error is not None:
        return Text(f"检查“{name.zh}”无法执行。", f'The check "{name.en}" could not be asked.')
    return Text(
        f"入库后，已有的 {found.others} 行将不符合“{name.zh}”。",
        f'Once published, {found.others} rows that are there already fail "{name.en}".',
    )
