"""Working on a run: read, check, verdict, then publish, hold or refuse.

One process at a time has a run in hand. Whatever moment it is killed at, working again ends the
same: reading and checking start over from the spooled file, and the write to the lake carries the
run's id as its key, so that what is already there is not written twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, TooLarge
from qiantang.kernel.places import Place
from qiantang.kernel.problems import kept_problem
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.beforehand import HeldBack
from qiantang.rooms.intake.code_lists import code_list
from qiantang.rooms.intake.deletion import effective
from qiantang.rooms.intake.elsewhere import division_called
from qiantang.rooms.intake.errors import (
    Cancelled,
    Failed,
    ReadingUnsure,
    RepeatedMeanwhile,
    RunUnknown,
)
from qiantang.rooms.intake.events import DeliveryHeld
from qiantang.rooms.intake.keeping import as_delivered, checked_alone, kept_fields, what_is_kept
from qiantang.rooms.intake.left_out import left_out_of
from qiantang.rooms.intake.meanwhile import KEYS_AT, table_mark
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.ownership import declared
from qiantang.rooms.intake.publishing import keys_of, publish, references
from qiantang.rooms.intake.reading import (
    corrected_reading,
    ended_before,
    kept_for,
    proposal_for,
    reading_of,
)
from qiantang.rooms.intake.receiving import PARTS
from qiantang.rooms.intake.remarks import AT_RISK, with_remarks
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.spooled import spooled
from qiantang.rooms.intake.suspicions import CUT, with_suspicions
from qiantang.rooms.intake.views import referred, run_view
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    from qiantang.engine.quality import Examination
    from qiantang.engine.quality.reading import Proposal, Recipe, RowStream

log = logging.getLogger(__name__)
S = Run.Status
Progress = Callable[[str, int], None]
TO_EXAMINE: Final = (S.RECEIVED, S.READING, S.CHECKING)
_TOLD_EVERY: Final = 0.7
_NOW_EMPTY: Final = Text(
    "来源的表现在没有任何行；入库后，它所替换的现有数据将全部移除。请与来源单位核实。",
    "The table at the source has no rows now; publishing takes away all rows that it replaces. Ask "
    "the people of the source.",
)
_PASSED_OVER: Final = Text(
    "压缩包中的其他文件（{count} 个）未读取：{names}。",
    "Other files of the archive ({count}) were not read: {names}.",
)
_MOST_NAMED: Final = 10
_FIRST_WAIT: Final = timedelta(seconds=20)
_LONGEST_WAIT: Final = timedelta(hours=1)


class NeedsConfirmation(Exception):
    """The reading must be looked at by a person; not an error of the house."""

    def __init__(self, proposal: Proposal, error: QiantangError) -> None:
        self.proposal, self.error = proposal, error
        super().__init__(str(error))


@dataclass(slots=True)
class Ticker:
    """Tells how far a run is, now and then, and learns whether it should stop."""

    run: str
    tell: Progress
    asked: Callable[[], bool]
    stage: str = "reading"
    rows: int = 0
    told_at: float = field(default=0.0)
    stopped: bool = False

    def enter(self, stage: str) -> None:
        self.stage, self.told_at = stage, 0.0
        self.advance(self.rows)

    def advance(self, rows: int) -> None:
        """``rows`` done so far."""
        self.rows = rows
        self.tell(self.stage, rows)
        if time.monotonic() - self.told_at < _TOLD_EVERY:
            return
        self.told_at = time.monotonic()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        progress = {"stage": self.stage, "rows": rows, "at": now}
        Run.objects.filter(pk=self.run).update(progress=progress)
        found = Run.objects.filter(pk=self.run).values_list("cancel_asked", flat=True)
        self.stopped = self.stopped or any(found)

    def should_stop(self) -> bool:
        return self.stopped or self.asked()


def work(
    run_id: str,
    *,
    progress: Progress = lambda stage, rows: None,
    cancelled: Callable[[], bool] = lambda: False,
    actor: Actor = SYSTEM,
) -> RunView:
    """Bring a run to its end, or to where a person decides. Safe to repeat at any time.

    ``progress`` hears of stage and rows, ``cancelled`` is asked between batches. What is wrong
    with the delivery is told by the run's state and ``error``, not raised. Raises `RunUnknown`,
    and `RunBusy` while another process has it in hand.
    """
    if not Run.objects.filter(pk=run_id).exists():
        raise RunUnknown(found=run_id)
    with spool.held(run_id):
        run = Run.objects.get(pk=run_id)
        ticker = Ticker(run_id, progress, cancelled)
        _guarded(run, ticker)
    return run_view(Run.objects.get(pk=run_id), actor)


def note_aftermath(run_id: str, error: QiantangError | None, detail: Mapping[str, Any]) -> None:
    """What a room above made of a published delivery, for its sender to see."""
    noted: dict[str, Any] = dict(detail)
    if error is not None:
        noted["error"] = kept_problem(error)
    Run.objects.filter(pk=run_id).update(aftermath=noted)


def _guarded(run: Run, ticker: Ticker) -> None:
    """Work on the run; every failure ends in its state."""
    from qiantang.engine.quality.errors import ExaminationCancelled

    try:
        with spool.full_disk_told():
            if run.status in TO_EXAMINE:
                _examine(run, ticker)
            if run.status == S.PUBLISHING:
                ticker.enter("publishing")
                publish(run)
    except NeedsConfirmation as asked:
        _hold_reading(run, asked)
    except HeldBack as told:
        if told.refused:
            _end(run, S.REFUSED, None)
        else:
            _hold(run)
    except Cancelled as error:
        _end(run, S.CANCELLED, error)
    except (RepeatedMeanwhile, ResourceUnknown) as error:
        _end(run, S.CANCELLED if isinstance(error, RepeatedMeanwhile) else S.REFUSED, error)
    except ExaminationCancelled:
        _end(run, S.CANCELLED, Cancelled(found=run.id))
    except (Invalid, TooLarge, NotFound, Conflict) as error:
        _end(run, S.REFUSED, error)
    except QiantangError as error:
        _fail(run, error)
    except Exception as error:  # noqa: BLE001 - whatever it is ends in the state of the run
        _fail(run, _unforeseen(run, error))


def _unforeseen(run: Run, error: Exception) -> QiantangError:
    """What is told of an error that is none of ours; without damage to explain it, it is logged."""
    damage = _damage_of(run.resource)
    if damage is None:
        log.error("run %s failed", run.id, exc_info=error)
    return damage or Failed(id=run.id, found=type(error).__name__)


def _damage_of(table: str) -> QiantangError | None:
    """What is wrong with the table's files: an engine that was reading them through a stream tells
    of it in words of its own."""
    lake = shelf.lake()
    try:
        if table in lake.tables():
            lake.look(table)
    except QiantangError as told:
        return told
    return None


def _examine(run: Run, ticker: Ticker) -> None:
    """Read and check the file; the run is then held, refused or to be published."""
    from qiantang.engine.quality import compile_checks, examine
    from qiantang.engine.quality.areas import area_of
    from qiantang.engine.quality.reading.errors import RowsMissing

    resource = effective(declared(run.resource), run.mode)
    spool.work_folder(run.id, fresh=True)
    folder = spool.checked_folder(run.id)
    folder.mkdir(mode=0o700)
    _start(run)
    ticker.enter("reading")
    file = spooled(run)
    told = run.recipe is not None
    keys_at = table_mark(run.resource)
    recipe, stream = _opened(run, file, resource)
    stream.asks = not run.options.get("accept_doubts")
    with stream, _second_table_shown(run, file, resource, recipe):
        _stand(run, S.CHECKING, recipe=recipe.to_json())
        ticker.enter("checking")
        checker = compile_checks(
            checked_alone(resource, run.mode, stream.sources),
            codes=code_list,
            references=references(resource, run.mode),
            on=date.today(),
            mode=Mode(run.mode),
            existing=keys_of(run) if run.mode == Mode.APPEND else None,
            called=referred,
            area=area_of(resource, run.division, division_called(run.division)),
        )
        found = examine(
            stream,
            checker,
            folder,
            progress=ticker.advance,
            cancelled=ticker.should_stop,
        )
    if not found.sent and not told and not run.options.get("empty"):
        raise RowsMissing(place=Place(file=run.file_name))
    run.verdict = with_remarks(
        _verdict(run, found, stream),
        [doubt for doubt in stream.doubts if doubt.code not in CUT],
        lambda: _confirmed_doubts(run, file, resource, told=told),
    )
    run.skipped = stream.skipped.total()
    run.left_out = left_out_of(stream, run.file_name)
    _keep_examination(run, found, keys_at)


def _confirmed_doubts(run: Run, file: Path, resource: Resource, *, told: bool) -> Collection[str]:
    """The codes of doubts that the sender saw or accepted: those of the proposal that a reading was
    confirmed on, all where doubts are accepted."""
    if run.options.get("accept_doubts"):
        return AT_RISK
    if not told:
        return ()
    with suppress(QiantangError):
        return {doubt.code for doubt in _proposal(run, file, resource).doubts}
    return ()


@contextmanager
def _second_table_shown(run: Run, file: Path, resource: Resource, recipe: Recipe) -> Iterator[None]:
    """Where another table is met far down, the run waits with the same reading, ended there."""
    from qiantang.engine.quality.reading.errors import SecondTableFound

    try:
        yield
    except SecondTableFound as error:
        proposal = _proposal(run, file, resource)
        raise NeedsConfirmation(ended_before(proposal, recipe, error), error) from error


def _opened(run: Run, file: Path, resource: Resource) -> tuple[Recipe, RowStream]:
    """The file opened by the recipe given, else by a kept one that fits, else by a proposal
    without doubts; what is kept of it is the recipe as it was meant."""
    from qiantang.engine.quality.reading import Recipe, open_rows

    if run.recipe is not None:
        return _fitting(run, file, resource, Recipe.from_json(run.recipe))
    proposal = _proposal(run, file, resource) if run.parent_id else None
    corrected = corrected_reading(run, proposal) if proposal else None
    if corrected is not None:
        return corrected, open_rows(file, corrected, resource, same_file=True)
    part = {name: said for name in PARTS if (said := run.options.get(name))}
    if part:
        # Raises where the file has no such part: what was kept must not be followed elsewhere.
        proposal = proposal or _proposal(run, file, resource)
    for body in kept_for(run):
        recipe = replace(Recipe.from_json(body), **part)
        with suppress(QiantangError):
            return _in_units(run, file, resource, recipe)
    # What people settled for uploads says nothing of how a database looks.
    meant = [replace(Recipe.from_json(body), **part) for body in kept_for(run, same_kind=True)]
    if meant and not run.options.get("accept_doubts"):
        return _fitting(run, file, resource, meant[0])
    proposal = proposal or _proposal(run, file, resource)
    if proposal.doubts and not run.options.get("accept_doubts"):
        raise NeedsConfirmation(
            proposal, ReadingUnsure(found=run.file_name, count=len(proposal.doubts))
        )
    return proposal.recipe, open_rows(file, proposal.recipe, resource, same_file=True)


def _proposal(run: Run, file: Path, resource: Resource) -> Proposal:
    hints = {k: run.options.get(k) for k in ("sheet", "member", "empty")}
    told = {**hints, "columns": _for_the_fetch(run, resource)}
    return proposal_for(file, as_delivered(resource, run.mode), told)


def _for_the_fetch(run: Run, resource: Resource) -> dict[str, str]:
    """The watermark column of the run's source, left out where no field is called so."""
    from qiantang.engine.quality.reading.mapping import Names

    mark = run.source.watermark_column if run.source else ""
    return {mark: ""} if mark and Names(resource).find(mark) is None else {}


def _fitting(run: Run, file: Path, resource: Resource, recipe: Recipe) -> tuple[Recipe, RowStream]:
    """Opened by the recipe, if the file fits it; else the run waits with a comparison and a new
    proposal."""
    from qiantang.engine.quality.reading.errors import RecipeUnfit

    try:
        return _in_units(run, file, resource, recipe)
    except RecipeUnfit as error:
        raise NeedsConfirmation(_proposal(run, file, resource), error) from error


def _in_units(run: Run, file: Path, resource: Resource, recipe: Recipe) -> tuple[Recipe, RowStream]:
    """Opened by the recipe; where it says no factor for a column in another unit, the run waits
    with the same reading and the factor."""
    from qiantang.engine.quality.reading import open_rows
    from qiantang.engine.quality.reading.errors import UnitUnsettled

    try:
        return recipe, open_rows(file, recipe, resource)
    except UnitUnsettled as error:
        if run.options.get("accept_doubts"):
            return error.recipe, open_rows(file, error.recipe, resource)
        proposal = _proposal(run, file, resource)
        proposal = replace(proposal, recipe=error.recipe, doubts=error.doubts)
        raise NeedsConfirmation(proposal, error) from error


def _keep_examination(run: Run, found: Examination, keys_at: str | None) -> None:
    """Counts, verdict and files of a finished examination; what happens next follows from them.
    ``keys_at``: the table's mark before its keys were looked at."""
    run.sent, run.accepted, run.set_aside = found.sent, found.accepted, found.set_aside
    run.duplicates = found.duplicates
    run.grade = found.verdict.grade
    run.personal = [each.as_dict() for each in found.personal]
    run.files = {
        "accepted": [path.name for path in found.accepted_files],
        "problems": found.problems_file.name,
        "rows": found.rows_file.name,
        KEYS_AT: keys_at,
    }
    decision = (run.verdict or {})["decision"]
    if decision == "refuse":
        _end(run, S.REFUSED, None)
    elif decision == "hold" or not run.accepted or not run.options.get("publish", True):
        _hold(run)
    else:
        _go_publishing(run)


def _verdict(run: Run, found: Examination, stream: RowStream) -> dict[str, Any]:
    """The verdict, with what an empty source or an update would do to the rows, the files of an
    archive that were not read, and what looks cut off."""
    said = found.verdict.as_dict()
    if run.options.get("empty"):
        told = [_NOW_EMPTY.as_dict()]
        return {**said, "reasons": told, "because": told}
    resource, passed_over = declared(run.resource), stream.passed_over
    said = with_suspicions(said, run, resource, found, stream)
    reasons = list(said["reasons"])
    if passed_over:
        some = passed_over[:_MOST_NAMED]
        names = Text("、".join(some), ", ".join(some))
        reasons.append(_PASSED_OVER.format(names=names, count=len(passed_over)).as_dict())
    kept = kept_fields(resource, run.mode, found.columns)
    if not kept:
        return {**said, "reasons": reasons}
    reasons.append(what_is_kept(resource, kept).as_dict())
    return {**said, "reasons": reasons, "kept": kept}


def _go_publishing(run: Run) -> None:
    """From here on the run is not cancelled any more; a wish that came before is granted."""
    with transaction.atomic():
        if Run.objects.select_for_update().get(pk=run.pk).cancel_asked:
            raise Cancelled(found=run.id)
        _stand(run, S.PUBLISHING, *_EXAMINED)


_EXAMINED: Final = (
    *("sent", "accepted", "set_aside", "duplicates", "skipped", "left_out", "verdict", "grade"),
    *("personal", "files"),
)


def _hold(run: Run) -> None:
    with transaction.atomic():
        _stand(run, S.HELD, *_EXAMINED)
        detail = {"sent": run.sent, "accepted": run.accepted, "set_aside": run.set_aside}
        record(SYSTEM, "intake.held", f"run:{run.id}", detail)
        emit(DeliveryHeld(run.id, run.resource, run.organisation, run.set_aside))


def _hold_reading(run: Run, asked: NeedsConfirmation) -> None:
    reading = reading_of(run.id, Path(run.file_name), asked.proposal)
    proposal = {k: v for k, v in asdict(reading).items() if k not in ("file", "run")}
    with transaction.atomic():
        run.recipe, run.proposal = None, _json(proposal)
        run.error_code, run.error = asked.error.code, kept_problem(asked.error)
        _stand(run, S.HELD, "proposal", "error_code", "error", "recipe")
        record(SYSTEM, "intake.reading_held", f"run:{run.id}", {"error": asked.error.code})
        emit(DeliveryHeld(run.id, run.resource, run.organisation))


def _start(run: Run) -> None:
    run.attempts += 1
    run.started_at = run.started_at or datetime.now(UTC)
    run.error, run.error_code, run.retry_at = None, "", None
    run.proposal = None
    if run.cancel_asked:
        raise Cancelled(found=run.id)
    _stand(run, S.READING, "attempts", "started_at", "error", "error_code", "retry_at", "proposal")


def _stand(run: Run, status: S, *fields: str, **values: Any) -> None:
    run.status = status
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=["status", *fields, *values])


def _end(run: Run, status: S, error: QiantangError | None) -> None:
    """Nothing of this run comes in."""
    with transaction.atomic():
        run.finished_at = datetime.now(UTC)
        run.error_code = error.code if error else ""
        run.error = kept_problem(error) if error else None
        _stand(run, status, "finished_at", "error_code", "error", *_EXAMINED)
        detail = {"error": run.error_code, "sent": run.sent, "set_aside": run.set_aside}
        record(SYSTEM, f"intake.{status}", f"run:{run.id}", detail)


def _fail(run: Run, error: QiantangError) -> None:
    """Not the delivery's fault. What may pass by itself is tried again later, from where it is."""
    now = datetime.now(UTC)
    run.error_code, run.error = error.code, kept_problem(error)
    if error.transient and run.attempts < 12:
        run.retry_at = now + min(_FIRST_WAIT * 2 ** max(run.attempts - 1, 0), _LONGEST_WAIT)
        waits = run.status if run.status == S.PUBLISHING else S.RECEIVED
        if run.status == S.PUBLISHING:
            run.attempts += 1
        _stand(run, S(waits), "error_code", "error", "retry_at", "attempts")
        return
    with transaction.atomic():
        run.finished_at = now
        _stand(run, S.FAILED, "finished_at", "error_code", "error")
        record(SYSTEM, "intake.failed", f"run:{run.id}", {"error": error.code})


def _json(value: Any) -> Any:
    """Plain JSON of the engine's values."""
    if is_dataclass(value) and not isinstance(value, (type, Text)):
        return {name: _json(getattr(value, name)) for name in value.__dataclass_fields__}
    match value:
        case Text():
            return value.as_dict()
        case Mapping():
            return {str(k): _json(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_json(v) for v in value]
        case Decimal():
            return float(value)
        case bool() | int() | float() | None:
            return value
    return str(value)
